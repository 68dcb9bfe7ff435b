/**
 * POST, PATCH and DELETE of events and calendars: what a client with Calendars.ReadWrite does to its own mailbox.
 *
 * Decides which members of a body are taken and turns each request into the edit that a person would make. Members that
 * are not simulated are refused rather than passed over. Source: Graph's event-post, event-update and event-delete pages.
 */
import { Schema } from "effect"
import { DetailsChange, type Edit, EditRefused, type Edited, PatternChange, RangeChange } from "../edits/Edit.ts"
import { applyEdit } from "../edits/Editing.ts"
import {
  type Call,
  type Outcome,
  type Reply,
  accessDenied,
  hasScope,
  isRecord,
  jsonObject,
  notFound,
  refusal,
  replied
} from "../wire/Exchange.ts"
import { getCalendar } from "./Calendars.ts"
import { getEvent } from "./Events.ts"
import { eventOf, isReply, targetOf } from "./Target.ts"

/** `path` is what follows the calendar, which is the default one when `calendar` is null. */
export const writing = (call: Call, calendar: string | null, path: ReadonlyArray<string>): Outcome => {
  const [head, id, last] = path
  const { method } = call.request
  if (!hasScope(call.token, "Calendars.ReadWrite")) return replied(call.world, accessDenied(call))
  if (head === undefined && method === "DELETE" && calendar !== null) return removeCalendar(call, calendar)
  if (head !== "events" || last !== undefined) return notAllowed(call)
  const target = targetOf(call, calendar)
  if (isReply(target)) return replied(call.world, target)
  // Events of others' calendars are written by their owners here.
  if (target.calendar.sharedFrom !== null || !target.calendar.canEdit) return replied(call.world, accessDenied(call))
  if (id === undefined) return method === "POST" ? createEvent(call, calendar) : notAllowed(call)
  if (method === "DELETE") return carriedOut(call, { type: "deleteEvent", mailbox: call.mailbox.id, event: id }, empty)
  return method === "PATCH" ? changeEvent(call, id, calendar) : notAllowed(call)
}

export const createCalendar = (call: Call): Outcome => {
  if (!hasScope(call.token, "Calendars.ReadWrite")) return replied(call.world, accessDenied(call))
  const name = jsonObject(call.request.body)?.["name"]
  if (typeof name !== "string" || name === "") return malformed(call, "name")
  return carriedOut(call, { type: "addCalendar", mailbox: call.mailbox.id, name }, (then, { calendarId }) =>
    made(getCalendar(then, calendarId ?? ""))
  )
}

export const notAllowed = (call: Call): Outcome =>
  replied(
    call.world,
    refusal(call, 405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
  )

const removeCalendar = (call: Call, calendar: string): Outcome => {
  const target = targetOf(call, calendar)
  if (isReply(target)) return replied(call.world, target)
  return carriedOut(call, { type: "deleteCalendar", mailbox: call.mailbox.id, calendar }, empty)
}

/** What is said of an event beside its times and its recurrence. */
interface Said {
  readonly details: DetailsChange
  readonly start?: string
  readonly end?: string
  readonly timeZone?: string
  readonly pattern?: PatternChange
  readonly range?: RangeChange
}

const createEvent = (call: Call, calendar: string | null): Outcome => {
  const said = read(call)
  if (typeof said === "string") return malformed(call, said)
  const { end, pattern, range, start, ...rest } = said
  if (start === undefined || end === undefined) return malformed(call, start === undefined ? "start" : "end")
  const where = calendar === null ? {} : { calendar }
  const base = { mailbox: call.mailbox.id, start, end, ...where, ...rest }
  const edit: Edit =
    pattern === undefined
      ? { type: "createEvent", ...base }
      : { type: "createSeries", ...base, pattern, ...(range === undefined ? {} : { range }) }
  return carriedOut(call, edit, (then, edited) => made(getEvent(then, idFor(then, edited), calendar)))
}

const changeEvent = (call: Call, id: string, calendar: string | null): Outcome => {
  const said = read(call)
  if (typeof said === "string") return malformed(call, said)
  const found = eventOf(call, id, null)
  if (isReply(found)) return replied(call.world, found)
  const { details, end, start, timeZone, ...rhythm } = said
  const own = { mailbox: call.mailbox.id }
  const zone = timeZone === undefined ? {} : { timeZone }
  const times = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }), ...zone }
  const isSeries = found.item.kind === "series" && found.occurrence === null
  if (!isSeries && rhythm.pattern !== undefined) return malformed(call, "recurrence")
  const edits: Array<Edit> = []
  if (isSeries && (start ?? end ?? rhythm.pattern) !== undefined) {
    edits.push({ type: "changeSeries", ...own, series: id, ...times, ...rhythm })
  } else if (start !== undefined) edits.push({ type: "moveEvent", ...own, event: id, ...times, start })
  if (Object.keys(details).length > 0) edits.push({ type: "changeEvent", ...own, event: id, details })
  return edits.reduce<Outcome>(
    (outcome, edit) =>
      outcome._tag === "Reply" && outcome.reply.status < 300
        ? carriedOut({ ...call, world: outcome.world }, edit, (then) => getEvent(then, id, calendar))
        : outcome,
    replied(call.world, getEvent(call, id, calendar))
  )
}

const carriedOut = (call: Call, edit: Edit, answer: (then: Call, edited: Edited) => Reply): Outcome => {
  try {
    const { edited, world } = applyEdit(call.world, edit, call.now)
    const mailbox = world.mailboxes[call.mailbox.id] ?? call.mailbox
    return replied(world, answer({ ...call, world, mailbox }, edited))
  } catch (error) {
    if (!(error instanceof EditRefused)) throw error
    return replied(call.world, notFound(call))
  }
}

const empty = (): Reply => ({ status: 204, headers: {}, body: null })

const made = (reply: Reply): Reply => (reply.status === 200 ? { ...reply, status: 201 } : reply)

const idFor = (call: Call, { eventId, immutableId }: Edited): string =>
  (call.prefer.immutableIds ? immutableId : eventId) ?? ""

const malformed = (call: Call, member: string): Outcome =>
  replied(
    call.world,
    refusal(call, 400, "RequestBodyRead", `The property '${member}' is missing, unknown or malformed.`)
  )

const plain = ["subject", "isAllDay", "showAs", "sensitivity"] as const

const Moment = Schema.Struct({ dateTime: Schema.String, timeZone: Schema.optionalKey(Schema.String) })

const isMoment = Schema.is(Moment)
const isPattern = Schema.is(PatternChange)
const isRange = Schema.is(RangeChange)
const isDetails = Schema.is(DetailsChange)

/** The body as what it says, or the name of the member that is wrong. */
const read = (call: Call): Said | string => {
  const body = jsonObject(call.request.body)
  if (body === null) return "body"
  const said: { -readonly [K in keyof Said]: Said[K] } = { details: {} }
  const details: Record<string, unknown> = {}
  for (const [member, value] of Object.entries(body)) {
    if ((plain as ReadonlyArray<string>).includes(member)) details[member] = value
    else if (member === "body" && isRecord(value) && typeof value["content"] === "string") {
      details["bodyHtml"] = value["content"]
    } else if (member === "location" && isRecord(value) && typeof value["displayName"] === "string") {
      details["location"] = value["displayName"]
    } else if (member === "attendees" && Array.isArray(value)) details["attendees"] = value.map(personOf)
    else if ((member === "start" || member === "end") && isMoment(value)) {
      said[member] = value.dateTime
      said.timeZone = value.timeZone ?? "UTC"
    } else if (member === "recurrence" && isRecord(value)) {
      const [pattern, range] = [inLowerCase(value["pattern"]), value["range"]]
      if (!isPattern(pattern) || !isRange(range)) return member
      said.pattern = pattern
      said.range = range
    } else return member
  }
  if (!isDetails(details)) return Object.keys(details)[0] ?? "body"
  return { ...said, details }
}

/** Days of the week are taken in any case, and told in lower case. */
const inLowerCase = (pattern: unknown): unknown => {
  if (!isRecord(pattern)) return pattern
  const lower = (value: unknown): unknown => (typeof value === "string" ? value.toLowerCase() : value)
  const { daysOfWeek, firstDayOfWeek, ...rest } = pattern
  return {
    ...rest,
    ...(firstDayOfWeek === undefined ? {} : { firstDayOfWeek: lower(firstDayOfWeek) }),
    ...(Array.isArray(daysOfWeek) ? { daysOfWeek: daysOfWeek.map(lower) } : {})
  }
}

const personOf = (value: unknown): unknown => {
  const address = isRecord(value) && isRecord(value["emailAddress"]) ? value["emailAddress"] : {}
  return { name: address["name"] ?? address["address"], address: address["address"] }
}

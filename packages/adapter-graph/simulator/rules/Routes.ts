/**
 * Which rule answers which path under /v1.0.
 *
 * Decides nothing but that, and which scope a calendar request needs. Paths this simulator does not know are refused
 * in Graph's words rather than guessed at.
 */
import { type Call, type Outcome, type Reply, accessDenied, hasScope, refusal, replied } from "../wire/Exchange.ts"
import { batch } from "./Batch.ts"
import { calendarView, getEvent, listEvents, listInstances } from "./Events.ts"
import { calendarViewDelta } from "./CalendarViewDelta.ts"
import { getCalendar, listCalendarGroups, listCalendars } from "./Calendars.ts"
import { mailboxSettings } from "./MailboxSettings.ts"
import { me } from "./Me.ts"
import { subscriptions } from "./Subscriptions.ts"
import { createCalendar, notAllowed, writing } from "./Writing.ts"

export const route = (call: Call): Outcome => {
  const [head] = call.segments
  if (head === "subscriptions") return subscriptions(call)
  if (head === "$batch") return batch(call, route)
  if (call.request.method !== "GET") return written(call)
  if (head === undefined) return replied(call.world, me(call))
  if (head === "mailboxSettings") return replied(call.world, mailboxSettings(call))
  if (!hasScope(call.token, "Calendars.Read", "Calendars.ReadWrite", "Calendars.ReadBasic"))
    return replied(call.world, accessDenied(call))
  return calendars(call)
}

const written = (call: Call): Outcome => {
  const [head, id, ...rest] = call.segments
  switch (head) {
    case "calendars":
      if (id !== undefined) return writing(call, id, rest)
      return call.request.method === "POST" ? createCalendar(call) : notAllowed(call)
    case "calendar":
      return writing(call, null, call.segments.slice(1))
    case "events":
      return writing(call, null, call.segments)
    default:
      return notAllowed(call)
  }
}

const calendars = (call: Call): Outcome => {
  const reply = (answer: Reply): Outcome => replied(call.world, answer)
  const [head, id, ...rest] = call.segments
  switch (head) {
    case "calendarGroups":
      if (id === undefined) return reply(listCalendarGroups(call))
      if (rest[0] !== "calendars") return unknown(call, rest[0] ?? id)
      return rest[1] === undefined ? reply(listCalendars(call, id)) : within(call, rest[1], rest.slice(2))
    case "calendars":
      return id === undefined ? reply(listCalendars(call, null)) : within(call, id, rest)
    case "calendar":
      return within(call, null, call.segments.slice(1))
    case "events":
    case "calendarView":
      return within(call, null, call.segments)
    default:
      return unknown(call, head ?? "")
  }
}

// `path` is what follows the calendar, which is the default one when `calendar` is null.
const within = (call: Call, calendar: string | null, path: ReadonlyArray<string>): Outcome => {
  const reply = (answer: Reply): Outcome => replied(call.world, answer)
  const [head, id, last, ...rest] = path
  if (head === undefined) return reply(getCalendar(call, calendar))
  if (rest.length > 0) return unknown(call, rest[0] ?? "")
  if (head === "calendarView" && id === undefined) return reply(calendarView(call, calendar))
  if (head === "calendarView" && id === "delta" && last === undefined) return calendarViewDelta(call, calendar)
  if (head === "events" && id === "delta") {
    return reply(
      refusal(
        call,
        400,
        "BadRequest",
        "Unsupported request: Change tracking is not supported against 'microsoft.graph.event'"
      )
    )
  }
  if (head === "events" && id === undefined) return reply(listEvents(call, calendar))
  if (head === "events" && id !== undefined && last === undefined) return reply(getEvent(call, id, calendar))
  if (head === "events" && id !== undefined && last === "instances") return reply(listInstances(call, id, calendar))
  return unknown(call, last ?? id ?? head)
}

const unknown = (call: Call, segment: string): Outcome =>
  replied(call.world, refusal(call, 400, "BadRequest", `Resource not found for the segment '${segment}'.`))

/**
 * A calendar file as events and series of the core.
 * Decides what in a file is one meeting: UID and RECURRENCE-ID identify, the latest version counts; what an answer or a
 * proposal says (METHOD) is none. Never throws: what can't be read is said with its line.
 */
import { resolveZone } from "@punctual/core/recurrence"
import { type FileEvent, fileEventOf } from "./events/FileEvent.ts"
import { layoutOf } from "./events/Layout.ts"
import { isDecline } from "./events/People.ts"
import { recurringEvent, strangerOf } from "./events/RecurringEvent.ts"
import { type ReadEvent, type ReadSeries, instantText, ownTimes, toldEvent } from "./events/Told.ts"
import { latest, latestMaster } from "./events/Versions.ts"
import { type Problem, type Problems, makeProblems } from "./text/Problem.ts"
import { textOf } from "./text/Property.ts"
import { type Component, allOf, firstOf, readComponents } from "./text/Components.ts"
import { makeZoneBook } from "./zones/ZoneBook.ts"

export interface ReadOptions {
  /** The zone of times without one, in a calendar that does not say which it means (X-WR-TIMEZONE). */
  readonly zone?: string
  /** Addresses of the calendar's owner, by which their answers are known. */
  readonly emails?: ReadonlyArray<string>
}

export interface CalendarRead {
  /** False: there is no VCALENDAR in the text, and `problems` says so. */
  readonly isCalendar: boolean
  /** What the calendar calls itself (X-WR-CALNAME), and the zone it says it means (X-WR-TIMEZONE); null: it does not say. */
  readonly name: string | null
  readonly zone: string | null
  /**
   * Provider ids of meetings and series of which an entry stands in the file and could not be read, or not when it takes place:
   * what of them is missing here may well take place.
   */
  readonly unread: ReadonlySet<string>
  /** Single events, and changed occurrences whose series is not in the file. */
  readonly events: ReadonlyArray<ReadEvent>
  readonly series: ReadonlyArray<ReadSeries>
  /** By line. */
  readonly problems: ReadonlyArray<Problem>
}

export const readCalendar = (text: string, options: ReadOptions = {}): CalendarRead => {
  const problems = makeProblems()
  const calendars = readComponents(text, problems)
  if (calendars.length === 0) {
    problems.add(
      null,
      "This is no calendar file: it has no BEGIN:VCALENDAR. Export or download it as iCalendar (.ics)."
    )
    const nothing = { name: null, zone: null, unread: new Set<string>(), events: [], series: [] }
    return { isCalendar: false, ...nothing, problems: problems.list() }
  }
  const owners = new Set((options.emails ?? []).map((email) => email.trim().toLowerCase()))
  const declined = new Set<string>()
  const unread = new Set<string>()
  const families = new Map<string, Array<FileEvent>>()
  const copies = new Map<string, number>()
  for (const calendar of calendars) {
    const method = (firstOf(calendar, "METHOD")?.value ?? "").trim().toUpperCase()
    if (answers.has(method)) noteAnswers(calendar, method, owners, declined, problems)
    else
      for (const event of eventsOf(calendar, method, owners, options, problems, unread)) addTo(families, copies, event)
  }
  const events: Array<ReadEvent> = []
  const series: Array<ReadSeries> = []
  for (const [providerId, family] of families) {
    const told = family.map((event) => (declined.has(keyOf(event)) ? withDecline(event) : event))
    const read = familyOf(told, providerId, problems, unread)
    events.push(...read.events)
    series.push(...read.series)
  }
  const header = (name: string) => calendars.map((calendar) => firstOf(calendar, name)).find((found) => found !== null)
  const [called, zoned] = [header("X-WR-CALNAME"), header("X-WR-TIMEZONE")]
  return {
    isCalendar: true,
    name: called == null ? null : textOf(called).trim() || null,
    zone: zoned == null ? null : resolveZone(zoned.value.trim()),
    unread,
    events,
    series,
    problems: problems.list()
  }
}

/** What others say of a meeting (RFC 5546): none of it is one. */
const answers: ReadonlySet<string> = new Set(["REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"])

const eventsOf = (
  calendar: Component,
  method: string,
  owners: ReadonlySet<string>,
  options: ReadOptions,
  problems: Problems,
  unread: Set<string>
): ReadonlyArray<FileEvent> => {
  const header = firstOf(calendar, "X-WR-TIMEZONE") ?? firstOf(calendar, "TZ")
  const book = makeZoneBook(
    calendar.components.filter(({ name }) => name === "VTIMEZONE"),
    {
      header: header === null ? null : { name: header.value.trim(), line: header.line },
      setting: options.zone ?? null
    },
    problems
  )
  const context = { book, problems, owners, isCancelling: method === "CANCEL" }
  return calendar.components.flatMap((component) => {
    if (component.name !== "VEVENT") return []
    const event = fileEventOf(component, context)
    const isPartOf = firstOf(component, "RECURRENCE-ID") !== null
    if (event === null || (isPartOf && event.recurrence === null)) {
      unread.add(firstOf(component, "UID")?.value.trim().toLowerCase() ?? "")
    }
    return event ?? []
  })
}

const noteAnswers = (
  calendar: Component,
  method: string,
  owners: ReadonlySet<string>,
  declined: Set<string>,
  problems: Problems
): void => {
  const line = firstOf(calendar, "METHOD")?.line ?? calendar.line
  problems.add(line, `METHOD:${method} is an answer to an invitation, not a meeting: export the calendar itself.`)
  for (const event of calendar.components) {
    const uid = firstOf(event, "UID")?.value.trim().toLowerCase() ?? ""
    const isWhole = firstOf(event, "RECURRENCE-ID") === null
    if (method === "REPLY" && isWhole && allOf(event, "ATTENDEE").some((person) => isDecline(person, owners))) {
      declined.add(uid)
    }
  }
}

const withDecline = (event: FileEvent): FileEvent => ({ ...event, facts: { ...event.facts, response: "declined" } })

/** UIDs are compared without case. */
const keyOf = ({ uid }: FileEvent): string => uid?.toLowerCase() ?? ""

/** An event without a UID is its own family, called by what it says. */
const addTo = (families: Map<string, Array<FileEvent>>, copies: Map<string, number>, event: FileEvent): void => {
  const key = event.uid === null ? unnamed(copies, event) : keyOf(event)
  const family = families.get(key)
  if (family === undefined) families.set(key, [event])
  else family.push(event)
}

const unnamed = (copies: Map<string, number>, { start, subject }: FileEvent): string => {
  const name = `${instantText(start.instant)} ${subject}`
  const copy = (copies.get(name) ?? 0) + 1
  copies.set(name, copy)
  return copy === 1 ? name : `${name} ${copy}`
}

const familyOf = (
  family: ReadonlyArray<FileEvent>,
  providerId: string,
  problems: Problems,
  unread: Set<string>
): { readonly events: ReadonlyArray<ReadEvent>; readonly series: ReadonlyArray<ReadSeries> } => {
  const overrides = family.filter(({ recurrence }) => recurrence !== null)
  const master = latestMaster(
    family.filter(({ recurrence }) => recurrence === null),
    problems
  )
  if (master === null) return { events: loneOverrides(overrides, providerId, problems), series: [] }
  const recurs = master.rules.length > 0 || master.extraDates.length > 0
  const layout = recurs ? layoutOf(master, problems) : null
  if (recurs && (layout === null || layout.isRuleUnread === true)) unread.add(providerId)
  if (layout !== null) return recurringEvent(master, layout, overrides, providerId, problems)
  const own = overrides.filter(({ recurrence }) => recurrence?.of.instant === master.start.instant)
  const others = overrides.filter((override) => !own.includes(override))
  let single = master
  for (const override of own) single = latest(single, { ...override, recurrence: null }, problems)
  const off = others.map((event) => (master.isCancelled ? { ...event, isCancelled: true } : event))
  return { events: [singleOf(single, providerId), ...loneOverrides(off, providerId, problems)], series: [] }
}

const singleOf = (event: FileEvent, providerId: string): ReadEvent => ({
  uid: event.uid,
  recurrenceId: null,
  event: toldEvent(event, ownTimes(event), {
    providerId,
    kind: "single",
    seriesProviderId: null,
    originalStart: null,
    iCalUid: event.uid
  })
})

/** Occurrences without their series: each is a meeting of its own. */
const loneOverrides = (
  overrides: ReadonlyArray<FileEvent>,
  providerId: string,
  problems: Problems
): ReadonlyArray<ReadEvent> => {
  const byOriginal = new Map<number, FileEvent>()
  for (const override of overrides) {
    const original = override.recurrence?.of.instant ?? override.start.instant
    byOriginal.set(original, latest(byOriginal.get(original) ?? null, override, problems))
  }
  return [...byOriginal.values()].map((override) => strangerOf(override, providerId))
}

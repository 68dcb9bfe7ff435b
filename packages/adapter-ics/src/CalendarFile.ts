/**
 * A calendar file whose entries are read when they are asked for, UID by UID: what is held of it are its bytes and where in
 * them each entry stands.
 * Decides what in a file is one meeting: UID and RECURRENCE-ID identify, the latest version counts; what an answer or a
 * proposal says (METHOD) is none. Never throws: what can't be read is said with its line.
 */
import { resolveZone } from "@punctual/core/recurrence"
import type { Slices } from "./text/Slices.ts"
import { type Family, familyOf } from "./events/Family.ts"
import { type EventContext, type FileEvent, fileEventOf } from "./events/FileEvent.ts"
import { isDecline } from "./events/People.ts"
import { instantText } from "./events/Told.ts"
import { type FileEntry, allOf, firstOf, readEntry, uidOf } from "./text/Components.ts"
import type { FileBytes } from "./text/FileBytes.ts"
import { type Problems, noProblems } from "./text/Problem.ts"
import { textOf } from "./text/Property.ts"
import { type FileCalendar, readStructure } from "./text/Structure.ts"
import { makeZoneBook } from "./zones/ZoneBook.ts"

export interface ReadOptions {
  /** The zone of times without one, in a calendar that does not say which it means (X-WR-TIMEZONE). */
  readonly zone?: string
  /** Addresses of the calendar's owner, by which their answers are known. */
  readonly emails?: ReadonlyArray<string>
}

export interface CalendarFile {
  /** False: there is no VCALENDAR in it, and a problem says so. */
  readonly isCalendar: boolean
  /** What the calendar calls itself (X-WR-CALNAME), and the zone it says it means (X-WR-TIMEZONE); null: it does not say. */
  readonly name: string | null
  readonly zone: string | null
  /** Provider ids of what is there, in the order of the file. */
  readonly ids: () => Iterable<string>
  readonly has: (id: string) => boolean
  /** What there is of one of these; all that can't be read of it is said. */
  readonly family: (id: string, problems?: Problems) => Slices<Family>
}

/** Or why it is not read, for a person. At most so many events, and as many parts of zones. */
export function* openCalendar(
  file: FileBytes,
  options: ReadOptions,
  problems: Problems,
  componentsMax: number
): Slices<CalendarFile | { readonly fault: string }> {
  const { calendars, fault } = yield* readStructure(file, problems, componentsMax)
  if (fault !== null) return { fault }
  const owners = new Set((options.emails ?? []).map((email) => email.trim().toLowerCase()))
  const families: Families = new Map()
  const declined = new Set<string>()
  const copies = new Map<string, number>()
  for (const calendar of calendars) {
    const method = (firstOf(calendar, "METHOD")?.value ?? "").trim().toUpperCase()
    if (answers.has(method)) {
      for (const uid of yield* declinedIn(file, calendar, method, owners, problems)) declined.add(uid)
    } else {
      const context = contextOf(calendar, method, owners, options, problems)
      for (const entry of calendar.entries) {
        const id = entry.uid?.toLowerCase() ?? (yield* unnamed(file, entry, context, copies))
        const family = families.get(id)
        if (family === undefined) families.set(id, [{ entry, context }])
        else family.push({ entry, context })
      }
    }
  }
  return calendarFile(file, calendars, families, declined)
}

/** UIDs are compared without case. */
type Families = Map<string, Array<Place>>

interface Place {
  readonly entry: FileEntry
  readonly context: EventContext
}

const calendarFile = (
  file: FileBytes,
  calendars: ReadonlyArray<FileCalendar>,
  families: Families,
  declined: ReadonlySet<string>
): CalendarFile => {
  const header = (name: string) => calendars.map((calendar) => firstOf(calendar, name)).find((found) => found !== null)
  const [called, zoned] = [header("X-WR-CALNAME"), header("X-WR-TIMEZONE")]
  // Many questions in a row are about one of them.
  let last: { readonly id: string; readonly family: Family } | null = null
  return {
    isCalendar: calendars.length > 0,
    name: called == null ? null : textOf(called).trim() || null,
    zone: zoned == null ? null : resolveZone(zoned.value.trim()),
    ids: () => families.keys(),
    has: (id) => families.has(id),
    *family(id, problems) {
      if (problems === undefined && last?.id === id) return last.family
      const family = yield* readFamily(file, families.get(id) ?? [], id, declined.has(id), problems ?? noProblems)
      last = { id, family }
      return family
    }
  }
}

function* readFamily(
  file: FileBytes,
  places: ReadonlyArray<Place>,
  id: string,
  isDeclined: boolean,
  problems: Problems
): Slices<Family> {
  const events: Array<FileEvent> = []
  let isUnread = false
  for (const { context, entry } of places) {
    const { event, isLost } = yield* readEvent(file, entry, { ...context, problems })
    isUnread ||= isLost
    if (event === null) continue
    events.push(isDeclined ? { ...event, facts: { ...event.facts, response: "declined" } } : event)
  }
  const family = familyOf(events, id, problems)
  return isUnread ? { ...family, isUnread } : family
}

/** Lost: it, or when it takes place, is not known. */
function* readEvent(
  file: FileBytes,
  entry: FileEntry,
  context: EventContext
): Slices<{ readonly event: FileEvent | null; readonly isLost: boolean }> {
  const { component, isWhole } = yield* readEntry(file, entry, context.problems)
  if (!isWhole) return { event: null, isLost: true }
  const event = fileEventOf(component, context)
  const isPartOf = firstOf(component, "RECURRENCE-ID") !== null
  return { event, isLost: event === null || (isPartOf && event.recurrence === null) }
}

/** An event without a UID is called by what it says. */
function* unnamed(
  file: FileBytes,
  entry: FileEntry,
  context: EventContext,
  copies: Map<string, number>
): Slices<string> {
  const { event } = yield* readEvent(file, entry, { ...context, problems: noProblems })
  const said = event === null ? "" : `${instantText(event.start.instant)} ${event.subject}`
  const name = uidOf(said) ?? ""
  const copy = (copies.get(name) ?? 0) + 1
  copies.set(name, copy)
  return copy === 1 ? name : `${name} ${copy}`
}

const contextOf = (
  calendar: FileCalendar,
  method: string,
  owners: ReadonlySet<string>,
  options: ReadOptions,
  problems: Problems
): EventContext => {
  const header = firstOf(calendar, "X-WR-TIMEZONE") ?? firstOf(calendar, "TZ")
  const book = makeZoneBook(
    calendar.components.filter(({ name }) => name === "VTIMEZONE"),
    {
      header: header === null ? null : { name: header.value.trim(), line: header.line },
      setting: options.zone ?? null
    },
    problems
  )
  return { book, problems, owners, isCancelling: method === "CANCEL" }
}

/** What others say of a meeting (RFC 5546): none of it is one. */
const answers: ReadonlySet<string> = new Set(["REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"])

/** UIDs that an owner says no to. */
function* declinedIn(
  file: FileBytes,
  calendar: FileCalendar,
  method: string,
  owners: ReadonlySet<string>,
  problems: Problems
): Slices<ReadonlyArray<string>> {
  const line = firstOf(calendar, "METHOD")?.line ?? calendar.line
  problems.add(line, `METHOD:${method} is an answer to an invitation, not a meeting: export the calendar itself.`)
  const declined: Array<string> = []
  for (const entry of method === "REPLY" ? calendar.entries : []) {
    const { component } = yield* readEntry(file, entry, problems)
    const isWhole = firstOf(component, "RECURRENCE-ID") === null
    if (isWhole && allOf(component, "ATTENDEE").some((person) => isDecline(person, owners))) {
      declined.push(entry.uid?.toLowerCase() ?? "")
    }
  }
  return declined
}

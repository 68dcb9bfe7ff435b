/**
 * A calendar file (RFC 5545) as plain meetings, occurrence by occurrence.
 * Decides what can be read and says in words what can't. Parsing and recurrence are ical.js's; zones that a file only
 * names are the core's. Never throws.
 */
import ICAL from "ical.js"
import { type LinkField, resolveZone, toInstant } from "@punctual/core"

export interface FileMeeting {
  readonly start: number
  readonly end: number
  readonly isAllDay: boolean
  readonly isCancelled: boolean
  readonly subject: string
  /** What may hold its link, in order of trust. */
  readonly linkFields: ReadonlyArray<LinkField>
}

export interface ReadResult {
  readonly meetings: ReadonlyArray<FileMeeting>
  readonly problems: ReadonlyArray<string>
}

/** Occurrences read of one recurring event. */
const occurrencesMax = 200
const halfHourMillis = 1_800_000
const dayMillis = 86_400_000

export const readCalendar = (text: string): ReadResult => {
  const problems = new Set<string>()
  const root = parse(withoutIndent(text), problems)
  if (root === null) return { meetings: [], problems: [...problems] }
  for (const zone of root.getAllSubcomponents("vtimezone")) {
    attempt(
      () => ICAL.TimezoneService.register(zone),
      (why) => problems.add(`a time zone of the file can't be read: ${why}`)
    )
  }
  const components = root.name === "vevent" ? [root] : root.getAllSubcomponents("vevent")
  if (components.length === 0) problems.add("the file holds no events")
  const meetings = components
    .filter((component) => !component.hasProperty("recurrence-id"))
    .flatMap((component) => {
      const changed = components.filter(
        (other) => other.hasProperty("recurrence-id") && uidOf(other) !== "" && uidOf(other) === uidOf(component)
      )
      return (
        attempt(
          () => occurrencesOf(component, changed, problems),
          (why) => problems.add(`"${subjectOf(component)}" was left out: ${why}`)
        ) ?? []
      )
    })
  return { meetings, problems: [...problems] }
}

/** The whole file; where that fails, what is left of it without the events that can't be parsed. */
const parse = (text: string, problems: Set<string>): ICAL.Component | null => {
  const whole = attempt(
    () => componentOf(text),
    () => undefined
  )
  if (whole !== null) return whole
  if (!/BEGIN:VCALENDAR/i.test(text)) {
    problems.add("this is not a calendar file: it has no BEGIN:VCALENDAR")
    return null
  }
  const zones = text.match(/^BEGIN:VTIMEZONE\r?$[\s\S]*?^END:VTIMEZONE\r?$/gim) ?? []
  const events = text.match(/^BEGIN:VEVENT\r?$[\s\S]*?^END:VEVENT\r?$/gim) ?? []
  const readable = [...zones, ...events].filter(
    (block) =>
      attempt(
        () => componentOf(wrapped([block])),
        (why) => problems.add(`an entry was left out: ${why}`)
      ) !== null
  )
  return attempt(
    () => componentOf(wrapped(readable)),
    (why) => problems.add(`this is not a calendar file: ${why}`)
  )
}

const componentOf = (text: string): ICAL.Component => {
  const parsed: unknown = ICAL.parse(text)
  // Nothing, or several calendars one after the other.
  if (!Array.isArray(parsed) || typeof parsed[0] !== "string") throw new Error("it does not hold exactly one calendar")
  return new ICAL.Component(parsed as [string, Array<unknown>, Array<unknown>])
}

const wrapped = (blocks: ReadonlyArray<string>): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", ...blocks.map((block) => block.trimEnd()), "END:VCALENDAR", ""].join("\r\n")

/** Some exporters indent their lines or lead with a byte order mark; a folded line begins with one blank only. */
const withoutIndent = (text: string): string => {
  const body = text.replace(/^\uFEFF/, "")
  const indent = /^[ \t]+(?=BEGIN:VCALENDAR)/.exec(body)?.[0]
  return indent === undefined
    ? body
    : body
        .split("\n")
        .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
        .join("\n")
}

const occurrencesOf = (
  component: ICAL.Component,
  changed: ReadonlyArray<ICAL.Component>,
  problems: Set<string>
): ReadonlyArray<FileMeeting> => {
  const event = new ICAL.Event(component, { exceptions: [...changed] })
  if (!event.startDate) throw new Error("it has no start")
  if (!event.isRecurring()) return [meetingOf(event, event.startDate, event.endDate, problems)]
  const iterator = event.iterator()
  const meetings: Array<FileMeeting> = []
  for (let count = 0; count < occurrencesMax; count++) {
    const next: ICAL.Time | undefined = iterator.next()
    if (next === undefined || next === null) break
    const details = event.getOccurrenceDetails(next)
    meetings.push(meetingOf(details.item, details.startDate, details.endDate, problems))
  }
  return meetings
}

const meetingOf = (event: ICAL.Event, start: ICAL.Time, end: ICAL.Time | null, problems: Set<string>): FileMeeting => {
  const from = instantOf(start, event.component, problems)
  const to = end === null ? from : instantOf(end, event.component, problems)
  const isAllDay =
    start.isDate ||
    String(event.component.getFirstPropertyValue("x-microsoft-cdo-alldayevent")).toUpperCase() === "TRUE"
  const usualEnd = from + (isAllDay ? dayMillis : halfHourMillis)
  return {
    start: from,
    end: to > from ? to : usualEnd,
    isAllDay,
    isCancelled: String(event.component.getFirstPropertyValue("status")).toUpperCase() === "CANCELLED",
    subject: (event.summary ?? "").trim(),
    linkFields: linkFieldsOf(event)
  }
}

/** Properties that are meant for a link come first, then what people read. */
const linkFieldsOf = (event: ICAL.Event): ReadonlyArray<LinkField> => {
  const { component } = event
  const texts: ReadonlyArray<readonly [form: LinkField["form"], text: string | null]> = [
    ["address", firstText(component, ["x-microsoft-skypeteamsmeetingurl", "x-google-conference", "conference"])],
    ["address", firstText(component, ["x-microsoft-onlinemeetingconflink"])],
    ["text", event.location],
    ["address", firstText(component, ["url"])],
    ["mail", event.description],
    ["text", event.summary]
  ]
  return texts.flatMap(([form, text]) => (text ? [{ form, text, isCut: false }] : []))
}

/** The zone the file defines, else the one it names, else its offset, else UTC. */
const instantOf = (time: ICAL.Time, component: ICAL.Component, problems: Set<string>): number => {
  const name = zoneNameOf(component)
  const date = `${pad(time.year, 4)}-${pad(time.month, 2)}-${pad(time.day, 2)}`
  const ofDay = ((time.hour * 60 + time.minute) * 60 + time.second) * 1000
  const isPlain = time.isDate || time.zone === ICAL.Timezone.utcTimezone
  if (!isPlain && time.zone !== null && time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1000
  if (isPlain || name === null) return toInstant("UTC", date, ofDay) ?? 0
  const zone = resolveZone(name)
  if (zone !== null) return toInstant(zone, date, ofDay) ?? 0
  const offset = /\((?:GMT|UTC)([+-])(\d\d):(\d\d)\)/.exec(name)
  if (offset === null) problems.add(`the time zone "${name}" is not known; its times were read as UTC`)
  else problems.add(`the time zone "${name}" is not known; its offset was used`)
  const shift =
    offset === null ? 0 : (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000
  return (toInstant("UTC", date, ofDay) ?? 0) - shift
}

const zoneNameOf = (component: ICAL.Component): string | null => {
  const name: unknown = component.getFirstProperty("dtstart")?.getParameter("tzid")
  return typeof name === "string" && name !== "" ? name : null
}

const firstText = (component: ICAL.Component, names: ReadonlyArray<string>): string | null => {
  for (const name of names) {
    const value: unknown = component.getFirstPropertyValue(name)
    if (value !== null && value !== undefined) return String(value)
  }
  return null
}

const subjectOf = (component: ICAL.Component): string =>
  String(component.getFirstPropertyValue("summary") ?? "(no subject)")
const uidOf = (component: ICAL.Component): string => String(component.getFirstPropertyValue("uid") ?? "")
const pad = (value: number, length: number): string => String(value).padStart(length, "0")

const attempt = <A>(read: () => A, explain: (why: string) => unknown): A | null => {
  try {
    return read()
  } catch (error) {
    explain(error instanceof Error ? error.message : String(error))
    return null
  }
}

/** Small calendars, and what is read of them, for the tests. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { findMeetingLink } from "@punctual/core/links"
import {
  type CalendarRead,
  type ReadEvent,
  type ReadOptions,
  type ReadSeries,
  instantText,
  meetingsBetween,
  readCalendar
} from "../src/index.ts"

export const fixture = (path: string): Buffer => readFileSync(join(import.meta.dirname, "fixtures", path))

/** All of a file at once. */
export const eventsIn = ({ families }: CalendarRead): ReadonlyArray<ReadEvent> =>
  [...families].flatMap(({ events }) => events)

export const seriesIn = ({ families }: CalendarRead): ReadonlyArray<ReadSeries> =>
  [...families].flatMap(({ series }) => series)

/** A calendar of these lines. */
export const calendar = (...lines: ReadonlyArray<string>): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n")

export const event = (...lines: ReadonlyArray<string>): string => ["BEGIN:VEVENT", ...lines, "END:VEVENT"].join("\r\n")

const dayMillis = 86_400_000

/** Start, end and subject of what takes place from a date on. */
export const listed = (read: CalendarRead, from: string, days: number): ReadonlyArray<string> => {
  const first = Date.parse(from)
  return meetingsBetween(read, first, first + days * dayMillis, 1000).map(({ event: told }) => {
    const link = findMeetingLink(told.linkFields ?? [])
    const words = [told.subject, told.isCancelled ? "cancelled" : "", link === null ? "" : link.url]
    return [short(told.start), short(told.end), ...words].filter((word) => word !== "").join(" ")
  })
}

const short = (instant: number): string => instantText(instant).replace(":00Z", "Z")

/** The starts alone. */
export const starts = (
  text: string | Uint8Array,
  from = "2027-11-29",
  days = 30,
  options: ReadOptions = {}
): ReadonlyArray<string> => listed(readCalendar(text, options), from, days).map((line) => line.split(" ")[0] ?? "")

/**
 * Occurrences beyond the mirrored window, expanded from their series' rule.
 * Decides where the window ends and expansion begins: inside it the provider's own list is the truth, and a date it
 * does not list does not take place. Never decides whether an occurrence gets a bot.
 */
import type { CalendarEvent } from "../domain/Event.ts"
import type { Series } from "../domain/Series.ts"
import type { Instant, LocalDate } from "../domain/Time.ts"
import { expandWith, type Exceptions } from "../recurrence/Exceptions.ts"
import { dayMillis, parseDate } from "../recurrence/CivilDate.ts"
import { expand } from "../recurrence/Expand.ts"
import type { Occurrence, RecurringSeries } from "../recurrence/Rule.ts"
import { occurrenceMeetingKey } from "./DedupKey.ts"
import { occurrenceId } from "./Naming.ts"
import type { Arranged } from "./Slice.ts"

/** Expansion stops this far ahead. */
const horizonMillis = 20 * 366 * 86_400_000

const none: Exceptions = { cancelled: [], moved: [] }

/** Whether a series can have occurrences at all: known, understood, on a selected calendar. */
export const isLive = (arranged: Arranged, series: Series): boolean =>
  !series.isDeleted &&
  !series.isCancelled &&
  series.timing !== null &&
  arranged.calendars.get(series.calendarId)?.selected === true

/** Where projection begins for a series: the end of its calendar's window, or at once where nothing was mirrored yet. */
const projectedFrom = (arranged: Arranged, series: Series): Instant =>
  arranged.calendars.get(series.calendarId)?.window?.to ?? Number.NEGATIVE_INFINITY

/** Projected occurrences that end after `now`, by start, at most `limit`. */
export const projectAhead = (
  arranged: Arranged,
  series: Series,
  now: Instant,
  limit: number
): ReadonlyArray<CalendarEvent> => {
  if (!isLive(arranged, series) || series.timing === null) return []
  const from = Math.max(now - series.timing.durationMillis + 1, projectedFrom(arranged, series))
  const listed = listedDates(arranged, series)
  return expandWith(series.timing, series.exceptions ?? none, from, now + horizonMillis, limit + listed.size)
    .filter((occurrence) => !listed.has(occurrence.date))
    .slice(0, limit)
    .map((occurrence) => project(series, occurrence))
}

/** The projected occurrence of one original date; null where the window decides, or the date is not on the pattern. */
export const projectDate = (arranged: Arranged, series: Series, date: LocalDate): CalendarEvent | null => {
  if (!isLive(arranged, series) || series.timing === null) return null
  const exceptions = series.exceptions ?? none
  if (exceptions.cancelled.includes(date) || listedDates(arranged, series).has(date)) return null
  const occurrence = exceptions.moved.find((moved) => moved.date === date) ?? occurrenceOn(series.timing, date)
  return occurrence !== null && occurrence.start >= projectedFrom(arranged, series) ? project(series, occurrence) : null
}

/** An occurrence as the mirror would show it, with its series' subject, link and recurrence. */
export const project = (series: Series, occurrence: Occurrence): CalendarEvent => ({
  id: occurrenceId(series.id, occurrence.date),
  calendarId: series.calendarId,
  providerId: "",
  kind: "occurrence",
  seriesId: series.id,
  seriesKey: series.key,
  originalDate: occurrence.date,
  originalStart: null,
  meeting: occurrenceMeetingKey(series.key, occurrence.date),
  iCalUid: series.iCalUid,
  start: occurrence.start,
  end: occurrence.end,
  isAllDay: series.timing?.isAllDay ?? false,
  zone: series.timing?.zone ?? "UTC",
  subject: series.subject,
  link: series.link,
  isCancelled: false,
  isDeclined: series.isDeclined,
  isDeleted: false,
  isProjected: true,
  createdAt: series.createdAt,
  updatedAt: series.updatedAt,
  raw: series.raw,
  rawTruncated: series.rawTruncated
})

const listedDates = (arranged: Arranged, series: Series): ReadonlySet<LocalDate> => {
  const dates = new Set<LocalDate>()
  for (const event of arranged.listedBySeries.get(series.key) ?? []) {
    if (event.seriesId === series.id && event.originalDate !== null) dates.add(event.originalDate)
  }
  return dates
}

/** The occurrence of one date: no zone is further than a day from UTC, and a start may pass midnight in a gap. */
const occurrenceOn = (series: RecurringSeries, date: LocalDate): Occurrence | null => {
  const day = parseDate(date)
  return Number.isFinite(day)
    ? (expand(series, (day - 2) * dayMillis, (day + 3) * dayMillis, 16).find((found) => found.date === date) ?? null)
    : null
}

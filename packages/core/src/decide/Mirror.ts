/**
 * How what the provider tells becomes rows of the mirror.
 * Decides identity (ids, keys, original dates), fills thin occurrences from their series, and cuts what is too large
 * to keep. Never decides whether an absence is a deletion.
 */
import type { CalendarEvent } from "../domain/Event.ts"
import type { CalendarId } from "../domain/Ids.ts"
import type { ProviderEvent, ProviderSeries } from "../domain/Provider.ts"
import type { Series } from "../domain/Series.ts"
import type { Instant, LocalDate } from "../domain/Time.ts"
import { findMeetingLink } from "../meeting/Link.ts"
import { expand } from "../recurrence/Expand.ts"
import { toLocal } from "../recurrence/WallClock.ts"
import { occurrenceMeetingKey, seriesKey, singleMeetingKey } from "./DedupKey.ts"
import { eventId, occurrenceId, seriesId } from "./Naming.ts"
import { occurrenceOf } from "./Project.ts"

/** What is kept of a provider's item. */
export const rawBodyCharactersMax = 32 * 1024
export const rawAttendeesMax = 100

/** A single event, or an exception of a series that is known. An exception without its series stands alone. */
export const eventRow = (
  calendarId: CalendarId,
  event: ProviderEvent,
  series: Series | null,
  now: Instant
): CalendarEvent => {
  const { raw, isTruncated } = trimRaw(event.raw)
  const own = {
    calendarId,
    providerId: event.providerId,
    kind: event.kind,
    iCalUid: event.iCalUid,
    start: event.start,
    end: event.end,
    isAllDay: event.isAllDay,
    zone: event.zone,
    isCancelled: event.isCancelled || (series?.isCancelled ?? false),
    isDeclined: event.isDeclined,
    isDeleted: false,
    isProjected: false,
    createdAt: event.createdAt,
    updatedAt: now,
    raw,
    rawTruncated: isTruncated
  } as const
  const link = findMeetingLink(event.raw)
  // What is told of an occurrence by its times alone is its series'. An exception comes whole: without a link it has none.
  const isThin = event.kind === "occurrence" || !tellsOfLinks(event.raw)
  if (series === null || event.kind === "single") {
    const id = eventId(event.providerId)
    return {
      ...own,
      id,
      seriesId: null,
      seriesKey: null,
      originalDate: null,
      originalStart: null,
      meeting: singleMeetingKey(id, event.iCalUid),
      subject: event.subject,
      link
    }
  }
  const originalStart = event.originalStart ?? event.start
  const date = dateIn(series, originalStart)
  return {
    ...own,
    id: occurrenceId(series.id, date),
    seriesId: series.id,
    seriesKey: series.key,
    originalDate: date,
    originalStart,
    meeting: occurrenceMeetingKey(series.key, date),
    subject: event.subject === "" ? series.subject : event.subject,
    link: link ?? (isThin ? series.link : null)
  }
}

/** An occurrence told by its times alone: the rest is its series'. */
export const occurrenceRow = (
  series: Series,
  occurrence: { readonly providerId: string; readonly start: Instant; readonly end: Instant; readonly raw: unknown },
  now: Instant
): CalendarEvent => {
  const { end, providerId, raw, start } = occurrence
  return {
    ...occurrenceOf(series, { date: dateIn(series, start), start, end }),
    providerId,
    originalStart: start,
    isCancelled: series.isCancelled,
    isProjected: false,
    updatedAt: now,
    raw,
    rawTruncated: false
  }
}

/** A series as the provider tells it; what it was decided by is not known here. */
export const seriesRow = (calendarId: CalendarId, series: ProviderSeries, now: Instant): Series => {
  const id = seriesId(series.providerId)
  const { raw, isTruncated } = trimRaw(series.raw)
  const row: Series = {
    id,
    calendarId,
    providerId: series.providerId,
    key: seriesKey(id, series.iCalUid),
    iCalUid: series.iCalUid,
    timing: series.timing,
    decidedTiming: null,
    ruleText: series.ruleText,
    exceptions: null,
    subject: series.subject,
    link: findMeetingLink(series.raw),
    isCancelled: series.isCancelled,
    isDeclined: series.isDeclined,
    isDeleted: false,
    createdAt: series.createdAt,
    updatedAt: now,
    raw,
    rawTruncated: isTruncated
  }
  if (series.cancelledDates === null && series.exceptions === null) return row
  return {
    ...row,
    exceptions: {
      cancelled: [
        ...(series.cancelledDates ?? []),
        ...(series.exceptions ?? []).filter((event) => event.isCancelled).map((event) => exceptionDate(row, event))
      ],
      moved: (series.exceptions ?? [])
        .filter((event) => !event.isCancelled)
        .map((event) => ({ date: exceptionDate(row, event), start: event.start, end: event.end }))
    }
  }
}

/** The row of what was confirmed to be gone. */
export const tombstone = (event: CalendarEvent, now: Instant): CalendarEvent => ({
  ...event,
  isDeleted: true,
  updatedAt: now
})

const exceptionDate = (series: Series, event: ProviderEvent): LocalDate =>
  dateIn(series, event.originalStart ?? event.start)

/**
 * The date that the pattern gave an occurrence, by where it starts: the date in the series' zone, unless clocks that go
 * forward at midnight laid the start on the next one. All-day times are written at midnight UTC.
 */
const dateIn = (series: Series, start: Instant): LocalDate => {
  const { timing } = series
  if (!(Math.abs(start) <= instantMax)) return noDate
  const local =
    toLocal(timing === null || timing.isAllDay === true ? "UTC" : timing.zone, start) ?? toLocal("UTC", start)
  if (local === null) return noDate
  if (timing === null || timing.isAllDay === true || local.time >= timing.startTime) return local.date
  return expand(timing, start, start + 1, 1)[0]?.date ?? local.date
}

/** ECMAScript knows no time further from 1970: 100 million days. */
const instantMax = 8_640_000_000_000_000

/** Stands for the date of what has none. */
const noDate: LocalDate = "0001-01-01"

/** Body and attendees cut to what is kept. Total on any JSON. */
export const trimRaw = (raw: unknown): { readonly raw: unknown; readonly isTruncated: boolean } => {
  if (!isMembers(raw)) return { raw, isTruncated: false }
  const body = raw["body"]
  const content = isMembers(body) ? body["content"] : undefined
  const isLongBody = typeof content === "string" && content.length > rawBodyCharactersMax
  const attendees = raw["attendees"]
  const isCrowded = Array.isArray(attendees) && attendees.length > rawAttendeesMax
  if (!isLongBody && !isCrowded) return { raw, isTruncated: false }
  return {
    raw: {
      ...raw,
      ...(isLongBody && isMembers(body) ? { body: { ...body, content: cut(content) } } : {}),
      ...(isCrowded ? { attendees: attendees.slice(0, rawAttendeesMax) } : {})
    },
    isTruncated: true
  }
}

/** Never between the two halves of one character: half a one is no text, and databases refuse it. */
const cut = (text: string): string => {
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(rawBodyCharactersMax - 1))
  return text.slice(0, isSplit ? rawBodyCharactersMax - 1 : rawBodyCharactersMax)
}

const linkMembers = ["onlineMeeting", "onlineMeetingUrl", "location", "locations", "body"]

const tellsOfLinks = (raw: unknown): boolean =>
  isMembers(raw) && linkMembers.some((member) => Object.hasOwn(raw, member))

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

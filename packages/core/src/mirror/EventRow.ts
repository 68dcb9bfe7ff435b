/**
 * The rows of events: how what a provider tells of one becomes a row of the mirror.
 * Decides its ids, its meeting and its original date, and fills what is told of an occurrence by its times alone from its
 * series.
 */
import type { Calendar } from "../domain/Calendar.ts"
import { eventId, occurrenceId, seriesId } from "../domain/DeterministicIds.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { MeetingKey, SeriesId } from "../domain/Ids.ts"
import { occurrenceMeetingKey, singleMeetingKey } from "../domain/MeetingKey.ts"
import type { ChangeItem, ProviderEvent } from "../domain/Provider.ts"
import type { Series } from "../domain/Series.ts"
import type { Instant } from "../domain/Time.ts"
import { findMeetingLink } from "../links/Link.ts"
import type { LinkSettings } from "../links/LinkSettings.ts"
import { dateIn, originalStartIn } from "./OriginalDate.ts"
import type { Occurrence } from "../recurrence/Rule.ts"

/** The calendar that rows stand in, and what makes their names. */
export type Home = Pick<Calendar, "id" | "namespace">

/** The rows that one item comes to. An occurrence whose series is confirmed to be gone (`gone`) is none: it went with it. */
export const itemRows = (
  home: Home,
  item: ChangeItem,
  seriesBy: (id: SeriesId) => Series | null,
  gone: ReadonlySet<string>,
  now: Instant,
  links: LinkSettings
): ReadonlyArray<CalendarEvent> => {
  if (item.kind === "occurrence") {
    const series = seriesBy(seriesId(home.namespace, item.seriesProviderId))
    return series === null ? [] : [occurrenceRow(series, item, now)]
  }
  if (item.kind !== "event" || gone.has(item.event.providerId)) return []
  const { seriesProviderId } = item.event
  const series = seriesProviderId === null ? null : seriesBy(seriesId(home.namespace, seriesProviderId))
  return [eventRow(home, item.event, series, now, links)]
}

/** A single event, or an exception of a series that is known. An exception without its series stands alone. */
export const eventRow = (
  home: Home,
  event: ProviderEvent,
  series: Series | null,
  now: Instant,
  links: LinkSettings = {}
): CalendarEvent => {
  const own = {
    calendarId: home.id,
    providerId: event.providerId,
    kind: event.kind,
    iCalUid: event.iCalUid,
    start: event.start,
    end: event.end,
    isAllDay: event.isAllDay,
    zone: event.zone,
    isCancelled: event.isCancelled || (series?.isCancelled ?? false),
    organizer: event.organizer ?? series?.organizer ?? null,
    facts: event.facts ?? series?.facts ?? null,
    isDeleted: false,
    isVirtual: false,
    createdAt: event.createdAt,
    updatedAt: now,
    raw: event.raw,
    rawTruncated: event.rawTruncated
  } as const
  const link = findMeetingLink(event.linkFields ?? [], links)
  // What is told of an occurrence by its times alone is its series'. An exception comes whole: without a link it has none.
  const isThin = event.kind === "occurrence" || event.linkFields === null
  if (series === null || event.kind === "single") {
    const id = eventId(home.namespace, event.providerId)
    return {
      ...own,
      id,
      seriesId: null,
      seriesKey: null,
      originalDate: null,
      originalStart: null,
      ...keyed(singleMeetingKey(id, event.iCalUid)),
      subject: event.subject,
      link
    }
  }
  const originalStart = originalStartIn(series, event.originalStart ?? event.start)
  const date = dateIn(series, originalStart)
  return {
    ...own,
    id: occurrenceId(series.id, date),
    seriesId: series.id,
    seriesKey: series.key,
    originalDate: date,
    originalStart,
    ...keyed(occurrenceMeetingKey(series.key, date)),
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
    isVirtual: false,
    updatedAt: now,
    raw,
    rawTruncated: false
  }
}

/** As it is told, an event is the meeting that its UID says. */
const keyed = (family: MeetingKey) => ({ meeting: family, family })

/** The row of what was confirmed to be gone. */
export const tombstone = (event: CalendarEvent, now: Instant): CalendarEvent => ({
  ...event,
  isDeleted: true,
  updatedAt: now
})

/** What every occurrence that is told by its times alone has of its series: key, subject, link, zone. */
export const occurrenceOf = (series: Series, { date, end, start }: Occurrence) =>
  ({
    id: occurrenceId(series.id, date),
    calendarId: series.calendarId,
    kind: "occurrence",
    seriesId: series.id,
    seriesKey: series.key,
    originalDate: date,
    ...keyed(occurrenceMeetingKey(series.key, date)),
    iCalUid: series.iCalUid,
    start,
    end,
    isAllDay: series.timing?.isAllDay ?? false,
    zone: series.timing?.zone ?? "UTC",
    subject: series.subject,
    organizer: series.organizer,
    link: series.link,
    facts: series.facts,
    isDeleted: false,
    createdAt: series.createdAt
  }) as const satisfies Partial<CalendarEvent>

/**
 * How the in-memory calendar provider tells of a meeting: whole, thin, or as the master of a series.
 *
 * Decides when occurrences take place and what their items look like. Never changes anything.
 */
import type { ChangeItem, ProviderEvent, ProviderSeries } from "../../../src/domain/Provider.ts"
import type { LocalDate, Span } from "../../../src/domain/Time.ts"
import { dayMillis, parseDate } from "../../../src/recurrence/CivilDate.ts"
import { expand } from "../../../src/recurrence/Expand.ts"
import type { Occurrence } from "../../../src/recurrence/Rule.ts"
import {
  type MailboxItem,
  type SeriesItem,
  type SingleItem,
  type Subject,
  type Times,
  occurrenceId
} from "./Mailbox.ts"
import { overlaps } from "../store/Tenant.ts"

/** More than any window holds of one series. */
const occurrencesMax = 2000

/** Everything of an item that lies in the span, the way a listing says it: a series first, its occurrences thin. */
export const itemsIn = (item: MailboxItem, span: Span): ReadonlyArray<ChangeItem> => {
  if (item.isGone) return []
  if (item.kind === "single") return overlaps(item.meeting, span) ? [{ kind: "event", event: single(item) }] : []
  const occurrences = occurrencesIn(item, span)
  if (occurrences.length === 0) return []
  return [{ kind: "series", series: series(item, "without exceptions") }, ...occurrences]
}

/** The same, every meeting whole and no series: what takes place. */
export const eventsIn = (item: MailboxItem, span: Span): ReadonlyArray<ProviderEvent> =>
  itemsIn(item, span).flatMap((told) => {
    if (told.kind === "event") return [told.event]
    if (told.kind !== "occurrence" || item.kind !== "series") return []
    const event = occurrence(item, told.providerId.slice(item.providerId.length + 1))
    return event === null ? [] : [event]
  })

export const single = (item: SingleItem): ProviderEvent => ({
  ...told(item.providerId, item.meeting, item.meeting),
  kind: "single",
  seriesProviderId: null,
  originalStart: null,
  isAllDay: item.meeting.isAllDay,
  zone: item.meeting.zone,
  createdAt: item.createdAt,
  updatedAt: item.updatedAt
})

/** One occurrence, whole; null where the pattern has none or it was taken out. */
export const occurrence = (item: SeriesItem, date: LocalDate): ProviderEvent | null => {
  const pattern = onPattern(item, date)
  if (item.isGone || pattern === null || item.deleted.has(date)) return null
  const otherwise = item.exceptions.get(date)
  const { isUnreadable: _, timing, ...subject } = item.recurring
  return {
    // Each occurrence has a UID of its own, as at some providers.
    ...told(occurrenceId(item.providerId, date), { ...subject, ...otherwise }, { ...pattern, ...otherwise }),
    iCalUid: `${subject.iCalUid}#${date}`,
    kind: otherwise === undefined ? "occurrence" : "exception",
    seriesProviderId: item.providerId,
    originalStart: pattern.start,
    isAllDay: timing.isAllDay ?? false,
    zone: timing.zone,
    createdAt: item.createdAt,
    updatedAt: item.updatedAt
  }
}

export const series = (item: SeriesItem, detail: "with exceptions" | "without exceptions"): ProviderSeries => {
  const { isUnreadable = false, timing, ...subject } = item.recurring
  const exceptions = [...item.exceptions.keys()].flatMap((date) => occurrence(item, date) ?? [])
  const isDetailed = detail === "with exceptions"
  return {
    providerId: item.providerId,
    iCalUid: subject.iCalUid,
    timing: isUnreadable ? null : timing,
    ruleText: null,
    subject: subject.subject,
    organizer: subject.organizer,
    isCancelled: subject.isCancelled,
    facts: subject.facts,
    cancelledDates: isDetailed ? [...item.deleted].toSorted() : null,
    exceptions: isDetailed ? exceptions : null,
    createdAt: item.createdAt,
    updatedAt: item.updatedAt,
    ...itemOf(item.providerId, subject)
  }
}

/** When the pattern puts an occurrence; null where it has none on that date. */
export const onPattern = (item: SeriesItem, date: LocalDate): Occurrence | null => {
  const midnight = parseDate(date) * dayMillis
  if (!Number.isFinite(midnight)) return null
  // No zone is further than a day from UTC, and a start may pass midnight in a gap.
  const near = expand(item.recurring.timing, midnight - 2 * dayMillis, midnight + 3 * dayMillis, 16)
  return near.find((found) => found.date === date) ?? null
}

const occurrencesIn = (item: SeriesItem, span: Span): ReadonlyArray<ChangeItem> => {
  const { timing } = item.recurring
  const regular = expand(timing, span.from - timing.durationMillis, span.to, occurrencesMax)
    .filter(({ date }) => !item.deleted.has(date) && !item.exceptions.has(date))
    .filter((found) => overlaps(found, span))
    .map(({ date, end, start }): ChangeItem => {
      const providerId = occurrenceId(item.providerId, date)
      return { kind: "occurrence", providerId, seriesProviderId: item.providerId, start, end, raw: { id: providerId } }
    })
  const changed = [...item.exceptions.keys()].flatMap((date): ReadonlyArray<ChangeItem> => {
    const event = occurrence(item, date)
    return event !== null && overlaps(event, span) ? [{ kind: "event", event }] : []
  })
  return [...regular, ...changed]
}

/** The members that meetings of all kinds have alike. */
const told = (providerId: string, subject: Subject, { end, start }: Times) => ({
  providerId,
  iCalUid: subject.iCalUid,
  start,
  end,
  subject: subject.subject,
  organizer: subject.organizer,
  isCancelled: subject.isCancelled,
  facts: subject.facts,
  ...itemOf(providerId, subject)
})

/** The item as this provider would have it, and what of it may hold the link. */
const itemOf = (id: string, { isCancelled, joinUrl, subject }: Subject) => ({
  linkFields: joinUrl === null ? [] : [{ form: "address", text: joinUrl, isCut: false } as const],
  raw: { id, subject, isCancelled, joinUrl },
  rawTruncated: false
})

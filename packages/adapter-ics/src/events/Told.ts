/**
 * An event of a file in the core's words.
 * Decides ids: an entry is called by its UID, an occurrence by that and its original time.
 */
import type { ProviderEvent, ProviderSeries } from "@punctual/core"
import { ruleText } from "@punctual/core/recurrence"
import { localDateOf } from "../time/Values.ts"
import type { FileEvent } from "./FileEvent.ts"
import type { Layout } from "./Layout.ts"

/** An event, and what the file calls it. */
export interface ReadEvent {
  readonly event: ProviderEvent
  readonly uid: string | null
  /** The original time of an occurrence: an instant, of an all-day one a date. Null for what is none. */
  readonly recurrenceId: string | null
}

export interface ReadSeries {
  readonly series: ProviderSeries
  readonly uid: string | null
  readonly layout: Layout
  /** Starts at which the rule's own occurrence does not take place: taken out, or changed. */
  readonly replaced: ReadonlySet<number>
  /** Changed occurrences and further dates. */
  readonly exceptions: ReadonlyArray<ReadEvent>
  /** What an occurrence of the rule is told as. */
  readonly source: FileEvent
  readonly providerId: string
}

export interface Times {
  readonly start: number
  readonly end: number
}

export interface Place {
  readonly providerId: string
  readonly kind: ProviderEvent["kind"]
  readonly seriesProviderId: string | null
  readonly originalStart: number | null
  /** Null: not to be taken for a copy of what has the same UID. */
  readonly iCalUid: string | null
}

export const toldEvent = (source: FileEvent, { end, start }: Times, place: Place): ProviderEvent => ({
  ...place,
  start,
  end,
  isAllDay: source.isAllDay,
  zone: source.start.clock.zone,
  subject: source.subject,
  organizer: source.organizer,
  isCancelled: source.isCancelled,
  facts: source.facts,
  createdAt: source.createdAt,
  updatedAt: source.updatedAt,
  linkFields: source.linkFields,
  raw: source.raw,
  rawTruncated: source.rawTruncated
})

export const ownTimes = ({ durationMillis, isAllDay, start }: FileEvent): Times => ({
  start: start.instant,
  end: isAllDay
    ? Math.max(start.instant, start.clock.instantOf(start.reading + durationMillis))
    : start.instant + durationMillis
})

/** An occurrence that the rule gives. */
export const ruledOccurrence = (read: ReadSeries, times: Times): ReadEvent => {
  const recurrenceId = recurrenceIdOf(read.source, times.start)
  return {
    uid: read.uid,
    recurrenceId,
    event: toldEvent(read.source, times, {
      providerId: `${read.providerId}/${recurrenceId}`,
      kind: "occurrence",
      seriesProviderId: read.providerId,
      originalStart: times.start,
      iCalUid: read.uid
    })
  }
}

/** How an original time is written. */
export const recurrenceIdOf = ({ isAllDay, start }: FileEvent, instant: number): string =>
  isAllDay ? localDateOf(start.clock.readingOf(instant)) : instantText(instant)

export const instantText = (instant: number): string => new Date(instant).toISOString().replace(".000Z", "Z")

export const toldSeries = (
  source: FileEvent,
  layout: Layout,
  providerId: string,
  cancelledDates: ReadonlyArray<string>,
  exceptions: ReadonlyArray<ReadEvent>
): ProviderSeries => ({
  providerId,
  iCalUid: source.uid,
  timing: layout.clock.isKnown ? layout.timing : null,
  ruleText: source.rules.length === 0 ? null : ruleText(layout.timing),
  subject: source.subject,
  organizer: source.organizer,
  isCancelled: source.isCancelled,
  facts: source.facts,
  cancelledDates,
  exceptions: exceptions.map(({ event }) => event),
  createdAt: source.createdAt,
  updatedAt: source.updatedAt,
  linkFields: source.linkFields,
  raw: source.raw,
  rawTruncated: source.rawTruncated
})

/**
 * The mirror of a calendar: one row for each meeting that takes place at one time.
 * Shapes alone. What the provider tells becomes a row in `mirror/EventRow.ts`, what it has not listed yet in
 * `decide/occurrences/BeyondWindow.ts`.
 */
import type { MeetingLink } from "../links/Link.ts"
import type { EventFacts } from "./Facts.ts"
import type { CalendarId, EventId, MeetingKey, SeriesId, SeriesKey } from "./Ids.ts"
import type { Instant, LocalDate } from "./Time.ts"

/** `exception`: an occurrence that was changed by itself. */
export type EventKind = "single" | "occurrence" | "exception"

/** The row. Copies of one meeting on several calendars share `meeting`; `id` is one copy's. */
export interface CalendarEvent {
  readonly id: EventId
  readonly calendarId: CalendarId
  /** The provider's id; empty for a virtual occurrence. */
  readonly providerId: string
  readonly kind: EventKind
  readonly seriesId: SeriesId | null
  readonly seriesKey: SeriesKey | null
  /** The date the pattern gave the occurrence, in the series' zone: it survives moves. */
  readonly originalDate: LocalDate | null
  readonly originalStart: Instant | null
  /** What this is a copy of. Of a row just told it is the `family`; a decision takes apart what is several meetings. */
  readonly meeting: MeetingKey
  /** What its iCalendar UID says that it is a copy of; events of one calendar may share one and be several meetings. */
  readonly family: MeetingKey
  readonly iCalUid: string | null
  readonly start: Instant
  readonly end: Instant
  readonly isAllDay: boolean
  /** IANA name of the zone the meeting was made in. */
  readonly zone: string
  readonly subject: string
  /** The organizer's address in lower case; null: not told. */
  readonly organizer: string | null
  readonly link: MeetingLink | null
  readonly isCancelled: boolean
  /** What rules look at; null: not known yet. An occurrence told by its times alone has its series'. */
  readonly facts: EventFacts | null
  /** A tombstone: the provider confirmed that it is gone, or its calendar was dropped. */
  readonly isDeleted: boolean
  /** A virtual occurrence: beyond the window, expanded from the series' rule, not listed by the provider yet. */
  readonly isVirtual: boolean
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** The provider's item, body and attendees cut (`rawTruncated`); links are found before the cut. */
  readonly raw: unknown
  readonly rawTruncated: boolean
}

/**
 * The master of a recurring meeting: pattern, zone, subject, link. It has no time of its own.
 * Shapes alone: when it takes place is decided in `recurrence/`, what its occurrences are called in `domain/DeterministicIds.ts`.
 */
import type { MeetingLink } from "../links/Link.ts"
import type { Exceptions } from "../recurrence/Exceptions.ts"
import type { RecurringSeries } from "../recurrence/Rule.ts"
import type { EventFacts } from "./Facts.ts"
import type { CalendarId, SeriesId, SeriesKey } from "./Ids.ts"
import type { Instant } from "./Time.ts"

/** The row. Copies of one series on several calendars share `key`; `id` is one copy's. */
export interface Series {
  readonly id: SeriesId
  readonly calendarId: CalendarId
  readonly providerId: string
  readonly key: SeriesKey
  readonly iCalUid: string | null
  /** When it takes place; null when the provider's recurrence could not be understood. */
  readonly timing: RecurringSeries | null
  /** The timing that intents, exclusions, overrides and bots were last keyed by; null: never decided. */
  readonly decidedTiming: RecurringSeries | null
  /** RFC 5545 text of the rule, as the API shows it. */
  readonly ruleText: string | null
  /** Cancelled and moved occurrences; null when the provider was not asked. */
  readonly exceptions: Exceptions | null
  readonly subject: string
  /** The organizer's address in lower case; null: not told. */
  readonly organizer: string | null
  readonly link: MeetingLink | null
  readonly isCancelled: boolean
  /** As an event's; its occurrences have them too, unless they were changed by themselves. */
  readonly facts: EventFacts | null
  readonly isDeleted: boolean
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** The provider's item, cut as an event's is: occurrences carry the master's. */
  readonly raw: unknown
  readonly rawTruncated: boolean
}

/** What was just asked of the provider about one row of a series. */
export type SeriesExceptions = Pick<Series, "id" | "exceptions">

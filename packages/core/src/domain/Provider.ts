/**
 * What a calendar provider tells, in the core's words. An adapter produces these values from its wire format;
 * `mirror/EventRow.ts` turns them into rows of the mirror.
 */
import type { LinkField } from "../links/LinkField.ts"
import type { RecurringSeries } from "../recurrence/Rule.ts"
import type { EventKind } from "./Event.ts"
import type { EventFacts } from "./Facts.ts"
import type { Instant, LocalDate } from "./Time.ts"

/** Who the account belongs to. */
export interface Profile {
  readonly accountId: string
  readonly email: string | null
  /** Further addresses of the same person; left out: none is known. */
  readonly otherEmails?: ReadonlyArray<string>
  readonly name: string | null
}

/** A meeting as the provider tells it, with all its properties. */
export interface ProviderEvent {
  readonly providerId: string
  readonly kind: EventKind
  readonly seriesProviderId: string | null
  /** The pattern's start of an occurrence or exception, where told. */
  readonly originalStart: Instant | null
  readonly iCalUid: string | null
  readonly start: Instant
  readonly end: Instant
  readonly isAllDay: boolean
  /** IANA name; `UTC` where the provider's could not be understood. */
  readonly zone: string
  readonly subject: string
  /** The organizer's address in lower case; null: not told. */
  readonly organizer: string | null
  readonly isCancelled: boolean
  /** What rules look at, of the whole item (`keptFacts`); null: the provider does not tell. */
  readonly facts: EventFacts | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** What may hold its link, in order of trust. Null: the item is so bare that having no link in it means nothing. */
  readonly linkFields: ReadonlyArray<LinkField> | null
  /** The provider's own item, cut to what is kept (`rawBodyCharactersMax`, `rawAttendeesMax`); shown, never read. */
  readonly raw: unknown
  readonly rawTruncated: boolean
}

/** The master of a series as the provider tells it. */
export interface ProviderSeries {
  readonly providerId: string
  readonly iCalUid: string | null
  /** When it takes place, in a zone that the adapter resolved; null where that could not be understood. */
  readonly timing: RecurringSeries | null
  readonly ruleText: string | null
  readonly subject: string
  /** As an event's. */
  readonly organizer: string | null
  readonly isCancelled: boolean
  /** As an event's. */
  readonly facts: EventFacts | null
  /** Dates taken out and occurrences changed; null when not asked for (`changes`) or not told. */
  readonly cancelledDates: ReadonlyArray<LocalDate> | null
  readonly exceptions: ReadonlyArray<ProviderEvent> | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** What may hold the link of its occurrences, in order of trust. */
  readonly linkFields: ReadonlyArray<LinkField>
  /** As an event's. */
  readonly raw: unknown
  readonly rawTruncated: boolean
}

/** One item of a pass of changes. Occurrences are thin: what they lack comes from their series. */
export type ChangeItem =
  | { readonly kind: "event"; readonly event: ProviderEvent }
  | { readonly kind: "series"; readonly series: ProviderSeries }
  | {
      readonly kind: "occurrence"
      readonly providerId: string
      readonly seriesProviderId: string
      readonly start: Instant
      readonly end: Instant
      readonly raw: unknown
    }
  /** A question, not a fact: ask by id. */
  | { readonly kind: "removed"; readonly providerId: string }

/** A page of a pass, in the provider's order. */
export interface ChangePage {
  readonly items: ReadonlyArray<ChangeItem>
  /** Items that could not be understood, skipped and counted. */
  readonly rejected: number
  /** On the last page alone: where the next pass starts. */
  readonly cursor: string | null
}

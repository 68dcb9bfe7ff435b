/**
 * One calendar of a connection, selected or not, with the state of its mirror.
 * Decides which can be selected at all, and which zone it is in. What a row begins with is decided in `mirror/CalendarRow.ts`, when it is read in
 * `usecases/sync/SyncCalendar.ts`.
 */
import type { CalendarId, ConnectionId, ProviderCalendarId } from "./Ids.ts"
import type { Instant, Span } from "./Time.ts"

/** What the user may do in it. Of a `freeBusyReader`'s only times are told, so it can't be selected. */
export type AccessRole = "owner" | "writer" | "reader" | "freeBusyReader"

/** Whether its meetings can be read. */
export const isReadable = ({ accessRole }: { readonly accessRole: AccessRole }): boolean =>
  accessRole !== "freeBusyReader"

/** A calendar as the provider lists it. */
export interface CalendarListing {
  readonly providerId: ProviderCalendarId
  readonly summary: string
  readonly isPrimary: boolean
  readonly accessRole: AccessRole
  /** `#rrggbb` */
  readonly color: string
  /** IANA name, where the provider tells. */
  readonly timeZone: string | null
}

/** The same, with what we know it by. */
export interface KnownListing extends CalendarListing {
  readonly id: CalendarId
  readonly connectionId: ConnectionId
  /** Within what the ids of its items are unique: the connection, where they are so in the whole account, or this calendar. */
  readonly namespace: ConnectionId | CalendarId
}

/** A live change subscription. The secret it echoes is stored hashed. */
export interface Subscription {
  readonly id: string
  /** SHA-256 of the client state, hex. */
  readonly clientStateHash: string
  readonly expiresAt: Instant
}

/**
 * How the last pass ended. `stale`: it failed, and the mirror is from before; `failed`: it was refused, and waiting
 * will not mend it.
 */
export type SyncStatus = "never" | "ok" | "stale" | "failed"

/** The row: what the provider lists, and how far it was read. */
export interface Calendar extends KnownListing {
  readonly selected: boolean
  /** Its user took it out, and is not shown it any more. The row stays, for the ids of what stood in it. */
  readonly isRemoved: boolean
  /** Position in the provider's list when first seen; with `isPrimary` it decides which copy carries the bot. */
  readonly position: number
  readonly subscription: Subscription | null
  /** Why there is no subscription, when there is none. */
  readonly pollingReason: string | null
  /** IANA name of the zone that most of its events are in, where the provider tells none of its own; null: not known. */
  readonly eventsZone: string | null
  /** The provider's opaque position after the last complete pass; null: the next pass is a full one. */
  readonly cursor: string | null
  /** The span mirrored, frozen into the cursor. */
  readonly window: Span | null
  /** When the window was last re-based by a full pass. */
  readonly basedAt: Instant | null
  readonly lastSyncedAt: Instant | null
  readonly syncStatus: SyncStatus
  readonly syncError: string | null
  /** When it is to be read next: at once after a notification, otherwise by the poll interval or a back-off. */
  readonly dueAt: Instant
  /** Raised by each notification. Compared at the end of a pass, it tells whether more came meanwhile. */
  readonly changedMark: number
  /** Raised by each claim: what an earlier claimant writes late is refused. */
  readonly syncGeneration: number
  /** A claimant holds it until then. */
  readonly leaseUntil: Instant | null
}

/** IANA name of the zone that a calendar is shown in, and its hours are read in; null: not known. */
export const zoneOfCalendar = ({ eventsZone, timeZone }: Pick<Calendar, "eventsZone" | "timeZone">): string | null =>
  timeZone ?? eventsZone

/** What of a calendar may be changed outside a pass. */
export interface CalendarPatch {
  readonly selected?: boolean
  readonly isRemoved?: boolean
  readonly subscription?: Subscription | null
  readonly pollingReason?: string | null
  readonly dueAt?: Instant
  readonly syncStatus?: SyncStatus
  readonly syncError?: string | null
  /** True: forget cursor and window, so that the next pass is a full one. */
  readonly reset?: boolean
}

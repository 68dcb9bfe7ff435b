/**
 * The port to durable state: connections, calendars, the mirror, intents and bots.
 *
 * Laws. A commit is atomic and conditional on the user's version (and, for each bot, on that bot's revision), or it
 * fails with `Conflict` and changes nothing. Mirror writes are idempotent upserts, fenced: they hold only while the
 * connection's generation and the calendar's sync generation are the claimant's, or fail with `Fenced`. A batch that
 * changes rows raises the user's mirror number in the same write; one that changes nothing does not. What was
 * acknowledged survives the death of any process. No call of one user reaches another's rows.
 */
import { Context, type Effect, type Option, Schema } from "effect"
import type { Bot } from "../domain/Bot.ts"
import type { Calendar, CalendarListing, CalendarPatch, Subscription, SyncStatus } from "../domain/Calendar.ts"
import type { Connection } from "../domain/Connection.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { BotId, CalendarId, EventId, MeetingKey, SeriesId, UserId } from "../domain/Ids.ts"
import type { Series } from "../domain/Series.ts"
import type { Commit, Scope, Slice } from "../domain/Slice.ts"
import type { Instant, Span } from "../domain/Time.ts"

export type { CalendarPatch } from "../domain/Calendar.ts"
export type { BotWrite, Commit, Scope, Slice } from "../domain/Slice.ts"

/** Someone else wrote first: load again and decide again. */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", {}) {}
/** The claim was taken over, the calendar deselected, or the connection replaced: stop. */
export class Fenced extends Schema.TaggedError<Fenced>()("Fenced", {}) {}
/** Out of reach, slow, or answering nonsense. Of a write nobody knows whether it was done. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  message: Schema.String
}) {}

export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  operation: Schema.String,
  reason: Schema.Union([Conflict, Fenced, StoreUnavailable])
}) {
  get isConflict(): boolean {
    return this.reason._tag === "Conflict"
  }
  get isFenced(): boolean {
    return this.reason._tag === "Fenced"
  }
}

type Result<A> = Effect.Effect<A, StoreError>

/** The right to write one calendar's mirror. */
export interface Claim {
  readonly userId: UserId
  readonly connection: Connection
  /** As it was when claimed, with `syncGeneration` raised. */
  readonly calendar: Calendar
  readonly leaseUntil: Instant
}

export interface Account {
  readonly connection: Connection
  readonly calendars: ReadonlyArray<Calendar>
}

/** A calendar with the subscription that it has, for who knows only the subscription. */
export interface SubscribedCalendar {
  readonly userId: UserId
  readonly generation: number
  readonly calendarId: CalendarId
  readonly subscription: Subscription
}

/** A place in a list ordered by instant, then id. */
export interface Place {
  readonly at: Instant
  readonly id: string
}

/** A part of a list, in the list's order whichever way it is turned. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** Whether there is more beyond the last item, in the direction asked. */
  readonly hasMore: boolean
}

export interface EventsQuery {
  readonly userId: UserId
  readonly calendarIds: ReadonlyArray<CalendarId>
  /** Events that overlap it. */
  readonly span: Span
  readonly includeDeleted: boolean
  /** One row for each meeting and start: the primary calendar's copy, else the first calendar's. */
  readonly uniqueMeetings: boolean
  readonly limit: number
  /** Strictly beyond this place: after it, or before it when `backwards`. */
  readonly place: Place | null
  /** Items still come in ascending order. */
  readonly backwards: boolean
}

/** An event as a list shows it. What the provider said of it is only handed on, so it stays the JSON text it was kept as. */
export interface EventListing {
  readonly event: Omit<CalendarEvent, "raw">
  readonly rawText: string
  /** The newest bots of its meeting (`quotaLimits.botsOfOneEventMax`), newest first, and how many there are. */
  readonly bots: ReadonlyArray<Bot>
  readonly botCount: number
}

export interface BotsQuery {
  readonly userId: UserId
  /** `Scheduled` bots that join after this instant. */
  readonly joinAfter: Instant
  readonly limit: number
  readonly place: Place | null
  readonly backwards: boolean
}

export interface BotListing extends Page<Bot> {
  readonly connection: Connection
}

/** What went with a connection: events, and bots that were scheduled or being launched. */
export interface Erased {
  readonly events: number
  readonly liveBots: number
  /** Nothing is left but the tombstone. */
  readonly isDone: boolean
}

/** A bot with its owner, for lists over all users. */
export interface OwnedBot {
  readonly userId: UserId
  readonly bot: Bot
}

export class Store extends Context.Service<
  Store,
  {
    readonly capabilities: {
      /** Bot writes taken by one commit. */
      readonly commitOperationsMax: number
    }

    // ---- connections
    readonly connection: (userId: UserId) => Result<Option.Option<Connection>>
    /** The connection and its calendars, asked for at once. */
    readonly account: (userId: UserId) => Result<Option.Option<Account>>
    /** Writes the row if its revision is `expected` (null: no row yet); the row written has its own, greater revision. */
    readonly saveConnection: (connection: Connection, expected: number | null) => Result<void>
    /** Connections that are not disconnected, by user id, for daily jobs. */
    readonly connections: (after: UserId | null, limit: number) => Result<ReadonlyArray<Connection>>
    /** Tombstones (`disconnected`) whose `statusReason` is `erasing`: a disconnect that did not come to its end. */
    readonly disconnecting: (limit: number) => Result<ReadonlyArray<Connection>>
    /**
     * Removes rows of the user, at most about so many of a kind, and counts them; repeated until done, all but the
     * connection's tombstone. Of a user who is connected (again) it removes nothing, and is done.
     */
    readonly erase: (userId: UserId, limit: number) => Result<Erased>

    // ---- calendars
    readonly calendars: (userId: UserId) => Result<ReadonlyArray<Calendar>>
    /** Inserts what is new (selected, due at the instant), refreshes the listing of what is known. Fenced by generation. */
    readonly listCalendars: (
      userId: UserId,
      generation: number,
      listings: ReadonlyArray<CalendarListing>,
      dueAt: Instant
    ) => Result<ReadonlyArray<Calendar>>
    /** Fenced by generation. A change of `selected` also raises the sync generation. */
    readonly patchCalendar: (
      userId: UserId,
      generation: number,
      calendarId: CalendarId,
      patch: CalendarPatch
    ) => Result<void>
    /**
     * Turns event and series rows of the calendar, at most about so many of a kind, into tombstones and raises the mirror
     * number; counts them. 0: there are none left.
     */
    readonly dropMirror: (
      userId: UserId,
      generation: number,
      calendarId: CalendarId,
      now: Instant,
      limit: number
    ) => Result<number>
    /** The calendars that have these subscriptions, in no order. */
    readonly subscriptions: (subscriptionIds: ReadonlyArray<string>) => Result<ReadonlyArray<SubscribedCalendar>>
    /** Live subscriptions that end before the instant, soonest first. */
    readonly subscriptionsEnding: (before: Instant, limit: number) => Result<ReadonlyArray<SubscribedCalendar>>
    /** Due at the instant, or sooner if it was already; mark raised. What is gone is passed over. */
    readonly markChanged: (
      calendars: ReadonlyArray<{ readonly userId: UserId; readonly calendarId: CalendarId }>,
      dueAt: Instant
    ) => Result<void>
    /** The selected calendar longest due whose lease is free and whose connection is active and may be asked. */
    readonly claimNext: (now: Instant, leaseUntil: Instant) => Result<Option.Option<Claim>>
    /** None: leased by another, not selected, or its connection is not active. */
    readonly claimCalendar: (
      userId: UserId,
      calendarId: CalendarId,
      now: Instant,
      leaseUntil: Instant
    ) => Result<Option.Option<Claim>>
    /** When `claimNext` will next have something, as far as is known. */
    readonly nextDue: Result<Option.Option<Instant>>

    // ---- the mirror, under a claim
    readonly extendLease: (claim: Claim, leaseUntil: Instant) => Result<void>
    /** The stored rows with these ids, and those of the calendar with these provider ids; projected ones left out. */
    readonly mirrored: (
      userId: UserId,
      calendarId: CalendarId,
      ids: {
        readonly events: ReadonlyArray<EventId>
        readonly series: ReadonlyArray<SeriesId>
        readonly providerIds: ReadonlyArray<string>
      }
    ) => Result<{ readonly events: ReadonlyArray<CalendarEvent>; readonly series: ReadonlyArray<Series> }>
    /**
     * Upserts by id and notes the rows as seen by this claim; `createdAt` and `decidedTiming` of known rows stay, a null
     * `exceptions` keeps those known. A tombstone leaves a row alone that stands in another calendar by now. Counts rows
     * that changed.
     */
    readonly putMirror: (
      claim: Claim,
      rows: { readonly events: ReadonlyArray<CalendarEvent>; readonly series: ReadonlyArray<Series> }
    ) => Result<number>
    /**
     * Rows of the calendar not noted by this claim and not tombstones: events that overlap the span (projected ones left
     * out), by id, after `after`.
     */
    readonly unseen: (
      claim: Claim,
      span: Span,
      after: EventId | null,
      limit: number
    ) => Result<ReadonlyArray<CalendarEvent>>
    /** Stored occurrences and exceptions of the series, tombstones left out. */
    readonly occurrencesOf: (userId: UserId, series: ReadonlyArray<SeriesId>) => Result<ReadonlyArray<CalendarEvent>>
    /** Ends a complete round: cursor last. Due again at `dueAt`; by `againAt` if the mark rose since the claim. Frees the lease. */
    readonly finishPass: (
      claim: Claim,
      round: {
        readonly cursor: string
        readonly window: Span
        readonly basedAt: Instant
        readonly syncedAt: Instant
        readonly againAt: Instant
        readonly dueAt: Instant
      }
    ) => Result<void>
    /** Ends a round that failed; the cursor stays unless `reset`. Frees the lease. */
    readonly failPass: (
      claim: Claim,
      failure: {
        readonly syncStatus: SyncStatus
        readonly syncError: string
        readonly dueAt: Instant
        readonly reset: boolean
      }
    ) => Result<void>

    // ---- decisions
    readonly slice: (userId: UserId, scope: Scope, now: Instant) => Result<Slice>
    readonly commit: (commit: Commit) => Result<void>
    /** Users whose mirror number is ahead of what is decided, or whose `decideAt` has come. */
    readonly lagging: (now: Instant, after: UserId | null, limit: number) => Result<ReadonlyArray<UserId>>
    /** Users with auto-scheduling on. */
    readonly autoUsers: (after: UserId | null, limit: number) => Result<ReadonlyArray<UserId>>

    // ---- bots
    readonly bot: (userId: UserId, botId: BotId) => Result<Option.Option<Bot>>
    /** How many of the user's bots are scheduled or being launched. */
    readonly liveBots: (userId: UserId) => Result<number>
    /** Writes a bot outside a decision (launch protocol, applied schedule), if its revision is `expected`. */
    readonly writeBot: (userId: UserId, bot: Bot, expected: number) => Result<void>
    /** `Scheduled` bots that join before the instant, and `Launching` ones whose lease and retry time are over by it. */
    readonly dueBots: (before: Instant, limit: number) => Result<ReadonlyArray<OwnedBot>>
    /**
     * `Launched` bots with no reason yet (none was called back) whose meeting, as it was launched for, ends after the
     * instant: by end and id, strictly beyond the place.
     */
    readonly handedOver: (endAfter: Instant, after: Place | null, limit: number) => Result<ReadonlyArray<OwnedBot>>
    /** Bots whose schedule is behind what is wanted, oldest first. */
    readonly unapplied: (limit: number) => Result<ReadonlyArray<OwnedBot>>
    /** Notes that the scheduler was brought to these revisions, without raising the bots' own; a lower number changes nothing. */
    readonly markApplied: (
      applied: ReadonlyArray<{ readonly userId: UserId; readonly botId: BotId; readonly revision: number }>
    ) => Result<void>

    // ---- reading
    readonly event: (userId: UserId, eventId: EventId) => Result<Option.Option<CalendarEvent>>
    readonly series: (userId: UserId, seriesId: SeriesId) => Result<Option.Option<Series>>
    readonly events: (query: EventsQuery) => Result<Page<CalendarEvent>>
    /** The same page as people are shown it. */
    readonly listing: (query: EventsQuery) => Result<Page<EventListing>>
    readonly bots: (query: BotsQuery) => Result<Page<Bot>>
    /** The same page with the user's connection, asked for at once. None: there never was one. */
    readonly botListing: (query: BotsQuery) => Result<Option.Option<BotListing>>
    /** Every bot of these meetings, newest first. */
    readonly botsOf: (userId: UserId, meetings: ReadonlyArray<MeetingKey>) => Result<ReadonlyArray<Bot>>
  }
>()("@punctual/core/ports/Store") {}

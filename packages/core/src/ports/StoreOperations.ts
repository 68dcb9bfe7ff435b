/**
 * What a store does, in groups by what is touched.
 * Decides the types alone; which laws hold for all of them stands in `Store.ts`, where the groups are made one service.
 */
import type { Effect, Option } from "effect"
import type { Calendar, CalendarPatch, KnownListing, SyncStatus } from "../domain/Calendar.ts"
import type { Connection, ConnectionGeneration } from "../domain/Connection.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { CalendarId, ConnectionId, EventId, SeriesId, SeriesKey, UserId } from "../domain/Ids.ts"
import type { ConnectionChange } from "../domain/LoggedChange.ts"
import type { Series } from "../domain/Series.ts"
import type { Commit, Scope, Slice } from "../domain/Slice.ts"
import type { Instant, Span } from "../domain/Time.ts"
import type { UserNumbers } from "../domain/UserNumbers.ts"
import type {
  Account,
  BotsOfUser,
  Claim,
  Erased,
  EventListing,
  EventsQuery,
  JobRun,
  Page,
  ShareLeft,
  SubscribedCalendar,
  UpdatedPage,
  UpdatedQuery
} from "./StoreAnswers.ts"
import type { StoreError } from "./StoreError.ts"
import type { BotOperations } from "./BotOperations.ts"
import type { ChangeOperations } from "./ChangeOperations.ts"
import type { HistoryOperations } from "./HistoryOperations.ts"
import type { WorkspaceOperations } from "./WorkspaceOperations.ts"
import type { StoreTime } from "../domain/ClockOffset.ts"

export type { BotOperations } from "./BotOperations.ts"
export type * from "./ChangeOperations.ts"
export type * from "./HistoryOperations.ts"
export type { WorkspaceOperations } from "./WorkspaceOperations.ts"

type Result<A> = Effect.Effect<A, StoreError>

/** The groups and what a store can do: the shape of the service. */
export interface StoreOperations
  extends
    ConnectionOperations,
    CalendarOperations,
    MirrorOperations,
    DecisionOperations,
    WorkspaceOperations,
    BotOperations,
    ChangeOperations,
    HistoryOperations,
    JobOperations {
  readonly capabilities: {
    /** Bot writes taken by one commit. */
    readonly commitOperationsMax: number
  }
  /**
   * The store's own clock, by which claims and leases of all processes are meant. None: it tells no time, and each process's
   * own is as good.
   */
  readonly clock: Result<Option.Option<StoreTime>>
}

/** Users' connections, and who is connected at all. */
export interface ConnectionOperations {
  /** A user's, in the order in which they were connected (`createdAt`, then id), tombstones too. */
  readonly connections: (userId: UserId) => Result<ReadonlyArray<Connection>>
  /** The same with their calendars, asked for at once. */
  readonly account: (userId: UserId) => Result<Account>
  /**
   * Writes the row if its revision is `expected` (null: no row yet); the row written has its own, greater revision. Raises
   * the user's version: what was decided from other connections is not committed. Leaves the change in the log. With
   * `marksJudging` it also marks the user, as a commit does: the addresses are others, by which rules judge.
   */
  readonly saveConnection: (
    connection: Connection,
    expected: number | null,
    change?: ConnectionChange | null,
    marksJudging?: boolean
  ) => Result<void>
  /** Users with a connection that is not disconnected, by id. */
  readonly connectedUsers: (after: UserId | null, limit: number) => Result<ReadonlyArray<UserId>>
  /** Tombstones (`disconnected`) whose `statusReason` is `erasing`: a disconnect that did not come to its end. */
  readonly disconnecting: (limit: number) => Result<ReadonlyArray<Connection>>
  /**
   * Removes what went with a tombstone, at most about so many rows of a kind, and counts them; repeated until done. While
   * another connection of the user stands that is this one's calendars and their mirror; else everything of the user but
   * tombstones, and bots that are `Launching`: what became of those the launch protocol has yet to find out. Of a connection
   * that stands (again) it removes nothing, and is done. Of the log `connection.disconnected` alone stays; while another
   * connection stands only what was told of this one and its calendars goes, for bots stay.
   */
  readonly erase: (userId: UserId, connectionId: ConnectionId, limit: number) => Result<Erased>
}

/** Calendars with their subscriptions, and the claims under which they are read. */
export interface CalendarOperations {
  /** A user's, by rank: the order of their connections, the primary one first, then by position and id. */
  readonly calendars: (userId: UserId) => Result<ReadonlyArray<Calendar>>
  /**
   * Inserts what is new (selected, due at the instant), refreshes the listing of what is known. Fenced by generation. The
   * connection's calendars, by rank.
   */
  readonly listCalendars: (
    of: ConnectionGeneration,
    listings: ReadonlyArray<KnownListing>,
    dueAt: Instant
  ) => Result<ReadonlyArray<Calendar>>
  /**
   * Fenced by generation, and by whether the calendar is that connection's. A change of `selected` also raises the sync
   * generation, and a patch that names it the user's version: decisions look at calendars that are selected.
   */
  readonly patchCalendar: (of: ConnectionGeneration, calendarId: CalendarId, patch: CalendarPatch) => Result<void>
  /** The calendars that have these subscriptions, in no order. */
  readonly subscriptions: (subscriptionIds: ReadonlyArray<string>) => Result<ReadonlyArray<SubscribedCalendar>>
  /** Live subscriptions that end before the instant, soonest first. */
  readonly subscriptionsEnding: (before: Instant, limit: number) => Result<ReadonlyArray<SubscribedCalendar>>
  /** Due at the instant, or sooner if it was already; mark raised. What is gone is passed over. */
  readonly markChanged: (
    calendars: ReadonlyArray<{ readonly userId: UserId; readonly calendarId: CalendarId }>,
    dueAt: Instant
  ) => Result<void>
  /**
   * The selected calendar longest due whose lease is free and whose connection is active and may be asked. Users who are
   * left out have as much under way as they may: nothing of theirs is claimed, however long it is due.
   */
  readonly claimNext: (
    now: Instant,
    leaseUntil: Instant,
    leftOut: ReadonlyArray<UserId>
  ) => Result<Option.Option<Claim>>
  /** None: leased by another, not selected, or its connection is not active. */
  readonly claimCalendar: (
    userId: UserId,
    calendarId: CalendarId,
    now: Instant,
    leaseUntil: Instant
  ) => Result<Option.Option<Claim>>
  /** When `claimNext` will next have something, as far as is known, the same users left out. */
  readonly nextDue: (leftOut: ReadonlyArray<UserId>) => Result<Option.Option<Instant>>
  readonly extendLease: (claim: Claim, leaseUntil: Instant) => Result<void>
  /**
   * Ends a complete pass: cursor last. Due again at `dueAt`; by `againAt` if the mark rose since the claim. Frees the lease.
   * Events that were changed in the calendar since that was told last are told in the log.
   */
  readonly finishPass: (
    claim: Claim,
    pass: {
      readonly cursor: string
      readonly window: Span
      readonly basedAt: Instant
      readonly syncedAt: Instant
      readonly endedAt: Instant
      readonly againAt: Instant
      readonly dueAt: Instant
    }
  ) => Result<void>
  /** Ends a pass that failed; the cursor stays unless `reset`. Frees the lease, and tells as above. */
  readonly failPass: (
    claim: Claim,
    failure: {
      readonly syncStatus: SyncStatus
      readonly syncError: string
      readonly endedAt: Instant
      readonly dueAt: Instant
      readonly reset: boolean
    }
  ) => Result<void>
}

/** Events and series: written under a claim, read by anyone. */
export interface MirrorOperations {
  /** The stored rows with these ids, and those of the calendar with these provider ids; virtual ones left out. */
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
   * `exceptions` keeps those known. The `meeting` of a known row stays while its family does. A tombstone leaves a row alone that
   * stands in another calendar by now. Counts rows that changed, and raises the mirror number for them alone. When a row was
   * told (`updatedAt`) is no change, and neither is the provider's own item (`raw`, `rawTruncated`), which is kept up to date.
   * Events that changed count for what the log is told at the end of the pass (`MirrorCounts.countedAs`).
   */
  readonly putMirror: (
    claim: Claim,
    rows: { readonly events: ReadonlyArray<CalendarEvent>; readonly series: ReadonlyArray<Series> }
  ) => Result<number>
  /**
   * Rows of the calendar not noted by this claim and not tombstones: events that overlap the span (virtual ones left
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
  /**
   * Turns event and series rows of the calendar, at most about so many of a kind, into tombstones, raises the mirror number
   * and counts them. 0: there are none left. Tells in the log how many events that were, with what was still to be told.
   */
  readonly dropMirror: (of: ConnectionGeneration, calendarId: CalendarId, now: Instant, limit: number) => Result<number>
  readonly event: (userId: UserId, eventId: EventId) => Result<Option.Option<CalendarEvent>>
  readonly series: (userId: UserId, seriesId: SeriesId) => Result<Option.Option<Series>>
  readonly events: (query: EventsQuery) => Result<Page<CalendarEvent>>
  /** The same page as people are shown it. */
  readonly listing: (query: EventsQuery) => Result<Page<EventListing>>
  /** Rows as they changed, by mirror number and id, tombstones included, virtual ones left out. */
  readonly updatedEvents: (query: UpdatedQuery) => Result<UpdatedPage<CalendarEvent>>
  /** The same page as people are shown it. */
  readonly updatedListing: (query: UpdatedQuery) => Result<UpdatedPage<EventListing>>
}

/** What decisions are made from, what they write, and who waits for one. */
export interface DecisionOperations {
  readonly slice: (userId: UserId, scope: Scope, now: Instant) => Result<Slice>
  /**
   * For each that is asked, in the same order, the slice of these bots' meetings and series, of one moment; not all of the
   * same. A bot that is gone brings nothing.
   */
  readonly slicesOfBots: (asked: ReadonlyArray<BotsOfUser>, now: Instant) => Result<ReadonlyArray<Slice>>
  /** Of each of these users, in the same order; of one never seen as of an empty slice. */
  readonly userNumbers: (userIds: ReadonlyArray<UserId>) => Result<ReadonlyArray<UserNumbers>>
  readonly commit: (commit: Commit) => Result<void>
  /** Series that an intent or override is about, or one about an occurrence of theirs. */
  readonly intendedSeries: (userId: UserId) => Result<ReadonlyArray<SeriesKey>>
  /** Users whose mirror number is ahead of what is decided, who have a `judgeMark`, or whose `decideAt` has come. */
  readonly lagging: (now: Instant, after: UserId | null, limit: number) => Result<ReadonlyArray<UserId>>
  readonly autoUsers: (after: UserId | null, limit: number) => Result<ReadonlyArray<UserId>>
}

/** Work that is done once a day, whichever process does it, and what of it is still to be made up. */
export interface JobOperations {
  /**
   * True for the one caller that claims `job` for `date` (UTC, yyyy-mm-dd), or takes over a claim older than `staleBefore`
   * that was not finished.
   */
  readonly claimJob: (
    job: string,
    date: string,
    claim: { readonly now: Instant; readonly staleBefore: Instant }
  ) => Result<boolean>
  /** None: nobody has claimed it. */
  readonly jobRun: (job: string, date: string) => Result<Option.Option<JobRun>>
  /** How far the run has come: the last user done. */
  readonly jobProgress: (job: string, date: string) => Result<Option.Option<UserId>>
  /** Keeps the claim fresh, too. */
  readonly saveJobProgress: (job: string, date: string, last: UserId, now: Instant) => Result<void>
  readonly finishJob: (job: string, date: string, now: Instant) => Result<void>
  /** Notes that a user's share of a job failed and is to be made up: once for each job and user, the latest `at` holds. */
  readonly leaveShare: (job: string, userId: UserId, at: Instant) => Result<void>
  /** The share is done, or there is none any more. */
  readonly finishShare: (job: string, userId: UserId) => Result<void>
  /** Shares to be made up, by user, after `after`. */
  readonly sharesLeft: (job: string, after: UserId | null, limit: number) => Result<ReadonlyArray<ShareLeft>>
}

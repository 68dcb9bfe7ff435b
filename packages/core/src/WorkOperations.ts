/**
 * The operations of the facade that do its standing work, and what a provider sends. A host that runs `run` needs none of
 * the others. Every one may fail with `StoreError`: storage is out of reach, and the same call may be made again. Decides
 * nothing.
 */
import type { Effect, Option, Stream } from "effect"
import type { CalendarId, UserId } from "./domain/Ids.ts"
import type { Instant } from "./domain/Time.ts"
import type { SchedulerError } from "./ports/Scheduler.ts"
import type { Place, StoreError } from "./ports/Store.ts"
import type {
  AuditCounts,
  Failure,
  FollowedChange,
  JobReport,
  Notification,
  PruneCounts,
  Received,
  RenewCounts,
  SweepCounts,
  WithdrawCounts
} from "./usecases/contract/Contract.ts"
import type { PlaceExpired } from "./usecases/queries/PlaceExpired.ts"
import type { WorkPart } from "./usecases/worker/StandingWork.ts"
import type { ClockState } from "./usecases/clock/StoreClock.ts"

export interface WorkOperations {
  // ---- what the provider sends
  /**
   * Marks what changed, durably when it succeeds. What comes while another is made durable is so together.
   *
   * Refused: Nothing; it may be asked again.
   * Units: Counts are of notifications.
   * @example
   * const { accepted } = yield* punctual.receive(notifications)
   */
  readonly receive: (notifications: ReadonlyArray<Notification>) => Effect.Effect<Received, StoreError>

  // ---- what happened
  /**
   * Everybody's log from a place on, as a stream that never ends: what this process writes comes at once, what others write
   * within a second. Each entry at least once, a user's in their order. `place` of an entry is where to go on from once it
   * is done with. Null: from the earliest entry that is kept. While storage is out of reach it waits.
   *
   * Refused: Nothing; it fails with `PlaceExpired` where the place is older than entries are kept.
   * Units: None.
   * @example
   * yield* Stream.runForEach(punctual.changes(place), ({ place, ...change }) => keep(change, place))
   */
  readonly changes: (after: string | null) => Stream.Stream<FollowedChange, PlaceExpired>

  /**
   * A place before all that is written from now on, for who reads what there is first.
   *
   * Refused: Nothing.
   * Units: None.
   * @example
   * const place = yield* punctual.changesEnd
   */
  readonly changesEnd: Effect.Effect<string, StoreError>

  // ---- work
  /**
   * One user's share of the nightly run; `midnight` null: asked for by hand. Succeeds with bots made.
   *
   * Refused: Nothing; a user without a calendar has no share.
   * Units: `midnight`: milliseconds since 1970.
   * @example
   * const made = yield* punctual.autoScheduleUser(user, null)
   */
  readonly autoScheduleUser: (userId: UserId, midnight: Instant | null) => Effect.Effect<number, StoreError>

  /**
   * Users with auto-scheduling on, by id.
   *
   * Refused: Nothing.
   * Units: None.
   * @example
   * yield* Stream.runForEach(punctual.autoUsers, (user) => punctual.autoScheduleUser(user, null))
   */
  readonly autoUsers: Stream.Stream<UserId, StoreError>

  /**
   * Users with a connection that stands, by id.
   *
   * Refused: Nothing.
   * Units: None.
   * @example
   * const count = yield* Stream.runCount(punctual.connectedUsers)
   */
  readonly connectedUsers: Stream.Stream<UserId, StoreError>

  /**
   * One user's share of the daily renewal of subscriptions.
   *
   * Refused: Nothing; what failed is counted.
   * Units: Counts are of subscriptions.
   * @example
   * const { failed } = yield* punctual.renewUser(user)
   */
  readonly renewUser: (userId: UserId) => Effect.Effect<RenewCounts, StoreError>

  /**
   * Syncs every selected calendar of the user now. Succeeds with calendars read.
   *
   * Refused: `calendar_not_connected`, `reauthorization_required`, `sync_in_progress`, `provider_unavailable`.
   * Units: None.
   * @example
   * const calendars = yield* punctual.syncUser(user)
   */
  readonly syncUser: (userId: UserId) => Effect.Effect<number, Failure>

  /**
   * Claims and syncs one due calendar; none: nothing was due.
   *
   * Refused: Nothing.
   * Units: None.
   * @example
   * const calendar = yield* punctual.syncNext
   */
  readonly syncNext: Effect.Effect<Option.Option<CalendarId>, StoreError>

  /**
   * Mends what was missed, once: decisions, schedules, due bots, disconnects that did not come to their end.
   *
   * Refused: Nothing.
   * Units: Counts are of users, schedules and bots.
   * @example
   * const { botsDue } = yield* punctual.sweep
   */
  readonly sweep: Effect.Effect<SweepCounts, StoreError>

  /**
   * Looks at bots that are in meetings now, a bounded number from a place on, and withdraws those whose meeting was
   * cancelled, deleted, moved away or given another link. To be repeated every few seconds.
   *
   * Refused: Nothing; what the service has not answered is counted.
   * Units: `after.at`: milliseconds since 1970.
   * @example
   * const { next } = yield* punctual.withdrawBots(null)
   */
  readonly withdrawBots: (after: Place | null) => Effect.Effect<WithdrawCounts, StoreError>

  /**
   * How the daily jobs stand, whichever process does them.
   *
   * Refused: Nothing.
   * Units: Instants: milliseconds since 1970.
   * @example
   * const reports = yield* punctual.jobReports
   */
  readonly jobReports: Effect.Effect<ReadonlyArray<JobReport>, StoreError>

  /**
   * How far this machine's clock is from the store's, by which everything here is done.
   *
   * Refused: Nothing.
   * Units: Milliseconds.
   * @example
   * const { offsetMillis } = yield* punctual.clock
   */
  readonly clock: Effect.Effect<ClockState>

  /**
   * Compares what the scheduler holds with what the bots call for, both ways, and puts it right. Daily.
   *
   * Refused: Nothing; what could not be put right is counted.
   * Units: Counts are of schedules.
   * @example
   * const { restored } = yield* punctual.auditSchedules
   */
  readonly auditSchedules: Effect.Effect<AuditCounts, StoreError | SchedulerError>

  /**
   * Forgets entries of the log, and what is noted of daily jobs, once their time is over. Daily.
   *
   * Refused: Nothing.
   * Units: Counts are of rows.
   * @example
   * const { changes } = yield* punctual.pruneShared
   */
  readonly pruneShared: Effect.Effect<PruneCounts, StoreError>

  /**
   * One user's share of the daily forgetting: events that ended long ago, with what was asked for of them and with their
   * bots, and the provider's own items of what ended a while ago. Succeeds with rows.
   *
   * Refused: Nothing.
   * Units: None.
   * @example
   * const rows = yield* punctual.pruneUser(user)
   */
  readonly pruneUser: (userId: UserId) => Effect.Effect<number, StoreError>

  /**
   * Never ends: all the work that goes on by itself. It reads calendars, launches, mends what was missed, withdraws
   * bots, and does what is done once a day. One of these runs in each process that works; any number may.
   *
   * Refused: Nothing; a part that dies is started again, and logged.
   * Units: None.
   * @example
   * yield* Effect.forkScoped(punctual.run)
   */
  readonly run: Effect.Effect<never>

  /**
   * The same, of these parts alone: for a host that does the others elsewhere, or calls them itself.
   *
   * Refused: Nothing.
   * Units: None.
   * @example
   * yield* Effect.forkScoped(punctual.runParts(["sync", "launch", "ring", "sweep"]))
   */
  readonly runParts: (parts: ReadonlyArray<WorkPart>) => Effect.Effect<never>
}

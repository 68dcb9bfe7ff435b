/**
 * The facade: every use case with its ports captured, so that a host sees operations and no requirements.
 * Decides nothing; of state it has only who waits for a write of what was received.
 */
import { Clock, Context, Effect, Layer, Option, type Redacted, Stream } from "effect"
import type { Bot, BotConfig } from "./domain/Bot.ts"
import type { Calendar } from "./domain/Calendar.ts"
import type { Connection, Credentials } from "./domain/Connection.ts"
import type { BotId, CalendarId, EventId, SeriesId, UserId } from "./domain/Ids.ts"
import type { AutoSchedule } from "./domain/Intent.ts"
import type { Instant } from "./domain/Time.ts"
import type { CalendarProvider } from "./ports/CalendarProvider.ts"
import type { Launcher } from "./ports/Launcher.ts"
import type { Scheduler, SchedulerError } from "./ports/Scheduler.ts"
import type { Secrets } from "./ports/Secrets.ts"
import { type Page, type Place, Store, type StoreError } from "./ports/Store.ts"
import { auditSchedules } from "./usecases/scheduling/AuditSchedules.ts"
import { autoSchedule, autoScheduleUser, disableAuto, enableAuto } from "./usecases/scheduling/AutoSchedule.ts"
import { withdrawBots } from "./usecases/launch/WithdrawBots.ts"
import { calendars, selectCalendar } from "./usecases/connection/SelectCalendars.ts"
import { connect } from "./usecases/connection/Connect.ts"
import { disconnect } from "./usecases/connection/Disconnect.ts"
import { groupCommits } from "./usecases/sync/GroupCommit.ts"
import { dueAt } from "./usecases/launch/LaunchBot.ts"
import { LaunchPool } from "./usecases/launch/LaunchPool.ts"
import { event, events } from "./usecases/queries/ListEvents.ts"
import { explainBot } from "./usecases/queries/ExplainBot.ts"
import { receiveAll } from "./usecases/sync/ReceiveNotification.ts"
import { scheduleNext, toggleRecurrence } from "./usecases/scheduling/RecurringBots.ts"
import { renewUser } from "./usecases/connection/RenewSubscriptions.ts"
import type {
  AuditCounts,
  BotPatch,
  Connected,
  Disconnected,
  EventsPage,
  EventsRequest,
  Explanation,
  Failure,
  JobReport,
  ListedEvent,
  NextRequest,
  Notification,
  Received,
  RenewCounts,
  ScheduleRequest,
  Scheduled,
  SweepCounts,
  SyncMode,
  Toggled,
  UnscheduleRequest,
  Unscheduled,
  WithdrawCounts
} from "./usecases/contract/Contract.ts"
import { schedule } from "./usecases/scheduling/ScheduleBot.ts"
import { accountOf, isStanding, notConnected } from "./usecases/account/OpenAccount.ts"
import { SyncWaits } from "./usecases/sync/SyncWaits.ts"
import { UserShares } from "./usecases/account/UserShares.ts"
import { dueSoon, mend } from "./usecases/worker/Sweep.ts"
import { syncTogether } from "./usecases/sync/SyncNow.ts"
import { removeBot, unschedule } from "./usecases/scheduling/UnscheduleBot.ts"
import { updateBot } from "./usecases/scheduling/UpdateBot.ts"
import { WakeSignal } from "./usecases/account/WakeSignal.ts"
import type { Subscribing } from "./usecases/account/Subscriptions.ts"
import { resubscribe } from "./usecases/connection/Resubscribe.ts"
import { type WorkPart, standingWork } from "./usecases/worker/StandingWork.ts"
import { jobReports } from "./usecases/worker/JobReports.ts"
import { autoUsers, connectedUsers } from "./usecases/worker/UserLists.ts"
import { syncNext } from "./usecases/worker/Worker.ts"

export type * from "./usecases/contract/Contract.ts"
export type { Subscribing } from "./usecases/account/Subscriptions.ts"
export { type WorkPart, WorkFailures, workParts } from "./usecases/worker/StandingWork.ts"

export class Punctual extends Context.Service<
  Punctual,
  {
    // ---- connection
    readonly connect: (userId: UserId, credentials: Redacted.Redacted<Credentials>) => Effect.Effect<Connected, Failure>
    readonly disconnect: (userId: UserId) => Effect.Effect<Disconnected, Failure>
    readonly connection: (
      userId: UserId
    ) => Effect.Effect<{ readonly connection: Connection; readonly calendars: ReadonlyArray<Calendar> }, Failure>
    /** Live from the provider; calendars seen for the first time are selected, subscribed and synced. */
    readonly calendars: (userId: UserId) => Effect.Effect<ReadonlyArray<Calendar>, Failure>
    readonly selectCalendar: (
      userId: UserId,
      calendarId: CalendarId,
      selected: boolean
    ) => Effect.Effect<Calendar, Failure>
    /** Makes the calendar's subscription anew: what the provider answers to that, now. */
    readonly resubscribe: (userId: UserId, calendarId: CalendarId) => Effect.Effect<Subscribing, Failure>

    // ---- events
    readonly events: (userId: UserId, request: EventsRequest, sync: SyncMode) => Effect.Effect<EventsPage, Failure>
    readonly event: (userId: UserId, eventId: EventId) => Effect.Effect<ListedEvent, Failure>
    readonly explain: (userId: UserId, eventId: EventId) => Effect.Effect<Explanation, Failure>

    // ---- bots
    readonly schedule: (userId: UserId, request: ScheduleRequest) => Effect.Effect<Scheduled, Failure>
    readonly unschedule: (userId: UserId, request: UnscheduleRequest) => Effect.Effect<Unscheduled, Failure>
    readonly bots: (
      userId: UserId,
      page: { readonly limit: number; readonly place: Place | null; readonly backwards: boolean }
    ) => Effect.Effect<Page<Bot>, Failure>
    readonly updateBot: (userId: UserId, botId: BotId, patch: BotPatch) => Effect.Effect<Bot, Failure>
    readonly removeBot: (userId: UserId, botId: BotId) => Effect.Effect<Bot, Failure>

    // ---- auto-scheduling and chains
    readonly autoSchedule: (userId: UserId) => Effect.Effect<AutoSchedule, Failure>
    /** Null keeps the configuration there was. Runs at once for this user. */
    readonly enableAuto: (userId: UserId, config: BotConfig | null) => Effect.Effect<AutoSchedule, Failure>
    readonly disableAuto: (userId: UserId, cancelScheduled: boolean) => Effect.Effect<AutoSchedule, Failure>
    readonly toggleRecurrence: (
      userId: UserId,
      eventId: EventId | SeriesId,
      enabled: boolean
    ) => Effect.Effect<Toggled, Failure>
    /** Schedules the occurrence after the one named, for that occurrence alone. */
    readonly scheduleNext: (userId: UserId, request: NextRequest) => Effect.Effect<Scheduled, Failure>

    // ---- what the provider sends
    /** Durable when it succeeds. What comes while another is made durable is so together. */
    readonly receive: (notifications: ReadonlyArray<Notification>) => Effect.Effect<Received, StoreError>

    // ---- work
    /** One user's share of the nightly run; `midnight` null: asked for by hand. Succeeds with bots made. */
    readonly autoScheduleUser: (userId: UserId, midnight: Instant | null) => Effect.Effect<number, StoreError>
    readonly autoUsers: Stream.Stream<UserId, StoreError>
    readonly connectedUsers: Stream.Stream<UserId, StoreError>
    readonly renewUser: (userId: UserId) => Effect.Effect<RenewCounts, StoreError>
    /** Syncs every calendar of the user now. Succeeds with calendars read. */
    readonly syncUser: (userId: UserId) => Effect.Effect<number, Failure>
    /** Claims and syncs one due calendar; none: nothing was due. */
    readonly syncNext: Effect.Effect<Option.Option<CalendarId>, StoreError>
    readonly sweep: Effect.Effect<SweepCounts, StoreError>
    /**
     * Looks at bots that are in meetings now, a bounded number from a place on, and withdraws those whose meeting was
     * cancelled, deleted, moved away or given another link. To be repeated every few seconds.
     */
    readonly withdrawBots: (after: Place | null) => Effect.Effect<WithdrawCounts, StoreError>
    /** How the daily jobs stand, whichever process does them. */
    readonly jobReports: Effect.Effect<ReadonlyArray<JobReport>, StoreError>
    /** Compares what the scheduler holds with what the bots call for, both ways, and puts it right. Daily. */
    readonly auditSchedules: Effect.Effect<AuditCounts, StoreError | SchedulerError>
    /**
     * Never ends: all the work that goes on by itself. It reads calendars, launches, mends what was missed, withdraws bots,
     * and does what is done once a day. One of these runs in each process that works; any number may.
     */
    readonly run: Effect.Effect<never>
    /** The same, of these parts alone: for a host that does the others elsewhere, or calls them itself. */
    readonly runParts: (parts: ReadonlyArray<WorkPart>) => Effect.Effect<never>
  }
>()("@punctual/core/Punctual") {
  /** The facade over the five ports. */
  static readonly layer: Layer.Layer<Punctual, never, Ports> = Layer.effect(
    Punctual,
    Effect.gen(function* () {
      const ports = yield* Effect.context<Needed>()
      const bind =
        <Args extends ReadonlyArray<unknown>, A, E>(useCase: (...args: Args) => Effect.Effect<A, E, Needed>) =>
        (...args: Args): Effect.Effect<A, E> =>
          Effect.provideContext(useCase(...args), ports)
      const provide = <A, E>(effect: Effect.Effect<A, E, Needed>): Effect.Effect<A, E> =>
        Effect.provideContext(effect, ports)
      return Punctual.of({
        connect: bind(connect),
        disconnect: bind(disconnect),
        connection: bind(connection),
        calendars: bind(calendars),
        selectCalendar: bind(selectCalendar),
        resubscribe: bind(resubscribe),
        events: bind(events),
        event: bind(event),
        explain: bind(explainBot),
        schedule: bind(schedule),
        unschedule: bind(unschedule),
        bots: bind(upcomingBots),
        updateBot: bind(updateBot),
        removeBot: bind(removeBot),
        autoSchedule: bind(autoSchedule),
        enableAuto: bind(enableAuto),
        disableAuto: bind(disableAuto),
        toggleRecurrence: bind(toggleRecurrence),
        scheduleNext: bind(scheduleNext),
        receive: yield* groupCommits(bind(receiveAll), requestsAtOnceMax),
        autoScheduleUser: bind(autoScheduleUser),
        autoUsers: Stream.provideContext(autoUsers, ports),
        connectedUsers: Stream.provideContext(connectedUsers, ports),
        renewUser: bind(renewUser),
        syncUser: bind(syncUser),
        syncNext: provide(syncNext),
        sweep: provide(sweepNow),
        withdrawBots: bind(withdrawBots),
        jobReports: provide(jobReports),
        auditSchedules: provide(auditSchedules()),
        run: provide(standingWork()),
        runParts: bind(standingWork)
      })
    })
  ).pipe(Layer.provide([LaunchPool.layer, SyncWaits.layer, UserShares.layer, WakeSignal.layer]))
}

export type Ports = CalendarProvider | Launcher | Scheduler | Secrets | Store

/** The ports, and what a process keeps of its own. */
type Needed = Ports | LaunchPool | SyncWaits | UserShares | WakeSignal

/** Requests with notifications that are made durable together. */
const requestsAtOnceMax = 1_000

const connection = Effect.fn("Punctual.connection")(accountOf)

const upcomingBots = Effect.fn("Punctual.bots")(function* (
  userId: UserId,
  page: { readonly limit: number; readonly place: Place | null; readonly backwards: boolean }
): Effect.fn.Return<Page<Bot>, Failure, Store> {
  const store = yield* Store
  const found = yield* store.botListing({ userId, joinAfter: yield* Clock.currentTimeMillis, ...page })
  return yield* Option.isSome(found) && isStanding(found.value.connection)
    ? Effect.succeed(found.value)
    : Effect.fail(notConnected)
})

const syncUser = Effect.fn("Punctual.syncUser")(function* (userId: UserId) {
  const selected = (yield* accountOf(userId)).calendars.filter((calendar) => calendar.selected)
  yield* Effect.forEach(selected, (calendar) => syncTogether(userId, calendar.id), { concurrency: 4, discard: true })
  return selected.length
})

/** A sweep asked for by hand: what is due now is launched, what is due later is left to the running one. */
const sweepNow = Effect.gen(function* () {
  const due = yield* dueSoon
  const { launch } = yield* LaunchPool
  const now = yield* Clock.currentTimeMillis
  yield* Effect.forEach(
    due.filter(({ bot }) => dueAt(bot) <= now),
    ({ bot, userId }) => launch({ userId, botId: bot.id }),
    { concurrency: 8, discard: true }
  )
  return { ...(yield* mend()), botsDue: due.length }
})

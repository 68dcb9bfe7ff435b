/**
 * The facade: every use case with its ports captured, so that a host sees operations and no requirements.
 * Decides nothing; of state it has only who waits for a write of what was received.
 */
import { Clock, Context, Effect, Layer, Schedule, Stream } from "effect"
import { withCheckedArguments } from "./CheckedArguments.ts"
import type { LogOperations } from "./LogOperations.ts"
import type { RequestOperations } from "./RequestOperations.ts"
import type { WorkOperations } from "./WorkOperations.ts"
import type { UserId } from "./domain/Ids.ts"
import type { CalendarProviders } from "./ports/CalendarProviders.ts"
import type { Launcher } from "./ports/Launcher.ts"
import type { Scheduler } from "./ports/Scheduler.ts"
import type { Secrets } from "./ports/Secrets.ts"
import type { Store, StoreError } from "./ports/Store.ts"
import { auditSchedules } from "./usecases/scheduling/AuditSchedules.ts"
import {
  autoSchedule,
  autoScheduleUser,
  disableAuto,
  enableAuto,
  previewAuto,
  setAutoRules
} from "./usecases/scheduling/AutoSchedule.ts"
import { pause, pauseOf } from "./usecases/scheduling/Pause.ts"
import { forecastBots } from "./usecases/queries/ForecastBots.ts"
import { setWorkspacePolicy, workspacePolicy, workspaceUsers } from "./usecases/workspace/Policy.ts"
import { previewPolicyOf } from "./usecases/workspace/PreviewPolicy.ts"
import { withdrawBots } from "./usecases/launch/WithdrawBots.ts"
import { removeCalendar } from "./usecases/connection/RemoveCalendar.ts"
import { calendars, selectCalendar } from "./usecases/connection/SelectCalendars.ts"
import { connect } from "./usecases/connection/Connect.ts"
import { disconnect } from "./usecases/connection/Disconnect.ts"
import { groupCommits } from "./ports/GroupCommit.ts"
import { LaunchPool } from "./usecases/launch/LaunchPool.ts"
import { bots, oneBot } from "./usecases/queries/ListBots.ts"
import { updatedEvents } from "./usecases/queries/ListUpdates.ts"
import { readAllChanges, readChanges } from "./usecases/queries/ReadChanges.ts"
import { timeline } from "./usecases/queries/Timeline.ts"
import { changesEnd, followChanges } from "./usecases/queries/FollowChanges.ts"
import { event, events } from "./usecases/queries/ListEvents.ts"
import { PageReads } from "./usecases/queries/PageReads.ts"
import { explainBot, explainMeetings } from "./usecases/queries/ExplainBot.ts"
import { receiveAll } from "./usecases/sync/ReceiveNotification.ts"
import { scheduleNext, toggleRecurrence } from "./usecases/scheduling/RecurringBots.ts"
import { pruneShared, pruneUser } from "./usecases/worker/Prune.ts"
import { renewUser } from "./usecases/connection/RenewSubscriptions.ts"
import { DecisionTurns, makeDecisionTurns } from "./usecases/scheduling/DecisionTurns.ts"
import { schedule } from "./usecases/scheduling/ScheduleBot.ts"
import { joinWorkspace } from "./usecases/workspace/JoinWorkspace.ts"
import { accountOf } from "./usecases/account/OpenAccount.ts"
import { ChangeSignal, tellingStore } from "./usecases/account/ChangeSignal.ts"
import { StoreClock } from "./usecases/clock/StoreClock.ts"
import { SyncWaits } from "./usecases/sync/SyncWaits.ts"
import { UserShares } from "./usecases/account/UserShares.ts"
import { CoverageTurn } from "./usecases/worker/TellCoverage.ts"
import { dueSoon, mend } from "./usecases/worker/Sweep.ts"
import { syncTogether } from "./usecases/sync/SyncNow.ts"
import { removeBot, unschedule } from "./usecases/scheduling/UnscheduleBot.ts"
import { updateBot } from "./usecases/scheduling/UpdateBot.ts"
import { WakeSignal } from "./usecases/account/WakeSignal.ts"
import { resubscribe } from "./usecases/connection/Resubscribe.ts"
import { type WorkPart, standingWork } from "./usecases/worker/StandingWork.ts"
import { CurrentStorageWatch, watchedStore } from "./usecases/worker/StorageOutage.ts"
import { jobReports } from "./usecases/worker/JobReports.ts"
import { autoUsers, connectedUsers } from "./usecases/account/UserLists.ts"
import { syncNext } from "./usecases/worker/Worker.ts"

export type * from "./usecases/contract/Contract.ts"
export type * from "./usecases/contract/FollowContract.ts"
export { PlaceExpired } from "./usecases/queries/PlaceExpired.ts"
export type { ClockState } from "./usecases/clock/StoreClock.ts"
export type { RequestOperations } from "./RequestOperations.ts"
export type { WorkOperations } from "./WorkOperations.ts"
export type { Subscribing } from "./usecases/account/Subscriptions.ts"
export { CurrentLauncherState } from "./usecases/worker/TellCoverage.ts"
export { type WorkPart, WorkFailures, workParts } from "./usecases/worker/StandingWork.ts"
export {
  CurrentStorageWatch,
  type StorageWatch,
  makeStorageWatch,
  quietLogger,
  storeTrouble,
  watchStorage
} from "./usecases/worker/StorageOutage.ts"

/** Each operation with its refusals, units and an example: `RequestOperations.ts`, `WorkOperations.ts`. */
export interface PunctualOperations extends RequestOperations, WorkOperations {}

export class Punctual extends Context.Service<Punctual, PunctualOperations>()("@punctual/core/Punctual") {
  /** The facade over the five ports. */
  static readonly layer: Layer.Layer<Punctual, never, Ports> = Layer.effect(
    Punctual,
    Effect.gen(function* () {
      const ports = yield* Effect.context<Needed>()
      const clock = Context.get(ports, StoreClock)
      const turns = yield* makeDecisionTurns
      const provide = <A, E>(effect: Effect.Effect<A, E, Needed>): Effect.Effect<A, E | StoreError> =>
        Effect.provideContext(clock.corrected(Effect.provideService(effect, DecisionTurns, turns)), ports)
      const bind: Bind =
        (useCase) =>
        (...args) =>
          provide(useCase(...args))
      const watch = yield* CurrentStorageWatch
      /** The standing work begins once there is a store to work by. */
      const work = (parts?: ReadonlyArray<WorkPart>): Effect.Effect<never> =>
        Effect.retry(provide(standingWork(parts)), Schedule.spaced(storeAwayMillis)).pipe(
          Effect.provideService(CurrentStorageWatch, watch),
          Effect.orDie
        )
      return withCheckedArguments<Punctual["Service"]>({
        connect: bind(connect),
        disconnect: bind(disconnect),
        connections: bind(accountOf),
        calendars: bind(calendars),
        selectCalendar: bind(selectCalendar),
        removeCalendar: bind(removeCalendar),
        resubscribe: bind(resubscribe),
        joinWorkspace: bind(joinWorkspace),
        events: bind(events),
        event: bind(event),
        explain: bind(explainBot),
        explainMeetings: bind(explainMeetings),
        schedule: bind(schedule),
        unschedule: bind(unschedule),
        bots: bind(bots),
        bot: bind(oneBot),
        updateBot: bind(updateBot),
        removeBot: bind(removeBot),
        autoSchedule: bind(autoSchedule),
        enableAuto: bind(enableAuto),
        setAutoRules: bind(setAutoRules),
        previewAuto: bind(previewAuto),
        pause: bind(pause),
        pausedUntil: bind(pauseOf),
        forecast: bind(forecastBots),
        workspacePolicy: bind(workspacePolicy),
        workspaceUsers: bind(workspaceUsers),
        setWorkspacePolicy: bind(setWorkspacePolicy),
        previewPolicy: bind(previewPolicyOf),
        disableAuto: bind(disableAuto),
        toggleRecurrence: bind(toggleRecurrence),
        scheduleNext: bind(scheduleNext),
        receive: yield* groupCommits(bind(receiveAll), requestsAtOnceMax),
        changes: (after) => Stream.provideContext(followChanges(after), ports),
        changesEnd: provide(changesEnd),
        ...logOperations(bind),
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
        pruneShared: provide(pruneShared()),
        pruneUser: bind(pruneUser),
        clock: clock.state,
        run: work(),
        runParts: work
      })
    })
  ).pipe(
    Layer.provide([
      Layer.provide(CoverageTurn.layer, LaunchPool.layer),
      LaunchPool.layer,
      PageReads.layer,
      SyncWaits.layer,
      UserShares.layer,
      WakeSignal.layer
    ]),
    Layer.provide(StoreClock.layer),
    Layer.provide(Layer.provideMerge(tellingStore, ChangeSignal.layer)),
    Layer.provide(watchedStore)
  )
}

export type Ports = CalendarProviders | Launcher | Scheduler | Secrets | Store

/** The ports, and what a process keeps of its own. */
type Needed =
  | Ports
  | ChangeSignal
  | CoverageTurn
  | LaunchPool
  | PageReads
  | StoreClock
  | SyncWaits
  | UserShares
  | WakeSignal

type Bind = <Args extends ReadonlyArray<unknown>, A, E>(
  useCase: (...args: Args) => Effect.Effect<A, E, Needed>
) => (...args: Args) => Effect.Effect<A, E | StoreError>

const logOperations = (bind: Bind): LogOperations => ({
  readChanges: bind(readChanges),
  readAllChanges: bind(readAllChanges),
  timeline: bind(timeline),
  updatedEvents: bind(updatedEvents)
})

/** A store that does not answer at the start is asked again so soon. */
const storeAwayMillis = 1_000

/** Requests with notifications that are made durable together. */
const requestsAtOnceMax = 1_000

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
    due.filter(({ at }) => at <= now),
    ({ botId, userId }) =>
      // It has been said, and others launch it.
      Effect.catchTag(launch({ userId, botId }), "ClockNotTrusted", () => Effect.void),
    { concurrency: 8, discard: true }
  )
  return { ...(yield* mend()), botsDue: due.length }
})

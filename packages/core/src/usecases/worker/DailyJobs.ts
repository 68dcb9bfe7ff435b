/**
 * What happens once a day: at midnight everybody's auto-scheduling, at three the renewal of subscriptions, at four the
 * audit of schedules, at five what is past is forgotten; in UTC. What failed for a user is made up: auto-scheduling within minutes, for a meeting may be
 * close, a renewal within the hour.
 */
import { Effect, Schedule, Stream } from "effect"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { Scheduler, SchedulerError } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { type Store, StoreError, StoreUnavailable } from "../../ports/Store.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import type { WakeSignal } from "../account/WakeSignal.ts"
import { renewUser } from "../connection/RenewSubscriptions.ts"
import { auditSchedules } from "../scheduling/AuditSchedules.ts"
import { autoScheduleUser } from "../scheduling/AutoSchedule.ts"
import { renewalJob } from "../account/Subscriptions.ts"
import { type DailyJob, daily, dailyAt, makeUp } from "./DailyRun.ts"
import { pruneShared, pruneUser } from "./Prune.ts"
import { followAddress } from "./FollowAddress.ts"
import { autoUsers, connectedUsers } from "../account/UserLists.ts"

type Requirements = CalendarProviders | Scheduler | Secrets | Store | WakeSignal

/** An hour. */
const renewAgainMillis = 3_600_000

export const autoScheduleJob: DailyJob<StoreError, Requirements> = {
  name: "auto-schedule",
  runs: dailyAt(0),
  users: autoUsers,
  share: (userId, at) => Effect.asVoid(autoScheduleUser(userId, at))
}

export const renewJob: DailyJob<StoreError, Requirements> = {
  name: renewalJob,
  runs: dailyAt(3),
  users: connectedUsers,
  share: (userId) =>
    Effect.flatMap(renewUser(userId), ({ failed }) => (failed === 0 ? Effect.void : Effect.fail(notRenewed(failed))))
}

export const auditJob: DailyJob<StoreError | SchedulerError, Requirements> = {
  name: "audit-schedules",
  runs: dailyAt(4),
  // One whole, and nobody's share: repeated from the start where its process died.
  users: Stream.drain(Stream.fromEffect(Effect.suspend(() => auditSchedules()))),
  share: () => Effect.void
}

export const pruneJob: DailyJob<StoreError, Requirements> = {
  name: "prune",
  runs: dailyAt(5),
  users: Stream.concat(Stream.drain(Stream.fromEffect(Effect.suspend(() => pruneShared()))), connectedUsers),
  share: (userId) => Effect.asVoid(pruneUser(userId))
}

const notRenewed = (failed: number): StoreError =>
  new StoreError({
    operation: "renewUser",
    reason: new StoreUnavailable({ message: `${failed} subscriptions failed` })
  })

/** Never ends: midnight's run, and what of it is to be made up. */
export const autoScheduling: Effect.Effect<unknown, never, Requirements> = Effect.flatMap(
  CurrentPolicy,
  ({ takeOverMillis }) =>
    Effect.all([daily(autoScheduleJob), Effect.schedule(makeUp(autoScheduleJob), Schedule.spaced(takeOverMillis))], {
      concurrency: "unbounded"
    })
)

/** Never ends: the renewal of subscriptions, at start those made for another address, and what of it is to be made up. */
export const renewing: Effect.Effect<unknown, never, Requirements> = Effect.all(
  [followAddress(renewJob), daily(renewJob), Effect.schedule(makeUp(renewJob), Schedule.spaced(renewAgainMillis))],
  { concurrency: "unbounded" }
)

/** Never ends: what is past is forgotten. What failed of it is part of the next run. */
export const pruning: Effect.Effect<unknown, never, Requirements> = daily(pruneJob)

/** Never ends: the audit of what the scheduler holds. */
export const auditing: Effect.Effect<unknown, never, Requirements> = daily(auditJob)

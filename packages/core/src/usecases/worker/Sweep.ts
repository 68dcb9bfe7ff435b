/**
 * Periodic repair: lagging decisions, unapplied schedules, unfinished disconnects.
 * Finds users and bots that lag by index, not by history, and runs the use case that should have run. Decides nothing
 * itself.
 */
import { Clock, Effect, Option, Stream } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { type OwnedBot, Store, type StoreError } from "../../ports/Store.ts"
import type { SweepCounts } from "../contract/Contract.ts"
import { applyBehind } from "../scheduling/ApplySchedules.ts"
import { decideChanged } from "../scheduling/DecideAndCommit.ts"
import { erase } from "../connection/Disconnect.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

const pageSize = 500
const usersConcurrency = 4

export interface Swept {
  readonly counts: SweepCounts
  /** Bots due before the next sweep, whatever the scheduler holds: the caller rings for each. */
  readonly due: ReadonlyArray<OwnedBot>
}

/** Repairs what lags. Succeeds with counts, and with the bots that are due before the next sweep. */
export const sweep = Effect.fn("Punctual.sweep")(function* (): Effect.fn.Return<
  Swept,
  StoreError,
  Scheduler | Secrets | Store
> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const disconnectsFinished = yield* finishDisconnects
  const usersDecided = yield* decideLagging
  const schedulesApplied = yield* applyBehind(pageSize)
  const now = yield* Clock.currentTimeMillis
  const due = yield* store.dueBots(now + policy.sweepMillis, dueMax)
  return { counts: { usersDecided, schedulesApplied, botsDue: due.length, disconnectsFinished }, due }
})

/** Bots that one sweep returns, at most. */
const dueMax = 20_000

const decideLagging = Effect.gen(function* () {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const lagging = Stream.paginate(null as UserId | null, (after) =>
    Effect.map(
      store.lagging(now, after, pageSize),
      (users) => [users, users.length < pageSize ? Option.none() : Option.fromUndefinedOr(users.at(-1))] as const
    )
  )
  return yield* lagging.pipe(
    Stream.mapEffect(
      // One user's trouble is not another's.
      (userId) =>
        decideChanged(userId).pipe(
          Effect.catch((error) => Effect.logWarning("decision failed", userId, error.reason._tag))
        ),
      { concurrency: usersConcurrency, unordered: true }
    ),
    Stream.runCount
  )
})

const finishDisconnects = Effect.gen(function* () {
  const store = yield* Store
  const tombstones = yield* store.disconnecting(pageSize)
  yield* Effect.forEach(
    tombstones,
    (tombstone) =>
      erase(tombstone).pipe(Effect.catch((error) => Effect.logWarning("disconnect not finished", error._tag))),
    { discard: true }
  )
  return tombstones.length
})

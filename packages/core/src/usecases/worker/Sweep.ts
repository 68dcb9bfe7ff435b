/**
 * What mends whatever was missed: decisions not made, schedules not applied, disconnects not finished.
 * Decides nothing by itself: it finds users and bots that lag, by index and never by history, and runs the use case
 * that should have run.
 */
import { Clock, Effect } from "effect"
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
  /** Bots due before the next sweep, whatever the scheduler holds: the caller arms a timer for each. */
  readonly due: ReadonlyArray<OwnedBot>
}

/** One pass over all that lag. Succeeds with what it did, and with the bots that are due before the next. */
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

/** Bots armed by one sweep. */
const dueMax = 20_000

const decideLagging = Effect.gen(function* () {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  let decided = 0
  let after: UserId | null = null
  for (;;) {
    const users: ReadonlyArray<UserId> = yield* store.lagging(now, after, pageSize)
    yield* Effect.forEach(
      users,
      // One user's trouble is not another's.
      (userId) =>
        decideChanged(userId).pipe(
          Effect.catch((error) => Effect.logWarning("decision failed", userId, error.reason._tag))
        ),
      { concurrency: usersConcurrency, discard: true }
    )
    decided += users.length
    const last = users.at(-1)
    if (last === undefined || users.length < pageSize) return decided
    after = last
  }
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

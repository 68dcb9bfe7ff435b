/**
 * What keeps the store from growing for ever, once a day.
 * Decides nothing of what is kept but how long: that is policy. It goes a bounded number of rows at a time, and is gone on with
 * from what is there.
 */
import { Clock, Effect } from "effect"
import { countedSeries } from "../../decide/intents/SeriesSpan.ts"
import { indexState } from "../../decide/state/StateIndex.ts"
import type { SeriesKey, UserId } from "../../domain/Ids.ts"
import { pruneLimits } from "../../domain/Limits.ts"
import type { Instant } from "../../domain/Time.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { PruneCounts } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

/** What is nobody's own, or everybody's: the log of changes, and what is noted of jobs. */
export const pruneShared = Effect.fn("Punctual.pruneShared")(function* (): Effect.fn.Return<
  PruneCounts,
  StoreError,
  Store
> {
  const store = yield* Store
  const { changesKeptMillis, jobsKeptMillis } = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  return {
    changes: yield* all(store.pruneChanges(now - changesKeptMillis, pruneLimits.rowsMax)),
    jobs: yield* all(store.pruneJobs(now - jobsKeptMillis, pruneLimits.rowsMax))
  }
})

/** Of one user's past. Counts rows that went or were emptied. */
export const pruneUser = Effect.fn("Punctual.pruneUser")(function* (
  userId: UserId
): Effect.fn.Return<number, StoreError, Store> {
  const store = yield* Store
  const { historyKeptMillis, itemsKeptMillis } = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const kept = {
    rowsFrom: now - historyKeptMillis,
    itemsFrom: now - itemsKeptMillis,
    series: yield* countedOf(userId, now)
  }
  return yield* all(store.pruneHistory(userId, kept, pruneLimits.rowsMax))
})

/** Again until there is nothing left. */
const all = Effect.fnUntraced(function* (
  some: Effect.Effect<number, StoreError>
): Effect.fn.Return<number, StoreError> {
  let sum = 0
  for (let pruned = -1; pruned !== 0;) {
    pruned = yield* some
    sum += pruned
  }
  return sum
})

/** Most users ask for no series, and then nothing is loaded. */
const countedOf = Effect.fnUntraced(function* (
  userId: UserId,
  now: Instant
): Effect.fn.Return<ReadonlyArray<SeriesKey>, StoreError, Store> {
  const store = yield* Store
  const series = yield* store.intendedSeries(userId)
  if (series.length === 0) return []
  return countedSeries(indexState(yield* store.slice(userId, { kind: "meetings", meetings: [], series }, now)))
})

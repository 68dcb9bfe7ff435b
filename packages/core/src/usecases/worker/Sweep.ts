/**
 * What mends whatever was missed: bots that nobody rang for, decisions not made, schedules not applied, disconnects not
 * finished, policies that have not reached all their users.
 * Decides nothing by itself: it finds users and bots that lag, by index and never by history, and runs the use case
 * that should have run. Its parts are independent, and so are the users in them: each has its turn whatever becomes of
 * the others.
 */
import { Clock, Effect, Exit, Option, Stream } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import type { Launcher } from "../../ports/Launcher.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { type DueBot, Store, type StoreError } from "../../ports/Store.ts"
import type { SweepCounts } from "../contract/Contract.ts"
import { applyBehind } from "../scheduling/ApplySchedules.ts"
import { decideChanged } from "../scheduling/DecideAndCommit.ts"
import { judgeMarked } from "../scheduling/JudgeAnew.ts"
import { erase } from "../connection/Disconnect.ts"
import { UserShares } from "../account/UserShares.ts"
import { spreadPolicies } from "../workspace/SpreadPolicy.ts"
import { mirrorLimits } from "../../domain/Limits.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { type CoverageTurn, tellCoverage } from "./TellCoverage.ts"
import { pagesFrom } from "../account/UserLists.ts"

const pageSize = 500
const usersConcurrency = 4

/** Bots that one look returns, at most. */
const dueMax = 20_000

/** Bots due before the next sweep, whatever the scheduler holds: the caller rings for each. */
export const dueSoon: Effect.Effect<ReadonlyArray<DueBot>, StoreError, Store> = Effect.gen(function* () {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  return yield* store.dueBots(now + policy.sweepMillis, dueMax)
})

export type MendCounts = Omit<SweepCounts, "botsDue">

/** One pass over all that lags. Fails with what a part failed with only when every part had its turn. */
export const mend = Effect.fn("Punctual.mend")(function* (): Effect.fn.Return<
  MendCounts,
  StoreError,
  CoverageTurn | Launcher | Scheduler | Secrets | Store | UserShares
> {
  const decided = yield* Effect.exit(decideLagging)
  const applied = yield* Effect.exit(applyBehind(pageSize))
  const finished = yield* Effect.exit(finishDisconnects)
  const spread = yield* Effect.exit(spreadPolicies)
  // What is foreseen last: of what all the others have made of it.
  const told = yield* Effect.exit(tellCoverage)
  return yield* Exit.asVoidAll([decided, applied, finished, spread, told]).pipe(
    Effect.as({
      usersDecided: countOf(decided) + countOf(spread),
      schedulesApplied: countOf(applied),
      disconnectsFinished: countOf(finished)
    })
  )
})

const countOf = (part: Exit.Exit<number, StoreError>): number => (Exit.isSuccess(part) ? part.value : 0)

const decideLagging = Effect.gen(function* () {
  const store = yield* Store
  const shares = yield* UserShares
  const now = yield* Clock.currentTimeMillis
  const load = (after: UserId | null) => store.lagging(now, after, pageSize)
  const first = yield* load(null)
  if (first.length === 0) return 0
  return yield* pagesFrom(first, pageSize, load).pipe(
    Stream.mapEffect((userId) => shares.run("decide", userId, catchUp(userId)), {
      concurrency: usersConcurrency,
      unordered: true
    }),
    Stream.filter(Option.isSome),
    Stream.runCount
  )
})

/** By what changed since; and where what rules are asked about has, by all that they judge. */
const catchUp = (userId: UserId) => Effect.andThen(decideChanged(userId), judgeMarked(userId, "system"))

const finishDisconnects = Effect.gen(function* () {
  const store = yield* Store
  const shares = yield* UserShares
  const tombstones = yield* store.disconnecting(pageSize)
  // What is left of a huge one waits for the next sweep: each of them gets on, and the sweep too.
  const rest = { at: (yield* Clock.currentTimeMillis) + mirrorLimits.eraseMillisOfOneSweep }
  const outcomes = yield* Effect.forEach(tombstones, (tombstone) =>
    shares.run("erase", tombstone.userId, erase(tombstone, rest))
  )
  return outcomes.filter((outcome) => Option.isSome(outcome) && outcome.value.isDone).length
})

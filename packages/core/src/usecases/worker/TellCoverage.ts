/**
 * Tells users of coming meetings whose bots are in danger, and when they no longer are.
 * Decides whose forecast is looked at: theirs to whom something happened since the last look, and of all others some in turn,
 * because time, a pause and a bot service that fails leave no entry. Bots that were launched bring no meeting into danger:
 * theirs who had no other entries is looked at where one was told of as in danger, so that the top of the hour is not the
 * time at which everybody's is. While a crowd waits to be launched nobody's is, though not at two looks running, for crowds may
 * follow each other. What is told is decided in `decide/CoverageChanges.ts`; of two processes that tell the same at once one
 * does.
 */
import { Clock, Context, Effect, Layer, Option } from "effect"
import { coverageChanges, isTellingDanger, mayEndanger, mayRestore } from "../../decide/CoverageChanges.ts"
import { type LauncherState, forecast } from "../../decide/Forecast.ts"
import type { UserId } from "../../domain/Ids.ts"
import { coverageLimits } from "../../domain/Limits.ts"
import { coverageChangeTypes } from "../../domain/LoggedChange.ts"
import { Launcher } from "../../ports/Launcher.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { UserShares } from "../account/UserShares.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { LaunchPool } from "../launch/LaunchPool.ts"

/** What a host knows of its bot service. Null: that there is one, unless it is named `none`. */
export const CurrentLauncherState = Context.Reference<Effect.Effect<LauncherState> | null>(
  "@punctual/core/usecases/worker/CurrentLauncherState",
  { defaultValue: () => null }
)

/** Whose bots were launched, and nothing else happened to them; or whoever else is looked at. */
type Reason = "launched" | "any"

/** Who is looked at next, and why. One for a process. */
export class CoverageTurn extends Context.Service<
  CoverageTurn,
  { readonly next: Effect.Effect<ReadonlyMap<UserId, Reason>, StoreError, Store> }
>()("@punctual/core/usecases/CoverageTurn") {
  static readonly layer: Layer.Layer<CoverageTurn, never, LaunchPool> = Layer.effect(
    CoverageTurn,
    Effect.map(LaunchPool, ({ isCrowded }) => {
      const at: At = { log: null, user: null, isPutOff: false }
      return CoverageTurn.of({
        next: Effect.gen(function* () {
          at.isPutOff = !at.isPutOff && isCrowded()
          if (at.isPutOff) return new Map<UserId, Reason>()
          const touched = yield* touchedSince(at)
          const others = yield* inTurn(at)
          return new Map([...touched, ...others.map((userId) => [userId, "any"] as const)])
        })
      })
    })
  )
}

interface At {
  /** How far everybody's log was read; null: not yet. */
  log: string | null
  user: UserId | null
  /** The look before this one was. */
  isPutOff: boolean
}

const touchedSince = Effect.fnUntraced(function* (
  at: At
): Effect.fn.Return<ReadonlyMap<UserId, Reason>, StoreError, Store> {
  const store = yield* Store
  const touched = new Map<UserId, Reason>()
  if (at.log === null) {
    at.log = yield* store.changesEnd
    return touched
  }
  const page = yield* store.allChanges({
    after: at.log,
    workspaceId: null,
    types: null,
    limit: coverageLimits.entriesMax
  })
  // More than one look takes: the rest have their turn.
  at.log = page.hasMore ? yield* store.changesEnd : page.next
  for (const { type, userId } of page.items) {
    if (mayEndanger(type)) touched.set(userId, "any")
    else if (mayRestore(type) && !touched.has(userId)) touched.set(userId, "launched")
  }
  return touched
})

const inTurn = Effect.fnUntraced(function* (at: At): Effect.fn.Return<ReadonlyArray<UserId>, StoreError, Store> {
  const users = yield* (yield* Store).connectedUsers(at.user, coverageLimits.usersInTurn)
  at.user = users.length < coverageLimits.usersInTurn ? null : (users.at(-1) ?? null)
  return users
})

/** A look at those whose turn it is. Succeeds with entries written. */
export const tellCoverage: Effect.Effect<number, StoreError, CoverageTurn | Launcher | Store | UserShares> = Effect.gen(
  function* () {
    const { next } = yield* CoverageTurn
    const shares = yield* UserShares
    const launcher = yield* launcherState
    const told = yield* Effect.forEach(
      yield* next,
      ([userId, reason]) => shares.run("coverage", userId, tellUser(userId, reason, launcher)),
      { concurrency: coverageLimits.usersAtOnce }
    )
    return told.reduce((sum, count) => sum + Option.getOrElse(count, () => 0), 0)
  }
)

const launcherState: Effect.Effect<LauncherState, never, Launcher> = Effect.gen(function* () {
  const known = yield* CurrentLauncherState
  const { name } = yield* Launcher
  return known === null ? { isConfigured: name !== "none", isFailing: false, supports: () => true } : yield* known
})

const tellUser = Effect.fnUntraced(function* (
  userId: UserId,
  reason: Reason,
  launcher: LauncherState
): Effect.fn.Return<number, StoreError, Store> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  // The log before the state: whatever is told in between, by whomever, ends this look.
  const place = yield* store.changePlace(userId, now - coverageLimits.toldMillis)
  const { items, next } = yield* store.changes({
    userId,
    after: place,
    types: coverageChangeTypes,
    limit: coverageLimits.toldMax
  })
  if (reason === "launched" && !isTellingDanger(items)) return 0
  const span = { from: now, to: now + coverageLimits.aheadMillis }
  const slice = yield* store.slice(userId, { kind: "span", span }, now)
  const changes = coverageChanges(forecast(slice, { policy, now, span, launcher }), items, now)
  const some = changes.slice(0, coverageLimits.writtenMax)
  if (some.length === 0) return 0
  return yield* store.tellCoverage(userId, next, some).pipe(
    Effect.as(some.length),
    Effect.catchReason("StoreError", "Conflict", () => Effect.succeed(0))
  )
})

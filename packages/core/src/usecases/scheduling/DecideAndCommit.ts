/**
 * The one way in which bots come to be, move and go: load, decide, commit, act.
 * Decides nothing itself: the change asked for and the decision are pure functions of what was loaded. Tries again
 * when another wrote first.
 */
import { Clock, Effect } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import type { Scope, Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"
import { type Decision, decide } from "../../decide/Decide.ts"
import { splitCommit } from "../../decide/reconcile/CommitBatches.ts"
import type { Change } from "../../decide/requests/Change.ts"
import type { Policy } from "../../domain/Policy.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { applySchedules } from "./ApplySchedules.ts"
import { Refusal } from "../../domain/Refusal.ts"
import { notConnected } from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

export interface DecisionInput {
  readonly slice: Slice
  readonly now: Instant
  readonly policy: Policy
}

export interface DecisionResult extends DecisionInput {
  readonly decision: Decision
}

/** A user's writes that collide this often in a row are not going to succeed. */
const attemptsMax = 30

/** Waited between attempts, so that colliding writers spread. */
const pauseMillisMin = 2
const pauseMillisMax = 100

/** `change` is asked again for each attempt, with what is then true. */
export const decideAndCommit = Effect.fn("Punctual.decide")(function* (
  userId: UserId,
  scope: Scope,
  change: (asked: DecisionInput) => Change | Refusal
): Effect.fn.Return<DecisionResult, StoreError | Refusal, Store | Scheduler> {
  for (let attempt = 1; ; attempt++) {
    const result = yield* decideOnce(userId, scope, change).pipe(
      Effect.catchIf(
        (error) => error._tag === "StoreError" && error.isConflict && attempt < attemptsMax,
        () => Effect.succeed("conflict" as const)
      )
    )
    if (result !== "conflict") return result
    yield* Effect.sleep(Math.min(pauseMillisMax, pauseMillisMin * attempt))
  }
})

/** Decides what changed since the last decision. Tells whether any bot was touched. */
export const decideChanged = (userId: UserId): Effect.Effect<boolean, StoreError, Store | Scheduler> =>
  decideAndCommit(userId, { kind: "changed" }, () => ({})).pipe(
    Effect.map(({ decision }) => decision.commands.length > 0),
    // Refused only where the user has disconnected meanwhile: then there is nothing to decide.
    Effect.catchTag("Refusal", () => Effect.succeed(false))
  )

const decideOnce = Effect.fnUntraced(function* (
  userId: UserId,
  scope: Scope,
  change: (asked: DecisionInput) => Change | Refusal
): Effect.fn.Return<DecisionResult, StoreError | Refusal, Store | Scheduler> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const slice = yield* store.slice(userId, scope, now)
  // A disconnect that came between the request and this look has ended everything; nothing is written after it.
  if (slice.connection === null || slice.connection.status === "disconnected") return yield* Effect.fail(notConnected)
  const asked: DecisionInput = { slice, now, policy }
  const wish = change(asked)
  if (wish instanceof Refusal) return yield* Effect.fail(wish)
  const isWhole = scope.kind === "changed" || scope.kind === "all"
  const decision = decide(slice, wish, { policy, now, isWhole })
  if (!decision.isEmpty) {
    for (const part of splitCommit(decision.commit, store.capabilities.commitOperationsMax)) yield* store.commit(part)
  }
  yield* applySchedules((decision.commit.bots ?? []).map(({ bot }) => ({ userId, bot })))
  return { ...asked, decision }
})

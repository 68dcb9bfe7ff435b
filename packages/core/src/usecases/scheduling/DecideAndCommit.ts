/**
 * The one way in which bots come to be, move and go: load, decide, commit, act.
 * Decides nothing itself: the request is planned and decided by pure functions of what was loaded. Tries again when another
 * wrote first.
 */
import { Clock, Effect } from "effect"
import { type Decision, decide } from "../../decide/Decide.ts"
import { splitCommit } from "../../decide/reconcile/CommitBatches.ts"
import { type Request, nothing } from "../../decide/requests/Change.ts"
import type { UserId } from "../../domain/Ids.ts"
import { Refusal } from "../../domain/Refusal.ts"
import type { SeriesExceptions } from "../../domain/Series.ts"
import type { Scope } from "../../domain/Slice.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { notConnected } from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { applySchedules } from "./ApplySchedules.ts"

/** What was decided, and what the request's plan answers. */
export interface DecisionResult<A> {
  readonly decision: Decision
  readonly answer: A
}

/** A user's writes that collide this often in a row are not going to succeed. */
const attemptsMax = 30

/** Waited between attempts, so that colliding writers spread. */
const pauseMillisMin = 2
const pauseMillisMax = 100

/**
 * `request` is planned again for each attempt, against what is then true. `exceptions`: what was just asked of the provider
 * about series that it speaks of.
 */
export const decideAndCommit = Effect.fn("Punctual.decide")(function* <A>(
  userId: UserId,
  scope: Scope,
  request: Request<A>,
  exceptions: ReadonlyArray<SeriesExceptions> = []
): Effect.fn.Return<DecisionResult<A>, StoreError | Refusal, Store | Scheduler> {
  for (let attempt = 1; ; attempt++) {
    const result = yield* decideOnce(userId, scope, request, exceptions).pipe(
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
  decideAndCommit(userId, { kind: "changed" }, nothing).pipe(
    Effect.map(({ decision }) => decision.commands.length > 0),
    // Refused only where the user has disconnected meanwhile: then there is nothing to decide.
    Effect.catchTag("Refusal", () => Effect.succeed(false))
  )

const decideOnce = Effect.fnUntraced(function* <A>(
  userId: UserId,
  scope: Scope,
  request: Request<A>,
  exceptions: ReadonlyArray<SeriesExceptions>
): Effect.fn.Return<DecisionResult<A>, StoreError | Refusal, Store | Scheduler> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const slice = yield* store.slice(userId, scope, now)
  // A disconnect that came between the request and this look has ended everything; nothing is written after it.
  if (slice.connection === null || slice.connection.status === "disconnected") return yield* Effect.fail(notConnected)
  const isWhole = scope.kind === "changed"
  const decided = decide(slice, request, { policy, now, isWhole, exceptions })
  if (decided instanceof Refusal) return yield* Effect.fail(decided)
  const { answer, decision } = decided
  if (!decision.isEmpty) {
    for (const part of splitCommit(decision.commit, store.capabilities.commitOperationsMax)) yield* store.commit(part)
  }
  yield* applySchedules((decision.commit.bots ?? []).map(({ bot }) => ({ userId, bot })))
  return { decision, answer }
})

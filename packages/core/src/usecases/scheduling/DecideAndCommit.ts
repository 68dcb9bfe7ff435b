/**
 * The one way in which bots come to be, move and go: load, decide, commit, act.
 * Decides nothing itself: the request is planned and decided by pure functions of what was loaded. Tries again when another
 * wrote first.
 */
import { Clock, Duration, Effect, Schedule } from "effect"
import { type Decision, decide } from "../../decide/Decide.ts"
import { splitCommit } from "../../decide/reconcile/CommitBatches.ts"
import { type Request, nothing } from "../../decide/requests/Change.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { MeetingKey, UserId } from "../../domain/Ids.ts"
import { Refusal } from "../../domain/Refusal.ts"
import type { SeriesExceptions } from "../../domain/Series.ts"
import type { Scope, Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"
import { namesUnread } from "../../decide/reschedule/Families.ts"
import { youngSeries } from "../../decide/reschedule/Splits.ts"
import { type Contention, isConflict, retryOnConflict } from "../../ports/RetryOnConflict.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { notConnected } from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { applySchedules } from "./ApplySchedules.ts"
import { DecisionTurns } from "./DecisionTurns.ts"
import { logDecided } from "./LogTransitions.ts"

/** What was decided, and what the request's plan answers. */
export interface DecisionResult<A> {
  readonly decision: Decision
  readonly answer: A
}

/** Of decisions about one user, and of what is noted beside them. */
export const decisionContention: Contention = {
  isConflict,
  // A user's writes that collide this often in a row are not going to succeed.
  attemptsMax: 30,
  // Two milliseconds, and two more each time: a decision is as quick to make again.
  pauses: Schedule.modifyDelay(Schedule.forever, ({ attempt }) => Effect.succeed(Duration.millis(2 * attempt)))
}

/**
 * Decides a request and commits it. `request` is planned again for each attempt, against the state then loaded.
 * `exceptions`: of series that it names, just asked of the provider.
 */
export const decideAndCommit = Effect.fn("Punctual.decide")(function* <A>(
  userId: UserId,
  scope: Scope,
  request: Request<A>,
  exceptions: ReadonlyArray<SeriesExceptions> = []
): Effect.fn.Return<DecisionResult<A>, StoreError | Refusal, Store | Scheduler> {
  const { inTurn } = yield* DecisionTurns
  return yield* inTurn(userId, retryOnConflict(decideOnce(userId, scope, request, exceptions), decisionContention))
})

/** Decides what changed since the last decision. Tells whether any bot was touched. */
export const decideChanged = (userId: UserId): Effect.Effect<boolean, StoreError, Store | Scheduler> =>
  decideAndCommit(userId, { kind: "changed" }, nothing).pipe(
    Effect.map(({ decision }) => decision.commands.length > 0),
    // Refused only where the user has disconnected meanwhile: then there is nothing to decide.
    Effect.catchTag("Refusal", () => Effect.succeed(false))
  )

/**
 * With what a decision of it may bring into play: where a series may have been split off, what its predecessor may be, which
 * is every series that was spoken of; and what stands under a name that a meeting is about to get.
 */
const withHeirs = Effect.fnUntraced(function* (
  slice: Slice,
  scope: Scope,
  now: Instant
): Effect.fn.Return<Slice, StoreError, Store> {
  if (scope.kind !== "changed" && scope.kind !== "meetings") return slice
  const store = yield* Store
  const isSplit = scope.kind === "changed" && youngSeries(slice, now).length > 0
  const known = new Set(slice.series.map(({ key }) => key))
  const spoken = isSplit ? (yield* store.intendedSeries(slice.userId)).filter((key) => !known.has(key)) : []
  const { meetings = [], series = [] } = scope
  let found = slice
  const read = new Set<MeetingKey>()
  for (let isFirst = true; ; isFirst = false) {
    const named = namesUnread(found).filter((meeting) => !read.has(meeting))
    if (named.length === 0 && (!isFirst || spoken.length === 0)) return found
    // What is read under a name may be about to get another one itself.
    for (const meeting of named) read.add(meeting)
    const more = { ...scope, meetings: [...meetings, ...read], series: [...series, ...spoken] }
    found = yield* store.slice(slice.userId, more, now)
  }
})

/**
 * A series that may have been split off is decided with its predecessor before anything else is said of it: once something
 * is, it is nobody's heir.
 */
const withoutYoung = Effect.fnUntraced(function* (
  slice: Slice,
  scope: Scope,
  now: Instant
): Effect.fn.Return<Slice, StoreError | Refusal, Store | Scheduler> {
  const isLagging = slice.mirrorNumber > slice.decided
  if (scope.kind === "changed" || !isLagging || youngSeries(slice, now).length === 0) return slice
  yield* decideOnce(slice.userId, { kind: "changed" }, nothing, [])
  return yield* (yield* Store).slice(slice.userId, scope, now)
})

const decideOnce = Effect.fnUntraced(function* <A>(
  userId: UserId,
  scope: Scope,
  request: Request<A>,
  exceptions: ReadonlyArray<SeriesExceptions>
): Effect.fn.Return<DecisionResult<A>, StoreError | Refusal, Store | Scheduler> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const first = yield* store.slice(userId, scope, now)
  // A disconnect that came between the request and this look has ended everything; nothing is written after it.
  if (!first.connections.some(isStanding)) return yield* Effect.fail(notConnected)
  const slice = yield* withHeirs(yield* withoutYoung(first, scope, now), scope, now)
  const isWhole = scope.kind === "changed"
  const decided = decide(slice, request, { policy, now, isWhole, exceptions })
  if (decided instanceof Refusal) return yield* Effect.fail(decided)
  const { answer, decision } = decided
  if (!decision.isEmpty) {
    for (const part of splitCommit(decision.commit, store.capabilities.commitOperationsMax)) yield* store.commit(part)
    yield* logDecided(userId, decision)
  }
  for (const { from, to } of decision.splits) {
    yield* Effect.logInfo("a series was split, and its intents go on").pipe(
      Effect.annotateLogs({ user_id: userId, series: from, goes_on_as: to })
    )
  }
  yield* applySchedules((decision.commit.bots ?? []).map(({ bot }) => ({ userId, bot })))
  return { decision, answer }
})

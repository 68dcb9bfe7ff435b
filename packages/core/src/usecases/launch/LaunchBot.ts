/**
 * Hands a due bot to the bot service: claims it, reads its meeting again, calls, records the outcome.
 * Decides what a fire and each outcome mean. Every attempt has the bot's id as its idempotency key, so a service that
 * honours keys gets one bot. A process that dies leaves a lease; when that has run out, another process repeats the
 * attempt under the same key. Never launches early, nor for a meeting that is cancelled, unlinked, excluded or over.
 */
import { Clock, Effect, Option, Random } from "effect"
import { reschedule } from "../../decide/reconcile/BotTransitions.ts"
import { nothing } from "../../decide/requests/Change.ts"
import type { Verdict, Wanted } from "../../decide/desired/Verdict.ts"
import type { Bot, FailReason, LaunchState } from "../../domain/Bot.ts"
import type { BotId, UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { type LaunchOutcome, Launcher } from "../../ports/Launcher.ts"
import { Scheduler, allDone } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { applySchedules, scheduleOf } from "../scheduling/ApplySchedules.ts"
import { scopeOfBot } from "../account/FindTarget.ts"
import { decideAndCommit } from "../scheduling/DecideAndCommit.ts"
import { requestOf } from "../contract/LaunchRequest.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

export type LaunchRequirements = Launcher | Scheduler | Store

/** A timer may ring this much early; the rest is waited for. */
const earlyMillisMax = 1_000

/** When a bot is due: at its join time, or when the attempt in progress counts as given up. */
export const dueAt = ({ joinAt, launch, status }: Bot): Instant =>
  status === "Launching" && launch !== null ? Math.max(launch.leaseUntil, launch.retryAt ?? 0) : joinAt

/**
 * One call of the service, for a claim that is durable. Succeeds with when and how the next is to be made; null: there
 * is none, because the bot has its outcome or another process has the bot.
 */
export type Attempt = Effect.Effect<NextAttempt | null, StoreError, LaunchRequirements>

export interface NextAttempt {
  readonly afterMillis: number
  /** Claims the bot again; none: there is nothing to do any more. */
  readonly again: Effect.Effect<Option.Option<Attempt>, StoreError, LaunchRequirements>
}

/** Claims a due bot. None: there is nothing to do (not due, gone, another's). */
export const beginLaunch = Effect.fn("Punctual.beginLaunch")(function* (
  userId: UserId,
  botId: BotId
): Effect.fn.Return<Option.Option<Attempt>, StoreError, LaunchRequirements> {
  const store = yield* Store
  const found = Option.getOrNull(yield* store.bot(userId, botId))
  if (found === null || (found.status !== "Scheduled" && found.status !== "Launching")) return Option.none()
  const now = yield* Clock.currentTimeMillis
  if (found.status === "Launching" && (found.launch?.leaseUntil ?? 0) > now) return Option.none()
  const early = found.joinAt - now
  if (found.status === "Scheduled" && early > 0 && early <= earlyMillisMax) yield* Effect.sleep(early)
  return yield* nextAttempt(userId, found)
})

const nextAttempt = (
  userId: UserId,
  found: Bot
): Effect.Effect<Option.Option<Attempt>, StoreError, LaunchRequirements> =>
  Effect.map(prepare(userId, found), (claimed) =>
    Option.map(Option.fromNullishOr(claimed), (bot) => attempt(userId, bot))
  )

/** Reads the meeting again and takes the bot to its next attempt; null: there is none to make. */
const prepare = Effect.fnUntraced(function* (
  userId: UserId,
  found: Bot
): Effect.fn.Return<Claimed | null, StoreError, LaunchRequirements> {
  const { bot, verdict } = yield* readAgain(userId, found)
  if (bot.status !== "Scheduled" && bot.status !== "Launching") return null
  const now = yield* Clock.currentTimeMillis
  const mayHaveSucceeded = bot.launch?.mayHaveSucceeded ?? false
  switch (verdict.kind) {
    case "over":
      yield* end(
        userId,
        bot,
        (bot.launch?.attempts ?? 0) > 0 ? "launcher_unreachable" : "meeting_ended_before_launch",
        null
      )
      return null
    case "unwanted":
      // A `Scheduled` bot was cancelled by the decision just made; one being launched is the launch protocol's.
      yield* write(userId, bot, { ...reschedule(bot), status: "Cancelled", statusReason: verdict.reason, launch: null })
      return null
    case "wanted": {
      if (verdict.bot.joinAt > now && !mayHaveSucceeded) {
        yield* postpone(userId, bot, verdict.bot)
        return null
      }
      return yield* claim(userId, bot, verdict.bot)
    }
  }
})

interface Claimed {
  readonly bot: Bot
  readonly wanted: Wanted
  /** Whether an attempt before this one may have succeeded without our knowing. */
  readonly mayHaveSucceeded: boolean
}

/** The decision that sync would make, made now: a bot that is still `Scheduled` moves or goes by it. */
const readAgain = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot
): Effect.fn.Return<{ readonly bot: Bot; readonly verdict: Verdict }, StoreError, Scheduler | Store> {
  return yield* decideAndCommit(userId, scopeOfBot(bot), nothing).pipe(
    Effect.map(({ decision }) => {
      // If its series moved, its meeting has another key now.
      const current = decision.bots.find(({ id }) => id === bot.id) ?? bot
      return { bot: current, verdict: decision.verdicts.get(current.meeting) ?? gone }
    }),
    // Refused only where the user has disconnected meanwhile.
    Effect.catchTag("Refusal", () => Effect.succeed({ bot, verdict: disconnected }))
  )
})

const gone: Verdict = { kind: "unwanted", reason: "meeting_deleted" }
const disconnected: Verdict = { kind: "unwanted", reason: "calendar_disconnected" }

/** Not due yet: a stale fire, or a meeting that moved while every attempt so far was refused. */
const postpone = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot,
  wanted: Wanted
): Effect.fn.Return<void, StoreError, Scheduler | Store> {
  const scheduler = yield* Scheduler
  if (bot.status === "Scheduled") {
    // What the scheduler holds may be an older revision than the one noted as applied.
    return yield* allDone(scheduler.put([scheduleOf(userId, bot)])).pipe(
      Effect.catch((error) => Effect.logWarning("stale schedule not replaced", error.reason._tag))
    )
  }
  const moved: Bot = {
    ...reschedule(bot),
    status: "Scheduled",
    launch: null,
    joinAt: wanted.joinAt,
    start: wanted.event.start,
    end: wanted.event.end,
    link: wanted.link
  }
  const written = yield* write(userId, bot, moved)
  if (written !== null) yield* applySchedules([{ userId, bot: written }])
})

const claim = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot,
  wanted: Wanted
): Effect.fn.Return<Claimed | null, StoreError, Store> {
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const launch: LaunchState = {
    leaseUntil: now + policy.leaseMillis,
    attempts: (bot.launch?.attempts ?? 0) + 1,
    retryAt: null,
    // Until the service has answered, the call may have succeeded: so says what a process that dies now leaves behind.
    mayHaveSucceeded: true
  }
  const written = yield* write(userId, bot, {
    ...bot,
    status: "Launching",
    launch,
    link: wanted.link,
    joinAt: wanted.joinAt,
    start: wanted.event.start,
    end: wanted.event.end
  })
  return written === null ? null : { bot: written, wanted, mayHaveSucceeded: bot.launch?.mayHaveSucceeded ?? false }
})

/** Calls the service once. */
const attempt = (userId: UserId, claimed: Claimed): Attempt =>
  Effect.gen(function* () {
    const outcome: LaunchOutcome = yield* call(userId, claimed)
    if (outcome.kind === "retry") return yield* putOff(userId, claimed, outcome)
    yield* settle(userId, claimed.bot, outcome)
    return null
  }).pipe(Effect.withSpan("Punctual.launch", { attributes: { botId: claimed.bot.id } }))

const call = Effect.fnUntraced(function* (
  userId: UserId,
  { bot, wanted }: Claimed
): Effect.fn.Return<LaunchOutcome, never, Launcher> {
  const launcher = yield* Launcher
  const policy = yield* CurrentPolicy
  return yield* launcher.launch(requestOf(userId, bot, wanted.event)).pipe(
    Effect.timeoutOrElse({
      duration: policy.launchTimeoutMillis,
      orElse: () =>
        Effect.succeed<LaunchOutcome>({
          kind: "retry",
          afterMillis: null,
          definite: false,
          message: "no answer in time"
        })
    })
  )
})

const settle = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot,
  outcome: Exclude<LaunchOutcome, { kind: "retry" }>
): Effect.fn.Return<void, StoreError, Scheduler | Store> {
  switch (outcome.kind) {
    case "accepted":
      yield* write(userId, bot, {
        ...bot,
        status: "Launched",
        statusReason: null,
        statusMessage: null,
        externalId: outcome.externalId ?? bot.externalId,
        launch: null
      })
      return yield* decideNext(userId, bot)
    case "rejected":
      return yield* end(userId, bot, "launcher_rejected", outcome.message)
    case "unconfigured":
      return yield* end(userId, bot, "launcher_not_configured", null)
  }
})

/** Records when the next attempt is due; null: another process has the bot meanwhile. */
const putOff = Effect.fnUntraced(function* (
  userId: UserId,
  { bot, mayHaveSucceeded }: Claimed,
  outcome: Extract<LaunchOutcome, { kind: "retry" }>
): Effect.fn.Return<NextAttempt | null, StoreError, Store> {
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const made = bot.launch?.attempts ?? 1
  const backoff = Math.min(policy.launchRetryMaxMillis, policy.launchRetryMinMillis * 2 ** Math.min(made - 1, 16))
  const jittered = Math.ceil(backoff * (0.5 + 0.5 * (yield* Random.next)))
  const pause = Math.min(Math.max(jittered, outcome.afterMillis ?? 0), Math.max(0, bot.end - now))
  const written = yield* write(userId, bot, {
    ...bot,
    statusMessage: outcome.message,
    launch: {
      attempts: made,
      retryAt: now + pause,
      leaseUntil: now + pause + policy.leaseMillis,
      mayHaveSucceeded: mayHaveSucceeded || !outcome.definite
    }
  })
  return written === null ? null : { afterMillis: pause, again: nextAttempt(userId, written) }
})

const end = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot,
  reason: FailReason,
  message: string | null
): Effect.fn.Return<void, StoreError, Scheduler | Store> {
  yield* write(userId, bot, {
    ...reschedule(bot),
    status: "Failed",
    statusReason: reason,
    statusMessage: message ?? bot.statusMessage,
    launch: null
  })
  yield* decideNext(userId, bot)
})

/**
 * Decides about the meeting once more, now that its bot is past `Scheduled`: a recurring intent wants the next
 * occurrence, and a meeting that moved while its bot was `Launching` may want another bot.
 */
const decideNext = (userId: UserId, bot: Bot): Effect.Effect<void, StoreError, Scheduler | Store> =>
  Effect.asVoid(readAgain(userId, bot))

/** Null: the bot was written by another since it was read. */
const write = Effect.fnUntraced(function* (
  userId: UserId,
  before: Bot,
  after: Bot
): Effect.fn.Return<Bot | null, StoreError, Store> {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const written: Bot = { ...after, revision: before.revision + 1, updatedAt: now }
  return yield* store.writeBot(userId, written, before.revision).pipe(
    Effect.as(written),
    Effect.catchIf(
      (error) => error.isConflict || error.isFenced,
      () => Effect.succeed(null)
    )
  )
})

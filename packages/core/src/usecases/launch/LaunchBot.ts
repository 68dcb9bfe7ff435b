/**
 * Handing a due bot to the bot service: one bot, not two, and none forgotten.
 * Decides nothing by itself: it reads the meeting again before each question, claims the bot for it, asks, and writes what
 * came of it (`decide/launch`). The bot's id is the key of every call; a process that dies leaves a lease behind, after which
 * another goes on under that key. Never launches early, never for a meeting that is cancelled, unlinked, excluded or over.
 */
import { Clock, Effect, Option, Random } from "effect"
import { claimedRow, isCall, placeOf } from "../../decide/launch/Claim.ts"
import { type Foresight, afterLaunch } from "../../decide/Foresight.ts"
import { type LaunchAnswer, answered, givenUp, settled } from "../../decide/launch/LaunchAnswer.ts"
import { launchPause } from "../../decide/launch/LaunchPause.ts"
import { type LaunchStep, type Question, launchStep } from "../../decide/launch/LaunchStep.ts"
import { reschedule, ruleMessage } from "../../decide/reconcile/BotTransitions.ts"
import type { Verdict, Wanted } from "../../decide/desired/Verdict.ts"
import type { Bot, LaunchState } from "../../domain/Bot.ts"
import { mayBeInMeeting } from "../../domain/BotStatus.ts"
import type { BotId, UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { Launcher } from "../../ports/Launcher.ts"
import { Scheduler, allDone } from "../../ports/Scheduler.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { applySchedules, scheduleOf } from "../scheduling/ApplySchedules.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { askService } from "./AskService.ts"
import { CurrentInstance } from "./CurrentInstance.ts"
import { DecideLater } from "./DecideLater.ts"
import type { LaunchRequirements } from "./LaunchRequirements.ts"
import { noteDoubt, waitForEnd, withdrawForgotten } from "./LastingDoubt.ts"
import { type BotOwner, writeAnswer, writeBot } from "./LaunchWrites.ts"
import { readAgain } from "./ReadAgain.ts"

/** A timer may ring this much early; the rest is waited for. */
const earlyMillisMax = 1_000

/**
 * One question to the service, for a claim that is durable. Succeeds with when and how the next is to be put; null: there
 * is none, the bot is settled or another's.
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

/** Reads the meeting again and takes the bot to its next question; none: there is none to put. */
const nextAttempt = Effect.fnUntraced(function* (
  userId: UserId,
  found: Bot
): Effect.fn.Return<Option.Option<Attempt>, StoreError, LaunchRequirements> {
  const { bot, pausedUntil, subject, verdict, workspaceId } = yield* readAgain(userId, found)
  const now = yield* Clock.currentTimeMillis
  if ((bot.status !== "Scheduled" && bot.status !== "Launching") || isTaken(found, bot, now)) return Option.none()
  const { capabilities } = yield* Launcher
  const step = launchStep(bot, verdict, { capabilities, now, pausedUntil })
  const owner: BotOwner = { userId, workspaceId, subject }
  switch (step.kind) {
    case "call":
    case "repeat":
    case "look-up":
    case "withdraw": {
      const claimed = yield* claim(owner, bot, verdict, step)
      return claimed === null ? Option.none() : Option.some(attempt(owner, claimed, step))
    }
    default:
      yield* close(owner, bot, step)
      return Option.none()
  }
})

/** Claimed by another between two looks, or gone on with: whoever it was has the lease. */
const isTaken = ({ launch: before }: Bot, { launch }: Bot, now: Instant): boolean => {
  if (launch === null || launch.leaseUntil <= now) return false
  return launch.leaseUntil !== before?.leaseUntil || launch.owner !== before.owner
}

/** The steps that ask nobody. */
const close = Effect.fnUntraced(function* (
  owner: BotOwner,
  bot: Bot,
  step: Exclude<LaunchStep, Question>
): Effect.fn.Return<void, StoreError, LaunchRequirements> {
  switch (step.kind) {
    case "postpone":
      return yield* postpone(owner, bot, step.wanted)
    case "cancel":
      // A `Scheduled` bot was cancelled by the decision just made.
      return yield* settle(
        owner,
        bot,
        settled(bot, "Cancelled", step.reason, step.rule === undefined ? bot.statusMessage : ruleMessage(step.rule))
      )
    case "fail":
      return yield* settle(owner, bot, settled(bot, "Failed", step.reason, bot.statusMessage))
    case "launched":
      return yield* settle(owner, bot, {
        ...bot,
        status: "Launched",
        statusReason: null,
        statusMessage: null,
        launch: null
      })
    case "hold":
      // It stays as it is: the sweep rings again for what is due, and so finds the end of the pause.
      return
    case "wait":
      return yield* waitForEnd(owner, bot)
    case "give-up":
      yield* noteDoubt(owner.userId, bot)
      return yield* settle(owner, bot, givenUp(bot, step.takenBack))
  }
})

const settle = Effect.fnUntraced(function* (
  owner: BotOwner,
  before: Bot,
  after: Bot
): Effect.fn.Return<void, StoreError, LaunchRequirements> {
  const written = yield* writeBot(owner, before, after)
  if (written !== null) yield* goOn(owner.userId, written, "look")
})

/** Not due yet: a stale fire, or a meeting that moved while every attempt so far was refused. */
const postpone = Effect.fnUntraced(function* (
  owner: BotOwner,
  bot: Bot,
  wanted: Wanted
): Effect.fn.Return<void, StoreError, LaunchRequirements> {
  const scheduler = yield* Scheduler
  const { userId } = owner
  if (bot.status === "Scheduled") {
    // What the scheduler holds may be an older revision than the one noted as applied.
    return yield* allDone(scheduler.put([scheduleOf(userId, bot)])).pipe(
      Effect.catch((error) => Effect.logWarning("stale schedule not replaced", error.reason._tag))
    )
  }
  const moved: Bot = { ...reschedule(bot), status: "Scheduled", launch: null, ...placeOf(wanted) }
  const written = yield* writeBot(owner, bot, moved)
  if (written !== null) yield* applySchedules([{ userId, bot: written }])
})

/** Makes the question durable before it is put: should this process die, that is what it leaves behind. */
const claim = Effect.fnUntraced(function* (
  owner: BotOwner,
  bot: Bot,
  verdict: Verdict,
  question: Question
): Effect.fn.Return<Claimed | null, StoreError, Launcher | Store> {
  const policy = yield* CurrentPolicy
  const { capabilities } = yield* Launcher
  const now = yield* Clock.currentTimeMillis
  const row = claimedRow(bot, verdict, question, { now, policy, capabilities, owner: yield* CurrentInstance })
  const written = row === null ? null : yield* writeBot(owner, bot, row)
  if (row === null || written === null) return null
  return { bot: written, launch: row.launch, wasInDoubt: mayBeInMeeting(bot), foresight: null }
})

export interface Claimed {
  readonly bot: Bot
  readonly launch: LaunchState
  /** Whether an attempt before this one may have succeeded without our knowing. */
  readonly wasInDoubt: boolean
  /** What it was claimed by; null: by a look at its meeting. */
  readonly foresight: Foresight | null
}

/** Puts one question, and writes what came of it. */
export const attempt = (owner: BotOwner, claimed: Claimed, question: Question): Attempt =>
  Effect.gen(function* () {
    const { launchTimeoutMillis } = yield* CurrentPolicy
    const now = yield* Clock.currentTimeMillis
    // A process that stood still between claim and call: the lease is too short for an answer, another may soon go on; or the
    // meeting is over.
    if (now > claimed.launch.leaseUntil - launchTimeoutMillis || (isCall(question) && now >= claimed.bot.end))
      return null
    const answer = yield* askService(owner, claimed.bot, question)
    return yield* hear(owner, claimed, { answer, askedAt: now })
  }).pipe(Effect.withSpan("Punctual.launch", { attributes: { botId: claimed.bot.id } }))

const hear = Effect.fnUntraced(function* (
  owner: BotOwner,
  { bot, foresight, launch, wasInDoubt }: Claimed,
  { answer, askedAt }: { readonly answer: LaunchAnswer; readonly askedAt: Instant }
): Effect.fn.Return<NextAttempt | null, StoreError, LaunchRequirements> {
  const { capabilities } = yield* Launcher
  const policy = yield* CurrentPolicy
  const chance = yield* Random.next
  const askedForMillis = answer.kind === "later" ? answer.afterMillis : null
  const { userId } = owner
  const { numbers, row: written } = yield* writeAnswer(owner, bot, (row, now) => {
    if (row.status !== "Launching" || row.launch === null) return null
    // What another has asked since is the later word; that the service has the bot, or is rid of it, stays true.
    const isOurs = row.launch.attempts === launch.attempts && row.launch.owner === launch.owner
    if (!isOurs && answer.kind !== "there" && answer.kind !== "taken-back") return null
    const pauseMillis = launchPause({ attempts: launch.attempts, askedForMillis, now, end: row.end, policy, chance })
    const { leaseMillis } = policy
    const next = answered(row, row.launch, answer, {
      capabilities,
      now,
      askedAt,
      pauseMillis,
      leaseMillis,
      wasInDoubt
    })
    return isOurs ? next : heldBy(next, row.launch, launch, now)
  })
  if (written === null && answer.kind === "there") yield* withdrawForgotten(userId, bot, answer.externalId)
  if (written === null) return null
  if (written.status === "Launching") {
    if (written.launch?.owner !== launch.owner) return null
    const now = yield* Clock.currentTimeMillis
    return { afterMillis: Math.max(0, (written.launch?.retryAt ?? now) - now), again: nextAttempt(userId, written) }
  }
  yield* goOn(userId, written, foresight === null ? "look" : afterLaunch(foresight, written, numbers))
  return null
})

/** What another still holds it goes on with itself, knowing more; what nobody holds any more is for who has the answer. */
const heldBy = (next: Bot, { leaseUntil, owner, retryAt }: LaunchState, ours: LaunchState, now: Instant): Bot => {
  if (next.launch === null) return next
  const isHeld = owner !== null && leaseUntil > now
  return { ...next, launch: { ...next.launch, ...(isHeld ? { leaseUntil, retryAt, owner } : { owner: ours.owner }) } }
}

/**
 * Once a bot is settled: what the scheduler may still hold of it goes. A chain goes on when this one's bot is past
 * `Scheduled`; and while a bot is on its way its meeting is left alone: one that has moved to a later time meanwhile wants
 * another bot.
 */
const goOn = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot,
  next: ReturnType<typeof afterLaunch>
): Effect.fn.Return<void, StoreError, LaunchRequirements> {
  if (bot.status !== "Launched") yield* applySchedules([{ userId, bot }])
  if (next === "look") yield* readAgain(userId, bot)
  if (next === "foreseen") yield* (yield* DecideLater)(Effect.asVoid(readAgain(userId, bot)))
})

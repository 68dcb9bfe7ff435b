/**
 * What a bot's row becomes by what the bot service said.
 * Decides the row alone; who writes it, and until when, is the launch protocol's. The row may have changed while the
 * service was asked: a bot that is to go by now is withdrawn as soon as the service is known to have it.
 */
import type { Bot, CancelReason, FailReason, LaunchState } from "../../domain/Bot.ts"
import type { Instant } from "../../domain/Time.ts"
import type { LaunchOutcome, LauncherCapabilities, LookupOutcome, WithdrawOutcome } from "../../domain/LaunchOutcome.ts"
import { reschedule } from "../reconcile/BotTransitions.ts"

/** What became of one question, whichever it was. */
export type LaunchAnswer =
  /** The service has the bot. */
  | { readonly kind: "there"; readonly externalId: string | null }
  /** It has none under this key. */
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly reason: FailReason; readonly message: string | null }
  /** Nothing is settled. `definite`: this question at least has surely made no bot. */
  | {
      readonly kind: "later"
      readonly afterMillis: number | null
      readonly definite: boolean
      readonly message: string
    }
  /** `isOut`: it is out of the meeting; otherwise the service would not take it out. */
  | { readonly kind: "taken-back"; readonly isOut: boolean; readonly reason: CancelReason; readonly words: string }

export interface AnswerOptions {
  readonly capabilities: LauncherCapabilities
  readonly now: Instant
  /** When the question was put. A process may stand still with the answer in hand, and then it says nothing of `now`. */
  readonly askedAt: Instant
  /** Until the next question, where one follows after a while. */
  readonly pauseMillis: number
  readonly leaseMillis: number
  /** Whether an attempt before this question may have succeeded. */
  readonly wasInDoubt: boolean
}

/** A call that was broken off may arrive this much later: 10 seconds. */
export const arrivalMillisMax = 10_000

/** The row as it is to be written; its revision is the writer's. Only for a bot that is `Launching`. */
export const answered = (bot: Bot, launch: LaunchState, answer: LaunchAnswer, options: AnswerOptions): Bot => {
  switch (answer.kind) {
    case "there":
      return there(bot, launch, answer.externalId, options)
    case "absent":
      return absent(bot, launch, options)
    case "refused":
      return launch.takenBack === null
        ? settled(bot, "Failed", answer.reason, answer.message ?? bot.statusMessage)
        : settled(bot, "Cancelled", launch.takenBack, answer.message ?? bot.statusMessage)
    case "later": {
      const openUntil = answer.definite ? launch.openUntil : options.now + arrivalMillisMax
      const mayHaveSucceeded = options.wasInDoubt || !answer.definite
      return paused({ ...bot, statusMessage: answer.message }, { ...launch, openUntil, mayHaveSucceeded }, options)
    }
    case "taken-back":
      if (answer.isOut) return settled(bot, "Cancelled", launch.takenBack ?? answer.reason, null)
      // Wanted again meanwhile, and still there: all is well.
      return launch.takenBack === null ? there(bot, launch, null, options) : stays(bot, launch.takenBack, answer.words)
  }
}

/** The bot's status and words once nobody will ever know whether it is in its meeting: that has ended. */
export const givenUp = (bot: Bot, takenBack: CancelReason | null): Bot => {
  const doubt = "The bot service never said whether it had the bot: it may have been in the meeting."
  const message = bot.statusMessage === null ? doubt : `${doubt} Last: ${bot.statusMessage}`
  return takenBack === null
    ? settled(bot, "Failed", "launcher_unreachable", message)
    : settled(bot, "Cancelled", takenBack, message)
}

const there = (bot: Bot, launch: LaunchState, id: string | null, options: AnswerOptions): Bot => {
  const { capabilities, now } = options
  const externalId = id ?? bot.externalId
  const known: Bot = { ...bot, externalId }
  if (launch.takenBack === null) {
    return { ...known, status: "Launched", statusReason: null, statusMessage: null, launch: null }
  }
  const canWithdraw = capabilities.withdraw && (externalId !== null || capabilities.lookup)
  if (!canWithdraw) return stays(known, launch.takenBack, "unsupported")
  return paused(known, { ...launch, openUntil: now, mayHaveSucceeded: true }, { ...options, pauseMillis: 0 })
}

/** Believed only if every call that was made must have arrived by the time at which the service was asked. */
const absent = (bot: Bot, launch: LaunchState, options: AnswerOptions): Bot => {
  const arrivedBy = launch.openUntil ?? 0
  const isBelieved = options.askedAt >= arrivedBy
  return paused(bot, isBelieved ? { ...launch, openUntil: null, mayHaveSucceeded: false } : launch, {
    ...options,
    pauseMillis: Math.max(0, arrivedBy - options.now)
  })
}

const paused = (bot: Bot, launch: LaunchState, { leaseMillis, now, pauseMillis }: AnswerOptions): Bot => ({
  ...bot,
  launch: { ...launch, retryAt: now + pauseMillis, leaseUntil: now + pauseMillis + leaseMillis }
})

/** It is in its meeting and stays there, though it was to go. */
const stays = (bot: Bot, reason: CancelReason, words: string): Bot => ({
  ...bot,
  status: "Launched",
  statusReason: "call_back_refused",
  statusMessage: `${reason}, and the bot service did not take it back (${words})`,
  launch: null
})

export const settled = (
  bot: Bot,
  status: "Failed" | "Cancelled",
  reason: FailReason | CancelReason,
  message: string | null
): Bot => ({ ...reschedule(bot), status, statusReason: reason, statusMessage: message, launch: null })

/** What an answer to a call means. */
export const ofCall = (outcome: LaunchOutcome): LaunchAnswer => {
  switch (outcome.kind) {
    case "accepted":
      return { kind: "there", externalId: outcome.externalId }
    case "rejected":
      return { kind: "refused", reason: "launcher_rejected", message: outcome.message }
    case "unconfigured":
      return { kind: "refused", reason: "launcher_not_configured", message: null }
    case "retry":
      return { ...outcome, kind: "later" }
  }
}

/** What an answer to a look-up means. */
export const ofLookup = (outcome: LookupOutcome): LaunchAnswer => {
  switch (outcome.kind) {
    case "found":
      return { kind: "there", externalId: outcome.externalId }
    case "absent":
      return { kind: "absent" }
    case "unanswered":
      return { kind: "later", afterMillis: null, definite: true, message: outcome.message }
  }
}

/** What an answer to taking a bot back means. */
export const ofWithdrawal = (outcome: WithdrawOutcome, reason: CancelReason): LaunchAnswer => {
  if (outcome === "unanswered") {
    return { kind: "later", afterMillis: null, definite: true, message: "the bot was not taken back yet" }
  }
  return { kind: "taken-back", isOut: outcome === "withdrawn" || outcome === "gone", reason, words: outcome }
}

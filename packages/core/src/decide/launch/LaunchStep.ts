/**
 * What is to be done next about a bot that is due or on its way: call, ask, take back, or let go.
 * Decides from the bot's row, what its meeting calls for now, and what the bot service can do. A bot in doubt is a debt: it
 * is never let go before its meeting ends, and no call is repeated that might make a second bot.
 */
import type { RuleName, Verdict, Wanted } from "../desired/Verdict.ts"
import type { Bot, CancelReason, FailReason } from "../../domain/Bot.ts"
import type { Instant } from "../../domain/Time.ts"
import type { LauncherCapabilities } from "../../domain/LaunchOutcome.ts"

/** One step. Those that put a question to the service are made under a claim. */
export type LaunchStep =
  /** The first call, or one after it is known that none before it has made a bot. */
  | { readonly kind: "call"; readonly wanted: Wanted }
  /** The same call under the same key: it makes no second bot. `wanted`: null where the bot is to go. */
  | { readonly kind: "repeat"; readonly wanted: Wanted | null }
  | { readonly kind: "look-up" }
  /** The service has it, by the id that is known, and it is to go. */
  | { readonly kind: "withdraw"; readonly reason: CancelReason }
  /** Not due yet, and the service surely has no bot. */
  | { readonly kind: "postpone"; readonly wanted: Wanted }
  /** Launches are paused: nothing is asked that may bring a bot into the meeting. */
  | { readonly kind: "hold" }
  /** The service surely has no bot. */
  | { readonly kind: "cancel"; readonly reason: CancelReason; readonly rule?: RuleName }
  | { readonly kind: "fail"; readonly reason: FailReason }
  /** The service has it, and it is wanted. */
  | { readonly kind: "launched" }
  /** Nothing can be asked that would not risk a second bot: in doubt until the meeting ends. */
  | { readonly kind: "wait" }
  /** The meeting has ended, and nobody will ever know. */
  | { readonly kind: "give-up"; readonly takenBack: CancelReason | null }

/** The steps that put a question to the service. */
export type Question = Extract<LaunchStep, { readonly kind: "call" | "repeat" | "look-up" | "withdraw" }>

export interface StepOptions {
  readonly capabilities: LauncherCapabilities
  readonly now: Instant
  /** Null: launches are not paused. */
  readonly pausedUntil: Instant | null
}

/** The next step for a bot that is `Scheduled` and due, or `Launching` and held by nobody else. */
export const launchStep = (bot: Bot, verdict: Verdict, options: StepOptions): LaunchStep =>
  bot.launch?.mayHaveSucceeded === true ? inDoubt(bot, verdict, options) : certain(bot, verdict, options)

/** No call was made, or each was surely refused. */
const certain = (bot: Bot, verdict: Verdict, { now, pausedUntil }: StepOptions): LaunchStep => {
  switch (verdict.kind) {
    case "over": {
      const wasAsked = (bot.launch?.attempts ?? 0) > 0
      if (!wasAsked && pausedUntil !== null && pausedUntil >= bot.end) return { kind: "fail", reason: "paused" }
      return { kind: "fail", reason: wasAsked ? "launcher_unreachable" : "meeting_ended_before_launch" }
    }
    case "unwanted":
      return { kind: "cancel", reason: verdict.reason, ...(verdict.rule === undefined ? {} : { rule: verdict.rule }) }
    case "wanted":
      if (verdict.bot.joinAt > now) return { kind: "postpone", wanted: verdict.bot }
      return isPaused(pausedUntil, now) ? { kind: "hold" } : { kind: "call", wanted: verdict.bot }
  }
}

const isPaused = (until: Instant | null, now: Instant): boolean => until !== null && until > now

const inDoubt = (bot: Bot, verdict: Verdict, { capabilities, now, pausedUntil }: StepOptions): LaunchStep => {
  const takenBack = takenBackBy(bot, verdict)
  if (bot.externalId !== null && takenBack === null) return { kind: "launched" }
  if (bot.end <= now || verdict.kind === "over") return { kind: "give-up", takenBack }
  if (bot.externalId !== null && takenBack !== null) return { kind: "withdraw", reason: takenBack }
  if (capabilities.lookup) return { kind: "look-up" }
  // A bot that could not be taken out again is not called for a meeting that has no use for it.
  if (!capabilities.replays || (takenBack !== null && !capabilities.withdraw)) return { kind: "wait" }
  if (takenBack === null && isPaused(pausedUntil, now)) return { kind: "hold" }
  return { kind: "repeat", wanted: verdict.kind === "wanted" ? verdict.bot : null }
}

/** Where a meeting has ended what was said of the bot before counts. */
const takenBackBy = (bot: Bot, verdict: Verdict): CancelReason | null => {
  if (verdict.kind === "wanted") return null
  const noted = bot.launch?.takenBack ?? null
  return verdict.kind === "unwanted" ? (noted ?? verdict.reason) : noted
}

/**
 * "A bot for everything": switched on and off, and its nightly run.
 * Decides how far coverage reaches, and what becomes of bots when it is switched off: each stays, as an intent of its own.
 */
import { extendCoverage } from "../intents/AutoCoverage.ts"
import type { CurrentState } from "../reschedule/CurrentState.ts"
import type { At, Change, Plan } from "./Change.ts"
import { keepBots } from "./KeepBots.ts"
import type { BotConfig, BotStatus } from "../../domain/Bot.ts"
import type { AutoSchedule } from "../../domain/Intent.ts"
import type { JoinRule, RuleOutcome } from "../../domain/JoinRule.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import type { Instant } from "../../domain/Time.ts"

/** What of the settings is to be another; what is left out stays as it was. */
export interface AutoSettings {
  readonly config?: BotConfig
  readonly rules?: ReadonlyArray<JoinRule>
  readonly otherwise?: RuleOutcome
}

/** Switched on and run at once. Answers with the settings. */
export const enableAutoSchedule = (
  state: CurrentState,
  { now, policy }: At,
  settings: AutoSettings
): Plan<AutoSchedule> => {
  const { auto } = state
  const enabled = { ...auto, ...settings, enabled: true, seq: auto.enabled ? auto.seq : nextSeq(state) }
  // Enabled anew, what was covered before it was switched off counts no more.
  const covered = extendCoverage(auto.enabled ? enabled : { ...enabled, coveredUntil: null }, policy, now, null)
  // Of what was on already, rules alone may be new.
  const cause = auto.enabled && (settings.rules ?? settings.otherwise) !== undefined ? "rule" : "auto_schedule"
  return { change: { auto: covered }, answer: covered, cause }
}

/** Other rules, whether it is on or off. Answers with the settings. */
export const changeRules = ({ auto }: CurrentState, settings: Omit<AutoSettings, "config">): Plan<AutoSchedule> => {
  const changed = { ...auto, ...settings }
  return { change: { auto: changed }, answer: changed, cause: "rule" }
}

/** Switched off; its bots stay, unless they are to be cancelled too. Answers with the settings. */
export const disableAutoSchedule = (state: CurrentState, cancelScheduled: boolean): Plan<AutoSchedule> => {
  const auto = { ...state.auto, enabled: false }
  if (!cancelScheduled) {
    // Rules have given each a configuration of its own.
    const putIntents = keepBots(state, "auto", null)
    return { change: { auto, putIntents, deleteIntents: judgedOut(state) }, answer: auto, cause: "auto_schedule" }
  }
  // Also those that auto-scheduling left for meetings whose bots are gone for now: they would bring the bots back.
  const left = state.intents.flatMap((intent) =>
    intent.kind === "event" && intent.origin === "auto" ? [intent.id] : []
  )
  return { change: { auto, deleteIntents: left }, answer: auto, cause: "auto_schedule" }
}

/** What was changed by hand and has no bot: by itself it would stand, and bring back what the rules have ended. */
const judgedOut = ({ auto, bots, intents }: CurrentState): ReadonlyArray<string> => {
  if (!auto.enabled) return []
  const live = new Set(bots.flatMap(({ meeting, status }) => (isPast(status) ? [] : [meeting])))
  return intents.flatMap((intent) =>
    intent.kind === "event" && intent.origin === "auto" && intent.seq >= auto.seq && !live.has(intent.meeting)
      ? [intent.id]
      : []
  )
}

const isPast = (status: BotStatus): boolean => status !== "Scheduled" && status !== "Launching"

/** One run. At midnight it also takes what began after the coverage before it ended, which a server that was down missed. */
export const runAutoSchedule = ({ auto }: CurrentState, { now, policy }: At, midnight: Instant | null): Change =>
  auto.enabled
    ? {
        auto: extendCoverage(auto, policy, now, midnight),
        graceFrom: midnight === null ? null : auto.coveredUntil
      }
    : {}

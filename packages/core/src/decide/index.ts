/** Deciding: which bots should exist, and what to do so that they do. Pure, and without the Effect runtime. */
export { type DecideOptions, type Decided, type Decision, decide } from "./Decide.ts"
export type { At, Change, Plan, Request } from "./requests/Change.ts"
export type { CurrentState } from "./reschedule/CurrentState.ts"
export { currentState } from "./reschedule/SeriesChange.ts"
export type { State } from "./state/StateIndex.ts"

// ---- rules, by which auto-scheduling chooses
export { type KnownOfUser, type RuledEvent, type RuleFacts, factsOf } from "../rules/RuleFacts.ts"
export { type LookedAt, lookedAt, matches } from "../rules/Matches.ts"
export { type ParsedRules, type ParseRulesOptions, parseRules } from "../rules/ParseRules.ts"
export type { RulesRejection } from "../rules/RulesRejection.ts"
export type { PolicyRule, JoinRule, When } from "../domain/JoinRule.ts"

// ---- its two halves, and why
export { desired } from "./desired/Desired.ts"
export type { DesiredOptions } from "./desired/DecisionContext.ts"
export type { JoinCode, Reason, RuleName, SkipCode, Verdict, Wanted } from "./desired/Verdict.ts"
export { reconcile } from "./reconcile/Reconcile.ts"
export type { Command } from "./reconcile/Command.ts"
export { type Explained, explain } from "./desired/Explain.ts"
export { sentenceOf } from "./desired/Sentence.ts"
export { previewPolicy } from "./PolicyPreview.ts"
export { type Preview, type PreviewedMeeting, preview } from "./Preview.ts"
export { type AutoSettings, enableAutoSchedule } from "./requests/AutoSchedule.ts"
export type { ForecastCause, ForecastStatus } from "../domain/ForecastStatus.ts"
export type { Forecast, ForecastMeeting, LauncherState } from "./Forecast.ts"

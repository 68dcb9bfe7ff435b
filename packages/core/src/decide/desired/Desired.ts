/**
 * The bots that should exist: a verdict for every meeting of a state.
 * `now` decides only what is over and whether a bot is made; it never enters a join time.
 */
import { type DesiredOptions, contextOf } from "./DecisionContext.ts"
import { judge } from "./Judge.ts"
import type { Verdict } from "./Verdict.ts"
import { type State, indexState } from "../state/StateIndex.ts"
import type { MeetingKey } from "../../domain/Ids.ts"

/** A verdict for every meeting of the state. The order of events, intents and bots changes nothing. */
export const desired = (state: State, options: DesiredOptions): ReadonlyMap<MeetingKey, Verdict> => {
  const index = indexState(state)
  const context = contextOf(index, options)
  const verdicts = new Map<MeetingKey, Verdict>()
  for (const meeting of context.meetings) verdicts.set(meeting, judge(context, meeting))
  return verdicts
}

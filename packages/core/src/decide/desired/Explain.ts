/**
 * Why a meeting has a bot, or none.
 * Decides nothing: it asks the judgement that deciding uses, and writes down each rule it asked on the way.
 */
import type { MeetingKey } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { type DesiredOptions, contextOf } from "./DecisionContext.ts"
import { judge } from "./Judge.ts"
import type { Reason, Verdict } from "./Verdict.ts"
import { type State, indexState } from "../state/StateIndex.ts"

/** A verdict with its reasons. */
export interface Explained {
  readonly willJoin: boolean
  /** When; null where no bot will. A time that has passed means "at once". */
  readonly joinAt: Instant | null
  readonly verdict: Verdict
  /** Each rule asked, in order; the last one decided. */
  readonly reasons: ReadonlyArray<Reason>
}

/** Of a meeting that is not in the state: that there is none. */
export const explain = (state: State, meeting: MeetingKey, options: DesiredOptions): Explained => {
  const reasons: Array<Reason> = []
  const index = indexState(state)
  const verdict = judge(contextOf(index, options), meeting, (reason) => reasons.push(reason))
  const isThere = (index.bots.get(meeting) ?? []).some(
    ({ status }) =>
      status === "Launching" || (status === "Scheduled" && verdict.kind === "wanted" && !verdict.bot.isAnswered)
  )
  const willJoin = verdict.kind === "wanted" && (verdict.bot.isCreatable || isThere)
  return { willJoin, joinAt: willJoin ? verdict.bot.joinAt : null, verdict, reasons }
}

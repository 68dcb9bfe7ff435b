/**
 * Why a meeting has a bot, or none.
 * Decides nothing: it asks the judgement that deciding uses, and writes down each rule it asked on the way, with a code for
 * what came of it.
 */
import type { MeetingKey } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { type DecisionContext, type DesiredOptions, contextOf } from "./DecisionContext.ts"
import { judge } from "./Judge.ts"
import { isThere } from "./WantedBot.ts"
import { canonicalCopy } from "./CanonicalCopy.ts"
import type { JoinCode, Reason, RuleName, SkipCode, Verdict, Wanted } from "./Verdict.ts"
import { type State, indexState } from "../state/StateIndex.ts"

/** A verdict with its reasons. */
export interface Explained {
  readonly willJoin: boolean
  /** When; null where no bot will. A time that has passed means "at once". */
  readonly joinAt: Instant | null
  readonly verdict: Verdict
  readonly code: JoinCode | SkipCode
  /** The rule that decided; null: none did. */
  readonly rule: RuleName | null
  /** Each rule asked, in order; the last one decided. */
  readonly reasons: ReadonlyArray<Reason>
}

/** Of a meeting that is not in the state: that there is none. */
export const explain = (state: State, meeting: MeetingKey, options: DesiredOptions): Explained =>
  explainIn(contextOf(indexState(state), options), meeting)

/** The same for one of many meetings of a state. */
export const explainIn = (context: DecisionContext, meeting: MeetingKey): Explained => {
  const reasons: Array<Reason> = []
  const verdict = judge(context, meeting, (reason) => reasons.push(reason))
  const bots = context.index.bots.get(meeting)
  const willJoin = verdict.kind === "wanted" && (verdict.bot.isCreatable || isThere(bots, verdict.bot.isAnswered))
  return {
    willJoin,
    joinAt: willJoin ? verdict.bot.joinAt : null,
    verdict,
    code: codeOf(context, meeting, { verdict, reasons, willJoin }),
    rule: verdict.kind === "wanted" ? verdict.bot.rule : verdict.kind === "unwanted" ? (verdict.rule ?? null) : null,
    reasons
  }
}

const codeOf = (
  context: DecisionContext,
  meeting: MeetingKey,
  { reasons, verdict, willJoin }: Pick<Explained, "reasons" | "verdict" | "willJoin">
): JoinCode | SkipCode => {
  if (verdict.kind === "wanted") {
    if (willJoin) return joinCode(verdict.bot, reasons)
    // Else a rule asks for what is not known yet.
    return reasons.some(({ passed, rule }) => rule === "earlier-bot" && !passed) ? "satisfied" : "not_asked"
  }
  const last = reasons.at(-1)
  return (last === undefined ? null : skipCode(verdict, last)) ?? notAsked(context, meeting)
}

const joinCode = ({ origin, rule }: Wanted, reasons: ReadonlyArray<Reason>): JoinCode => {
  switch (origin) {
    case "manual":
      return "asked_by_hand"
    case "series":
    case "recurring":
      return origin
    case "auto":
      if (rule !== null) return "joined_by_rule"
      // One that was kept when auto-scheduling was switched off is judged by no rule.
      return reasons.some((each) => each.rule === "declined") ? "joined_by_default" : "asked_by_hand"
  }
}

/** Null: nobody asked for one. */
const skipCode = (verdict: Verdict, { rule }: Reason): SkipCode | null => {
  switch (rule) {
    case "connection":
      return "calendar_not_connected"
    case "calendar":
      return absenceCode(verdict)
    case "cancelled":
      return "event_cancelled"
    case "link":
      return "no_meeting_link"
    case "time":
      return "event_ended"
    case "lock":
      return "blocked_by_policy"
    case "exclusion":
      return "removed_by_user"
    case "earlier-bot":
      return "satisfied"
    case "all-day":
      return "all_day"
    case "declined":
      return "declined_by_user"
    case "rule":
      return "skipped_by_rule"
    case "otherwise":
      return "skipped_by_default"
    default:
      return null
  }
}

const notAsked = (context: DecisionContext, meeting: MeetingKey): SkipCode => {
  const { coveredUntil, enabled } = context.index.state.auto
  const start = canonicalCopy(context, meeting)?.start ?? Number.NEGATIVE_INFINITY
  return enabled && start >= (coveredUntil ?? Number.NEGATIVE_INFINITY) && start > context.now
    ? "beyond_coverage"
    : "not_asked"
}

const absenceCode = (verdict: Verdict): SkipCode => {
  if (verdict.kind !== "unwanted") return "event_cancelled"
  if (verdict.reason === "removed_by_user") return "removed_by_user"
  return verdict.reason === "meeting_deleted" ? "event_cancelled" : "calendar_not_connected"
}

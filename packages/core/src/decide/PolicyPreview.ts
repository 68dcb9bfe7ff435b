/**
 * What another policy of a user's workspace would do to the user, before it is written.
 * Decides nothing of its own: it is the decision that the policy will be when it has reached the user, told instead of
 * written; and which bots that are in their meetings it takes out of them.
 */
import type { Bot } from "../domain/Bot.ts"
import { isWithdrawn } from "../domain/BotStatus.ts"
import { Refusal } from "../domain/Refusal.ts"
import type { Slice } from "../domain/Slice.ts"
import type { Workspace } from "../domain/Workspace.ts"
import type { DecideOptions } from "./Decide.ts"
import { canonicalCopy } from "./desired/CanonicalCopy.ts"
import { contextOf } from "./desired/DecisionContext.ts"
import { explainIn } from "./desired/Explain.ts"
import { type Preview, type PreviewedMeeting, byStart, preview } from "./Preview.ts"
import { withdrawReason } from "./requests/Withdraw.ts"
import { currentState } from "./reschedule/SeriesChange.ts"
import { indexState } from "./state/StateIndex.ts"

/**
 * `slices`: of one user at one instant, what a policy says something of (`usecases/scheduling/JudgeAnew.ts`). Each holds
 * every bot that is scheduled; a meeting that several hold is told once. A refusal where deciding would be refused.
 */
export const previewPolicy = (
  slices: readonly [Slice, ...ReadonlyArray<Slice>],
  workspace: Workspace,
  options: DecideOptions
): Preview | Refusal =>
  slices
    .map((slice): Preview | Refusal => {
      const under = { ...slice, workspace }
      const told = preview(under, (state) => ({ change: {}, answer: state.auto }), options)
      return told instanceof Refusal ? told : { ...told, leaves: [...told.leaves, ...takenOut(under, options)] }
    })
    .reduce((one, other) => (one instanceof Refusal || other instanceof Refusal ? one : together(one, other)))

/** Auto-scheduling's bots are in both. */
const together = (one: Preview, other: Preview): Preview => {
  const both = (list: "joins" | "leaves" | "changes" | "skipped"): ReadonlyArray<PreviewedMeeting> => {
    const found = [...one[list], ...other[list]].map((each) => [`${each.event.meeting} ${each.bot?.id}`, each] as const)
    return [...new Map(found).values()].toSorted(byStart)
  }
  return { ...one, joins: both("joins"), leaves: both("leaves"), changes: both("changes"), skipped: both("skipped") }
}

/** Bots in meetings that the policy locks. */
const takenOut = (slice: Slice, options: DecideOptions): ReadonlyArray<PreviewedMeeting> => {
  const { now } = options
  const inMeetings = slice.bots.filter((bot) => bot.status === "Launched" && bot.end > now && !isWithdrawn(bot))
  if (inMeetings.length === 0) return []
  const state = currentState(slice, now)
  const context = contextOf(indexState(state), options)
  const isLocked = (bot: Bot): boolean => withdrawReason(state, bot, options) === "blocked_by_policy"
  return inMeetings.filter(isLocked).flatMap((bot) => {
    const event = canonicalCopy(context, bot.meeting)
    return event === null ? [] : [{ event, bot, explained: explainIn(context, bot.meeting) }]
  })
}

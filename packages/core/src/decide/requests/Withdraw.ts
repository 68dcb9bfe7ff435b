/**
 * Which bots are to be withdrawn from the bot service, because their meeting has changed since they were handed over.
 * A bot whose meeting the user removed by hand is not: after the hand-over the bot service has the word on that.
 */
import type { DesiredOptions } from "../desired/DecisionContext.ts"
import { desired } from "../desired/Desired.ts"
import type { Verdict } from "../desired/Verdict.ts"
import type { CurrentState } from "../reschedule/CurrentState.ts"
import type { At, Change } from "./Change.ts"
import { asEventIntent } from "../state/KeptIntent.ts"
import type { State } from "../state/StateIndex.ts"
import type { Bot, CancelReason, WithdrawReason } from "../../domain/Bot.ts"
import { type MeetingLink, meetingLinkKey } from "../../links/Link.ts"

/** Null: the bot stays where it is. A meeting that now begins after the end it was launched for gets another bot. */
export const withdrawReasonOf = (bot: Pick<Bot, "end" | "link">, verdict: Verdict): WithdrawReason | null => {
  switch (verdict.kind) {
    case "over":
      return null
    case "unwanted":
      return isWithdrawn(verdict.reason) ? verdict.reason : null
    case "wanted":
      if (verdict.bot.event.start >= bot.end) return "meeting_moved"
      return isSameMeeting(bot.link, verdict.bot.link) ? null : "link_changed"
  }
}

/** What ends a bot that is in its meeting. What its user says of it, does not. */
const isWithdrawn = (reason: CancelReason): reason is CancelReason & WithdrawReason =>
  reason === "meeting_cancelled" || reason === "meeting_deleted" || reason === "blocked_by_policy"

/** A passcode or a tracking parameter that changed leads to the same room. */
const isSameMeeting = (one: MeetingLink, other: MeetingLink): boolean =>
  one.url === other.url ||
  (one.platform === other.platform && meetingLinkKey(one) !== null && meetingLinkKey(one) === meetingLinkKey(other))

/**
 * Why one bot is to be withdrawn, by the same judgement that schedules bots; null: it stays. So does one that the state
 * does not hold: its meeting is called otherwise by now, and what it was called may be another meeting.
 */
export const withdrawReason = (
  state: State,
  { id }: Pick<Bot, "id">,
  options: DesiredOptions
): WithdrawReason | null => {
  const bot = state.bots.find((each) => each.id === id)
  if (bot === undefined) return null
  const intents = [...state.intents, ...asEventIntent(state, bot)]
  const verdict = desired({ ...state, intents }, options).get(bot.meeting)
  return verdict === undefined ? null : withdrawReasonOf(bot, verdict)
}

/**
 * Records what the service answered, of the bot as its meeting is called by now. A bot that it would not take out is still in
 * its meeting, which so gets no other. Records nothing where another process wrote the bot since: it is looked at again.
 */
export const noteWithdrawal = (
  state: CurrentState,
  { now }: Pick<At, "now">,
  { id, revision }: Pick<Bot, "id" | "revision">,
  reason: WithdrawReason,
  outcome: "withdrawn" | "gone" | "too_late" | "unsupported"
): Change => {
  const bot = state.bots.find((each) => each.id === id)
  if (bot === undefined || bot.revision !== revision) return {}
  const isOut = outcome === "withdrawn" || outcome === "gone"
  const noted: Bot = {
    ...bot,
    statusReason: isOut ? reason : "call_back_refused",
    statusMessage: isOut ? null : `${reason}, and the bot service did not take it back (${outcome})`,
    revision: bot.revision + 1,
    updatedAt: now
  }
  return { noted: [noted], putIntents: isOut && reason === "link_changed" ? asEventIntent(state, bot) : [] }
}

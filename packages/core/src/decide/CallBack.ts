/**
 * Bots past hand-over whose meeting has changed since.
 * Decides which are to be called back from the bot service and why, and what it means once they were: the meeting is
 * without a bot. Never calls anyone, and never takes out what a user removed by hand: from hand-over on, the bot service
 * has the word on that.
 */
import type { Bot, CallBackReason } from "../domain/Bot.ts"
import type { EventIntent } from "../domain/Intent.ts"
import { type MeetingLink, meetingLinkKey } from "../meeting/Link.ts"
import { desired, type DesiredOptions, type Verdict } from "./Desired.ts"
import type { State } from "./Slice.ts"

/** Null: the bot stays where it is. A meeting that now begins after the end it was launched for gets another bot. */
export const calledOff = (bot: Pick<Bot, "end" | "link">, verdict: Verdict): CallBackReason | null => {
  switch (verdict.kind) {
    case "over":
      return null
    case "unwanted":
      return verdict.reason === "meeting_cancelled" || verdict.reason === "meeting_deleted" ? verdict.reason : null
    case "wanted":
      if (verdict.bot.event.start >= bot.end) return "meeting_moved"
      return isSameMeeting(bot.link, verdict.bot.link) ? null : "link_changed"
  }
}

/** A passcode or a tracking parameter that changed leads to the same room. */
const isSameMeeting = (one: MeetingLink, other: MeetingLink): boolean =>
  one.url === other.url ||
  (one.platform === other.platform && meetingLinkKey(one) !== null && meetingLinkKey(one) === meetingLinkKey(other))

/** Why one bot is to be called back, by the same judgement that schedules bots; null: it stays. */
export const whyCallBack = (state: State, bot: Bot, options: DesiredOptions): CallBackReason | null => {
  const intents = [...state.intents, ...asWish(state, bot)]
  const verdict = desired({ ...state, intents }, options).get(bot.meeting)
  return verdict === undefined ? null : calledOff(bot, verdict)
}

/**
 * The bot as a wish for its meeting alone, origin, number and configuration kept; none where one stands. What made it may
 * make none for a meeting that has begun, and would leave a meeting that goes on elsewhere without a bot.
 */
export const asWish = ({ intents }: Pick<State, "intents">, bot: Bot): ReadonlyArray<EventIntent> =>
  intents.some((intent) => intent.kind === "event" && intent.meeting === bot.meeting)
    ? []
    : [
        {
          kind: "event",
          id: `event:${bot.meeting}`,
          seq: bot.seq,
          meeting: bot.meeting,
          origin: bot.origin,
          config: bot.config
        }
      ]

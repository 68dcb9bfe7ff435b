/**
 * Changing one scheduled bot by hand.
 * Decides what a patch becomes: an override on its meeting, with the join time kept as an offset from the start, so that
 * it moves with the meeting.
 */
import type { CurrentState } from "../reschedule/CurrentState.ts"
import type { Change } from "./Change.ts"
import { asEventIntent } from "../state/KeptIntent.ts"
import type { Bot, BotConfig } from "../../domain/Bot.ts"
import type { Override } from "../../domain/Intent.ts"
import { jsonBytes } from "../../domain/JsonSize.ts"
import { quotaLimits } from "../../domain/Limits.ts"
import { Refusal, notScheduled, refuse } from "../../domain/Refusal.ts"
import type { Instant } from "../../domain/Time.ts"

/** What is to be changed; members left out stay as they are. */
export interface BotPatch {
  readonly joinAt?: Instant
  readonly botName?: string
  readonly customAttributes?: Readonly<Record<string, unknown>>
  /** Merged member by member; null removes. */
  readonly config?: BotConfig
}

/** `found`: the bot as it was named. Refused: `bot_not_scheduled`, and `event_ended` for a join time past the end. */
export const overrideBot = (state: CurrentState, found: Bot, patch: BotPatch): Change | Refusal => {
  const bot = state.bots.find(({ id }) => id === found.id)
  // Not among them: its series moved and it has no occurrence any more, so deciding cancels it.
  if (bot === undefined || bot.status !== "Scheduled") return notScheduled(bot ?? { status: "Cancelled" })
  // The mirror may have moved since the bot was last decided.
  const { end, start } = state.events.find(({ id, isDeleted }) => id === bot.eventId && !isDeleted) ?? bot
  if (patch.joinAt !== undefined && patch.joinAt >= end) {
    return refuse("event_ended", "The meeting will have ended by that join time.")
  }
  const before = state.overrides.find(({ meeting }) => meeting === bot.meeting)
  const merged: Override = {
    meeting: bot.meeting,
    joinOffsetMillis: patch.joinAt === undefined ? (before?.joinOffsetMillis ?? null) : patch.joinAt - start,
    botName: patch.botName ?? before?.botName ?? null,
    customAttributes: patch.customAttributes ?? before?.customAttributes ?? null,
    // Kept with its nulls: they remove members of whatever configuration lies below.
    config: patch.config === undefined ? (before?.config ?? null) : { ...before?.config, ...patch.config }
  }
  if (patch.config !== undefined && jsonBytes({ ...bot.config, ...merged.config }) > quotaLimits.botConfigBytesMax) {
    const detail = `A bot's configuration may be ${quotaLimits.botConfigBytesMax} bytes long at most.`
    return new Refusal({ code: "quota_exceeded", limit: "bot_config", detail })
  }
  // A bot of auto-scheduling that was changed by hand keeps the configuration it has when the default changes.
  return { putOverrides: [merged], putIntents: bot.origin === "auto" ? asEventIntent(state, bot) : [] }
}

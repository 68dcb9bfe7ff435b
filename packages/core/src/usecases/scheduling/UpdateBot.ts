/**
 * Changing one scheduled bot by hand.
 * Decides what a patch becomes: an override on its meeting, with the join time kept as an offset from the start, so that
 * it moves with the meeting. Never writes a bot itself.
 */
import { Clock, Effect } from "effect"
import { asEventIntent } from "../../decide/requests/KeepBots.ts"
import type { Change } from "../../decide/requests/Change.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { BotId, UserId } from "../../domain/Ids.ts"
import type { Override } from "../../domain/Intent.ts"
import { seriesOfMeeting } from "../../domain/MeetingKey.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Store } from "../../ports/Store.ts"
import type { BotPatch, Failure } from "../contract/Contract.ts"
import { type DecisionInput, decideAndCommit } from "./DecideAndCommit.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import { notScheduled, scheduledBot } from "./UnscheduleBot.ts"

/**
 * The bot as it is after the change. Refused: `bot_not_found`, `bot_not_scheduled`, `join_time_in_past`, `event_ended` (by
 * that join time), `calendar_not_connected`.
 */
export const updateBot = Effect.fn("Punctual.updateBot")(function* (
  userId: UserId,
  botId: BotId,
  patch: BotPatch
): Effect.fn.Return<Bot, Failure, Scheduler | Store> {
  const bot = yield* scheduledBot(userId, botId)
  const now = yield* Clock.currentTimeMillis
  if (patch.joinAt !== undefined && patch.joinAt <= now) {
    return yield* Effect.fail(refuse("join_time_in_past", "The join time must lie in the future."))
  }
  const series = seriesOfMeeting(bot.meeting)
  const scope = { kind: "meetings", meetings: [bot.meeting], series: series === null ? [] : [series] } as const
  const { decision } = yield* decideAndCommit(userId, scope, (asked) => override(asked, bot, patch))
  return decision.bots.find(({ id }) => id === botId) ?? bot
})

const override = ({ slice }: DecisionInput, found: Bot, patch: BotPatch): Change | Refusal => {
  const bot = slice.bots.find(({ id }) => id === found.id)
  if (bot === undefined || bot.status !== "Scheduled") return notScheduled(bot ?? found)
  // The mirror may have moved since the bot was last decided.
  const { end, start } = slice.events.find(({ id, isDeleted }) => id === bot.eventId && !isDeleted) ?? bot
  if (patch.joinAt !== undefined && patch.joinAt >= end) {
    return refuse("event_ended", "The meeting will have ended by that join time.")
  }
  const before = slice.overrides.find(({ meeting }) => meeting === bot.meeting)
  const merged: Override = {
    meeting: bot.meeting,
    joinOffsetMillis: patch.joinAt === undefined ? (before?.joinOffsetMillis ?? null) : patch.joinAt - start,
    botName: patch.botName ?? before?.botName ?? null,
    customAttributes: patch.customAttributes ?? before?.customAttributes ?? null,
    // Kept with its nulls: they remove members of whatever configuration lies below.
    config: patch.config === undefined ? (before?.config ?? null) : { ...before?.config, ...patch.config }
  }
  // A bot of auto-scheduling that was changed by hand keeps the configuration it has when the default changes.
  return { putOverrides: [merged], putIntents: bot.origin === "auto" ? asEventIntent(slice, bot) : [] }
}

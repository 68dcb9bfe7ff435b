/**
 * Changing one scheduled bot by hand: found, decided, answered.
 * Decides nothing itself: what a patch becomes is `decide/requests/Override.ts`.
 */
import { Clock, Effect } from "effect"
import { planned } from "../../decide/requests/Change.ts"
import { type BotPatch, overrideBot } from "../../decide/requests/Override.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { BotId, UserId } from "../../domain/Ids.ts"
import { refuse } from "../../domain/Refusal.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Store } from "../../ports/Store.ts"
import type { Failure } from "../contract/Contract.ts"
import { decideAboutBot } from "./DecideAboutBot.ts"
import { scheduledBot } from "./UnscheduleBot.ts"

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
  return yield* decideAboutBot(userId, bot, (state) => planned(overrideBot(state, bot, patch)))
})

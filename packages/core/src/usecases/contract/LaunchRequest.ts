/**
 * What a launcher is told of a bot.
 * Decides nothing: the bot's own record, and its meeting as it was read for this attempt.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { LaunchRequest } from "../../ports/Launcher.ts"

/** One bot as the launcher port takes it. */
export const requestOf = (userId: UserId, bot: Bot, event: CalendarEvent): LaunchRequest => ({
  botId: bot.id,
  userId,
  link: bot.link,
  botName: bot.botName,
  joinAt: bot.joinAt,
  config: bot.config,
  customAttributes: bot.customAttributes,
  event: {
    id: event.id,
    platformId: event.providerId,
    summary: event.subject,
    start: event.start,
    end: event.end
  }
})

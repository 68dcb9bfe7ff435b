/**
 * What a launcher is told of a bot.
 * Decides nothing: the bot's own record, and its meeting as the mirror has it. Times are the bot's: those it is launched for.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { LaunchRequest } from "../../ports/Launcher.ts"

/** One bot as the launcher port takes it; `event` null: the mirror knows its meeting no more. */
export const requestOf = (
  { userId, workspaceId }: Pick<LaunchRequest, "userId" | "workspaceId">,
  bot: Bot,
  event: Pick<CalendarEvent, "id" | "providerId" | "subject"> | null
): LaunchRequest => ({
  botId: bot.id,
  userId,
  workspaceId,
  link: bot.link,
  botName: bot.botName,
  joinAt: bot.joinAt,
  config: bot.config,
  customAttributes: bot.customAttributes,
  event: {
    id: event?.id ?? bot.eventId,
    platformId: event?.providerId ?? "",
    summary: event?.subject ?? "",
    start: bot.start,
    end: bot.end
  }
})

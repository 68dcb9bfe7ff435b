/**
 * A bot in the words of the HTTP contract. Decides nothing but how its members are called and shown.
 */
import type { EventBot, OccurrenceBot, ScheduleAnswer, ScheduledBot } from "../api/BotSchemas.ts"
import { type Bot, type Instant, type ListedBot, type LoggedBot, platformNames, type Scheduled } from "@punctual/core"

/** A join instant that had passed when the bot was made means: at once. */
const joinTimeOf = (bot: Pick<Bot, "createdAt" | "joinAt">): Instant => Math.max(bot.joinAt, bot.createdAt)

const standing = (bot: Omit<LoggedBot, "subject">) => ({
  status: bot.status,
  status_reason: bot.statusReason,
  status_message: bot.statusMessage,
  scheduled_join_time: joinTimeOf(bot),
  origin: bot.origin,
  external_id: bot.externalId
})

const face = (bot: Omit<LoggedBot, "subject">) => ({
  platform: platformNames[bot.link.platform],
  bot_username: bot.botName,
  is_scheduled: bot.status === "Scheduled"
})

export const eventBot = (bot: Bot, { subject }: { readonly subject: string }): typeof EventBot.Type => ({
  id: bot.id,
  subject,
  ...standing(bot),
  ...face(bot)
})

/** Also as an entry of the log tells it. */
export const scheduledBot = (bot: LoggedBot): typeof ScheduledBot.Type => ({
  bot_id: bot.id,
  subject: bot.subject ?? "",
  ...standing(bot),
  ...face(bot),
  event_id: bot.eventId,
  meeting_link: bot.link.url,
  custom_attributes: asJson(bot.customAttributes),
  bot_config: asJson(bot.config),
  created_at: bot.createdAt
})

const occurrenceBot = (bot: ListedBot): typeof OccurrenceBot.Type => ({
  bot_id: bot.id,
  subject: bot.subject,
  event_id: bot.eventId,
  scheduled_time: joinTimeOf(bot),
  ...standing(bot)
})

/** `isSeries`: all occurrences were asked for, so all of them are told. */
export const scheduleAnswer = (
  { bot, bots, event, isRecurringOccurrence, overridesAutoSchedule, skipped }: Scheduled,
  now: Instant,
  isSeries: boolean
): typeof ScheduleAnswer.Type => ({
  scheduled: true,
  schedule_id: bot.schedule.name,
  bot_id: bot.id,
  schedule_group: bot.schedule.group,
  event_id: event.id,
  subject: event.subject,
  scheduled_time: Math.max(bot.joinAt, now),
  bot_config: asJson(bot.config),
  is_recurring_occurrence: isRecurringOccurrence,
  ...standing(bot),
  ...(overridesAutoSchedule && { overrides_auto_schedule: true }),
  ...(isSeries && {
    bots: bots.map(occurrenceBot),
    scheduled_count: bots.length,
    skipped: skipped.map(({ botId, eventId, reason, start }) => ({
      event_id: eventId,
      start_time: start,
      reason,
      ...(botId !== null && { bot_id: botId })
    }))
  })
})

/** Open objects came in as JSON and were stored as such. */
export const asJson = (members: Readonly<Record<string, unknown>>) =>
  members as Readonly<Record<string, (typeof ScheduledBot.Type)["custom_attributes"][string]>>

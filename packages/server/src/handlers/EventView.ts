/**
 * A mirrored event in the words of the HTTP contract. Decides nothing but how its members are called and shown.
 */
import { type Explained, platformNames, type ListedEvent } from "@punctual/core"
import { decisionOf } from "./DecisionView.ts"
import { eventBot } from "./BotView.ts"

export type EventItem = ReturnType<typeof eventItem>

/** `explained`: what is decided about its meeting, where that was asked for. */
export const eventItem = (
  { botCount, bots, calendar, event, isRecurringEnabled, platform, rawText, series }: ListedEvent,
  explained?: Explained
) => ({
  id: event.id,
  start_time: event.start,
  end_time: event.end,
  calendar_id: calendar.providerId,
  platform,
  platform_id: event.providerId,
  ical_uid: event.iCalUid,
  meeting_platform: event.link === null ? null : platformNames[event.link.platform],
  meeting_url: event.link?.url ?? null,
  is_deleted: event.isDeleted,
  created_at: event.createdAt,
  updated_at: event.updatedAt,
  subject: event.subject,
  time_zone: event.zone,
  is_all_day: event.isAllDay,
  is_cancelled: event.isCancelled,
  is_recurring: event.seriesId !== null,
  series_id: event.seriesId,
  recurrence_rule: series?.ruleText ?? null,
  recurring_enabled: isRecurringEnabled,
  original_start_time: event.originalStart,
  /** The JSON text that goes into the answer as it is. */
  raw: rawText,
  ...(event.rawTruncated && { raw_truncated: true as const }),
  bots: bots.map((bot) => eventBot(bot, event)),
  bot_count: botCount,
  ...(explained !== undefined && { will_join: explained.willJoin, decision: decisionOf(explained) })
})

/**
 * One of each thing the core answers with, to be shown by the HTTP server. Nothing here decides anything.
 */
import type {
  Bot,
  BotId,
  Calendar,
  CalendarEvent,
  ProviderCalendarId,
  Connection,
  ListedCalendar,
  ListedBot,
  ListedEvent,
  Scheduled,
  ScheduleName,
  Series
} from "@punctual/core"
import { calendarId, connectionId } from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { adele } from "./Kit.ts"

/** 2026-04-08T15:00:00Z */
export const start = Date.UTC(2026, 3, 8, 15)
const { hour } = Rows
const outlook = connectionId("outlook_calendar", adele)

export const calendar: Calendar = Rows.calendar({
  connectionId: outlook,
  providerId: "AQMkADAwATM0MDAA" as ProviderCalendarId,
  isPrimary: true,
  timeZone: "America/New_York",
  subscription: { id: "a1b2c3d4", clientStateHash: "00", expiresAt: Date.UTC(2026, 4, 23, 22) },
  lastSyncedAt: start - hour,
  syncStatus: "ok",
  dueAt: start,
  syncGeneration: 1
})

export const polled: Calendar = {
  ...calendar,
  id: calendarId(outlook, "AQMkADAwATM0MDAB" as ProviderCalendarId),
  providerId: "AQMkADAwATM0MDAB" as ProviderCalendarId,
  summary: "Team Meetings",
  isPrimary: false,
  accessRole: "writer",
  position: 1,
  subscription: null,
  pollingReason: "not_subscribable"
}

/** The same as it is listed. */
export const listedCalendar: ListedCalendar = { ...calendar, platform: "outlook_calendar", staleReason: null }

export const connection: Connection = Rows.connection({
  platform: "outlook_calendar",
  userId: adele,
  accountId: "an-account",
  email: "user@example.com",
  name: "Jane Smith",
  createdAt: start,
  updatedAt: start
})

export const series: Series = Rows.series("abc", {
  calendarId: calendar.id,
  providerId: "outlook_series_1",
  iCalUid: "abc123@outlook.com",
  timing: null,
  ruleText: "FREQ=WEEKLY;BYDAY=MO,WE,FR",
  subject: "Weekly Standup",
  link: { platform: "teams", url: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0" },
  createdAt: start,
  updatedAt: start
})

const { raw, ...shown } = Rows.occurrence(
  "abc123",
  series,
  { date: "2026-04-08", start, end: start + hour },
  {
    providerId: "outlook_evt_456",
    iCalUid: series.iCalUid,
    zone: "America/New_York",
    subject: series.subject,
    link: series.link,
    createdAt: start - 10 * hour,
    updatedAt: start - 5 * hour,
    raw: { subject: "Weekly Standup" }
  }
)

export const event: CalendarEvent = { ...shown, raw }

const plainBot: Bot = Rows.bot(event, {
  id: "bot_111aaa12" as BotId,
  botName: "MeetStream Calendar Bot",
  customAttributes: { source: "calendar_integration", event_id: "outlook_evt_456", event_summary: "Weekly Standup" },
  config: { bot_name: "MeetStream Calendar Bot" },
  schedule: { name: "bot-usr_adele-bot_111aaa12" as ScheduleName, group: "teams", wanted: 1, applied: 1 },
  createdAt: start - 2 * hour,
  updatedAt: start - 2 * hour
})

export const bot: ListedBot = { ...plainBot, subject: event.subject }

export const listed: ListedEvent = {
  calendar,
  platform: connection.platform,
  event: shown,
  rawText: JSON.stringify(raw),
  series,
  isRecurringEnabled: true,
  bots: [bot],
  botCount: 1
}

export const scheduled: Scheduled = {
  bot,
  event,
  overridesAutoSchedule: false,
  isRecurringOccurrence: true,
  bots: [bot],
  skipped: []
}

/**
 * One of each thing the core answers with, to be shown by the HTTP server. Nothing here decides anything.
 */
import type {
  Bot,
  BotId,
  Calendar,
  CalendarEvent,
  CalendarId,
  Connection,
  EventId,
  ListedEvent,
  MeetingKey,
  Scheduled,
  ScheduleName,
  Series,
  SeriesId,
  SeriesKey
} from "@punctual/core"
import { adele } from "./Kit.ts"

/** 2026-04-08T15:00:00Z */
export const start = Date.UTC(2026, 3, 8, 15)
const hour = 3_600_000

export const calendar: Calendar = {
  id: "AQMkADAwATM0MDAA" as CalendarId,
  summary: "Calendar",
  isPrimary: true,
  accessRole: "owner",
  color: "#0078d4",
  timeZone: "America/New_York",
  selected: true,
  position: 0,
  subscription: { id: "a1b2c3d4", clientStateHash: "00", expiresAt: Date.UTC(2026, 4, 23, 22) },
  pollingReason: null,
  cursor: null,
  window: null,
  basedAt: null,
  lastSyncedAt: start - hour,
  syncStatus: "ok",
  syncError: null,
  dueAt: start,
  changedMark: 0,
  syncGeneration: 1,
  leaseUntil: null
}

export const polled: Calendar = {
  ...calendar,
  id: "AQMkADAwATM0MDAB" as CalendarId,
  summary: "Team Meetings",
  isPrimary: false,
  accessRole: "writer",
  position: 1,
  subscription: null,
  pollingReason: "not_subscribable"
}

export const connection: Connection = {
  userId: adele,
  generation: 1,
  revision: 1,
  status: "active",
  statusReason: null,
  statusMessage: null,
  accountId: "an-account",
  email: "user@example.com",
  name: "Jane Smith",
  credentialsVersion: 1,
  notBefore: null,
  createdAt: start,
  updatedAt: start
}

const { raw, ...shown }: CalendarEvent = {
  id: "evt_abc123" as EventId,
  calendarId: calendar.id,
  providerId: "outlook_evt_456",
  kind: "occurrence",
  seriesId: "srs_abc" as SeriesId,
  seriesKey: "series" as SeriesKey,
  originalDate: "2026-04-08",
  originalStart: start,
  meeting: "meeting" as MeetingKey,
  iCalUid: "abc123@outlook.com",
  start,
  end: start + hour,
  isAllDay: false,
  zone: "America/New_York",
  subject: "Weekly Standup",
  link: { platform: "teams", url: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0" },
  isCancelled: false,
  isDeclined: false,
  isDeleted: false,
  isProjected: false,
  createdAt: start - 10 * hour,
  updatedAt: start - 5 * hour,
  raw: { subject: "Weekly Standup" },
  rawTruncated: false
}

export const event: CalendarEvent = { ...shown, raw }

export const series: Series = {
  id: "srs_abc" as SeriesId,
  calendarId: calendar.id,
  providerId: "outlook_series_1",
  key: "series" as SeriesKey,
  iCalUid: "abc123@outlook.com",
  timing: null,
  decidedTiming: null,
  ruleText: "FREQ=WEEKLY;BYDAY=MO,WE,FR",
  exceptions: null,
  subject: "Weekly Standup",
  link: event.link,
  isCancelled: false,
  isDeclined: false,
  isDeleted: false,
  createdAt: start,
  updatedAt: start,
  raw: {},
  rawTruncated: false
}

export const bot: Bot = {
  id: "bot_111aaa12" as BotId,
  meeting: event.meeting,
  eventId: event.id,
  calendarId: calendar.id,
  status: "Scheduled",
  statusReason: null,
  statusMessage: null,
  origin: "manual",
  seq: 1,
  joinAt: start - 60_000,
  start,
  end: start + hour,
  link: { platform: "teams", url: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0" },
  botName: "MeetStream Calendar Bot",
  customAttributes: { source: "calendar_integration", event_id: "outlook_evt_456", event_summary: "Weekly Standup" },
  config: { bot_name: "MeetStream Calendar Bot" },
  schedule: { name: "bot-usr_adele-bot_111aaa12" as ScheduleName, group: "teams", wanted: 1, applied: 1 },
  launch: null,
  externalId: null,
  revision: 1,
  createdAt: start - 2 * hour,
  updatedAt: start - 2 * hour
}

export const listed: ListedEvent = {
  event: shown,
  rawText: JSON.stringify(raw),
  series,
  isRecurringEnabled: true,
  bots: [bot]
}

export const scheduled: Scheduled = {
  bot,
  event,
  overridesAutoSchedule: false,
  isRecurringOccurrence: true,
  bots: [bot],
  skipped: []
}

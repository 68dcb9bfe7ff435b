/**
 * The rows that the store's contract writes: plain ones, each as like the next as a case allows.
 *
 * Decides default members only. All instants lie in 2041, so that nothing has ended for a store that reads a clock.
 */
import { DateTime } from "effect"
import { occurrenceMeetingKey, seriesKey as seriesKeyOf, singleMeetingKey } from "../../../src/domain/MeetingKey.ts"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { CalendarListing } from "../../../src/domain/Calendar.ts"
import type { Connection } from "../../../src/domain/Connection.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type {
  BotId,
  CalendarId,
  EventId,
  MeetingKey,
  ScheduleName,
  SeriesId,
  SeriesKey,
  UserId
} from "../../../src/domain/Ids.ts"
import type { EventIntent, Exclusion, Override, RecurringIntent, SeriesIntent } from "../../../src/domain/Intent.ts"
import type { Series } from "../../../src/domain/Series.ts"
import type { Instant, LocalDate, Span } from "../../../src/domain/Time.ts"
import type { RecurringSeries } from "../../../src/recurrence/Rule.ts"

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** The present of every case. */
export const now: Instant = DateTime.toEpochMillis(DateTime.makeUnsafe("2041-04-20T12:00:00Z"))

/** The window that rounds end with. */
export const window: Span = { from: now - 2 * day, to: now + 30 * day }

/** Of a meeting of its own; occurrences have the date and series in theirs. */
export const meetingKey = (label: string): MeetingKey => singleMeetingKey(eventId(label), `${label}@example.com`)
export const seriesKey = (label: string): SeriesKey => seriesKeyOf(seriesId(label), `${label}@series.example.com`)

/** The date that a pattern of noons gives `dayOffset` days from now. */
export const dateOf = (dayOffset: number): LocalDate =>
  DateTime.formatIsoDateUtc(DateTime.makeUnsafe(now + dayOffset * day))

/** The meeting of a series `dayOffset` days from now. */
export const occurrenceKey = (label: string, dayOffset: number): MeetingKey =>
  occurrenceMeetingKey(seriesKey(label), dateOf(dayOffset))
export const eventId = (label: string): EventId => `evt_${label}` as EventId
export const seriesId = (label: string): SeriesId => `srs_${label}` as SeriesId

export const connection = (userId: UserId, members: Partial<Connection> = {}): Connection => ({
  userId,
  generation: 1,
  revision: 1,
  status: "active",
  statusReason: null,
  statusMessage: null,
  accountId: "account",
  email: "ada@example.com",
  name: "Ada",
  credentialsVersion: 1,
  notBefore: null,
  createdAt: now,
  updatedAt: now,
  ...members
})

export const listing = (id: CalendarId, members: Partial<CalendarListing> = {}): CalendarListing => ({
  id,
  summary: `Calendar ${id}`,
  isPrimary: false,
  accessRole: "owner",
  color: "#0078d4",
  timeZone: "Europe/Berlin",
  ...members
})

/** An hour-long meeting of its own, at noon. */
export const event = (label: string, calendarId: CalendarId, members: Partial<CalendarEvent> = {}): CalendarEvent => ({
  id: eventId(label),
  calendarId,
  providerId: `provider ${label}`,
  kind: "single",
  seriesId: null,
  seriesKey: null,
  originalDate: null,
  originalStart: null,
  meeting: meetingKey(label),
  iCalUid: `${label}@example.com`,
  start: now,
  end: (members.start ?? now) + hour,
  isAllDay: false,
  zone: "Europe/Berlin",
  subject: `Meeting ${label}`,
  link: { platform: "teams", url: `https://teams.example.com/${label}` },
  isCancelled: false,
  isDeclined: false,
  isDeleted: false,
  isProjected: false,
  createdAt: now - day,
  updatedAt: now - day,
  raw: { id: `provider ${label}`, body: { content: "…", attendees: [{ name: "Bob" }, null] }, sizes: [1, 2.5, -0.001] },
  rawTruncated: false,
  ...members
})

/** The occurrence of a series `dayOffset` days from now. */
export const occurrence = (
  label: string,
  series: string,
  calendarId: CalendarId,
  dayOffset: number,
  members: Partial<CalendarEvent> = {}
): CalendarEvent =>
  event(label, calendarId, {
    kind: "occurrence",
    seriesId: seriesId(series),
    seriesKey: seriesKey(series),
    originalDate: dateOf(dayOffset),
    meeting: occurrenceKey(series, dayOffset),
    originalStart: now + dayOffset * day,
    start: now + dayOffset * day,
    ...members
  })

export const daily: RecurringSeries = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2041-04-01",
  startTime: 12 * hour,
  durationMillis: hour,
  zone: "UTC"
}

export const weekly: RecurringSeries = {
  ...daily,
  rule: {
    kind: "pattern",
    pattern: { kind: "weekly", interval: 2, days: ["MO", "SU"], weekStart: "SU" },
    range: { kind: "numbered", count: 12 }
  }
}

export const series = (label: string, calendarId: CalendarId, members: Partial<Series> = {}): Series => ({
  id: seriesId(label),
  calendarId,
  providerId: `provider series ${label}`,
  key: seriesKey(label),
  iCalUid: `${label}@series.example.com`,
  timing: daily,
  decidedTiming: null,
  ruleText: "FREQ=DAILY",
  exceptions: null,
  subject: `Series ${label}`,
  link: null,
  isCancelled: false,
  isDeclined: false,
  isDeleted: false,
  createdAt: now - day,
  updatedAt: now - day,
  raw: { type: "seriesMaster" },
  rawTruncated: true,
  ...members
})

/** A wish for one meeting: by its label, or by `members.meeting`. */
export const eventIntent = (id: string, meeting: string, members: Partial<EventIntent> = {}): EventIntent => ({
  kind: "event",
  id,
  seq: 1,
  meeting: meetingKey(meeting),
  origin: "manual",
  config: { bot_name: "Notes", nested: { list: [1, null, "two"] } },
  ...members
})

export const seriesIntent = (id: string, of: string): SeriesIntent => ({
  kind: "series",
  id,
  seq: 2,
  series: seriesKey(of),
  fromDate: "2041-04-20",
  span: 52,
  beforeDate: null,
  config: {}
})

export const recurringIntent = (id: string, of: string): RecurringIntent => ({
  kind: "recurring",
  id,
  seq: 3,
  series: seriesKey(of),
  fromDate: "2041-04-20",
  beforeDate: "2041-12-24",
  config: { bot_name: "Chain" }
})

export const exclusion = (id: string, meeting: string): Exclusion => ({
  kind: "exclusion",
  id,
  seq: 4,
  meeting: meetingKey(meeting)
})

export const override = (meeting: string, members: Partial<Override> = {}): Override => ({
  meeting: meetingKey(meeting),
  joinOffsetMillis: -5 * minute,
  botName: null,
  customAttributes: { team: "blue" },
  config: { removed: null },
  ...members
})

/** A `Scheduled` bot that joins `meeting` a minute before noon; its id has to be the user's own. */
export const bot = (id: BotId, meeting: string, calendarId: CalendarId, members: Partial<Bot> = {}): Bot => ({
  id,
  meeting: meetingKey(meeting),
  eventId: eventId(meeting),
  calendarId,
  status: "Scheduled",
  statusReason: null,
  statusMessage: null,
  origin: "manual",
  seq: 1,
  joinAt: now - minute,
  start: now,
  end: now + hour,
  link: { platform: "zoom", url: "https://zoom.example.com/j/1?pwd=x" },
  botName: "Notes",
  customAttributes: { deep: { er: ["ü", null] } },
  config: { record: true },
  schedule: { name: `bot-${id}` as ScheduleName, group: "zoom", wanted: 1, applied: 0 },
  launch: null,
  externalId: null,
  revision: 1,
  createdAt: now - day,
  updatedAt: now - day,
  ...members
})

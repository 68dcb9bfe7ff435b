/**
 * The rows that tests of deciding are made of: plain ones, in which a test names what it is about.
 * Decides default members only. The present is a Monday morning in summer, so that weeks and DST stay out of the way of
 * tests that are not about them.
 */
import { occurrenceMeetingKey, seriesKey, singleMeetingKey } from "../../src/domain/MeetingKey.ts"
import { botId, eventId, occurrenceId, scheduleName, seriesId } from "../../src/domain/DeterministicIds.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { Calendar } from "../../src/domain/Calendar.ts"
import type { Connection } from "../../src/domain/Connection.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { CalendarId, MeetingKey, UserId } from "../../src/domain/Ids.ts"
import type { AutoSchedule } from "../../src/domain/Intent.ts"
import { defaultPolicy } from "../../src/domain/Policy.ts"
import type { Series } from "../../src/domain/Series.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Instant, LocalDate } from "../../src/domain/Time.ts"
import type { MeetingLink } from "../../src/links/Link.ts"
import type { Occurrence, RecurringSeries, Weekday } from "../../src/recurrence/Rule.ts"

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

export const at = (text: string): Instant => Date.parse(text)

/** Monday, 10:00 in Berlin. */
export const monday = at("2025-06-02T08:00:00Z")

export const user = "usr_0123456789abcdef" as UserId
export const primary = "primary" as CalendarId
export const second = "second" as CalendarId

export const policy = defaultPolicy

export const teams: MeetingLink = { platform: "teams", url: "https://teams.microsoft.com/meet/744337110262323?p=a" }
export const zoom: MeetingLink = { platform: "zoom", url: "https://zoom.us/j/81234567890?pwd=a.1" }

export const connection: Connection = {
  userId: user,
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
  createdAt: 0,
  updatedAt: 0
}

export const calendar = (id: CalendarId, members: Partial<Calendar> = {}): Calendar => ({
  id,
  summary: id,
  isPrimary: id === primary,
  accessRole: "owner",
  color: "#0078d4",
  timeZone: "Europe/Berlin",
  selected: true,
  position: id === primary ? 0 : 1,
  subscription: null,
  pollingReason: null,
  cursor: "cursor",
  window: { from: monday - 2 * day, to: monday + 30 * day },
  basedAt: monday,
  lastSyncedAt: monday,
  syncStatus: "ok",
  syncError: null,
  dueAt: monday,
  changedMark: 0,
  syncGeneration: 1,
  leaseUntil: null,
  ...members
})

/** An hour-long meeting with a link, one hour ahead, in the primary calendar. Its UID is its name. */
export const event = (name: string, members: Partial<CalendarEvent> = {}): CalendarEvent => {
  const calendarId = members.calendarId ?? primary
  const id = eventId(`${name} ${calendarId}`)
  const iCalUid = members.iCalUid === undefined ? name : members.iCalUid
  const start = members.start ?? monday + hour
  return {
    id,
    calendarId,
    providerId: `provider ${name} ${calendarId}`,
    kind: "single",
    seriesId: null,
    seriesKey: null,
    originalDate: null,
    originalStart: null,
    meeting: singleMeetingKey(id, iCalUid),
    iCalUid,
    start,
    end: start + hour,
    isAllDay: false,
    zone: "Europe/Berlin",
    subject: name,
    link: teams,
    isCancelled: false,
    isDeclined: false,
    isDeleted: false,
    isProjected: false,
    createdAt: 0,
    updatedAt: 0,
    raw: {},
    rawTruncated: false,
    ...members
  }
}

/** Every Monday at 10:00 in Berlin for half an hour, since January. */
export const weekly = (
  days: ReadonlyArray<Weekday> = ["MO"],
  members: Partial<RecurringSeries> = {}
): RecurringSeries => ({
  rule: {
    kind: "pattern",
    pattern: { kind: "weekly", interval: 1, days, weekStart: "MO" },
    range: { kind: "noEnd" }
  },
  startDate: "2025-01-06",
  startTime: 10 * hour,
  durationMillis: hour / 2,
  zone: "Europe/Berlin",
  ...members
})

export const series = (name: string, members: Partial<Series> = {}): Series => {
  const calendarId = members.calendarId ?? primary
  const id = seriesId(`${name} ${calendarId}`)
  const iCalUid = members.iCalUid === undefined ? name : members.iCalUid
  return {
    id,
    calendarId,
    providerId: `provider ${name} ${calendarId}`,
    key: seriesKey(id, iCalUid),
    iCalUid,
    timing: weekly(),
    decidedTiming: null,
    ruleText: null,
    exceptions: null,
    subject: name,
    link: teams,
    isCancelled: false,
    isDeclined: false,
    isDeleted: false,
    createdAt: 0,
    updatedAt: 0,
    raw: {},
    rawTruncated: false,
    ...members
  }
}

/** An occurrence as the provider lists it. */
export const listed = (
  of: Series,
  { date, end, start }: Occurrence,
  members: Partial<CalendarEvent> = {}
): CalendarEvent => ({
  ...event(of.subject, { calendarId: of.calendarId, iCalUid: of.iCalUid, start }),
  id: occurrenceId(of.id, date),
  providerId: `provider ${of.subject} ${of.calendarId} ${date}`,
  kind: "occurrence",
  seriesId: of.id,
  seriesKey: of.key,
  originalDate: date,
  originalStart: start,
  meeting: occurrenceMeetingKey(of.key, date),
  end,
  link: of.link,
  ...members
})

export const meetingOn = (of: Series, date: LocalDate): MeetingKey => occurrenceMeetingKey(of.key, date)

/** A bot as deciding would have made it for the event. */
export const bot = (of: CalendarEvent, members: Partial<Bot> = {}): Bot => {
  const id = members.id ?? botId(user, of.meeting, monday - day, 0)
  return {
    id,
    meeting: of.meeting,
    eventId: of.id,
    calendarId: of.calendarId,
    status: "Scheduled",
    statusReason: null,
    statusMessage: null,
    origin: "manual",
    seq: 1,
    joinAt: of.start - policy.leadMillis,
    start: of.start,
    end: of.end,
    link: of.link ?? teams,
    botName: "Punctual Bot",
    customAttributes: { source: "calendar_integration", event_id: of.providerId, event_summary: of.subject },
    config: {},
    schedule: { name: scheduleName(user, id), group: "teams", wanted: 1, applied: 1 },
    launch: null,
    externalId: null,
    revision: 1,
    createdAt: monday - day,
    updatedAt: monday - day,
    ...members
  }
}

export const autoOff: AutoSchedule = { enabled: false, seq: 0, config: {}, coveredUntil: null }

export const slice = (members: Partial<Slice> = {}): Slice => ({
  userId: user,
  version: 10,
  mirrorNumber: 1,
  decided: 0,
  decideAt: null,
  connection,
  calendars: [calendar(primary), calendar(second)],
  auto: autoOff,
  events: [],
  series: [],
  intents: [],
  overrides: [],
  bots: [],
  ...members
})

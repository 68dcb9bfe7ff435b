/**
 * The user that tests of deciding are about, and whose calendars these are: the plain rows, as of a Monday morning in
 * summer, so that weeks and DST stay out of the way of tests that are not about them.
 * Decides that user's names and instants, and that ids are those that production would give.
 */
import { occurrenceMeetingKey } from "../../src/domain/MeetingKey.ts"
import { botId, eventId, occurrenceId, scheduleName, seriesId } from "../../src/domain/DeterministicIds.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { Calendar } from "../../src/domain/Calendar.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { CalendarId, MeetingKey, UserId } from "../../src/domain/Ids.ts"
import { defaultPolicy } from "../../src/domain/Policy.ts"
import type { Series } from "../../src/domain/Series.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Instant, LocalDate } from "../../src/domain/Time.ts"
import type { MeetingLink } from "../../src/links/Link.ts"
import type { Occurrence, RecurringSeries, Weekday } from "../../src/recurrence/Rule.ts"
import * as rows from "../../testing/rows/index.ts"
import { day, hour } from "../../testing/rows/Present.ts"

export {
  autoSchedule,
  eventIntent,
  exclusion,
  override,
  recurringIntent,
  seriesExclusion,
  seriesIntent
} from "../../testing/rows/Intent.ts"
export { day, hour, minute } from "../../testing/rows/Present.ts"

export const at = (text: string): Instant => Date.parse(text)

/** Monday, 10:00 in Berlin. */
export const monday = at("2025-06-02T08:00:00Z")

export const user = "usr_0123456789abcdef" as UserId
export const primary = "primary" as CalendarId
export const second = "second" as CalendarId

export const policy = defaultPolicy

export const teams = rows.link
export const zoom: MeetingLink = { platform: "zoom", url: "https://zoom.us/j/81234567890?pwd=a.1" }

export const connection = rows.connection({ userId: user, email: "ada@example.com", name: "Ada" })

/** A calendar that was read on Monday. */
export const calendar = (id: CalendarId, members: Partial<Calendar> = {}): Calendar =>
  rows.calendar({
    id,
    connectionId: connection.id,
    summary: id,
    isPrimary: id === primary,
    position: id === primary ? 0 : 1,
    cursor: "cursor",
    window: { from: monday - 2 * day, to: monday + 30 * day },
    basedAt: monday,
    lastSyncedAt: monday,
    syncStatus: "ok",
    dueAt: monday,
    syncGeneration: 1,
    ...members
  })

/** An hour-long meeting with a link, one hour ahead, in the primary calendar. Its UID is its name. */
export const event = (name: string, members: Partial<CalendarEvent> = {}): CalendarEvent => {
  const calendarId = members.calendarId ?? primary
  const copy = `${name} ${calendarId}`
  return rows.event(name, {
    id: eventId(connection.id, copy),
    calendarId,
    providerId: `provider ${copy}`,
    start: monday + hour,
    ...members
  })
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
  const copy = `${name} ${calendarId}`
  return rows.series(name, {
    id: seriesId(connection.id, copy),
    calendarId,
    providerId: `provider ${copy}`,
    iCalUid: name,
    timing: weekly(),
    link: teams,
    ...members
  })
}

/** An occurrence as the provider lists it. */
export const listed = (of: Series, when: Occurrence, members: Partial<CalendarEvent> = {}): CalendarEvent =>
  rows.occurrence(of.subject, of, when, {
    id: occurrenceId(of.id, when.date),
    providerId: `provider ${of.subject} ${of.calendarId} ${when.date}`,
    iCalUid: of.iCalUid,
    link: of.link,
    ...members
  })

export const meetingOn = (of: Series, date: LocalDate): MeetingKey => occurrenceMeetingKey(of.key, date)

/** A bot as deciding would have made it for the event, a day before Monday. */
export const bot = (of: CalendarEvent, members: Partial<Bot> = {}): Bot => {
  const id = members.id ?? botId(user, of.meeting, monday - day, 0)
  return rows.bot(of, {
    id,
    joinAt: of.start - policy.leadMillis,
    botName: "Punctual Bot",
    customAttributes: { source: "calendar_integration", event_id: of.providerId, event_summary: of.subject },
    schedule: { name: scheduleName(user, id), group: "teams", wanted: 1, applied: 1 },
    createdAt: monday - day,
    updatedAt: monday - day,
    ...members
  })
}

export const slice = (members: Partial<Slice> = {}): Slice =>
  rows.slice({
    userId: user,
    version: 10,
    mirrorNumber: 1,
    connections: [connection],
    calendars: [calendar(primary), calendar(second)],
    ...members
  })

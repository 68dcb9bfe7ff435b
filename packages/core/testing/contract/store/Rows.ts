/**
 * The rows that the store's contract writes: the plain ones, with values on which a store could trip.
 *
 * Decides those values and what rows are called. All instants lie in 2041, so that nothing has ended for a store that
 * reads a clock.
 */
import { DateTime } from "effect"
import { occurrenceMeetingKey } from "../../../src/domain/MeetingKey.ts"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { KnownListing } from "../../../src/domain/Calendar.ts"
import type { Connection } from "../../../src/domain/Connection.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import { type EventFacts, keptFacts } from "../../../src/domain/Facts.ts"
import type {
  BotId,
  CalendarId,
  ConnectionId,
  EventId,
  MeetingKey,
  ProviderCalendarId,
  SeriesId,
  SeriesKey,
  UserId
} from "../../../src/domain/Ids.ts"
import type { EventIntent, Exclusion, Override, RecurringIntent, SeriesIntent } from "../../../src/domain/Intent.ts"
import type { Series } from "../../../src/domain/Series.ts"
import type { LocalDate, Span } from "../../../src/domain/Time.ts"
import type { RecurringSeries } from "../../../src/recurrence/Rule.ts"
import * as rows from "../../rows/index.ts"
import { day, hour, minute, now } from "../../rows/Present.ts"

export { day, hour, minute, now } from "../../rows/Present.ts"
export { daily } from "../../rows/Series.ts"

/** The window that rounds end with. */
export const window: Span = { from: now - 2 * day, to: now + 30 * day }

/** Of a meeting of its own; occurrences have the date and series in theirs. */
export const meetingKey = (label: string): MeetingKey => rows.event(label).meeting
export const seriesKey = (label: string): SeriesKey => rows.series(label).key
export const eventId = (label: string): EventId => rows.event(label).id
export const seriesId = (label: string): SeriesId => rows.series(label).id

/** The date that a pattern of noons gives `dayOffset` days from now. */
export const dateOf = (dayOffset: number): LocalDate =>
  DateTime.formatIsoDateUtc(DateTime.makeUnsafe(now + dayOffset * day))

/** The meeting of a series `dayOffset` days from now. */
export const occurrenceKey = (label: string, dayOffset: number): MeetingKey =>
  occurrenceMeetingKey(seriesKey(label), dateOf(dayOffset))

export const connection = (userId: UserId, members: Partial<Connection> = {}): Connection =>
  rows.connection({ userId, email: "ada@example.com", name: "Ada", ...members })

export const listing = (
  connectionId: ConnectionId,
  providerId: string,
  members: Partial<KnownListing> = {}
): KnownListing =>
  rows.listing({
    connectionId,
    providerId: providerId as ProviderCalendarId,
    summary: `Calendar ${providerId}`,
    ...members
  })

/** An hour-long meeting of its own, at noon. */
export const event = (label: string, calendarId: CalendarId, members: Partial<CalendarEvent> = {}): CalendarEvent =>
  rows.event(label, { calendarId, raw: rawOf(label), ...members })

/** The occurrence of a series `dayOffset` days from now. */
export const occurrence = (
  label: string,
  series: string,
  calendarId: CalendarId,
  dayOffset: number,
  members: Partial<CalendarEvent> = {}
): CalendarEvent => {
  const start = members.start ?? now + dayOffset * day
  const of = rows.series(series, { calendarId })
  const own = { date: dateOf(dayOffset), start: now + dayOffset * day, end: start + hour }
  return rows.occurrence(label, of, own, { raw: rawOf(label), ...members })
}

/** An item as a provider sends it, deep and with numbers that are no integers. */
const rawOf = (label: string): unknown => ({
  id: `provider ${label}`,
  body: { content: "…", attendees: [{ name: "Bob" }, null] },
  sizes: [1, 2.5, -0.001]
})

/** More people than are kept by their addresses, and texts of every kind. */
export const edgeFacts: EventFacts = keptFacts({
  isOrganizer: true,
  response: "declined",
  organizer: "Zoë.O'Neil+tag@EXÄMPLE.org",
  people: Array.from({ length: 600 }, (_, n) => `guest${n}@${n % 7}.example`).concat("nobody", "__proto__@constructor"),
  sensitivity: "confidential",
  showAs: "working_elsewhere",
  categories: ["Red, green", "会议", '"\\'],
  location: "Raum „Süd“\n2. Stock"
})

export const weekly: RecurringSeries = {
  ...rows.daily,
  rule: {
    kind: "pattern",
    pattern: { kind: "weekly", interval: 2, days: ["MO", "SU"], weekStart: "SU" },
    range: { kind: "numbered", count: 12 }
  }
}

export const series = (label: string, calendarId: CalendarId, members: Partial<Series> = {}): Series =>
  rows.series(label, {
    calendarId,
    ruleText: "FREQ=DAILY",
    raw: { type: "seriesMaster" },
    rawTruncated: true,
    ...members
  })

/** An intent for one meeting: by its label, or by `members.meeting`. */
export const eventIntent = (id: string, meeting: string, members: Partial<EventIntent> = {}): EventIntent =>
  rows.eventIntent(meetingKey(meeting), {
    id,
    config: { bot_name: "Notes", nested: { list: [1, null, "two"] } },
    ...members
  })

export const seriesIntent = (id: string, of: string): SeriesIntent =>
  rows.seriesIntent(seriesKey(of), { id, seq: 2, fromDate: "2041-04-20", dateCount: 52 })

export const recurringIntent = (id: string, of: string): RecurringIntent =>
  rows.recurringIntent(seriesKey(of), {
    id,
    seq: 3,
    fromDate: "2041-04-20",
    beforeDate: "2041-12-24",
    config: { bot_name: "Chain" }
  })

export const exclusion = (id: string, meeting: string): Exclusion => rows.exclusion(meetingKey(meeting), { id, seq: 4 })

export const override = (meeting: string, members: Partial<Override> = {}): Override =>
  rows.override(meetingKey(meeting), {
    joinOffsetMillis: -5 * minute,
    customAttributes: { team: "blue" },
    config: { removed: null },
    ...members
  })

/** A `Scheduled` bot that joins `meeting` a minute before noon; its id has to be the user's own. */
export const bot = (id: BotId, meeting: string, calendarId: CalendarId, members: Partial<Bot> = {}): Bot =>
  rows.bot(event(meeting, calendarId), {
    id,
    link: { platform: "zoom", url: "https://zoom.us/j/1?pwd=x" },
    customAttributes: { deep: { er: ["ü", null] } },
    config: { record: true },
    ...members
  })

/**
 * The names of things. Each id is a branded string, so that one kind cannot stand in for another.
 * How ids are made is decided in `domain/DeterministicIds.ts`; nothing here runs.
 */
import type { Brand } from "effect"

/** The owner of connections, of the events in them and of bots: `usr_…`. */
export type UserId = string & Brand.Brand<"UserId">

/** A user's account at one kind of provider: `<platform>_<user id>`, so at most one of each kind. */
export type ConnectionId = string & Brand.Brand<"ConnectionId">

/** A calendar's id as its provider gives it: opaque, case-sensitive, as long as it likes. */
export type ProviderCalendarId = string & Brand.Brand<"ProviderCalendarId">

/** One calendar of one connection: `cal_…`. The provider's own id stands beside it, in the row. */
export type CalendarId = string & Brand.Brand<"CalendarId">

/** One meeting that takes place at one time: `evt_…`; for an occurrence it ends in the original local date. */
export type EventId = string & Brand.Brand<"EventId">

/** The master of a recurring meeting: `srs_…`. */
export type SeriesId = string & Brand.Brand<"SeriesId">

/** One attendance: `bot_…`, sorts by the time of its making. */
export type BotId = string & Brand.Brand<"BotId">

/**
 * What tells meetings apart within one user: the copies of one event on several calendars share it,
 * the occurrences of one series do not. Never built from a start time or a link.
 */
export type MeetingKey = string & Brand.Brand<"MeetingKey">

/** What tells series apart within one user: the copies of one series on several calendars share it. */
export type SeriesKey = string & Brand.Brand<"SeriesKey">

/** What the scheduler knows a bot by: at most 64 characters of `[0-9a-zA-Z-_.]`. */
export type ScheduleName = string & Brand.Brand<"ScheduleName">

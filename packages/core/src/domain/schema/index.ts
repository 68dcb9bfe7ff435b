/**
 * Schemas of the domain's interfaces, for adapters that decode what they stored.
 * Each one's type is its interface, no more and no less.
 */
export { Bot, BotConfig, BotOrigin, BotStatus, CancelReason, FailReason, LaunchState, ScheduleState } from "./Bot.ts"
export { AccessRole, Calendar, Subscription, SyncStatus } from "./Calendar.ts"
export { Connection, ConnectionStatus, Credentials } from "./Connection.ts"
export { CalendarEvent, EventKind } from "./Event.ts"
export { BotId, CalendarId, EventId, MeetingKey, ScheduleName, SeriesId, SeriesKey, UserId } from "./Ids.ts"
export { AutoSchedule, Intent, Override } from "./Intent.ts"
export { MeetingLink } from "./Meeting.ts"
export { Exceptions, Occurrence, Pattern, Range, RecurringSeries, Rule } from "./Recurrence.ts"
export { Series } from "./Series.ts"
export { Instant, LocalDate, Span } from "./Time.ts"

/**
 * Schemas of names: texts that carry which kind of thing they name.
 * Decide that a name is not empty; how names are made is decided in `domain/DeterministicIds.ts`.
 */
import { Schema } from "effect"
import type {
  BotId as BotIdType,
  CalendarId as CalendarIdType,
  ConnectionId as ConnectionIdType,
  EventId as EventIdType,
  MeetingKey as MeetingKeyType,
  ProviderCalendarId as ProviderCalendarIdType,
  ScheduleName as ScheduleNameType,
  SeriesId as SeriesIdType,
  SeriesKey as SeriesKeyType,
  UserId as UserIdType
} from "../Ids.ts"
import { describing } from "./Describing.ts"

export const UserId = describing<UserIdType>()(Schema.NonEmptyString.pipe(Schema.brand("UserId")))
export const ConnectionId = describing<ConnectionIdType>()(Schema.NonEmptyString.pipe(Schema.brand("ConnectionId")))
export const ProviderCalendarId = describing<ProviderCalendarIdType>()(
  Schema.NonEmptyString.pipe(Schema.brand("ProviderCalendarId"))
)
export const CalendarId = describing<CalendarIdType>()(Schema.NonEmptyString.pipe(Schema.brand("CalendarId")))
export const EventId = describing<EventIdType>()(Schema.NonEmptyString.pipe(Schema.brand("EventId")))
export const SeriesId = describing<SeriesIdType>()(Schema.NonEmptyString.pipe(Schema.brand("SeriesId")))
export const BotId = describing<BotIdType>()(Schema.NonEmptyString.pipe(Schema.brand("BotId")))
export const MeetingKey = describing<MeetingKeyType>()(Schema.NonEmptyString.pipe(Schema.brand("MeetingKey")))
export const SeriesKey = describing<SeriesKeyType>()(Schema.NonEmptyString.pipe(Schema.brand("SeriesKey")))

/** What the scheduler knows a bot by: at most 64 characters of `[0-9a-zA-Z-_.]`. */
export const ScheduleName = describing<ScheduleNameType>()(Schema.NonEmptyString.pipe(Schema.brand("ScheduleName")))

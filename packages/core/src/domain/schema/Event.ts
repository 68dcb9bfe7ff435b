/**
 * Schema of a row of the mirror. Decides its shape only.
 */
import { Schema } from "effect"
import type { CalendarEvent as CalendarEventType } from "../Event.ts"
import { describing } from "./Describing.ts"
import { EventFacts } from "./Facts.ts"
import { CalendarId, EventId, MeetingKey, SeriesId, SeriesKey } from "./Ids.ts"
import { MeetingLink } from "./Meeting.ts"
import { Instant, LocalDate } from "./Time.ts"

export const EventKind = Schema.Literals(["single", "occurrence", "exception"])

export const CalendarEvent = describing<CalendarEventType>()(
  Schema.Struct({
    id: EventId,
    calendarId: CalendarId,
    providerId: Schema.String,
    kind: EventKind,
    seriesId: Schema.NullOr(SeriesId),
    seriesKey: Schema.NullOr(SeriesKey),
    originalDate: Schema.NullOr(LocalDate),
    originalStart: Schema.NullOr(Instant),
    meeting: MeetingKey,
    family: MeetingKey,
    iCalUid: Schema.NullOr(Schema.String),
    start: Instant,
    end: Instant,
    isAllDay: Schema.Boolean,
    zone: Schema.String,
    subject: Schema.String,
    organizer: Schema.NullOr(Schema.String),
    link: Schema.NullOr(MeetingLink),
    isCancelled: Schema.Boolean,
    facts: Schema.NullOr(EventFacts),
    isDeleted: Schema.Boolean,
    isVirtual: Schema.Boolean,
    createdAt: Instant,
    updatedAt: Instant,
    raw: Schema.Unknown,
    rawTruncated: Schema.Boolean
  })
)

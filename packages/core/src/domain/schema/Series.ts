/**
 * Schema of the master of a recurring meeting. Decides its shape only.
 */
import { Schema } from "effect"
import type { Series as SeriesType } from "../Series.ts"
import { describing } from "./Describing.ts"
import { EventFacts } from "./Facts.ts"
import { CalendarId, SeriesId, SeriesKey } from "./Ids.ts"
import { MeetingLink } from "./Meeting.ts"
import { Exceptions, RecurringSeries } from "./Recurrence.ts"
import { Instant } from "./Time.ts"

export const Series = describing<SeriesType>()(
  Schema.Struct({
    id: SeriesId,
    calendarId: CalendarId,
    providerId: Schema.String,
    key: SeriesKey,
    iCalUid: Schema.NullOr(Schema.String),
    timing: Schema.NullOr(RecurringSeries),
    decidedTiming: Schema.NullOr(RecurringSeries),
    ruleText: Schema.NullOr(Schema.String),
    exceptions: Schema.NullOr(Exceptions),
    subject: Schema.String,
    organizer: Schema.NullOr(Schema.String),
    link: Schema.NullOr(MeetingLink),
    isCancelled: Schema.Boolean,
    facts: Schema.NullOr(EventFacts),
    isDeleted: Schema.Boolean,
    createdAt: Instant,
    updatedAt: Instant,
    raw: Schema.Unknown,
    rawTruncated: Schema.Boolean
  })
)

/**
 * Scheduling bots, one event or a whole series, and managing those that are scheduled.
 * Decides shapes, limits and addresses alone.
 */
import { botsWanted } from "@punctual/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { ScheduleAnswer, ScheduledBot } from "./BotSchemas.ts"
import {
  BotConfigField,
  BotIdField,
  CursorParameter,
  EventIdField,
  IdempotencyHeader,
  LimitParameter,
  OpenObject
} from "./Fields.ts"
import { Authorization, Idempotent, RateLimit, WellFormed } from "./Middleware.ts"
import { bodyMayBeLeftOut } from "./Optional.ts"
import {
  BlockedByPolicy,
  BotAlreadyScheduled,
  BotNotFound,
  BotNotScheduled,
  CalendarNotConnected,
  EventCancelled,
  EventEnded,
  EventNotFound,
  InvalidCursor,
  JoinTimeInPast,
  NoMeetingLink,
  NotRecurring,
  OccurrenceNotFound,
  QuotaExceeded,
  ReauthorizationRequired,
  Unavailable,
  providerUnavailable
} from "./Problems.ts"
import { Instant, InstantOrDate } from "./Time.ts"

const occurrenceLimitMax = 366

const botNameLengthMax = 256

const ScheduleBody = Schema.Struct({
  bot_config: Schema.optionalKey(BotConfigField),
  occurrence_date: Schema.optionalKey(InstantOrDate),
  schedule_all_occurrences: Schema.optionalKey(Schema.Boolean),
  occurrence_limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: occurrenceLimitMax }))),
  recurring_event: Schema.optionalKey(Schema.Boolean)
})

const UnscheduleBody = Schema.Struct({
  cancel_all_occurrences: Schema.optionalKey(Schema.Boolean),
  from_date: Schema.optionalKey(InstantOrDate)
})

/** There only where nobody knows yet: the bot is withdrawn as soon as the bot service has said whether it has it. */
const MayBeInMeeting = Schema.optionalKey(Schema.Literal(true))

const UnscheduleAnswer = Schema.Struct({
  unscheduled: Schema.Literal(true),
  event_id: Schema.String,
  cancelled_schedules: Schema.Array(Schema.String),
  schedules_cancelled: Schema.Int,
  bots_deleted: Schema.Int,
  cancel_all_occurrences: Schema.Boolean,
  is_recurring_series: Schema.Boolean,
  may_be_in_meeting: MayBeInMeeting
}).annotate({ identifier: "UnscheduleAnswer" })

export const ScheduledBotsAnswer = Schema.Struct({
  scheduled_bots: Schema.Array(ScheduledBot),
  next: Schema.NullOr(Schema.String),
  previous: Schema.NullOr(Schema.String),
  has_more: Schema.Boolean
}).annotate({ identifier: "ScheduledBotsAnswer" })

const UpdateBody = Schema.Struct({
  scheduled_join_time: Schema.optionalKey(
    Instant.annotate({ description: "In the future and before the meeting's end. Kept as an offset from its start" })
  ),
  bot_username: Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(botNameLengthMax))),
  custom_attributes: Schema.optionalKey(OpenObject),
  /** Merged member by member; null removes. */
  bot_config: Schema.optionalKey(BotConfigField)
})

const UpdateAnswer = Schema.Struct({
  message: Schema.String,
  bot_id: Schema.String,
  updated_fields: Schema.Array(Schema.String),
  /** Whether the join time changed, and the schedule with it. */
  schedule_updated: Schema.Boolean
}).annotate({ identifier: "UpdateAnswer" })

const RemovedAnswer = Schema.Struct({
  message: Schema.String,
  bot_id: Schema.String,
  may_be_in_meeting: MayBeInMeeting
}).annotate({ identifier: "RemovedAnswer" })

/** What may stand in the way of any request that schedules. */
export const scheduleErrors = [
  CalendarNotConnected,
  EventNotFound,
  OccurrenceNotFound,
  NotRecurring,
  NoMeetingLink,
  EventCancelled,
  EventEnded,
  BotAlreadyScheduled,
  BlockedByPolicy,
  QuotaExceeded,
  ReauthorizationRequired,
  ...providerUnavailable,
  Unavailable
] as const

export class BotsApi extends HttpApiGroup.make("bots")
  .add(
    HttpApiEndpoint.post("schedule", "/schedule/:event_id", {
      params: { event_id: EventIdField },
      headers: IdempotencyHeader,
      payload: ScheduleBody,
      success: ScheduleAnswer,
      error: scheduleErrors
    })
      .annotateMerge(OpenApi.annotations({ summary: "Schedule a bot for an event, an occurrence or a series" }))
      .annotateMerge(bodyMayBeLeftOut)
      .middleware(Idempotent),
    HttpApiEndpoint.delete("unschedule", "/schedule/:event_id", {
      params: { event_id: EventIdField },
      payload: UnscheduleBody,
      success: UnscheduleAnswer,
      error: [
        CalendarNotConnected,
        EventNotFound,
        OccurrenceNotFound,
        NotRecurring,
        ReauthorizationRequired,
        ...providerUnavailable,
        Unavailable
      ]
    })
      .annotateMerge(OpenApi.annotations({ summary: "Unschedule an event's bot, or a series'" }))
      .annotateMerge(bodyMayBeLeftOut),
    HttpApiEndpoint.get("list", "/scheduled_bots", {
      query: {
        status: Schema.optionalKey(Schema.Literals(botsWanted)),
        limit: Schema.optionalKey(LimitParameter),
        cursor: Schema.optionalKey(CursorParameter)
      },
      success: ScheduledBotsAnswer,
      error: [InvalidCursor, CalendarNotConnected, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Bots that are scheduled, or of another status, soonest first" })),
    HttpApiEndpoint.get("show", "/bots/:bot_id", {
      params: { bot_id: BotIdField },
      success: ScheduledBot,
      error: [BotNotFound, CalendarNotConnected, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "One bot, whatever became of it" })),
    HttpApiEndpoint.patch("update", "/scheduled_bots/:bot_id", {
      params: { bot_id: BotIdField },
      payload: UpdateBody,
      success: UpdateAnswer,
      error: [
        BotNotFound,
        BotNotScheduled,
        JoinTimeInPast,
        EventEnded,
        QuotaExceeded,
        CalendarNotConnected,
        Unavailable
      ]
    }).annotateMerge(OpenApi.annotations({ summary: "Change a scheduled bot" })),
    HttpApiEndpoint.delete("remove", "/scheduled_bots/:bot_id", {
      params: { bot_id: BotIdField },
      success: RemovedAnswer,
      error: [BotNotFound, BotNotScheduled, CalendarNotConnected, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Remove a scheduled bot" }))
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar")
  .annotateMerge(OpenApi.annotations({ title: "Bots" })) {}

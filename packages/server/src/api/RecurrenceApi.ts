/**
 * Recurring meetings: the next occurrence always, or once.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { ScheduleAnswer } from "./BotSchemas.ts"
import { scheduleErrors } from "./BotsApi.ts"
import { BotConfigField, EventIdField, IdempotencyHeader, UserIdField } from "./Fields.ts"
import { Authorization, Idempotent, RateLimit, WellFormed } from "./Middleware.ts"
import {
  BlockedByPolicy,
  CalendarNotConnected,
  EventNotFound,
  Forbidden,
  NotRecurring,
  OccurrenceNotFound,
  QuotaExceeded,
  ReauthorizationRequired,
  Unavailable,
  providerUnavailable
} from "./Problems.ts"
import { Instant } from "./Time.ts"

const textLengthMax = 8_192
const Text = Schema.String.check(Schema.isMaxLength(textLengthMax))

const ToggledAnswer = Schema.Struct({
  event_id: Schema.String,
  series_id: Schema.String,
  recurring_enabled: Schema.Boolean,
  /** RFC 5545; null where the pattern has no such form. */
  recurrence_rule: Schema.NullOr(Schema.String),
  message: Schema.String,
  summary: Schema.String,
  start_time: Instant,
  end_time: Instant
}).annotate({ identifier: "ToggledAnswer" })

export class RecurrenceApi extends HttpApiGroup.make("recurrence")
  .add(
    HttpApiEndpoint.post("toggle", "/toggle-recurrence", {
      headers: IdempotencyHeader,
      payload: Schema.Struct({ event_id: EventIdField, recurring_enabled: Schema.Boolean }),
      success: ToggledAnswer,
      error: [
        CalendarNotConnected,
        EventNotFound,
        NotRecurring,
        OccurrenceNotFound,
        BlockedByPolicy,
        QuotaExceeded,
        ReauthorizationRequired,
        ...providerUnavailable,
        Unavailable
      ]
    })
      .annotateMerge(OpenApi.annotations({ summary: "Schedule the next occurrence always, or no longer" }))
      .middleware(Idempotent),
    HttpApiEndpoint.post("reschedule", "/auto-reschedule", {
      headers: IdempotencyHeader,
      payload: Schema.Struct({
        user_id: Schema.optionalKey(UserIdField),
        event_id: EventIdField,
        recurrence_rule: Schema.optionalKey(
          Text.annotate({ description: "An RRULE's value; used where the series' own rule is not understood" })
        ),
        current_start_time: Schema.optionalKey(
          Instant.annotate({ description: "Of the occurrence before; used where a series is named, not an occurrence" })
        ),
        bot_config: Schema.optionalKey(BotConfigField),
        meeting_link: Schema.optionalKey(
          Text.annotate({ description: "Used where the occurrence has no link of a supported platform" })
        )
      }),
      success: ScheduleAnswer,
      error: [Forbidden, ...scheduleErrors]
    })
      .annotateMerge(OpenApi.annotations({ summary: "Schedule the occurrence after the one named, once" }))
      .middleware(Idempotent)
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar")
  .annotateMerge(OpenApi.annotations({ title: "Recurring events" })) {}

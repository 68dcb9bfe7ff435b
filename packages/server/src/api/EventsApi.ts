/**
 * The mirrored events, a page at a time.
 * Decides shapes, parameters and addresses alone; `handlers/EventQuery.ts` says what parameters mean together.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { EventBot } from "./BotSchemas.ts"
import { Decision, ExplanationAnswer } from "./DecisionSchemas.ts"
import { CalendarIdField, CursorParameter, EventIdField, FlagParameter, LimitParameter } from "./Fields.ts"
import { Authorization, RateLimit, WellFormed } from "./Middleware.ts"
import {
  CalendarNotConnected,
  CalendarNotFound,
  CursorExpired,
  EventNotFound,
  InvalidCursor,
  ReauthorizationRequired,
  SyncInProgress,
  Unavailable,
  providerUnavailable
} from "./Problems.ts"
import { Instant, InstantParameter } from "./Time.ts"

const EventItem = Schema.Struct({
  id: Schema.String,
  start_time: Instant,
  end_time: Instant,
  calendar_id: Schema.String,
  platform: Schema.String,
  /** The provider's id; empty while the occurrence is only expected from its rule. */
  platform_id: Schema.String,
  ical_uid: Schema.NullOr(Schema.String),
  meeting_platform: Schema.NullOr(Schema.String),
  meeting_url: Schema.NullOr(Schema.String),
  is_deleted: Schema.Boolean,
  created_at: Instant,
  updated_at: Instant,
  subject: Schema.String,
  time_zone: Schema.String,
  is_all_day: Schema.Boolean,
  is_cancelled: Schema.Boolean,
  is_recurring: Schema.Boolean,
  series_id: Schema.NullOr(Schema.String),
  /** RFC 5545. */
  recurrence_rule: Schema.NullOr(Schema.String),
  recurring_enabled: Schema.Boolean,
  original_start_time: Schema.NullOr(Instant),
  /** The provider's own item, cut where it is very long. */
  raw: Schema.Json,
  raw_truncated: Schema.optionalKey(Schema.Literal(true)),
  /** The newest, five at most. */
  bots: Schema.Array(EventBot),
  /** How many there are and were. */
  bot_count: Schema.Int,
  /** With `explain`. */
  will_join: Schema.optionalKey(Schema.Boolean),
  decision: Schema.optionalKey(Decision)
}).annotate({ identifier: "EventItem" })

export const EventsAnswer = Schema.Struct({
  next: Schema.NullOr(Schema.String),
  previous: Schema.NullOr(Schema.String),
  results: Schema.Array(EventItem),
  has_more: Schema.Boolean,
  /** Only where a sync was due and did not succeed: what follows is what was known before. */
  stale: Schema.optionalKey(Schema.Literal(true)),
  /** The code of the error that a live call would have met. */
  stale_reason: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "EventsAnswer" })

const pageQuery = {
  calendar_id: Schema.optionalKey(
    CalendarIdField.annotate({ description: "A calendar's id, or `all`; the primary calendar if absent" })
  ),
  time_min: Schema.optionalKey(InstantParameter),
  time_max: Schema.optionalKey(InstantParameter),
  limit: Schema.optionalKey(LimitParameter),
  cursor: Schema.optionalKey(CursorParameter),
  cleanup_duplicates: Schema.optionalKey(FlagParameter),
  include_deleted: Schema.optionalKey(FlagParameter),
  explain: Schema.optionalKey(FlagParameter),
  /** A time, or the `next` of a page that was asked for with one. */
  updated_since: Schema.optionalKey(Schema.NonEmptyString)
}

export class EventsApi extends HttpApiGroup.make("events")
  .add(
    HttpApiEndpoint.get("list", "/events", {
      query: { ...pageQuery, sync: Schema.optionalKey(FlagParameter) },
      success: EventsAnswer,
      error: [
        InvalidCursor,
        CursorExpired,
        CalendarNotConnected,
        CalendarNotFound,
        ReauthorizationRequired,
        ...providerUnavailable,
        SyncInProgress,
        Unavailable
      ]
    }).annotateMerge(OpenApi.annotations({ summary: "Sync where that is due, and list events" })),
    HttpApiEndpoint.get("listStored", "/get_events", {
      query: pageQuery,
      success: EventsAnswer,
      error: [InvalidCursor, CursorExpired, CalendarNotConnected, CalendarNotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "List events without asking a provider" })),
    HttpApiEndpoint.get("explanation", "/events/:event_id/explanation", {
      params: { event_id: EventIdField },
      success: ExplanationAnswer,
      error: [CalendarNotConnected, EventNotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Why an event has a bot, or none" }))
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar")
  .annotateMerge(OpenApi.annotations({ title: "Events" })) {}

/**
 * The calendars of the connected account, live, and which of them are selected.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { AccessRole, CalendarIdField, IdempotencyHeader } from "./Fields.ts"
import { Authorization, Idempotent, RateLimit, WellFormed } from "./Middleware.ts"
import {
  CalendarNotConnected,
  CalendarNotFound,
  CalendarNotSelectable,
  MailboxUnavailable,
  ReauthorizationRequired,
  Unavailable,
  providerUnavailable
} from "./Problems.ts"
import { Instant } from "./Time.ts"

const CalendarItem = Schema.Struct({
  id: Schema.String,
  summary: Schema.String,
  isPrimary: Schema.Boolean,
  accessRole: AccessRole,
  /** An IANA name. */
  timeZone: Schema.String,
  backgroundColor: Schema.String,
  selected: Schema.Boolean,
  /** The connection that it is of. */
  connection_id: Schema.String,
  platform: Schema.String,
  /** True: its provider does not list it now, so that it is shown as it was last listed. */
  stale: Schema.optionalKey(Schema.Literal(true))
}).annotate({ identifier: "CalendarItem" })

const CalendarsAnswer = Schema.Struct({
  calendars: Schema.Array(CalendarItem),
  total: Schema.Int,
  user_id: Schema.String
}).annotate({ identifier: "CalendarsAnswer" })

const RemovedAnswer = Schema.Struct({
  calendar_id: Schema.String,
  removed: Schema.Literal(true),
  user_id: Schema.String,
  events_deleted: Schema.Int,
  schedules_cancelled: Schema.Int,
  message: Schema.String
}).annotate({ identifier: "RemovedAnswer" })

const ResubscribedAnswer = Schema.Struct({
  calendar_id: Schema.String,
  /** Whether the provider has reached this server and taken the subscription. */
  subscribed: Schema.Boolean,
  subscription_id: Schema.NullOr(Schema.String),
  subscription_expires_at: Schema.NullOr(Instant),
  /** Why the calendar is polled, where it is. */
  polling_reason: Schema.NullOr(Schema.String),
  message: Schema.String
}).annotate({ identifier: "ResubscribedAnswer" })

export class CalendarsApi extends HttpApiGroup.make("calendars")
  .add(
    HttpApiEndpoint.get("list", "/calendars", {
      success: CalendarsAnswer,
      error: [
        CalendarNotConnected,
        CalendarNotFound,
        MailboxUnavailable,
        ReauthorizationRequired,
        ...providerUnavailable,
        Unavailable
      ]
    }).annotateMerge(OpenApi.annotations({ summary: "Calendars, live from their providers" })),
    HttpApiEndpoint.patch("select", "/calendars/:calendar_id", {
      params: { calendar_id: CalendarIdField },
      payload: Schema.Struct({ selected: Schema.Boolean }),
      success: CalendarItem,
      error: [
        CalendarNotConnected,
        CalendarNotFound,
        CalendarNotSelectable,
        MailboxUnavailable,
        ReauthorizationRequired,
        ...providerUnavailable,
        Unavailable
      ]
    }).annotateMerge(OpenApi.annotations({ summary: "Select a calendar, or leave it out" })),
    HttpApiEndpoint.delete("remove", "/calendars/:calendar_id", {
      params: { calendar_id: CalendarIdField },
      success: RemovedAnswer,
      error: [CalendarNotConnected, CalendarNotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Remove a published calendar" })),
    HttpApiEndpoint.post("resubscribe", "/calendars/:calendar_id/resubscribe", {
      params: { calendar_id: CalendarIdField },
      headers: IdempotencyHeader,
      success: ResubscribedAnswer,
      error: [
        CalendarNotConnected,
        CalendarNotFound,
        MailboxUnavailable,
        ReauthorizationRequired,
        ...providerUnavailable,
        Unavailable
      ]
    })
      .annotateMerge(
        OpenApi.annotations({ summary: "Make the calendar's subscription anew, and tell what came of it" })
      )
      .middleware(Idempotent)
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar")
  .annotateMerge(OpenApi.annotations({ title: "Calendars" })) {}

/**
 * Connecting an Outlook or a Google account or a published calendar, looking at connections, and taking them down.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { AccessRole, CalendarIdField, IdempotencyHeader } from "./Fields.ts"
import { Authorization, Idempotent, RateLimit, WellFormed } from "./Middleware.ts"
import { FeedRequest, feedProblems } from "./FeedRequest.ts"
import { bodyMayBeLeftOut } from "./Optional.ts"
import { signInProviders } from "./SignInProvider.ts"
import {
  CalendarNotConnected,
  CalendarNotFound,
  ConsentNotConfigured,
  InvalidCredentials,
  MailboxUnavailable,
  Unavailable,
  providerUnavailable
} from "./Problems.ts"
import { Instant } from "./Time.ts"

/** Refresh tokens run to about 2 KiB. */
const credentialLengthMax = 16_384

const Credential = Schema.NonEmptyString.check(Schema.isMaxLength(credentialLengthMax))

/** An account of one kind; a mixture is refused. */
export const ConnectRequest = Schema.Union([
  Schema.Struct({
    microsoft_client_id: Credential,
    microsoft_client_secret: Credential,
    microsoft_refresh_token: Credential
  }),
  Schema.Struct({
    google_client_id: Credential,
    google_client_secret: Credential,
    google_refresh_token: Credential
  }),
  FeedRequest
])

const ConnectedAnswer = Schema.Struct({
  calendar_id: Schema.String,
  platform: Schema.String,
  user_email: Schema.NullOr(Schema.String),
  user_name: Schema.NullOr(Schema.String),
  calendars: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      summary: Schema.String,
      isPrimary: Schema.Boolean,
      accessRole: AccessRole,
      selected: Schema.Boolean
    })
  ),
  primary_calendar_id: Schema.NullOr(Schema.String),
  watch_setup: Schema.Struct({
    success: Schema.Boolean,
    subscriptions_setup: Schema.Int,
    subscription_results: Schema.Array(
      Schema.Struct({
        calendar_id: Schema.String,
        calendar_summary: Schema.String,
        subscription_id: Schema.String,
        expiration: Instant
      })
    ),
    /** Polled instead, each with its reason. */
    failed_calendars: Schema.Array(
      Schema.Struct({
        calendar_id: Schema.String,
        calendar_summary: Schema.String,
        reason: Schema.String,
        message: Schema.String
      })
    )
  }),
  message: Schema.String
}).annotate({ identifier: "ConnectedAnswer" })

const connectionMembers = {
  calendar_id: Schema.String,
  platform: Schema.String,
  status: Schema.Literals(["active", "reauthorization_required", "error"]),
  status_reason: Schema.NullOr(Schema.String),
  status_message: Schema.NullOr(Schema.String),
  user_email: Schema.NullOr(Schema.String),
  user_name: Schema.NullOr(Schema.String),
  calendars: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      summary: Schema.String,
      selected: Schema.Boolean,
      last_synced_at: Schema.NullOr(Instant),
      sync_status: Schema.Literals(["never", "ok", "stale", "failed"]),
      sync_error: Schema.NullOr(Schema.String),
      subscription_id: Schema.NullOr(Schema.String),
      subscription_expires_at: Schema.NullOr(Instant),
      /** Why it is polled: there is no subscription, or nothing comes of it (`notifications_not_arriving`). */
      polling_reason: Schema.NullOr(Schema.String)
    })
  )
}

const ConnectionAnswer = Schema.Struct({
  ...connectionMembers,
  /** Until when nothing of the user's is launched; null: not paused. */
  paused_until: Schema.NullOr(Instant),
  /** Each of the user's connections; the members beside this one are the first one's. */
  connections: Schema.Array(Schema.Struct(connectionMembers).annotate({ identifier: "ConnectionState" }))
}).annotate({ identifier: "ConnectionAnswer" })

const DisconnectedAnswer = Schema.Struct({
  disconnected: Schema.Literal(true),
  user_id: Schema.String,
  /** False: a provider has not confirmed yet; stopping goes on in the background. */
  subscription_stopped: Schema.Boolean,
  events_deleted: Schema.Int,
  schedules_cancelled: Schema.Int,
  message: Schema.String
}).annotate({ identifier: "DisconnectedAnswer" })

const ConsentAnswer = Schema.Struct({
  /** To be opened in the user's browser. */
  authorize_url: Schema.String,
  expires_at: Instant
}).annotate({ identifier: "ConsentAnswer" })

export class ConnectionApi extends HttpApiGroup.make("connection")
  .add(
    HttpApiEndpoint.post("create", "/create_calendar", {
      headers: IdempotencyHeader,
      payload: ConnectRequest,
      success: ConnectedAnswer,
      error: [InvalidCredentials, MailboxUnavailable, ...providerUnavailable, Unavailable, ...feedProblems]
    })
      .annotateMerge(OpenApi.annotations({ summary: "Connect Outlook, Google or a published calendar" }))
      .middleware(Idempotent),
    HttpApiEndpoint.post("consent", "/connect", {
      headers: IdempotencyHeader,
      payload: Schema.Struct({ provider: Schema.optionalKey(Schema.Literals(signInProviders)) }),
      success: ConsentAnswer,
      error: [ConsentNotConfigured, Unavailable]
    })
      .annotateMerge(OpenApi.annotations({ summary: "Start a sign-in with the server's own app" }))
      .annotateMerge(bodyMayBeLeftOut)
      .middleware(Idempotent),
    HttpApiEndpoint.get("show", "/connection", {
      success: ConnectionAnswer,
      error: [CalendarNotConnected, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "State of the connection and of each calendar" })),
    HttpApiEndpoint.delete("disconnect", "/disconnect", {
      /** One connection; left out: all of them. */
      query: { calendar_id: Schema.optionalKey(CalendarIdField) },
      success: DisconnectedAnswer,
      error: [CalendarNotConnected, CalendarNotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Disconnect and remove everything" }))
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar")
  .annotateMerge(OpenApi.annotations({ title: "Calendar connection" })) {}

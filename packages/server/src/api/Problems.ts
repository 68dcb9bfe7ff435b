/**
 * Every answer that is no success: one class a code, an RFC 9457 problem on the wire.
 *
 * Decides codes, statuses and titles, and nothing about when one is given. `detail` is for a person; `code` is for a
 * program and never changes its meaning.
 */
import { Schema } from "effect"
import { HttpApiError } from "effect/http-api"
import { Instant } from "./Time.ts"

/** Where a request value went wrong. */
export const Mistake = Schema.Struct({
  /** Members and positions from the outside in, joined by dots; empty: the value as a whole. */
  path: Schema.String,
  message: Schema.String,
  in: Schema.Literals(["body", "query", "path", "header"])
})
export type Mistake = typeof Mistake.Type

const typePrefix = "urn:problem-type:punctual:"

type CodeOnly<Code extends string> = { readonly code: Schema.tag<Code> }

const problem =
  <Self>() =>
  <const Code extends string, const Status extends number, const Fields extends Schema.Struct.Fields = {}>(
    code: Code,
    status: Status,
    title: string,
    fields?: Fields
  ) =>
    // Deferred over `Self` the library's own result is a conditional type; for any real `Self` it is this class.
    HttpApiError.Problem<Self>()(
      code,
      { type: `${typePrefix}${code}`, status, title },
      { code: Schema.tag(code), ...fields }
    ) as unknown as HttpApiError.ProblemClass<
      Self,
      Code,
      `${typeof typePrefix}${Code}`,
      Status,
      CodeOnly<Code> & Fields,
      {}
    >

// ---- before any handler

export class InvalidRequest extends problem<InvalidRequest>()("invalid_request", 400, "The request is not valid", {
  errors: Schema.Array(Mistake)
}) {}
export class InvalidCursor extends problem<InvalidCursor>()("invalid_cursor", 400, "The cursor is not valid here") {}
export class CursorExpired extends problem<CursorExpired>()(
  "cursor_expired",
  410,
  "The place is older than what is kept",
  {
    /** When the earliest entry happened that is kept; left out where that is not known. */
    earliest: Schema.optionalKey(Instant)
  }
) {}
export class Unauthorized extends problem<Unauthorized>()("unauthorized", 401, "A valid API key is needed") {}
export class NotFound extends problem<NotFound>()("not_found", 404, "There is nothing here") {}
export class MethodNotAllowed extends problem<MethodNotAllowed>()(
  "method_not_allowed",
  405,
  "This address does not take that method"
) {}
export class PayloadTooLarge extends problem<PayloadTooLarge>()(
  "payload_too_large",
  413,
  "The request body is too large"
) {}
export class UnsupportedMediaType extends problem<UnsupportedMediaType>()(
  "unsupported_media_type",
  415,
  "The request body must be JSON"
) {}
export class RateLimited extends problem<RateLimited>()("rate_limited", 429, "Too many requests with this key") {}
export class InternalError extends problem<InternalError>()("internal_error", 500, "Something went wrong here") {}
export class Unavailable extends problem<Unavailable>()("unavailable", 503, "Storage can not be reached right now") {}

export class SyncInProgress extends problem<SyncInProgress>()(
  "sync_in_progress",
  503,
  "The calendar is being synced right now"
) {}

// ---- idempotency

export class IdempotencyKeyReused extends problem<IdempotencyKeyReused>()(
  "idempotency_key_reused",
  422,
  "The key was used for another request"
) {}
export class IdempotencyInProgress extends problem<IdempotencyInProgress>()(
  "idempotency_in_progress",
  409,
  "The first request is still running"
) {}

// ---- administration

export class WorkspaceNotFound extends problem<WorkspaceNotFound>()("workspace_not_found", 404, "No such workspace") {}

export class ExternalIdTaken extends problem<ExternalIdTaken>()(
  "external_id_taken",
  409,
  "Another user has this external id"
) {}

// ---- connection

export class InvalidCredentials extends problem<InvalidCredentials>()(
  "invalid_credentials",
  422,
  "The calendar's provider refused the credentials",
  {
    /** Microsoft's own word, such as `invalid_client`. */
    microsoft_error: Schema.optionalKey(Schema.String),
    /** The numbers of Microsoft's AADSTS codes. */
    microsoft_error_codes: Schema.optionalKey(Schema.Array(Schema.Int)),
    /** Google's own word, such as `invalid_grant`. */
    google_error: Schema.optionalKey(Schema.String)
  }
) {}
export class MailboxUnavailable extends problem<MailboxUnavailable>()(
  "mailbox_unavailable",
  422,
  "The account has no mailbox that can be read",
  {
    /** Microsoft Graph's own word, such as `ErrorInvalidUser`. */
    microsoft_error: Schema.optionalKey(Schema.String),
    /** Google's own word, such as `notACalendarUser`. */
    google_error: Schema.optionalKey(Schema.String)
  }
) {}
export class InvalidFeed extends problem<InvalidFeed>()("invalid_feed", 422, "The address leads to no calendar") {}
export class FeedUnreachable extends problem<FeedUnreachable>()(
  "feed_unreachable",
  422,
  "The calendar's address did not answer"
) {}
export class AddressRefused extends problem<AddressRefused>()(
  "address_refused",
  422,
  "The address is one that is not fetched"
) {}
export class FeedLimit extends problem<FeedLimit>()("feed_limit", 409, "That is one feed more than a user may have") {}
export class CalendarNotConnected extends problem<CalendarNotConnected>()(
  "calendar_not_connected",
  404,
  "No calendar is connected"
) {}
export class CalendarNotFound extends problem<CalendarNotFound>()("calendar_not_found", 404, "No such calendar") {}
export class CalendarNotSelectable extends problem<CalendarNotSelectable>()(
  "calendar_not_selectable",
  422,
  "The calendar's meetings can not be read"
) {}
export class ReauthorizationRequired extends problem<ReauthorizationRequired>()(
  "reauthorization_required",
  409,
  "The calendar must be connected again"
) {}
export class MicrosoftUnavailable extends problem<MicrosoftUnavailable>()(
  "microsoft_unavailable",
  503,
  "Microsoft can not be reached right now"
) {}
export class GoogleUnavailable extends problem<GoogleUnavailable>()(
  "google_unavailable",
  503,
  "Google can not be reached right now"
) {}
/** A calendar's provider that can't be reached, whichever it is. */
export const providerUnavailable = [MicrosoftUnavailable, GoogleUnavailable, FeedUnreachable] as const
export class ConsentNotConfigured extends problem<ConsentNotConfigured>()(
  "consent_not_configured",
  422,
  "This server has no app to sign in with"
) {}

// ---- events and bots

export class EventNotFound extends problem<EventNotFound>()("event_not_found", 404, "No such event") {}
export class OccurrenceNotFound extends problem<OccurrenceNotFound>()(
  "occurrence_not_found",
  404,
  "The series has no such occurrence"
) {}
export class NotRecurring extends problem<NotRecurring>()("not_recurring", 400, "The event does not recur") {}
export class NoMeetingLink extends problem<NoMeetingLink>()("no_meeting_link", 422, "The event has no meeting link") {}
export class EventCancelled extends problem<EventCancelled>()("event_cancelled", 422, "The event was cancelled") {}
export class EventEnded extends problem<EventEnded>()("event_ended", 422, "The event is over") {}
export class BotNotFound extends problem<BotNotFound>()("bot_not_found", 404, "No such bot") {}
export class JoinTimeInPast extends problem<JoinTimeInPast>()(
  "join_time_in_past",
  422,
  "The join time is not in the future"
) {}
export class BotAlreadyScheduled extends problem<BotAlreadyScheduled>()(
  "bot_already_scheduled",
  409,
  "The event has a bot already",
  {
    /** The active bot. */
    bot_id: Schema.String
  }
) {}
export class BotNotScheduled extends problem<BotNotScheduled>()(
  "bot_not_scheduled",
  409,
  "The bot is past being scheduled",
  {
    /** Where the bot is. */
    bot_status: Schema.String
  }
) {}
export class QuotaExceeded extends problem<QuotaExceeded>()(
  "quota_exceeded",
  409,
  "That is more than one user may have",
  {
    /** The name of the limit. */
    limit: Schema.String
  }
) {}
export class Forbidden extends problem<Forbidden>()("forbidden", 403, "That belongs to another user") {}
export class BlockedByPolicy extends problem<BlockedByPolicy>()(
  "blocked_by_policy",
  403,
  "The workspace allows no bot there",
  {
    /** The name of the workspace's rule that forbids it. */
    rule_name: Schema.String
  }
) {}

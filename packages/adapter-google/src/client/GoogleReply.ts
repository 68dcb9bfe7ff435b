/**
 * A definite answer of Google Calendar, and what it says.
 *
 * Decides which refusals mean that something is not there, and which that a cursor has expired. Says what a refusal means
 * where the operation knows nothing more particular.
 *
 * https://developers.google.com/workspace/calendar/api/guides/errors
 */
import { type CalendarError, Forbidden, GrantRevoked, MailboxUnavailable, Unavailable } from "@punctual/core"
import { type GoogleFailure, firstReason, readFailure } from "./Failure.ts"
import type { JsonObject } from "@punctual/core/http"

/** A definite answer. `json` is empty where the answer had no body. */
export interface GoogleReply {
  readonly status: number
  readonly json: JsonObject
  /** Null for a 2xx. */
  readonly failure: GoogleFailure | null
}

/** A calendar, an event, or either of them: one body for all. A 404 in other words (a proxy's) confirms nothing. */
export const isAbsent = ({ failure, status }: GoogleReply): boolean =>
  (status === 404 && failure?.reasons.has("notFound") === true) ||
  // By id, of what was deleted.
  (status === 410 && failure?.reasons.has("deleted") === true)

/** A token that is too old is answered by 410, one that is broken or of another query by 400. */
export const isCursorExpired = ({ failure, status }: GoogleReply): boolean =>
  status === 410 || (status === 400 && (failure?.locations.has("syncToken") === true || isSyncTokenText(failure)))

const isSyncTokenText = (failure: GoogleFailure | null): boolean => /sync token/i.test(failure?.message ?? "")

/** What a definite refusal means where the operation has nothing more particular to say about it. */
export const refusalOf = (reply: GoogleReply): CalendarError["reason"] => {
  const failure = reply.failure ?? readFailure(null)
  const reason = firstReason(failure)
  if (failure.reasons.has("notACalendarUser"))
    return new MailboxUnavailable({ code: "notACalendarUser", message: noCalendar })
  if (failure.reasons.has("accessNotConfigured") || failure.reasons.has("SERVICE_DISABLED"))
    return new MailboxUnavailable({ code: "accessNotConfigured", message: closed })
  if (failure.reasons.has("insufficientPermissions") || failure.reasons.has("ACCESS_TOKEN_SCOPE_INSUFFICIENT"))
    return scopesMissing(unticked)
  if (reply.status === 403) {
    return new Forbidden({ message: `Google Calendar denied access (${reason === "" ? "403" : reason}).` })
  }
  const said = reason === "" ? String(reply.status) : `${reply.status} ${reason}`
  return new Unavailable({ message: `Google Calendar refused the request (${said}).` })
}

/** The grant reaches less far than it must: only another sign-in mends it. */
export const scopesMissing = (message: string): CalendarError["reason"] =>
  new GrantRevoked({ error: "insufficientPermissions", errorCodes: [], message })

const noCalendar =
  "This Google account has no Calendar. Connect another account, or ask the organisation's administrator to switch the " +
  "Calendar service on for this one."

const closed =
  "The Google Calendar API is not enabled in the Google Cloud project of this client. Its owner enables it in the Cloud " +
  "console under APIs & Services; it takes a few minutes."

const unticked =
  "The sign-in did not grant what calendars need. Sign in again and leave every box of Google's consent screen ticked."

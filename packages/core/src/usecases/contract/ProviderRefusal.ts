/**
 * What a request is answered when the calendar's provider fails.
 */
import { Refusal, type RefusalCode, type RefusalDetails } from "../../domain/Refusal.ts"
import type { CalendarError } from "../../ports/CalendarProvider.ts"

/** Asked again after this long when the provider did not say. */
const retryAfterMillisUsual = 5_000

/**
 * What a live call to the provider of that name answers when it fails. `whileConnecting`: the credentials at hand are being
 * tried.
 */
export const refusalOf = (error: CalendarError, platform: string, whileConnecting = false): Refusal =>
  new Refusal({ ...refusedFor(error, whileConnecting), platform, cause: error })

const refusedFor = (
  { reason }: CalendarError,
  whileConnecting: boolean
): RefusalDetails & { readonly code: RefusalCode } => {
  switch (reason._tag) {
    case "GrantRevoked":
    case "SecretRejected":
      return {
        code: whileConnecting ? "invalid_credentials" : "reauthorization_required",
        detail: reason.message,
        providerError: reason.error,
        providerErrorCodes: reason.errorCodes
      }
    case "CalendarGone":
      return { code: "calendar_not_found", detail: "The calendar is not there any more." }
    case "Throttled":
      return {
        code: "provider_unavailable",
        trouble: "throttled",
        detail: "The calendar's provider asks to wait before the next request.",
        retryAfterMillis: reason.retryAfterMillis
      }
    case "MailboxUnavailable":
      return { code: "mailbox_unavailable", detail: reason.message, providerError: reason.code }
    case "Forbidden":
      return { code: whileConnecting ? "invalid_credentials" : "reauthorization_required", detail: reason.message }
    default:
      return {
        code: "provider_unavailable",
        trouble: "failing",
        detail: "The calendar's provider did not answer as it should. Try again shortly.",
        ...(reason._tag === "Unavailable" ? { providerSaid: reason.message } : {}),
        retryAfterMillis: retryAfterMillisUsual
      }
  }
}

/** Why a calendar is polled instead of subscribed to: a stable word and a sentence. */
export const pollingReasonOf = (error: CalendarError): readonly [string, string] => {
  const { reason } = error
  switch (reason._tag) {
    case "NotSubscribable":
      return [reason.code, reason.message]
    case "AlreadySubscribed":
      return [
        "already_subscribed",
        "Another connection is subscribed to this calendar, and the provider allows one. It is read at intervals instead."
      ]
    case "Forbidden":
      return ["forbidden", reason.message]
    case "MailboxUnavailable":
      return ["mailbox_unavailable", reason.message]
    case "CalendarGone":
      return ["calendar_gone", "The calendar is not there any more."]
    default:
      return [
        providerUnavailable,
        "The calendar's provider could not set up notifications just now; it is tried again daily."
      ]
  }
}

/** Why a calendar is polled while the provider can't be asked to watch it. */
const providerUnavailable = "provider_unavailable"

/** The provider could not reach this server: it may be back any time, and trying costs the provider some seconds. */
export const addressUnreachable = "notification_address_unreachable"

/** Polling reasons that mean "try again". */
export const transientPollingReasons: ReadonlySet<string> = new Set([providerUnavailable, "subscription_removed"])

/**
 * What a request is answered when the calendar's provider fails.
 */
import { Refusal, refuse } from "../../domain/Refusal.ts"
import type { CalendarError } from "../../ports/CalendarProvider.ts"

/** Asked again after this long when the provider did not say. */
const retryAfterMillisUsual = 5_000

/** What a live call to the provider answers when it fails. `whileConnecting`: the credentials at hand are being tried. */
export const refusalOf = (error: CalendarError, whileConnecting = false): Refusal => {
  const { reason } = error
  switch (reason._tag) {
    case "GrantRevoked":
    case "SecretRejected":
      return new Refusal({
        code: whileConnecting ? "invalid_credentials" : "reauthorization_required",
        detail: reason.message,
        providerError: reason.error,
        providerErrorCodes: reason.errorCodes
      })
    case "CalendarGone":
      return refuse("calendar_not_found", "The calendar is not there any more.")
    case "Throttled":
      return new Refusal({
        code: "provider_unavailable",
        trouble: "throttled",
        detail: "The calendar's provider asks to wait before the next request.",
        retryAfterMillis: reason.retryAfterMillis
      })
    case "Forbidden":
      return new Refusal({
        code: whileConnecting ? "invalid_credentials" : "reauthorization_required",
        detail: reason.message
      })
    default:
      return new Refusal({
        code: "provider_unavailable",
        trouble: "failing",
        detail: "The calendar's provider did not answer as it should. Try again shortly.",
        retryAfterMillis: retryAfterMillisUsual
      })
  }
}

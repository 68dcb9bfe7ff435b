/**
 * What Google's token endpoint means when it refuses, and what a person can do about it.
 *
 * Decides the reason from the OAuth word; of a fault (429, 5xx, no JSON, no answer) it never says that a grant is gone. No
 * sentence holds anything that was sent or received but Google's own word.
 *
 * RFC 6749 §5.2; https://developers.google.com/identity/protocols/oauth2#expiration
 */
import { type CalendarError, Forbidden, GrantRevoked, SecretRejected, Throttled, Unavailable } from "@punctual/core"
import { type JsonObject, readText } from "@punctual/core/http"

/** What the token endpoint answered. `json` is null where it was no JSON object. */
export interface TokenAnswer {
  readonly status: number
  readonly json: JsonObject | null
  /** From `Retry-After`. */
  readonly waitMillis: number | null
}

export interface TokenRefusal {
  readonly reason: CalendarError["reason"]
  /** Whether asking again in a moment may be answered differently. */
  readonly mayRepeat: boolean
}

/** The meaning of an answer that is no token. */
export const tokenRefusal = ({ json, status, waitMillis }: TokenAnswer): TokenRefusal => {
  const error = (readText(json ?? {}, "error") ?? "").slice(0, wordLengthMax)
  const subtype = readText(json ?? {}, "error_subtype") ?? ""
  const isRefusal = status >= 400 && status < 500 && status !== 429 && status !== 408
  const client = clientSentences.get(error)
  if (isRefusal && client !== undefined) {
    return definite(new SecretRejected({ error, errorCodes: [], expired: false, message: client }))
  }
  if (isRefusal && error === "invalid_grant") {
    const message = sessionWords.has(subtype) ? sessionEnded : signInAgain
    return definite(new GrantRevoked({ error, errorCodes: [], message }))
  }
  if (isRefusal && error === "admin_policy_enforced") {
    return definite(new GrantRevoked({ error, errorCodes: [], message: byAdministrator }))
  }
  if (isRefusal && misunderstood.has(error)) {
    return definite(new Forbidden({ message: `Google did not accept the request for an access token (${error}).` }))
  }
  if (status === 429 || waitMillis !== null) {
    return definite(new Throttled({ retryAfterMillis: waitMillis ?? defaultWaitMillis }))
  }
  const said = error === "" ? `${status}` : `${status} ${error}`
  return {
    reason: new Unavailable({ message: `Google's sign-in service answered ${said}.` }),
    mayRepeat: status >= 500 || status < 400
  }
}

/** Google's sign-in service gave no answer at all. */
export const unreachable: TokenRefusal = {
  reason: new Unavailable({ message: "Google's sign-in service could not be reached." }),
  mayRepeat: true
}

const definite = (reason: CalendarError["reason"]): TokenRefusal => ({ reason, mayRepeat: false })

const wordLengthMax = 100
const defaultWaitMillis = 30_000

/** A policy of the organisation: the consent still stands. */
const sessionWords: ReadonlySet<string> = new Set(["invalid_rapt", "rapt_required"])

const misunderstood: ReadonlySet<string> = new Set(["invalid_request", "invalid_scope", "unsupported_grant_type"])

const signInAgain =
  "Google does not accept this sign-in any more. Sign in again. While the app's consent screen is in Testing, Google ends " +
  "every sign-in after seven days: publish it, or make it internal, in the Google Cloud console. Otherwise access was " +
  "withdrawn, was not used for six months, or the same account has signed in to this app more than a hundred times."

const sessionEnded =
  "The organisation lets sign-ins to Google Cloud apps last for some hours only, and this one is over. Sign in again; an " +
  "administrator can lengthen the session or exempt this app."

const byAdministrator =
  "An administrator of the organisation does not allow this app. Ask them to trust it (Google Admin console, API controls), " +
  "then sign in again."

const clientSentences: ReadonlyMap<string, string> = new Map([
  [
    "invalid_client",
    "Google refused the client id or the client secret. Copy both again from the Google Cloud console (APIs & Services, " +
      "Credentials); a secret is shown only when it is made."
  ],
  [
    "deleted_client",
    "The OAuth client was deleted in the Google Cloud console, by its owner or after six months without use. Make another " +
      "one (or restore it within 30 days) and sign in again."
  ],
  ["unauthorized_client", "The OAuth client may not do this. Make one of the type Web application and sign in again."]
])

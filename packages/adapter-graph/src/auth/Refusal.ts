/**
 * What Microsoft's sign-in service means when it refuses a refresh token, and what a person can do about it.
 *
 * Decides the reason from the OAuth words alone: Microsoft warns that numbers and texts change. The numbers only choose
 * the sentence. No sentence holds anything that was sent or received.
 *
 * RFC 6749 §5.2; https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import { type CalendarError, GrantRevoked, SecretRejected, Throttled, Unavailable } from "@punctual/core"
import { type JsonObject, readArray, readText } from "../client/Json.ts"

/** What the token endpoint answered. `json` is null where it was no JSON object. */
export interface TokenAnswer {
  readonly status: number
  readonly json: JsonObject | null
  /** From `Retry-After`. */
  readonly waitMillis: number | null
}

export interface Refusal {
  readonly reason: CalendarError["reason"]
  /** Whether asking again in a moment may be answered differently. */
  readonly mayRepeat: boolean
}

/** The meaning of an answer that is no token. `secret` only tells a secret's id from its value. */
export const refusalOf = (answer: TokenAnswer, secret: string): Refusal => {
  const { json, status, waitMillis } = answer
  const error = (readText(json ?? {}, "error") ?? "").slice(0, wordLengthMax)
  const suberror = readText(json ?? {}, "suberror") ?? ""
  const codes = errorCodes(json)
  if (codes.includes(loopDetected)) return asked(loopWaitMillis)
  if (secretWords.has(error)) return secretRefused(error, codes, secret)
  if (grantWords.has(error) || grantWords.has(suberror)) return grantRefused(error, suberror, codes)
  if (status === 429) return asked(waitMillis ?? defaultWaitMillis)
  if (waitMillis !== null) return asked(waitMillis)
  const said = error === "" ? `${status}` : `${status} ${error}`
  return {
    reason: new Unavailable({ message: `Microsoft's sign-in service answered ${said}.` }),
    mayRepeat: status >= 500 || status === 408 || error === "temporarily_unavailable" || error === "server_error"
  }
}

/** The sign-in service gave no answer at all. */
export const unreachable: Refusal = {
  reason: new Unavailable({ message: "Microsoft's sign-in service could not be reached." }),
  mayRepeat: true
}

const wordLengthMax = 100
/** AADSTS50196: one app asks for the same token too often. */
const loopDetected = 50_196
const loopWaitMillis = 300_000
const defaultWaitMillis = 30_000

const asked = (waitMillis: number): Refusal => ({
  reason: new Throttled({ retryAfterMillis: waitMillis }),
  mayRepeat: false
})

/** The app itself was refused. */
const secretWords: ReadonlySet<string> = new Set(["invalid_client", "unauthorized_client"])

/** The user's grant was refused, or is not what it must be. */
const grantWords: ReadonlySet<string> = new Set([
  "invalid_grant",
  "interaction_required",
  "login_required",
  "consent_required",
  "bad_token",
  "invalid_scope",
  "invalid_request",
  "invalid_resource",
  "access_denied",
  "unsupported_grant_type"
])

/** The numbers of an answer, at most ten. */
export const errorCodes = (json: JsonObject | null): ReadonlyArray<number> => {
  const told = readArray(json ?? {}, "error_codes")?.filter((code) => Number.isSafeInteger(code)) as
    | ReadonlyArray<number>
    | undefined
  if (told !== undefined && told.length > 0) return told.slice(0, 10)
  // Some answers name the number in their text only.
  const named = /AADSTS(\d{4,10})/.exec(readText(json ?? {}, "error_description") ?? "")?.[1]
  return named === undefined ? [] : [Number(named)]
}

const sentenceFor = (table: ReadonlyMap<number, string>, codes: ReadonlyArray<number>): string | undefined =>
  codes.map((code) => table.get(code)).find((sentence) => sentence !== undefined)

const secretRefused = (error: string, codes: ReadonlyArray<number>, secret: string): Refusal => {
  const looksLikeId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(secret.trim())
  const message =
    codes.includes(7_000_215) && looksLikeId
      ? "The client secret was refused, and it looks like the Secret ID. In the Azure portal, under Certificates & " +
        "secrets, copy the secret's Value instead; if it is no longer shown, make a new secret."
      : (sentenceFor(secretSentences, codes) ??
        (error === "unauthorized_client"
          ? wrongApp
          : "Microsoft refused the client id or the client secret. Check both."))
  return {
    reason: new SecretRejected({ error, errorCodes: codes, expired: codes.includes(7_000_222), message }),
    mayRepeat: false
  }
}

const wrongApp =
  "Microsoft knows no app with this client id that this account may use. Check the Application (client) " +
  "ID, and that the app's supported account types include accounts in any organisation and personal accounts."

const secretSentences: ReadonlyMap<number, string> = new Map([
  [
    7_000_215,
    "The client secret was refused. Copy the secret's Value (not its Secret ID) from Certificates & secrets in the " +
      "Azure portal; a Value is shown only once, so make a new secret if it is lost."
  ],
  [
    7_000_222,
    "The client secret has expired. Make a new one under Certificates & secrets in the Azure portal and connect again."
  ],
  [7_000_218, "No client secret was sent. Enter the secret's Value from Certificates & secrets in the Azure portal."],
  [
    700_025,
    "This app is registered as a public client, which has no secret. Register a Web platform for it in the Azure portal."
  ],
  [700_016, wrongApp],
  [7_000_112, "This app has been disabled in the organisation. Ask its administrator to enable it."],
  [
    50_194,
    "This app is registered for one organisation only. Set its supported account types to accounts in any " +
      "organisation and personal accounts."
  ]
])

const grantRefused = (error: string, suberror: string, codes: ReadonlyArray<number>): Refusal => ({
  reason: new GrantRevoked({
    error: error === "" ? suberror : error,
    errorCodes: codes,
    message:
      sentenceFor(grantSentences, codes) ?? wordSentences.get(suberror) ?? wordSentences.get(error) ?? signInAgain
  }),
  mayRepeat: false
})

const signInAgain =
  "Microsoft no longer accepts this sign-in. Sign in again to get a new refresh token, and connect again."

const consent = "The permissions Calendars.Read and User.Read have not been granted. Sign in again and accept them."

const adminConsent =
  "The organisation wants an administrator to approve this app. Ask one to choose Grant admin " +
  "consent under API permissions in the Azure portal, then sign in again."

const expired =
  "The refresh token has expired: it was not used for 90 days, or its lifetime has ended. Sign in again " +
  "to get a new one, and connect again."

const revoked =
  "The sign-in was revoked, by a changed password or by an administrator. Sign in again to get a new " +
  "refresh token, and connect again."

const moreProof =
  "The organisation asks for another proof of identity, such as a second factor. Sign in again, " +
  "complete what is asked, and connect again."

const notAllowed = "The organisation's rules do not allow this sign-in. Ask its administrator, then sign in again."

const malformed =
  "This is no refresh token of this app. Copy the whole refresh token that the sign-in showed, and " +
  "check that it was issued to the same client id."

const wordSentences: ReadonlyMap<string, string> = new Map([
  ["consent_required", consent],
  ["bad_token", signInAgain],
  ["interaction_required", moreProof],
  ["basic_action", moreProof],
  ["additional_action", moreProof],
  ["login_required", signInAgain],
  ["invalid_scope", consent],
  ["invalid_request", malformed],
  ["access_denied", consent]
])

const grantSentences: ReadonlyMap<number, string> = new Map([
  [700_082, expired],
  [70_008, expired],
  [
    700_084,
    "This refresh token was issued to a single-page app and lives for 24 hours only. Register the redirect address " +
      "under the Web platform in the Azure portal, then sign in again."
  ],
  [50_173, revoked],
  [50_132, revoked],
  [50_133, revoked],
  [54_005, "The sign-in has been used already. Sign in again to get a new refresh token."],
  [65_001, consent],
  [65_004, consent],
  [70_011, consent],
  [90_094, adminConsent],
  [90_095, adminConsent],
  [650_056, adminConsent],
  [50_076, moreProof],
  [50_078, moreProof],
  [50_079, moreProof],
  [50_158, moreProof],
  [53_000, notAllowed],
  [53_001, notAllowed],
  [53_003, notAllowed],
  [530_003, notAllowed],
  [
    50_105,
    "This app must be assigned to the user. Ask the organisation's administrator to assign it, then sign in again."
  ],
  [50_057, "This account has been disabled. Ask the organisation's administrator, then sign in again."],
  [50_034, "Microsoft does not know this account any more. Sign in again with one that exists."],
  [500_011, adminConsent],
  [70_000, malformed],
  [9_002_313, malformed],
  [90_014, malformed],
  [900_144, malformed],
  [700_005, "This refresh token belongs to another organisation. Sign in again."]
])

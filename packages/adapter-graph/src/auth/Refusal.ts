/**
 * What Microsoft's sign-in service means when it refuses a refresh token, and what a person can do about it.
 *
 * Decides the reason from the OAuth words alone: Microsoft warns that numbers and texts change. The numbers only choose
 * the sentence. No sentence holds anything that was sent or received.
 *
 * RFC 6749 §5.2; https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import { type CalendarError, GrantRevoked, SecretRejected, Throttled, Unavailable } from "@punctual/core"
import { type JsonObject, readArray, readText } from "@punctual/core/http"
import { numberSentences, signInAgain, wordSentences, wrongApp } from "./RefusalSentences.ts"

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

/** The number decides the sentence, whatever the OAuth word beside it. */
const sentenceFor = (codes: ReadonlyArray<number>): string | undefined =>
  codes.map((code) => numberSentences.get(code)).find((sentence) => sentence !== undefined)

const secretRefused = (error: string, codes: ReadonlyArray<number>, secret: string): Refusal => {
  const looksLikeId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(secret.trim())
  const message =
    codes.includes(7_000_215) && looksLikeId
      ? "The client secret was refused, and it looks like the Secret ID. In the Azure portal, under Certificates & " +
        "secrets, copy the secret's Value instead; if it is no longer shown, make a new secret."
      : (sentenceFor(codes) ??
        (error === "unauthorized_client"
          ? wrongApp
          : "Microsoft refused the client id or the client secret. Check both."))
  return {
    reason: new SecretRejected({ error, errorCodes: codes, expired: codes.includes(7_000_222), message }),
    mayRepeat: false
  }
}

const grantRefused = (error: string, suberror: string, codes: ReadonlyArray<number>): Refusal => ({
  reason: new GrantRevoked({
    error: error === "" ? suberror : error,
    errorCodes: codes,
    message: sentenceFor(codes) ?? wordSentences.get(suberror) ?? wordSentences.get(error) ?? signInAgain
  }),
  mayRepeat: false
})

/**
 * What Microsoft means when a sign-in by code fails, on its page or at its token endpoint, and what the person who signs
 * in can do about it.
 *
 * Decides the sentence. What is true of a code and not of a refresh token stands here; the rest is `Refusal.ts`'s to
 * say. Passes on Microsoft's own first line beside it, which is text from outside: whoever shows it escapes it.
 *
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import { firstLine, parseObject, readText, type SignInRefusal } from "@punctual/core/http"
import { errorCodes, refusalOf } from "./Refusal.ts"

/** The token endpoint's refusal of a code. `secret` only tells a secret's id from its value. */
export const codeRefusal = (status: number, body: string, secret: string): SignInRefusal => {
  const json = parseObject(body)
  const said = firstLine(readText(json ?? {}, "error_description") ?? readText(json ?? {}, "error") ?? "")
  const own = errorCodes(json)
    .map((code) => codeSentences.get(code))
    .find((sentence) => sentence !== undefined)
  if (own !== undefined) return { message: own, said }
  if (readText(json ?? {}, "error") === "invalid_request") return { message: malformed, said }
  const { reason } = refusalOf({ status, json, waitMillis: null }, secret)
  return { message: reason._tag === "Throttled" ? busy : "message" in reason ? reason.message : busy, said }
}

/** What came back to the redirect address in the place of a code. */
export const pageRefusal = (error: string, description: string | null): SignInRefusal =>
  busyWords.has(error)
    ? { message: busy, said: firstLine(description ?? error) }
    : codeRefusal(400, JSON.stringify({ error, error_description: description ?? error }), "")

const busyWords: ReadonlySet<string> = new Set(["server_error", "temporarily_unavailable"])

const busy = "Microsoft's sign-in service is busy or failing. Wait a moment and start the sign-in again."

const usedUp = "This sign-in has been used already. Start it again."

const tooLate = "The sign-in took too long and its code has expired. Start it again."

const mixedUp = "The answer belongs to another sign-in than the one that was started here. Start it again."

const redirectUnknown =
  "The redirect address is not the one the app is registered with. In the Azure portal, under App registrations, " +
  "Authentication, Web, Redirect URIs, add exactly the address that is shown here, then start the sign-in again."

const wrongPlatform =
  "The redirect address is registered under the single-page or the mobile platform. Remove it there and add it under " +
  "Web in the Azure portal (App registrations, Authentication), then start the sign-in again."

const declined =
  "The permissions were not accepted. Start the sign-in again and choose Accept on the consent screen; without them no " +
  "calendar can be read."

const malformed =
  "Microsoft did not understand the request. Start the sign-in again; if it fails the same way, check the client id and " +
  "the app's registration in the Azure portal."

const otherAccounts =
  "This kind of account may not use the app. In the Azure portal, set its supported account types to accounts in any " +
  "organizational directory and personal Microsoft accounts."

const codeSentences: ReadonlyMap<number, string> = new Map([
  [54_005, usedUp],
  [70_000, usedUp],
  [70_008, tooLate],
  [501_481, mixedUp],
  [50_148, mixedUp],
  [700_005, mixedUp],
  [50_011, redirectUnknown],
  [500_112, redirectUnknown],
  [500_113, redirectUnknown],
  [90_023, redirectUnknown],
  [9_002_325, wrongPlatform],
  [9_002_326, wrongPlatform],
  [9_002_327, wrongPlatform],
  [65_004, declined],
  [65_001, declined],
  [9_002_313, malformed],
  [90_014, malformed],
  [900_144, malformed],
  [70_003, malformed],
  [70_007, malformed],
  [500_200, otherAccounts]
])

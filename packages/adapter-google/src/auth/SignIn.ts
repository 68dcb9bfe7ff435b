/**
 * What Google means when a sign-in by code fails, on its page or at its token endpoint, and what the person who signs in can
 * do about it.
 *
 * Decides the sentence. What is true of a code and not of a refresh token stands here; the rest is `TokenRefusal.ts`'s to
 * say. Passes on Google's own words beside it, which are text from outside: whoever shows them escapes them.
 *
 * https://developers.google.com/identity/protocols/oauth2/web-server#errors
 */
import { firstLine, parseObject, readText, type SignInRefusal } from "@punctual/core/http"
import { tokenRefusal } from "./TokenRefusal.ts"

/** The token endpoint's refusal of a code. */
export const codeRefusal = (status: number, body: string): SignInRefusal => {
  const json = parseObject(body)
  const error = readText(json ?? {}, "error") ?? ""
  const said = firstLine(
    [error, readText(json ?? {}, "error_description") ?? ""].filter((part) => part !== "").join(": ")
  )
  const own = sentences.get(error)
  if (own !== undefined) return { message: own, said }
  const { reason } = tokenRefusal({ status, json, waitMillis: null })
  const isDefinite = reason._tag === "GrantRevoked" || reason._tag === "SecretRejected"
  return { message: isDefinite ? reason.message : busy, said }
}

/** What came back to the redirect address in the place of a code. */
export const pageRefusal = (error: string, description: string | null): SignInRefusal =>
  codeRefusal(400, JSON.stringify({ error, ...(description !== null && { error_description: description }) }))

const busy = "Google's sign-in service is busy or failing. Wait a moment and start the sign-in again."

const usedUp = "This sign-in has been used already, took too long, or belongs to another one. Start it again."

const redirectUnknown =
  "The redirect address is not one that the OAuth client is registered with. In the Google Cloud console, under APIs & " +
  "Services, Credentials, add exactly the address that is shown here to the client's authorized redirect URIs, then start " +
  "the sign-in again."

const declined =
  "The permissions were not accepted. Start the sign-in again, leave every box ticked and choose Continue; without them no " +
  "calendar can be read."

const malformed =
  "Google did not understand the request. Start the sign-in again; if it fails the same way, check the client id, and that " +
  "the OAuth client is of the type Web application."

const ofOneOrganisation =
  "The app's consent screen is for one organisation only. Sign in with an account of that organisation, or set the user " +
  "type to External in the Google Cloud console."

const sentences: ReadonlyMap<string, string> = new Map([
  // Of a code: what is true of a refresh token is another thing.
  ["invalid_grant", usedUp],
  ["redirect_uri_mismatch", redirectUnknown],
  ["access_denied", declined],
  ["invalid_request", malformed],
  ["invalid_scope", malformed],
  ["unsupported_grant_type", malformed],
  ["org_internal", ofOneOrganisation],
  ["server_error", busy],
  ["temporarily_unavailable", busy]
])

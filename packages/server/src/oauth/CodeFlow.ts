/**
 * The authorization code flow with Microsoft: the address to sign in at, and a code for tokens.
 *
 * Decides the scopes, exactly the three that the guide names, what ties an answer to its question (a state and a PKCE
 * verifier, RFC 7636, each 256 bits of chance), and what is kept of the answer. Never retries a code: it is good for
 * one use.
 *
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
import { createHash } from "node:crypto"
import { Clock, Effect, Redacted, Schema } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import { codeRefusal } from "@punctual/adapter-graph"
import type { Credentials } from "@punctual/core"
import { readAtMost } from "@punctual/core/http"
import { randomSecret } from "../auth/RandomId.ts"

export interface App {
  /** `https://login.microsoftonline.com`; a path in it is taken for the tenant. */
  readonly loginUrl: URL
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  readonly redirectUri: string
}

/** Of the guide, section 1; none beside them. */
export const scopes = ["Calendars.Read", "User.Read", "offline_access"] as const
const scope = scopes.join(" ")

/** One sign-in: what goes to Microsoft with the browser, and what stays here until it comes back. */
export interface Proof {
  readonly state: string
  readonly verifier: string
  /** S256: the verifier itself never leaves before the code comes back. */
  readonly challenge: string
}

export const newProof = (): Proof => {
  const verifier = randomSecret()
  return { state: randomSecret(), verifier, challenge: createHash("sha256").update(verifier).digest("base64url") }
}

/** Work, school and personal accounts alike. */
const everyTenant = "common"

const endpoint = ({ loginUrl }: App, name: "authorize" | "token"): URL => {
  const tenant = loginUrl.pathname.replaceAll(/^\/+|\/+$/g, "")
  return new URL(`/${tenant === "" ? everyTenant : tenant}/oauth2/v2.0/${name}`, loginUrl.origin)
}

/** Where the browser goes. */
export const authorizeUrl = (app: App, { challenge, state }: Proof): string => {
  const url = endpoint(app, "authorize")
  url.search = new URLSearchParams({
    client_id: app.clientId,
    response_type: "code",
    response_mode: "query",
    redirect_uri: app.redirectUri,
    scope,
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
    prompt: "select_account"
  }).toString()
  return url.toString()
}

/** What a code was good for. */
export interface Tokens {
  /** Null: Microsoft gave none, which it does only when `offline_access` was not granted. */
  readonly refreshToken: Redacted.Redacted | null
  readonly accessToken: Redacted.Redacted
  readonly obtainedAt: number
}

/** In words for the person who signed in; `said` is Microsoft's own line, to be escaped where it is shown. */
export interface Refused {
  readonly kind: "refused"
  readonly detail: string
  readonly said: string | null
}

export type Redeemed = { readonly kind: "granted"; readonly tokens: Tokens } | Refused

export type Redeem = (code: string, verifier: string) => Effect.Effect<Redeemed>

/** Microsoft answers within seconds or not at all. */
const answerMillisMax = 15_000
/** An answer is a few KiB. */
const answerBytesMax = 65_536

const Granted = Schema.fromJsonString(
  Schema.Struct({ access_token: Schema.NonEmptyString, refresh_token: Schema.optionalKey(Schema.NonEmptyString) })
)
const decodeGranted = Schema.decodeUnknownOption(Granted)

export const makeRedeem =
  (client: HttpClient.HttpClient, app: App): Redeem =>
  (code, verifier) =>
    Effect.gen(function* () {
      const request = HttpClientRequest.post(endpoint(app, "token")).pipe(
        HttpClientRequest.bodyUrlParams({
          grant_type: "authorization_code",
          client_id: app.clientId,
          client_secret: Redacted.value(app.clientSecret),
          redirect_uri: app.redirectUri,
          scope,
          code,
          code_verifier: verifier
        })
      )
      const response = yield* client.execute(request)
      const { text } = yield* readAtMost(response.stream, answerBytesMax)
      const obtainedAt = yield* Clock.currentTimeMillis
      return understood(app, response.status, text, obtainedAt)
    }).pipe(
      Effect.timeoutOrElse({ duration: answerMillisMax, orElse: () => Effect.succeed(unreachable) }),
      Effect.catch(() => Effect.succeed(unreachable)),
      Effect.scoped
    )

const understood = (app: App, status: number, text: string, obtainedAt: number): Redeemed => {
  const granted = decodeGranted(text)
  if (status === 200 && granted._tag === "Some") {
    const { access_token: access, refresh_token: refresh } = granted.value
    const refreshToken = refresh === undefined ? null : Redacted.make(refresh)
    return { kind: "granted", tokens: { refreshToken, accessToken: Redacted.make(access), obtainedAt } }
  }
  if (status === 200) return { kind: "refused", detail: "Microsoft answered without any token.", said: null }
  const { message, said } = codeRefusal(status, text, Redacted.value(app.clientSecret))
  return { kind: "refused", detail: message, said }
}

const unreachable: Refused = {
  kind: "refused",
  detail: "Microsoft can't be reached right now. Start the sign-in again.",
  said: null
}

export type Exchanged =
  | { readonly kind: "granted"; readonly credentials: Redacted.Redacted<Credentials> }
  | { readonly kind: "refused"; readonly detail: string; readonly said: string | null }

/** A code for credentials that can be kept: nothing less than a refresh token will do. */
export type Exchange = (code: string, verifier: string) => Effect.Effect<Exchanged>

export const makeExchange = (client: HttpClient.HttpClient, app: App): Exchange => {
  const redeem = makeRedeem(client, app)
  return (code, verifier) =>
    Effect.map(redeem(code, verifier), (redeemed) => {
      if (redeemed.kind === "refused") return redeemed
      const { obtainedAt, refreshToken } = redeemed.tokens
      if (refreshToken === null) return { kind: "refused", detail: noRefreshToken, said: null }
      const { clientId, clientSecret } = app
      return {
        kind: "granted",
        credentials: Redacted.make({
          clientId,
          clientSecret: Redacted.value(clientSecret),
          refreshToken: Redacted.value(refreshToken),
          obtainedAt
        })
      }
    })
}

/** The guide's own hint. */
export const noRefreshToken =
  "Microsoft returned no refresh token. Make sure that offline_access is among the app's API permissions and that " +
  "Accept was clicked on the consent screen: Microsoft returns a refresh token only when offline_access is in the " +
  "requested scope."

/**
 * The authorization code flow: the address to sign in at, and a code for tokens.
 *
 * Decides what ties an answer to its question (a state and a PKCE verifier, RFC 7636, each 256 bits of chance), and what is
 * kept of the answer. Never retries a code: it is good for one use. What differs from provider to provider stands in
 * `services/`.
 */
import { createHash } from "node:crypto"
import { Clock, Effect, Redacted, Schema } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import type { Credentials } from "@punctual/core"
import { readAtMost } from "@punctual/core/http"
import { randomSecret } from "../auth/RandomId.ts"
import type { SignInService } from "./services/SignInService.ts"

export interface App {
  readonly service: SignInService
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  readonly redirectUri: string
}

/** One sign-in: what goes to the provider with the browser, and what stays here until it comes back. */
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

/** Where the browser goes. */
export const authorizeUrl = ({ clientId, redirectUri, service }: App, { challenge, state }: Proof): string => {
  const url = new URL(service.authorizeUrl)
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: service.scopes.join(" "),
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...service.asked
  }).toString()
  return url.toString()
}

/** What a code was good for. */
export interface Tokens {
  /** Null: the provider gave none. */
  readonly refreshToken: Redacted.Redacted | null
  readonly accessToken: Redacted.Redacted
  readonly obtainedAt: number
}

/** In words for the person who signed in; `said` is the provider's own line, to be escaped where it is shown. */
export interface Refused {
  readonly kind: "refused"
  readonly detail: string
  readonly said: string | null
}

export type Redeemed = { readonly kind: "granted"; readonly tokens: Tokens } | Refused

export type Redeem = (code: string, verifier: string) => Effect.Effect<Redeemed>

/** A provider answers within seconds or not at all. */
const answerMillisMax = 15_000
/** An answer is a few KiB. */
const answerBytesMax = 65_536

const Granted = Schema.fromJsonString(
  Schema.Struct({
    access_token: Schema.NonEmptyString,
    refresh_token: Schema.optionalKey(Schema.NonEmptyString),
    scope: Schema.optionalKey(Schema.String)
  })
)
const decodeGranted = Schema.decodeUnknownOption(Granted)

export const makeRedeem =
  (client: HttpClient.HttpClient, app: App): Redeem =>
  (code, verifier) =>
    Effect.gen(function* () {
      const request = HttpClientRequest.post(app.service.tokenUrl).pipe(
        HttpClientRequest.bodyUrlParams({
          grant_type: "authorization_code",
          client_id: app.clientId,
          client_secret: Redacted.value(app.clientSecret),
          redirect_uri: app.redirectUri,
          code,
          code_verifier: verifier,
          ...app.service.sent
        })
      )
      const response = yield* client.execute(request)
      const { text } = yield* readAtMost(response.stream, answerBytesMax)
      const obtainedAt = yield* Clock.currentTimeMillis
      return understood(app, response.status, text, obtainedAt)
    }).pipe(
      Effect.timeoutOrElse({ duration: answerMillisMax, orElse: () => Effect.succeed(unreachable(app)) }),
      Effect.catch(() => Effect.succeed(unreachable(app))),
      Effect.scoped
    )

const understood = ({ clientSecret, service }: App, status: number, text: string, obtainedAt: number): Redeemed => {
  const granted = decodeGranted(text)
  if (status === 200 && granted._tag === "Some") {
    const { access_token: access, refresh_token: refresh, scope } = granted.value
    const tooLittle = scope === undefined ? null : service.tooLittle(scope.split(" "))
    if (tooLittle !== null) return { kind: "refused", detail: tooLittle, said: null }
    const refreshToken = refresh === undefined ? null : Redacted.make(refresh)
    return { kind: "granted", tokens: { refreshToken, accessToken: Redacted.make(access), obtainedAt } }
  }
  if (status === 200) return { kind: "refused", detail: `${service.company} answered without any token.`, said: null }
  const { message, said } = service.codeRefusal(status, text, Redacted.value(clientSecret))
  return { kind: "refused", detail: message, said }
}

const unreachable = ({ service }: App): Refused => ({
  kind: "refused",
  detail: `${service.company} can't be reached right now. Start the sign-in again.`,
  said: null
})

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
      if (refreshToken === null) return { kind: "refused", detail: app.service.noRefreshToken, said: null }
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

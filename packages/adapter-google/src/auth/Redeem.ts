/**
 * A refresh token for an access token, at Google's token endpoint.
 *
 * Decides what is kept of the answer. A refresh token in it is kept; usually there is none, and the old one stays good.
 * Never retries, and never sends a secret anywhere but to the configured service.
 *
 * https://developers.google.com/identity/protocols/oauth2/web-server#offline
 */
import { Clock, Effect, Redacted } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { type Credentials, Unavailable } from "@punctual/core"
import { parseObject, readBody, readName, readText, redeemWithRetry, retryAfterMillis } from "@punctual/core/http"
import type { Access } from "../client/GoogleClient.ts"
import { urlAt } from "../client/GoogleContext.ts"
import type { Limits } from "../client/Limits.ts"
import { type TokenAnswer, type TokenRefusal, tokenRefusal, unreachable } from "./TokenRefusal.ts"

/** What a refresh token was good for. */
export interface Granted {
  readonly accessToken: Redacted.Redacted<string>
  readonly lifetimeMillis: number
  /** Null where the answer has none, as Google's have: the old one stays good. */
  readonly refreshToken: Redacted.Redacted<string> | null
  /** In full, as Google answers them. */
  readonly scopes: ReadonlyArray<string>
  /** Whose it is, from the identity token; null where `openid` was not granted. */
  readonly accountId: string | null
}

export type Redeem = (credentials: Redacted.Redacted<Credentials>) => Effect.Effect<Granted, TokenRefusal>

export interface RedeemOptions {
  readonly http: HttpClient.HttpClient
  /** The service that has `/token`. */
  readonly tokenService: URL
  readonly limits: Limits
}

/** Tried again a few times with growing pauses where it was a fault; a definite refusal is final. */
export const makeRedeem =
  (options: RedeemOptions): Redeem =>
  (credentials) =>
    redeemWithRetry(redeemOnce(options, credentials), options.limits)

const redeemOnce = Effect.fnUntraced(function* (
  { http, limits, tokenService }: RedeemOptions,
  credentials: Redacted.Redacted<Credentials>
): Effect.fn.Return<Granted, TokenRefusal> {
  const { clientId, clientSecret, refreshToken } = Redacted.value(credentials)
  // What Google would say, without bothering it.
  if (clientId === "" || clientSecret === "") return yield* Effect.fail(tokenRefusal(missing(401, "invalid_client")))
  if (refreshToken === "") return yield* Effect.fail(tokenRefusal(missing(400, "invalid_grant")))
  const request = HttpClientRequest.post(urlAt(tokenService, ["token"]).href, { acceptJson: true }).pipe(
    HttpClientRequest.bodyText(
      new URLSearchParams({
        grant_type: "refresh_token",
        client_id: clientId,
        client_secret: clientSecret,
        refresh_token: refreshToken
      }).toString(),
      "application/x-www-form-urlencoded"
    )
  )
  const answer = yield* http.execute(request).pipe(
    Effect.flatMap((response) =>
      Effect.all([readBody(response, answerMaxBytes), Clock.currentTimeMillis]).pipe(
        Effect.map(([text, now]): TokenAnswer => ({
          status: response.status,
          json: parseObject(text),
          waitMillis: retryAfterMillis(response.headers["retry-after"], response.headers["date"], now)
        }))
      )
    ),
    Effect.timeout(limits.deadlineMillis),
    // Whatever it was, the cause stays behind: it holds the request with its secret.
    Effect.mapError(() => unreachable),
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.provideService(HttpClient.TracerPropagationEnabled, false)
  )
  const isSuccess = answer.status >= 200 && answer.status < 300
  return isSuccess ? yield* grantedOf(answer) : yield* Effect.fail(tokenRefusal(answer))
})

const missing = (status: number, error: string): TokenAnswer => ({ status, json: { error }, waitMillis: null })

const answerMaxBytes = 1_048_576
const tokenLengthMax = 16_384

const grantedOf = ({ json }: TokenAnswer): Effect.Effect<Granted, TokenRefusal> => {
  const body = json ?? {}
  const token = readName(body, "access_token", tokenLengthMax)
  if (token === null) {
    const message = "Google's sign-in service answered without an access token."
    return Effect.fail({ reason: new Unavailable({ message }), mayRepeat: true })
  }
  const rotated = readName(body, "refresh_token", tokenLengthMax)
  const seconds = Number(body["expires_in"])
  return Effect.succeed({
    accessToken: Redacted.make(token),
    lifetimeMillis: Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : defaultLifetimeMillis,
    refreshToken: rotated === null ? null : Redacted.make(rotated),
    scopes: (readText(body, "scope") ?? "").split(" ").filter((scope) => scope !== ""),
    accountId: subjectOfToken(readText(body, "id_token"))
  })
}

const defaultLifetimeMillis = 3_600_000

/** Straight from the token endpoint over TLS an identity token may be read unverified (OpenID Connect Core 3.1.3.7). */
const subjectOfToken = (idToken: string | null): string | null => {
  const claims = parseObject(Buffer.from(idToken?.split(".")[1] ?? "", "base64url").toString("utf8"))
  return readName(claims ?? {}, "sub", 255)
}

/**
 * The access token as the client carries it. Where the answer did not say whose mailbox it is, `stranger` stands for it.
 */
export const accessOf = (
  credentials: Redacted.Redacted<Credentials>,
  granted: Granted,
  now: number,
  stranger: string
): Access => {
  const { clientId } = Redacted.value(credentials)
  return {
    token: granted.accessToken,
    project: clientId,
    mailbox: `${clientId}|${granted.accountId ?? stranger}`,
    lifetimeMillis: granted.lifetimeMillis,
    expiresAt: now + granted.lifetimeMillis
  }
}

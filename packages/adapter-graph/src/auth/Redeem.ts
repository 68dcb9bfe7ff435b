/**
 * A refresh token for an access token, through MSAL.
 *
 * Decides what is kept of the answer. Each redemption has a `ConfidentialClientApplication` of its own: MSAL remembers
 * throttling per app and scopes and not per user, so a shared one would let one user's fault fail another's sign-in,
 * and its cache would keep tokens longer than we do. Never asks where the sign-in service is, never retries.
 *
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token
 */
import {
  type AuthenticationResult,
  ConfidentialClientApplication,
  type INetworkModule,
  LogLevel,
  type NetworkRequestOptions,
  type NetworkResponse
} from "@azure/msal-node"
import { Clock, Effect, Predicate, Redacted } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { type Credentials, Unavailable } from "@punctual/core"
import { asObject, type JsonObject, parseObject, readBody, readText, retryAfterMillis } from "@punctual/core/http"
import type { Access } from "../client/GraphClient.ts"
import type { Authority } from "./Authority.ts"
import { type Refusal, type TokenAnswer, refusalOf, unreachable } from "./Refusal.ts"

/** What a refresh token was good for. */
export interface Granted {
  readonly accessToken: Redacted.Redacted<string>
  readonly lifetimeMillis: number
  /** The rotated refresh token; null where the service kept the old one. */
  readonly refreshToken: Redacted.Redacted<string> | null
  readonly scopes: ReadonlyArray<string>
  /** The account as MSAL names it, `{object id}.{tenant id}`; null where the answer did not tell. */
  readonly accountId: string | null
}

/** The guide's scopes. MSAL adds `openid profile offline_access` by itself. */
const scopes: ReadonlyArray<string> = ["Calendars.Read", "User.Read"]

export interface RedeemOptions {
  readonly http: HttpClient.HttpClient
  readonly authority: Authority
  readonly deadlineMillis: number
}

export type Redeem = (credentials: Redacted.Redacted<Credentials>) => Effect.Effect<Granted, Refusal>

export const makeRedeem = (options: RedeemOptions): Redeem =>
  Effect.fnUntraced(function* (credentials: Redacted.Redacted<Credentials>): Effect.fn.Return<Granted, Refusal> {
    const { clientId, clientSecret, refreshToken } = Redacted.value(credentials)
    // What Microsoft would say, without bothering it.
    if (clientId === "" || clientSecret === "") return yield* Effect.fail(refusalOf(noSecret, clientSecret))
    if (refreshToken === "") return yield* Effect.fail(refusalOf(noToken, clientSecret))
    const run = Effect.runPromiseExitWith(yield* Effect.context<never>())
    // What was answered on the wire: MSAL's errors leave out the status and `Retry-After`.
    let answer: TokenAnswer | null = null
    const made = yield* Effect.tryPromise({
      try: async (signal) => {
        const app = application(options.authority, clientId, clientSecret, async (url, sent) => {
          const exit = await run(post(options, url, sent), { signal })
          if (exit._tag === "Failure") throw new Error("no answer")
          answer = exit.value.answer
          // Told of a refusal without an OAuth error in it, MSAL would take it for a grant of nothing.
          if (answer.status < 200 || answer.status > 299) throw new Error("refused")
          return exit.value.response
        })
        // Without `forceCache` MSAL drops the rotated token in silence.
        const result = await app.acquireTokenByRefreshToken({ scopes: [...scopes], refreshToken, forceCache: true })
        return { result, rotated: rotatedToken(app.getTokenCache().serialize()) }
      },
      catch: () => (answer === null ? unreachable : refusalOf(answer, clientSecret))
    })
    return yield* grantedOf(made.result, made.rotated)
  })

const noSecret: TokenAnswer = {
  status: 401,
  json: { error: "invalid_client", error_codes: [7_000_218] },
  waitMillis: null
}

const noToken: TokenAnswer = {
  status: 400,
  json: { error: "invalid_request", error_codes: [900_144] },
  waitMillis: null
}

/**
 * The access token as the client carries it. Outlook counts requests by app and mailbox; where the answer did not say
 * whose mailbox it is, `stranger` stands for it.
 */
export const accessOf = (
  credentials: Redacted.Redacted<Credentials>,
  granted: Granted,
  now: number,
  stranger: string
): Access => ({
  token: granted.accessToken,
  mailbox: `${Redacted.value(credentials).clientId}|${granted.accountId ?? stranger}`,
  scopes: granted.scopes,
  lifetimeMillis: granted.lifetimeMillis,
  expiresAt: now + granted.lifetimeMillis
})

const application = (
  authority: Authority,
  clientId: string,
  clientSecret: string,
  send: (url: string, options: NetworkRequestOptions | undefined) => Promise<NetworkResponse<JsonObject>>
): ConfidentialClientApplication => {
  const networkClient: INetworkModule = {
    sendGetRequestAsync: () => Promise.reject(new Error("MSAL was told everything: it has nothing to discover")),
    // MSAL names the shape it hopes for; it checks what it gets.
    sendPostRequestAsync: <T>(url: string, options?: NetworkRequestOptions) =>
      send(url, options) as Promise<NetworkResponse<T>>
  }
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      clientSecret,
      authority: authority.authority,
      knownAuthorities: authority.knownAuthorities,
      authorityMetadata: authority.authorityMetadata
    },
    system: {
      networkClient,
      loggerOptions: { logLevel: LogLevel.Error, piiLoggingEnabled: false, loggerCallback: () => undefined }
    }
  })
}

const answerMaxBytes = 1_048_576

const post = Effect.fnUntraced(
  function* ({ http }: RedeemOptions, url: string, sent: NetworkRequestOptions | undefined) {
    const request = HttpClientRequest.post(url, { headers: sent?.headers ?? {}, acceptJson: true }).pipe(
      HttpClientRequest.bodyText(sent?.body ?? "", "application/x-www-form-urlencoded;charset=utf-8")
    )
    const response = yield* http.execute(request)
    const json = parseObject(yield* readBody(response, answerMaxBytes))
    const { status } = response
    const { date, "retry-after": retryAfter } = response.headers
    const waitMillis = retryAfterMillis(retryAfter, date, yield* Clock.currentTimeMillis)
    const answer: TokenAnswer = { status, json, waitMillis }
    // Without an error in it MSAL would take a body that is no JSON for a grant of nothing.
    const body = json ?? { error: "unparsable" }
    return { answer, response: { status, headers: { ...response.headers }, body } }
  },
  (effect, { deadlineMillis }) => Effect.timeout(effect, deadlineMillis),
  Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
  Effect.provideService(HttpClient.TracerPropagationEnabled, false)
)

const grantedOf = (result: AuthenticationResult | null, rotated: string | null): Effect.Effect<Granted, Refusal> => {
  const token = result?.accessToken ?? ""
  if (result === null || token === "") {
    const message = "Microsoft's sign-in service answered without an access token."
    return Effect.fail({ reason: new Unavailable({ message }), mayRepeat: true })
  }
  const account = result.account?.homeAccountId ?? ""
  // MSAL turns the lifetime into a time of the machine's clock; ours may be a virtual one, so it is turned back.
  const lifetimeMillis = result.expiresOn === null ? 0 : result.expiresOn.getTime() - Date.now()
  return Effect.succeed({
    accessToken: Redacted.make(token),
    lifetimeMillis: Math.max(0, lifetimeMillis),
    refreshToken: rotated === null ? null : Redacted.make(rotated),
    scopes: result.scopes,
    accountId: account === "" ? null : account
  })
}

/** MSAL hands out no refresh token: it stands in its cache, which holds this one answer only. */
const rotatedToken = (cache: string): string | null => {
  const tokens = Object.values(asObject(parseObject(cache)?.["RefreshToken"]) ?? {})
  const secret = tokens.filter(Predicate.isReadonlyObject).map((token) => readText(token, "secret"))[0] ?? ""
  return secret === "" ? null : secret
}

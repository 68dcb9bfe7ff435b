/**
 * The authorization code flow with Microsoft: the address to sign in at, and a code for a refresh token.
 *
 * Decides the scopes, exactly the three that the guide names, and what is kept of the answer: the refresh token alone.
 * Never retries a code (it is good for one use) and never tells more of a refusal than Microsoft's own words.
 *
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
import { Clock, Effect, Redacted, Schema } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import type { Credentials } from "@punctual/core"
import { readAtMost } from "../launchers/Answer.ts"

export interface App {
  /** `https://login.microsoftonline.com`; a path in it is taken for the tenant. */
  readonly loginUrl: URL
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  readonly redirectUri: string
}

const scope = "offline_access Calendars.Read User.Read"

/** Work, school and personal accounts alike. */
const everyTenant = "common"

const endpoint = ({ loginUrl }: App, name: "authorize" | "token"): URL => {
  const tenant = loginUrl.pathname.replaceAll(/^\/+|\/+$/g, "")
  return new URL(`/${tenant === "" ? everyTenant : tenant}/oauth2/v2.0/${name}`, loginUrl.origin)
}

/** Where the browser goes. */
export const authorizeUrl = (app: App, state: string, challenge: string): string => {
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

export type Exchanged =
  | { readonly kind: "granted"; readonly credentials: Redacted.Redacted<Credentials> }
  | { readonly kind: "refused"; readonly detail: string }

export type Exchange = (code: string, verifier: string) => Effect.Effect<Exchanged>

/** Microsoft answers within seconds or not at all. */
const answerMillisMax = 15_000
/** An answer is a few KiB. */
const answerBytesMax = 65_536

const Granted = Schema.fromJsonString(Schema.Struct({ refresh_token: Schema.NonEmptyString }))
const Refused = Schema.fromJsonString(
  Schema.Struct({ error: Schema.String, error_description: Schema.optionalKey(Schema.String) })
)
const decodeGranted = Schema.decodeUnknownOption(Granted)
const decodeRefused = Schema.decodeUnknownOption(Refused)

export const makeExchange =
  (client: HttpClient.HttpClient, app: App): Exchange =>
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
      const text = yield* readAtMost(response, answerBytesMax)
      const obtainedAt = yield* Clock.currentTimeMillis
      return understood(app, response.status, text, obtainedAt)
    }).pipe(
      Effect.timeoutOrElse({ duration: answerMillisMax, orElse: () => Effect.succeed(unreachable) }),
      Effect.catch(() => Effect.succeed(unreachable)),
      Effect.scoped
    )

const understood = (app: App, status: number, text: string, obtainedAt: number): Exchanged => {
  const granted = decodeGranted(text)
  if (status === 200 && granted._tag === "Some") {
    const { clientId, clientSecret } = app
    const refreshToken = granted.value.refresh_token
    return {
      kind: "granted",
      credentials: Redacted.make({ clientId, clientSecret: Redacted.value(clientSecret), refreshToken, obtainedAt })
    }
  }
  if (status === 200) return { kind: "refused", detail: "Microsoft gave no refresh token: accept offline access." }
  const refused = decodeRefused(text)
  return {
    kind: "refused",
    detail:
      refused._tag === "Some"
        ? `Microsoft refused the sign-in: ${refused.value.error_description ?? refused.value.error}`
        : "Microsoft answered in a form that this server does not know."
  }
}

const unreachable: Exchanged = {
  kind: "refused",
  detail: "Microsoft can't be reached right now. Start the sign-in again."
}

/**
 * A sign-in that this server starts for a user, with its own app: where to send the browser, and what to do when it
 * comes back.
 *
 * Decides what ties the two together: a state that is 256 bits of chance, kept as a digest, taken once, for ten
 * minutes, and a PKCE verifier beside it (RFC 7636). The browser never sees a token.
 *
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
import { createHash } from "node:crypto"
import { Clock, Context, Effect, Layer, Option, type Redacted } from "effect"
import { Accounts, type AccountsUnavailable } from "@punctual/core/accounts"
import { type Credentials, type Instant, Punctual, Refusal, type UserId } from "@punctual/core"
import { Unavailable } from "../api/Problems.ts"
import { digestOf } from "../auth/ApiKey.ts"
import { randomSecret } from "../auth/RandomId.ts"
import { type App, authorizeUrl, type Exchange } from "./CodeFlow.ts"

/** Ten minutes to sign in. */
const stateMillis = 600_000

/** How a sign-in ended, for the page that the browser shows. */
export type Ending =
  | { readonly kind: "connected"; readonly email: string | null }
  /** The user or an administrator said no; Microsoft's word for it. */
  | { readonly kind: "declined"; readonly error: string }
  /** No sign-in of ours, or not any more. */
  | { readonly kind: "unknown" }
  | { readonly kind: "failed"; readonly detail: string }

/** What Microsoft sends the browser back with. */
export interface Returned {
  readonly state: string | null
  readonly code: string | null
  readonly error: string | null
}

export class Consent extends Context.Service<
  Consent,
  {
    /** Whether this server has an app of its own. */
    readonly isConfigured: boolean
    readonly begin: (
      userId: UserId
    ) => Effect.Effect<{ readonly authorizeUrl: string; readonly expiresAt: Instant }, Unavailable>
    readonly finish: (returned: Returned) => Effect.Effect<Ending>
  }
>()("@punctual/server/oauth/Consent") {}

/** None: no app is configured. */
export const layer = (
  configured: Option.Option<{ readonly app: App; readonly exchange: Exchange }>
): Layer.Layer<Consent, never, Accounts | Punctual> =>
  Layer.effect(
    Consent,
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const punctual = yield* Punctual
      if (Option.isNone(configured)) {
        return Consent.of({
          isConfigured: false,
          begin: () => Effect.die(new Error("asked for a sign-in without an app")),
          finish: () => Effect.succeed({ kind: "unknown" })
        })
      }
      const { app, exchange } = configured.value
      const begin = Effect.fnUntraced(function* (userId: UserId) {
        const state = randomSecret()
        const verifier = randomSecret()
        const expiresAt = (yield* Clock.currentTimeMillis) + stateMillis
        yield* accounts
          .putConsent({ digest: digestOf(state), userId, verifier, expiresAt })
          .pipe(Effect.catch(unavailable))
        return { authorizeUrl: authorizeUrl(app, state, challengeOf(verifier)), expiresAt }
      })
      const finish = Effect.fnUntraced(function* ({ code, error, state }: Returned): Effect.fn.Return<Ending> {
        if (state === null) return { kind: "unknown" }
        const now = yield* Clock.currentTimeMillis
        const taken = yield* Effect.option(accounts.takeConsent(digestOf(state), now))
        if (Option.isNone(taken)) return tryAgain
        if (Option.isNone(taken.value)) return { kind: "unknown" }
        const { userId, verifier } = taken.value.value
        if (error !== null || code === null) return { kind: "declined", error: error ?? "no code" }
        const exchanged = yield* exchange(code, verifier)
        return exchanged.kind === "refused"
          ? { kind: "failed", detail: exchanged.detail }
          : yield* connect(punctual, userId, exchanged.credentials)
      })
      return Consent.of({ isConfigured: true, begin, finish })
    })
  )

/** S256: the verifier itself never leaves the server before the code comes back. */
const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url")

const connect = (
  punctual: Punctual["Service"],
  userId: UserId,
  credentials: Redacted.Redacted<Credentials>
): Effect.Effect<Ending> =>
  punctual.connect(userId, credentials).pipe(
    Effect.map(({ connection }): Ending => ({ kind: "connected", email: connection.email })),
    Effect.catch((failure) =>
      failure instanceof Refusal
        ? Effect.succeed<Ending>({ kind: "failed", detail: failure.detail })
        : Effect.as(Effect.logWarning("a sign-in was not stored", failure.reason._tag), tryAgain)
    )
  )

const tryAgain: Ending = { kind: "failed", detail: "This server can't store the sign-in right now. Start it again." }

const unavailable = (error: AccountsUnavailable): Effect.Effect<never, Unavailable> =>
  Effect.andThen(
    Effect.logWarning("a sign-in can't be started", error.message),
    Effect.fail(new Unavailable({ detail: "Storage can't be reached right now. Try again shortly." }))
  )

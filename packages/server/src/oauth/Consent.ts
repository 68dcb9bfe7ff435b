/**
 * A sign-in that this server starts for a user, with its own app: where to send the browser, and what to do when it
 * comes back.
 *
 * Decides what ties the two together: a state that is 256 bits of chance, kept as a digest, taken once, for ten
 * minutes, and a PKCE verifier beside it (RFC 7636). Where a page of this server asked, the state is good in that
 * browser alone; where a program asked, in whichever browser the user opens the address. The browser never sees a token.
 *
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
import { Clock, Context, Effect, Layer, Option, type Redacted } from "effect"
import { pageRefusal } from "@punctual/adapter-graph"
import { Accounts } from "@punctual/core/accounts"
import { type Credentials, type Instant, Punctual, Refusal, type UserId } from "@punctual/core"
import type { Unavailable } from "../api/Problems.ts"
import { digestOf } from "../auth/ApiKey.ts"
import { orStorageAway } from "../http/StorageAway.ts"
import { signInMillis } from "./Browser.ts"
import { type App, type Exchange, authorizeUrl, newProof } from "./CodeFlow.ts"

/** How a sign-in ended, for the page that the browser shows. */
export type Ending =
  | { readonly kind: "connected"; readonly email: string | null }
  /** The user or an administrator said no, or Microsoft did. */
  | { readonly kind: "declined"; readonly detail: string; readonly said: string | null }
  /** No sign-in of ours, or not any more. */
  | { readonly kind: "unknown" }
  | { readonly kind: "failed"; readonly detail: string; readonly said: string | null }

/** What Microsoft sends the browser back with. */
export interface Returned {
  readonly state: string | null
  readonly code: string | null
  readonly error: string | null
  readonly errorDescription: string | null
  /** The browser's name; null: it has none. */
  readonly browser: string | null
}

export class Consent extends Context.Service<
  Consent,
  {
    /** Whether this server has an app of its own. */
    readonly isConfigured: boolean
    /** Where browsers reach this server. */
    readonly address: string
    /** With a browser's name the sign-in ends in that browser or not at all. */
    readonly begin: (
      userId: UserId,
      browser: string | null
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
          address: "",
          begin: () => Effect.die(new Error("asked for a sign-in without an app")),
          finish: () => Effect.succeed({ kind: "unknown" })
        })
      }
      const { app, exchange } = configured.value
      const begin = Effect.fnUntraced(function* (userId: UserId, browser: string | null) {
        const proof = newProof()
        const expiresAt = (yield* Clock.currentTimeMillis) + signInMillis
        yield* accounts
          .putConsent({ digest: digestFor(proof.state, browser), userId, verifier: proof.verifier, expiresAt })
          .pipe(orStorageAway("a sign-in can't be started"))
        return { authorizeUrl: authorizeUrl(app, proof), expiresAt }
      })
      const take = Effect.fnUntraced(function* (state: string, browser: string | null) {
        const now = yield* Clock.currentTimeMillis
        const bound = browser === null ? Option.none() : yield* accounts.takeConsent(digestFor(state, browser), now)
        return Option.isSome(bound) ? bound : yield* accounts.takeConsent(digestFor(state, null), now)
      })
      const finish = Effect.fnUntraced(function* (returned: Returned): Effect.fn.Return<Ending> {
        const { browser, code, error, errorDescription, state } = returned
        if (state === null) return { kind: "unknown" }
        const taken = yield* Effect.option(take(state, browser))
        if (Option.isNone(taken)) return tryAgain
        if (Option.isNone(taken.value)) return { kind: "unknown" }
        const { userId, verifier } = taken.value.value
        if (error !== null || code === null) {
          const { message, said } = pageRefusal(error ?? "no code", errorDescription)
          return { kind: "declined", detail: message, said }
        }
        const exchanged = yield* exchange(code, verifier)
        return exchanged.kind === "refused"
          ? { kind: "failed", detail: exchanged.detail, said: exchanged.said }
          : yield* connect(punctual, userId, exchanged.credentials)
      })
      return Consent.of({ isConfigured: true, address: app.redirectUri, begin, finish })
    })
  )

/** Whoever has the state alone can't find a sign-in that belongs to a browser. */
const digestFor = (state: string, browser: string | null): string =>
  digestOf(browser === null ? state : `${state}.${browser}`)

const connect = (
  punctual: Punctual["Service"],
  userId: UserId,
  credentials: Redacted.Redacted<Credentials>
): Effect.Effect<Ending> =>
  punctual.connect(userId, credentials).pipe(
    Effect.map(({ connection }): Ending => ({ kind: "connected", email: connection.email })),
    Effect.catch((failure) =>
      failure instanceof Refusal
        ? Effect.succeed<Ending>({ kind: "failed", detail: failure.detail, said: null })
        : Effect.as(Effect.logWarning("a sign-in was not stored", failure.reason._tag), tryAgain)
    )
  )

const tryAgain: Ending = {
  kind: "failed",
  detail: "This server can't store the sign-in right now. Start it again.",
  said: null
}

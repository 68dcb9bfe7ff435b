/**
 * A sign-in that this server starts for a user, with its own app: where to send the browser, and what to do when it
 * comes back.
 *
 * Decides what ties the two together: a state that is 256 bits of chance, kept as a digest, taken once, for ten
 * minutes, and a PKCE verifier beside it (RFC 7636). Where a page of this server asked, the state is good in that
 * browser alone; where a program asked, in whichever browser the user opens the address. The browser never sees a token.
 */
import { Clock, Context, Effect, Layer, Option, type Redacted } from "effect"
import { Accounts } from "@punctual/core/accounts"
import { type Credentials, type Instant, Punctual, Refusal, type UserId } from "@punctual/core"
import type { Unavailable } from "../api/Problems.ts"
import { digestOf } from "../auth/ApiKey.ts"
import { orStorageAway } from "../http/StorageAway.ts"
import { signInMillis } from "./Browser.ts"
import { type App, type Exchange, authorizeUrl, newProof } from "./CodeFlow.ts"
import type { SignInProvider } from "../api/SignInProvider.ts"

/** How a sign-in ended, for the page that the browser shows. */
export type Ending =
  | { readonly kind: "connected"; readonly email: string | null }
  /** The user or an administrator said no, or the provider did. */
  | { readonly kind: "declined"; readonly detail: string; readonly said: string | null }
  /** No sign-in of ours, or not any more. */
  | { readonly kind: "unknown" }
  | { readonly kind: "failed"; readonly detail: string; readonly said: string | null }

/** What the provider sends the browser back with. */
export interface Returned {
  readonly state: string | null
  readonly code: string | null
  readonly error: string | null
  readonly errorDescription: string | null
  /** The browser's name; null: it has none. */
  readonly browser: string | null
}

/** An app of this server's, and what it takes to use it. */
export interface SignInApp {
  readonly app: App
  readonly exchange: Exchange
}

export class Consent extends Context.Service<
  Consent,
  {
    /** Providers that this server has an app of its own for; the first is meant where none is named. */
    readonly providers: ReadonlyArray<SignInProvider>
    /** Where browsers reach this server. */
    readonly address: string
    /** With one of the `providers`. With a browser's name the sign-in ends in that browser or not at all. */
    readonly begin: (
      userId: UserId,
      provider: SignInProvider,
      browser: string | null
    ) => Effect.Effect<{ readonly authorizeUrl: string; readonly expiresAt: Instant }, Unavailable>
    readonly finish: (provider: SignInProvider, returned: Returned) => Effect.Effect<Ending>
  }
>()("@punctual/server/oauth/Consent") {}

/** None: no app is configured. */
export const layer = (configured: ReadonlyArray<SignInApp>): Layer.Layer<Consent, never, Accounts | Punctual> =>
  Layer.effect(
    Consent,
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const punctual = yield* Punctual
      const apps = new Map(configured.map((each) => [each.app.service.provider, each]))
      const begin = Effect.fnUntraced(function* (userId: UserId, provider: SignInProvider, browser: string | null) {
        const found = apps.get(provider)
        if (found === undefined) return yield* Effect.die(new Error("asked for a sign-in without an app"))
        const proof = newProof()
        const expiresAt = (yield* Clock.currentTimeMillis) + signInMillis
        const digest = digestFor(provider, proof.state, browser)
        yield* accounts
          .putConsent({ digest, userId, verifier: proof.verifier, expiresAt })
          .pipe(orStorageAway("a sign-in can't be started"))
        return { authorizeUrl: authorizeUrl(found.app, proof), expiresAt }
      })
      const take = Effect.fnUntraced(function* (provider: SignInProvider, state: string, browser: string | null) {
        const now = yield* Clock.currentTimeMillis
        const ofBrowser =
          browser === null ? Option.none() : yield* accounts.takeConsent(digestFor(provider, state, browser), now)
        return Option.isSome(ofBrowser) ? ofBrowser : yield* accounts.takeConsent(digestFor(provider, state, null), now)
      })
      const finish = Effect.fnUntraced(function* (
        provider: SignInProvider,
        returned: Returned
      ): Effect.fn.Return<Ending> {
        const { browser, code, error, errorDescription, state } = returned
        const found = apps.get(provider)
        if (state === null || found === undefined) return { kind: "unknown" }
        const taken = yield* Effect.option(take(provider, state, browser))
        if (Option.isNone(taken)) return tryAgain
        if (Option.isNone(taken.value)) return { kind: "unknown" }
        const { userId, verifier } = taken.value.value
        const { service } = found.app
        if (error !== null || code === null) {
          const { message, said } = service.pageRefusal(error ?? "no code", errorDescription)
          return { kind: "declined", detail: message, said }
        }
        const exchanged = yield* found.exchange(code, verifier)
        return exchanged.kind === "refused"
          ? { kind: "failed", detail: exchanged.detail, said: exchanged.said }
          : yield* connect(punctual, userId, exchanged.credentials, service.platform)
      })
      return Consent.of({
        providers: [...apps.keys()],
        address: configured[0]?.app.redirectUri ?? "",
        begin,
        finish
      })
    })
  )

/** Whoever has the state alone can't find a sign-in that belongs to a browser, nor end one at another provider's address. */
const digestFor = (provider: SignInProvider, state: string, browser: string | null): string =>
  digestOf([provider, state, ...(browser === null ? [] : [browser])].join("."))

const connect = (
  punctual: Punctual["Service"],
  userId: UserId,
  credentials: Redacted.Redacted<Credentials>,
  platform: string
): Effect.Effect<Ending> =>
  punctual.connect(userId, credentials, platform).pipe(
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

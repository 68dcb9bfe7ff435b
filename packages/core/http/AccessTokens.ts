/**
 * The access tokens of all connections, in memory, for services that give them for refresh tokens (OAuth 2.0).
 *
 * Decides when a token is renewed, that only one renewal per connection is under way whoever waits for it, and that
 * rotated credentials are saved before anything relies on them. Never puts an older refresh token in place of a newer
 * one, and never asks again at once where the service has definitely refused (laws S15, S16).
 */
import { Clock, Deferred, Effect, Redacted, Scope } from "effect"
import { makeIdleCache } from "./IdleCache.ts"

/** What a connection signs in with. */
export interface RefreshCredentials {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
  /** When it was received. */
  readonly obtainedAt: number
}

export interface AccessToken {
  readonly token: Redacted.Redacted<string>
  readonly lifetimeMillis: number
  readonly expiresAt: number
}

/** What a refresh token was good for. */
export interface GrantedToken {
  /** Null: the old one stays good. */
  readonly refreshToken: Redacted.Redacted<string> | null
}

/** Why there is no token. `GrantRevoked`, `SecretRejected` and `Throttled` are heeded for a while. */
export interface TokenReason {
  readonly _tag: string
  /** With `Throttled`. */
  readonly retryAfterMillis?: number
}

export interface TokenLimits {
  /** Before its end, and a fifth of its life at most. */
  readonly renewEarlyMillis: number
  readonly refusedForMillis: number
  readonly saveMaxMillis: number
  /** Connections remembered, and how long one is that nobody uses. */
  readonly rememberedMax: number
  readonly idleMillis: number
}

/** The service, as the cache asks it. */
export interface TokenService<C extends RefreshCredentials, A extends AccessToken, G extends GrantedToken, R> {
  readonly redeem: (credentials: Redacted.Redacted<C>) => Effect.Effect<G, { readonly reason: R }>
  /** `stranger`: what an account is called of which the answer tells nothing. */
  readonly accessOf: (credentials: Redacted.Redacted<C>, granted: G, now: number, stranger: string) => A
  readonly throttled: (retryAfterMillis: number) => R
}

export interface OpenedConnection<C extends RefreshCredentials> {
  readonly ref: { readonly generation: number; readonly version: number; readonly connectionId: string }
  readonly credentials: Redacted.Redacted<C>
  /** Saves rotated credentials. */
  readonly onRotated: (credentials: Redacted.Redacted<C>) => Effect.Effect<void, unknown>
}

/** One connection's tokens. */
export interface TokenGrant<A, R> {
  readonly access: Effect.Effect<A, R>
  /** Another token than `refused`, which the service did not accept. */
  readonly renewed: (refused: A) => Effect.Effect<A, R>
}

export interface AccessTokens<C extends RefreshCredentials, A, R> {
  /** The tokens of a connection. Everyone who opens the same `ref` shares them. */
  readonly grant: (opened: OpenedConnection<C>) => Effect.Effect<TokenGrant<A, R>>
}

export const makeAccessTokens = <
  C extends RefreshCredentials,
  A extends AccessToken,
  G extends GrantedToken,
  R extends TokenReason
>(
  service: TokenService<C, A, G, R>,
  limits: TokenLimits
): Effect.Effect<AccessTokens<C, A, R>, never, Scope.Scope> =>
  Effect.gen(function* () {
    // Renewals outlive whoever waits for them: an interrupted request must not lose a rotated token.
    const scope = yield* Scope.Scope
    const connections = makeIdleCache<Connection<C, A, R>>({
      sizeMax: limits.rememberedMax,
      idleMillis: limits.idleMillis,
      make: (key) => ({
        key,
        credentials: null,
        onRotated: () => Effect.void,
        access: null,
        refusal: null,
        flight: null
      }),
      mayEvict: (connection) => connection.flight === null
    })

    const grant: AccessTokens<C, A, R>["grant"] = Effect.fnUntraced(function* (opened) {
      const connection = connections.get(keyOf(opened.ref), yield* Clock.currentTimeMillis)
      adopt(connection, opened.credentials)
      connection.onRotated = opened.onRotated
      const renew = renewal(connection, service, limits, scope)
      return {
        access: Effect.flatMap(Clock.currentTimeMillis, (now) =>
          isFresh(connection.access, now, limits) ? Effect.succeed(connection.access) : renew
        ),
        renewed: (refused) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            // What the service refused is fresh no more, also when no other token is to be had.
            if (connection.access?.token === refused.token) connection.access = null
            return isFresh(connection.access, now, limits) ? Effect.succeed(connection.access) : renew
          })
      }
    })

    return { grant }
  })

interface Connection<C extends RefreshCredentials, A, R> {
  readonly key: string
  credentials: Redacted.Redacted<C> | null
  onRotated: OpenedConnection<C>["onRotated"]
  access: A | null
  /** What was refused lately, and until when asking again would be rude or useless. */
  refusal: { readonly reason: R; readonly until: number } | null
  flight: Deferred.Deferred<A, R> | null
}

const keyOf = (ref: OpenedConnection<RefreshCredentials>["ref"]): string =>
  `${ref.generation}/${ref.version}/${ref.connectionId}`

/** Takes newer credentials in; older ones than those held are those of a slow reader. */
const adopt = <C extends RefreshCredentials>(
  connection: Pick<Connection<C, unknown, unknown>, "credentials" | "refusal">,
  given: Redacted.Redacted<C>
): void => {
  const held = connection.credentials === null ? null : Redacted.value(connection.credentials)
  const { clientId, clientSecret, obtainedAt, refreshToken } = Redacted.value(given)
  if (held !== null && obtainedAt <= held.obtainedAt) return
  connection.credentials = given
  if (held === null) return
  if (held.refreshToken !== refreshToken || held.clientSecret !== clientSecret || held.clientId !== clientId) {
    connection.refusal = null
  }
}

/** Renewed early by a part of its life at most, so that a short-lived token is used at all. */
const isFresh = <A extends AccessToken>(access: A | null, now: number, limits: TokenLimits): access is A =>
  access !== null && access.expiresAt - Math.min(limits.renewEarlyMillis, access.lifetimeMillis / 5) > now

const renewal = <C extends RefreshCredentials, A extends AccessToken, G extends GrantedToken, R extends TokenReason>(
  connection: Connection<C, A, R>,
  service: TokenService<C, A, G, R>,
  limits: TokenLimits,
  scope: Scope.Scope
): Effect.Effect<A, R> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (connection.flight !== null) return Deferred.await(connection.flight)
    if (connection.refusal !== null && now < connection.refusal.until)
      return Effect.fail(again(connection.refusal, now, service))
    const flight = Deferred.makeUnsafe<A, R>()
    connection.flight = flight
    return flightOf(connection, service, limits).pipe(
      Effect.onExit((exit) => {
        connection.flight = null
        return Deferred.done(flight, exit)
      }),
      Effect.forkIn(scope, { startImmediately: true }),
      Effect.andThen(Deferred.await(flight))
    )
  })

/** A refusal told again says how much of its wait is left. */
const again = <R extends TokenReason>(
  { reason, until }: { readonly reason: R; readonly until: number },
  now: number,
  { throttled }: { readonly throttled: (retryAfterMillis: number) => R }
): R => (reason._tag === "Throttled" ? throttled(until - now) : reason)

const flightOf = <C extends RefreshCredentials, A extends AccessToken, G extends GrantedToken, R extends TokenReason>(
  connection: Connection<C, A, R>,
  { accessOf, redeem }: TokenService<C, A, G, R>,
  limits: TokenLimits
): Effect.Effect<A, R> =>
  Effect.gen(function* () {
    const used = connection.credentials
    if (used === null) return yield* Effect.die(new Error("a connection is opened before it is used"))
    const granted = yield* redeem(used)
    const now = yield* Clock.currentTimeMillis
    const access = accessOf(used, granted, now, connection.key)
    yield* keepRotated(connection, used, granted, now, limits)
    connection.access = access
    connection.refusal = null
    return access
  }).pipe(
    Effect.catch(({ reason }) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const until = quietUntil(reason, now, limits)
        connection.refusal = until > now ? { reason, until } : null
        return Effect.fail(reason)
      })
    )
  )

/** Saved first, then used: what could not be saved is not relied on, and the one before it still works. */
const keepRotated = Effect.fnUntraced(function* <C extends RefreshCredentials>(
  connection: Pick<Connection<C, unknown, unknown>, "credentials" | "onRotated" | "refusal">,
  used: Redacted.Redacted<C>,
  granted: GrantedToken,
  now: number,
  limits: TokenLimits
): Effect.fn.Return<void> {
  const next = rotated(used, granted, now)
  if (next === used) return
  const isSaved = yield* connection.onRotated(next).pipe(
    Effect.as(true),
    Effect.timeoutOrElse({ duration: limits.saveMaxMillis, orElse: () => Effect.succeed(false) }),
    // Whatever saving died of is the saver's to report: reading goes on with what is saved.
    Effect.catchCause(() => Effect.succeed(false))
  )
  if (isSaved) adopt(connection, next)
})

/** The credentials after a redemption: the same ones where nothing was rotated. */
export const rotated = <C extends RefreshCredentials>(
  used: Redacted.Redacted<C>,
  granted: GrantedToken,
  now: number
): Redacted.Redacted<C> => {
  const before = Redacted.value(used)
  const refreshToken = granted.refreshToken === null ? before.refreshToken : Redacted.value(granted.refreshToken)
  if (refreshToken === before.refreshToken) return used
  // Later than what it replaces even on a clock that was set back.
  return Redacted.make({ ...before, refreshToken, obtainedAt: Math.max(now, before.obtainedAt + 1) })
}

const quietUntil = (reason: TokenReason, now: number, limits: TokenLimits): number => {
  switch (reason._tag) {
    case "GrantRevoked":
    case "SecretRejected":
      return now + limits.refusedForMillis
    case "Throttled":
      return now + (reason.retryAfterMillis ?? 0)
    default:
      return now
  }
}

/**
 * The access tokens of all connections, in memory.
 *
 * Decides when a token is renewed, that only one renewal per connection is under way whoever waits for it, and that
 * rotated credentials are saved before anything relies on them. Never puts an older refresh token in place of a newer
 * one, and never asks again at once where Microsoft has definitely refused (laws S15, S16).
 */
import { makeIdleCache } from "@punctual/core/http"
import { Clock, Deferred, Effect, Redacted, Scope } from "effect"
import { type ConnectionRef, type Credentials, type OpenOptions, Throttled } from "@punctual/core"
import type { Access, Reason } from "../client/GraphClient.ts"
import type { Limits } from "../client/Limits.ts"
import { type Granted, type Redeem, accessOf } from "./Redeem.ts"
import type { Refusal } from "./Refusal.ts"
import { redeemWithRetry } from "./RedeemRetry.ts"

/** One connection's tokens. */
export interface Grant {
  readonly access: Effect.Effect<Access, Reason>
  /** Another token than `refused`, which Graph did not accept. */
  readonly renewed: (refused: Access) => Effect.Effect<Access, Reason>
}

export interface Tokens {
  /** The tokens of a connection. Everyone who opens the same `ref` shares them. */
  readonly grant: (options: Pick<OpenOptions, "ref" | "credentials" | "onRotated">) => Effect.Effect<Grant>
}

export const makeTokens = (options: {
  readonly redeem: Redeem
  readonly limits: Limits
}): Effect.Effect<Tokens, never, Scope.Scope> =>
  Effect.gen(function* () {
    // Renewals outlive whoever waits for them: an interrupted request must not lose a rotated token.
    const scope = yield* Scope.Scope
    const { limits } = options
    const connections = makeIdleCache<Connection>({
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

    const grant: Tokens["grant"] = Effect.fnUntraced(function* (opened) {
      const connection = connections.get(keyOf(opened.ref), yield* Clock.currentTimeMillis)
      adopt(connection, opened.credentials)
      connection.onRotated = opened.onRotated
      const renew = renewal(connection, options.redeem, limits, scope)
      return {
        access: Effect.flatMap(Clock.currentTimeMillis, (now) =>
          isFresh(connection.access, now, limits) ? Effect.succeed(connection.access) : renew
        ),
        renewed: (refused) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) => {
            // What Graph refused is fresh no more, also when no other token is to be had.
            if (connection.access?.token === refused.token) connection.access = null
            return isFresh(connection.access, now, limits) ? Effect.succeed(connection.access) : renew
          })
      }
    })

    return { grant }
  })

interface Connection {
  readonly key: string
  credentials: Redacted.Redacted<Credentials> | null
  onRotated: OpenOptions["onRotated"]
  access: Access | null
  /** What was refused lately, and until when asking again would be rude or useless. */
  refusal: { readonly reason: Reason; readonly until: number } | null
  flight: Deferred.Deferred<Access, Reason> | null
}

const keyOf = (ref: ConnectionRef): string => `${ref.generation}/${ref.version}/${ref.connectionId}`

/** Takes newer credentials in; older ones than those held are those of a slow reader. */
const adopt = (connection: Connection, given: Redacted.Redacted<Credentials>): void => {
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
const isFresh = (access: Access | null, now: number, limits: Limits): access is Access =>
  access !== null && access.expiresAt - Math.min(limits.renewEarlyMillis, access.lifetimeMillis / 5) > now

const renewal = (
  connection: Connection,
  redeem: Redeem,
  limits: Limits,
  scope: Scope.Scope
): Effect.Effect<Access, Reason> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (connection.flight !== null) return Deferred.await(connection.flight)
    if (connection.refusal !== null && now < connection.refusal.until)
      return Effect.fail(again(connection.refusal, now))
    const flight = Deferred.makeUnsafe<Access, Reason>()
    connection.flight = flight
    return flightOf(connection, redeem, limits).pipe(
      Effect.onExit((exit) => {
        connection.flight = null
        return Deferred.done(flight, exit)
      }),
      Effect.forkIn(scope, { startImmediately: true }),
      Effect.andThen(Deferred.await(flight))
    )
  })

/** A refusal told again says how much of its wait is left. */
const again = ({ reason, until }: { readonly reason: Reason; readonly until: number }, now: number): Reason =>
  reason._tag === "Throttled" ? new Throttled({ retryAfterMillis: until - now }) : reason

const flightOf = Effect.fnUntraced(
  function* (connection: Connection, redeem: Redeem, limits: Limits): Effect.fn.Return<Access, Refusal> {
    const used = connection.credentials
    if (used === null) return yield* Effect.die(new Error("a connection is opened before it is used"))
    const granted = yield* redeemWithRetry(redeem(used), limits)
    const now = yield* Clock.currentTimeMillis
    const access = accessOf(used, granted, now, connection.key)
    yield* keepRotated(connection, used, granted, now, limits)
    connection.access = access
    connection.refusal = null
    return access
  },
  (effect, connection, _redeem, limits) =>
    effect.pipe(
      Effect.catch((refusal) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          const until = quietUntil(refusal.reason, now, limits)
          connection.refusal = until > now ? { reason: refusal.reason, until } : null
          return Effect.fail(refusal.reason)
        })
      )
    )
)

/** Saved first, then used: what could not be saved is not relied on, and the one before it still works. */
const keepRotated = Effect.fnUntraced(function* (
  connection: Connection,
  used: Redacted.Redacted<Credentials>,
  granted: Granted,
  now: number,
  limits: Limits
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
export const rotated = (
  used: Redacted.Redacted<Credentials>,
  granted: Granted,
  now: number
): Redacted.Redacted<Credentials> => {
  const before = Redacted.value(used)
  const refreshToken = granted.refreshToken === null ? before.refreshToken : Redacted.value(granted.refreshToken)
  if (refreshToken === before.refreshToken) return used
  // Later than what it replaces even on a clock that was set back.
  return Redacted.make({ ...before, refreshToken, obtainedAt: Math.max(now, before.obtainedAt + 1) })
}

const quietUntil = (reason: Reason, now: number, limits: Limits): number => {
  switch (reason._tag) {
    case "GrantRevoked":
    case "SecretRejected":
      return now + limits.refusedForMillis
    case "Throttled":
      return now + reason.retryAfterMillis
    default:
      return now
  }
}

/**
 * How the in-memory calendar provider lets requests in: grants, tokens, throttling and faults.
 *
 * Decides whether a request is answered, and with which of the port's reasons it is refused. Never reads a calendar.
 */
import { Clock, Effect, Redacted } from "effect"
import type { Credentials } from "../../../src/domain/Connection.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import {
  CalendarError,
  GrantRevoked,
  type OpenOptions,
  SecretRejected,
  Throttled
} from "../../../src/ports/CalendarProvider.ts"
import type { Faults } from "../faults/Faults.ts"
import { type Account, type World, nameOf } from "./Mailbox.ts"

/** What sessions of one ref share. */
export interface Access {
  credentials: Redacted.Redacted<Credentials>
  /** The access token in hand is good until then. */
  until: Instant
  /** Not to be asked before. */
  backOffUntil: Instant
}

/** Lets a request through to the account it is for. */
export type Ask = <A, R>(
  operation: string,
  answer: (accountId: string, now: Instant) => Effect.Effect<A, CalendarError, R>
) => Effect.Effect<A, CalendarError, R>

export const failure = (operation: string, reason: CalendarError["reason"]): CalendarError =>
  new CalendarError({ operation, reason })

/** For an account that is open: with a token that is renewed when it has run out. */
export const asking =
  (world: World, faults: Faults<CalendarError>, access: Access, options: OpenOptions, accessTokenMillis: number): Ask =>
  (operation, answer) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const waitUntil = Math.max(options.notBefore ?? 0, access.backOffUntil)
      if (waitUntil > now) return Effect.fail(failure(operation, new Throttled({ retryAfterMillis: waitUntil - now })))
      const request = Effect.gen(function* () {
        const { account, accountId } = yield* enter(world, operation, Redacted.value(access.credentials), now)
        if (account.throttledUntil > now) {
          access.backOffUntil = account.throttledUntil
          const retryAfterMillis = account.throttledUntil - now
          return yield* failure(operation, new Throttled({ retryAfterMillis }))
        }
        if (access.until <= now) {
          const rotated = rotate(world, access.credentials, now)
          const isSaved = yield* options.onRotated(rotated).pipe(
            Effect.as(true),
            Effect.catchTag("CredentialsNotSaved", () => Effect.succeed(false))
          )
          if (isSaved) access.credentials = rotated
          access.until = now + accessTokenMillis
        }
        return yield* answer(accountId, now)
      })
      return faults.guard(operation, request)
    })

/** The account that credentials open, or why they don't. */
export const enter = (
  world: World,
  operation: string,
  credentials: Credentials,
  now: Instant
): Effect.Effect<{ readonly accountId: string; readonly account: Account }, CalendarError> => {
  const accountId = accountIdOf(credentials)
  const account = world.accounts.get(accountId)
  world.requests.push({ operation, accountId, at: now })
  if (account === undefined || account.isRevoked) return Effect.fail(failure(operation, revoked))
  if (account.clientId !== credentials.clientId || account.clientSecret !== credentials.clientSecret) {
    return Effect.fail(failure(operation, rejected(false)))
  }
  if (account.isSecretExpired) return Effect.fail(failure(operation, rejected(true)))
  return Effect.succeed({ accountId, account })
}

/** A new refresh token. The old one stays good, as it does at most providers. */
export const rotate = (
  world: World,
  credentials: Redacted.Redacted<Credentials>,
  now: Instant
): Redacted.Redacted<Credentials> => {
  const old = Redacted.value(credentials)
  return Redacted.make({ ...old, refreshToken: tokenOf(world, accountIdOf(old)), obtainedAt: now })
}

export const tokenOf = (world: World, accountId: string): string => `${accountId}~${nameOf(world, "token-")}`

const accountIdOf = ({ refreshToken }: Credentials): string => refreshToken.split("~")[0] ?? ""

const revoked = new GrantRevoked({
  error: "invalid_grant",
  errorCodes: [70000],
  message: "The grant was revoked. Sign in again."
})

const rejected = (expired: boolean): SecretRejected =>
  new SecretRejected({
    error: "invalid_client",
    errorCodes: [expired ? 7_000_222 : 7_000_215],
    expired,
    message: expired ? "The client secret has expired." : "The client secret is wrong."
  })

/** Signing in with MSAL at the simulated Entra, over a socket. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import type { Fault } from "@punctual/adapter-graph/simulator"
import { adele, failing, withSimulated } from "./Simulated.ts"

describe("signing in", () => {
  it.live("verifies, rotates, and tells who it is", () =>
    withSimulated(({ credentials, provider }) =>
      Effect.gen(function* () {
        const verified = yield* provider.verify(credentials)
        assert.strictEqual(verified.profile.email, adele)
        assert.notStrictEqual(
          Redacted.value(verified.credentials).refreshToken,
          Redacted.value(credentials).refreshToken
        )
      })
    )
  )

  it.live("5: the rotated refresh token is handed over, and the session is one renewal for all its calls", () =>
    withSimulated(({ rotated, session, simulator }) =>
      Effect.gen(function* () {
        yield* Effect.all([session.profile, session.calendars, session.subscriptions], { concurrency: "unbounded" })
        assert.lengthOf(rotated, 1)
        simulator.edit({ type: "expireAccessTokens", mailbox: adele })
        yield* Effect.promise(() => simulator.advance(1_000))
        yield* Effect.all(
          Array.from({ length: 8 }, () => session.profile),
          { concurrency: "unbounded" }
        )
        assert.lengthOf(rotated, 2)
        assert.isAtMost(rotated[0]?.obtainedAt ?? 0, rotated[1]?.obtainedAt ?? 0)
      })
    )
  )

  it.live.each<readonly [error: string, tag: string]>([
    ["refresh_token_expired", "GrantRevoked"],
    ["refresh_token_expired_70008", "GrantRevoked"],
    ["refresh_token_revoked", "GrantRevoked"],
    ["consent_required", "GrantRevoked"],
    ["mfa_required", "GrantRevoked"],
    ["spa_expired", "GrantRevoked"],
    ["admin_consent", "GrantRevoked"],
    ["secret_wrong", "SecretRejected"],
    ["secret_expired", "SecretRejected"],
    ["app_unknown", "SecretRejected"],
    ["temporarily_unavailable", "Throttled"]
  ])("%s is %s", ([error, tag]) =>
    withSimulated((simulated) =>
      Effect.gen(function* () {
        const answer = { type: "tokenError", error } as Fault["answer"]
        simulated.simulator.addFaults({ path: "token", answer })
        assert.strictEqual(yield* failing(simulated.provider.verify(simulated.credentials)), tag)
      })
    )
  )

  it.live("a revoked grant is told once the access token is refused, and Microsoft is not asked again and again", () =>
    withSimulated(({ session, simulator }) =>
      Effect.gen(function* () {
        simulator.edit({ type: "revokeGrant", mailbox: adele })
        simulator.edit({ type: "expireAccessTokens", mailbox: adele })
        yield* Effect.promise(() => simulator.advance(1_000))
        const before = simulator.traffic().requests
        for (let i = 0; i < 5; i++) assert.strictEqual(yield* failing(session.calendars), "GrantRevoked")
        // One to Graph, which refuses the token; one for another; and then no more.
        assert.strictEqual(simulator.traffic().requests - before, 2)
      })
    )
  )
})

/** Access tokens: what Google's token endpoint answers, and what becomes of it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { type ConnectionRef, type Credentials, GrantRevoked, SecretRejected } from "@punctual/core"
import { missingScopes } from "../../src/auth/Scopes.ts"
import { makeRedeem } from "../../src/auth/Redeem.ts"
import { makeTokens } from "../../src/auth/Tokens.ts"
import { tokenRefusal } from "../../src/auth/TokenRefusal.ts"
import { type Answer, type Sent, fakeService } from "../../../core/test/http/FakeService.ts"
import { limitsOf } from "../fakes/FakeGoogle.ts"
import { payload, payloadObject, payloadText } from "../fakes/Payloads.ts"

const credentials: Redacted.Redacted<Credentials> = Redacted.make({
  clientId: "client",
  clientSecret: "marker-secret",
  refreshToken: "marker-refresh",
  obtainedAt: 0
})

const ref = { userId: "usr_1", connectionId: "google_calendar_usr_1", generation: 1, version: 1 } as ConnectionRef

const staged = Effect.fnUntraced(function* (answer: (request: Sent, index: number) => Answer) {
  const fake = fakeService(answer)
  const limits = limitsOf()
  const redeem = makeRedeem({ http: fake.http, tokenService: new URL("https://oauth2.googleapis.com"), limits })
  const tokens = yield* makeTokens({ redeem, limits })
  const rotated: Array<Credentials> = []
  const onRotated = (next: Redacted.Redacted<Credentials>) => Effect.sync(() => void rotated.push(Redacted.value(next)))
  const grant = yield* tokens.grant({ ref, credentials, onRotated })
  return { fake, grant, rotated }
})

const settled = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Exit.Exit<A, E>> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    for (let step = 0; step < 20; step++) yield* TestClock.adjust("10 seconds")
    return yield* Fiber.join(fiber)
  })

const success = { body: payload("token.refresh.success") }

const refusal = (name: string) =>
  tokenRefusal({ status: Number(name.split(".")[2]), json: payloadObject(name), waitMillis: null })

describe("tokens", () => {
  it.effect("1: MUST keep the stored refresh token when a refresh answers none", () =>
    Effect.gen(function* () {
      const { fake, grant, rotated } = yield* staged(() => success)
      const access = yield* grant.access
      assert.deepStrictEqual([access.mailbox, access.project], ["client|117691649274500000000", "client"])
      assert.strictEqual(Redacted.value(access.token), "ya29.a0AcM612xEXAMPLE")
      assert.deepStrictEqual(rotated, [])
      const form = new URLSearchParams(fake.sent[0]?.body)
      assert.deepStrictEqual(Object.fromEntries(form), {
        grant_type: "refresh_token",
        client_id: "client",
        client_secret: "marker-secret",
        refresh_token: "marker-refresh"
      })
      assert.strictEqual(fake.sent[0]?.url, "https://oauth2.googleapis.com/token")
    })
  )

  it.effect("saves a refresh token where one comes all the same", () =>
    Effect.gen(function* () {
      const { grant, rotated } = yield* staged(() => ({ body: payload("token.auth-code.success") }))
      yield* grant.access
      assert.deepStrictEqual(
        rotated.map(({ refreshToken }) => refreshToken),
        ["1//0gEXAMPLErefresh"]
      )
    })
  )

  it.effect("10: MUST make one token request for several calls at once, and none while it is fresh", () =>
    Effect.gen(function* () {
      const { fake, grant } = yield* staged(() => ({ ...success, afterMillis: 50 }))
      yield* settled(
        Effect.all(
          Array.from({ length: 5 }, () => grant.access),
          { concurrency: "unbounded" }
        )
      )
      yield* grant.access
      assert.lengthOf(fake.sent, 1)
    })
  )

  it.effect("86: MUST count the token library's own retries, or have none: four requests, and no more", () =>
    Effect.gen(function* () {
      const { fake, grant } = yield* staged(() => ({ status: 503, body: payloadText("error.502.html") }))
      yield* settled(grant.access)
      assert.lengthOf(fake.sent, limitsOf().attemptsMax)
      assert.strictEqual(limitsOf().attemptsMax, 4)
    })
  )

  it.effect("2: MUST say sign in again on invalid_grant, name the 7-day Testing rule, and not ask again at once", () =>
    Effect.gen(function* () {
      const { fake, grant } = yield* staged(() => ({
        status: 400,
        body: payload("token.error.400.invalid_grant.revoked")
      }))
      for (const time of ["first", "again"]) {
        const error = Exit.findErrorOption(yield* settled(grant.access))
        const reason = error._tag === "Some" ? error.value : assert.fail(time)
        assert.instanceOf(reason, GrantRevoked)
        assert.match(reason.message, /Sign in again.*Testing.*seven days/)
      }
      assert.lengthOf(fake.sent, 1)
    })
  )

  it("3: MUST tell a session-length policy (invalid_rapt) from a revoked grant in its message", () => {
    const { reason } = refusal("token.error.400.invalid_grant.invalid_rapt")
    assert.instanceOf(reason, GrantRevoked)
    assert.match(reason.message, /session/)
    assert.instanceOf(refusal("token.error.400.admin_policy_enforced").reason, GrantRevoked)
  })

  it("4: MUST read deleted_client and wrong secrets as a refused client, not as a revoked grant", () => {
    const names = [
      "deleted_client",
      "invalid_client.not-found",
      "invalid_client.wrong-secret",
      "unauthorized_client.delegation"
    ]
    for (const name of names) {
      const { mayRepeat, reason } = refusal(`token.error.401.${name}`)
      assert.instanceOf(reason, SecretRejected, name)
      assert.isFalse(mayRepeat || (reason instanceof SecretRejected && reason.expired))
    }
  })

  it.effect("6: MUST call a token endpoint that answers 429, 5xx, HTML or nothing unavailable, never revoked", () =>
    Effect.gen(function* () {
      const answers: ReadonlyArray<Answer> = [
        { status: 429, body: payload("token.error.429.rate-limit") },
        { status: 503, body: payloadText("error.502.html") },
        { status: 200, body: "<html>" },
        { dropped: true },
        { afterMillis: 100_000 },
        // Throttling carries that word elsewhere.
        { status: 403, body: payload("error.403.rateLimitExceeded.quota-metric") }
      ]
      for (const answer of answers) {
        const { grant } = yield* staged(() => answer)
        const error = Exit.findErrorOption(yield* settled(grant.access))
        const tag = error._tag === "Some" ? error.value._tag : "none"
        assert.include(["Unavailable", "Throttled"], tag, JSON.stringify(answer))
      }
    })
  )

  it("6: a fault is a fault whatever word stands in it", () => {
    for (const status of [408, 429, 500, 503]) {
      const { reason } = tokenRefusal({ status, json: { error: "invalid_grant" }, waitMillis: null })
      assert.include(["Throttled", "Unavailable"], reason._tag, String(status))
    }
  })

  it("7: MUST name the scope that the user unticked", () => {
    const granted = String(payloadObject("token.auth-code.success")["scope"]).split(" ")
    assert.deepStrictEqual(missingScopes(granted), [])
    assert.deepStrictEqual(missingScopes(["openid", "https://www.googleapis.com/auth/calendar.events.readonly"]), [
      "https://www.googleapis.com/auth/calendar.calendarlist.readonly"
    ])
  })
})

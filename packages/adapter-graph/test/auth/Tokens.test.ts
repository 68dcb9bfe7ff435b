/** Law S15: one renewal at a time, saved before relied on, never an older token over a newer one, no loop on refusal. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import {
  type ConnectionRef,
  type Credentials,
  CredentialsNotSaved,
  GrantRevoked,
  Throttled,
  Unavailable
} from "@punctual/core"
import type { Granted } from "../../src/auth/Redeem.ts"
import type { Refusal } from "../../src/auth/Refusal.ts"
import { makeTokens } from "../../src/auth/Tokens.ts"
import { limitsOf } from "../fakes/FakeGraph.ts"
import { credentialsOf } from "../fakes/FakeLogin.ts"

const ref = { userId: "usr_1", connectionId: "outlook_calendar_usr_1", generation: 1, version: 1 } as ConnectionRef
const hour = 3_600_000

const revoked: Refusal = {
  reason: new GrantRevoked({ error: "invalid_grant", errorCodes: [50_173], message: "Sign in again." }),
  mayRepeat: false
}
const down: Refusal = { reason: new Unavailable({ message: "down" }), mayRepeat: true }

interface FakeLogin {
  readonly redeemed: Array<string>
  most: number
  underWay: number
}

/** A redeemer that counts: the n-th redemption grants `access-n` and `refresh-n`, or is refused. */
const setUp = (refuse: (n: number) => Refusal | null = () => null, takes = 1_000, rotates = true) =>
  Effect.gen(function* () {
    const login: FakeLogin = { redeemed: [], most: 0, underWay: 0 }
    const redeem = (credentials: Redacted.Redacted<Credentials>): Effect.Effect<Granted, Refusal> =>
      Effect.gen(function* () {
        const n = login.redeemed.push(Redacted.value(credentials).refreshToken)
        login.underWay++
        login.most = Math.max(login.most, login.underWay)
        yield* Effect.sleep(takes)
        login.underWay--
        const refusal = refuse(n)
        if (refusal !== null) return yield* Effect.fail(refusal)
        return {
          accessToken: Redacted.make(`access-${n}`),
          lifetimeMillis: hour,
          refreshToken: rotates ? Redacted.make(`refresh-${n}`) : null,
          scopes: [],
          accountId: "a"
        }
      })
    const tokens = yield* makeTokens({ redeem, limits: limitsOf() })
    return { login, tokens }
  })

const soon = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    yield* TestClock.adjust("1 minute")
    return yield* yield* Fiber.join(fiber)
  })

const saved = () => {
  const list: Array<Credentials> = []
  return {
    list,
    onRotated: (next: Redacted.Redacted<Credentials>) => Effect.sync(() => void list.push(Redacted.value(next)))
  }
}

describe("S15: access tokens", () => {
  it.effect("a crowd waits for one renewal", () =>
    Effect.gen(function* () {
      const { login, tokens } = yield* setUp()
      const { list, onRotated } = saved()
      const grants = yield* Effect.forEach(Array.from({ length: 50 }), () =>
        tokens.grant({ ref, credentials: credentialsOf(), onRotated })
      )
      const tokensGot = yield* soon(Effect.forEach(grants, (grant) => grant.access, { concurrency: "unbounded" }))
      assert.deepStrictEqual([...new Set(tokensGot.map(({ token }) => Redacted.value(token)))], ["access-1"])
      assert.deepStrictEqual(login.redeemed, ["marker-refresh-0"])
      assert.deepStrictEqual(
        list.map(({ refreshToken }) => refreshToken),
        ["refresh-1"]
      )
    }).pipe(Effect.scoped)
  )

  it.effect("is kept until shortly before its end, then the rotated one is redeemed", () =>
    Effect.gen(function* () {
      const { login, tokens } = yield* setUp()
      const { list, onRotated } = saved()
      const grant = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated })
      yield* soon(grant.access)
      yield* TestClock.adjust("53 minutes")
      yield* soon(grant.access)
      assert.lengthOf(login.redeemed, 1)
      yield* TestClock.adjust("2 minutes")
      yield* soon(grant.access)
      assert.deepStrictEqual(login.redeemed, ["marker-refresh-0", "refresh-1"])
      assert.deepStrictEqual(
        list.map(({ refreshToken }) => refreshToken),
        ["refresh-1", "refresh-2"]
      )
      assert.isBelow(list[0]?.obtainedAt ?? 0, list[1]?.obtainedAt ?? 0)
    }).pipe(Effect.scoped)
  )

  it.effect("a token that Graph refused is renewed once for everyone who was refused", () =>
    Effect.gen(function* () {
      const { login, tokens } = yield* setUp()
      const grant = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated: () => Effect.void })
      const first = yield* soon(grant.access)
      const renewed = yield* soon(
        Effect.all(
          Array.from({ length: 20 }, () => grant.renewed(first)),
          { concurrency: 20 }
        )
      )
      assert.deepStrictEqual(new Set(renewed.map(({ token }) => Redacted.value(token))), new Set(["access-2"]))
      yield* soon(grant.renewed(first))
      assert.lengthOf(login.redeemed, 2)
    }).pipe(Effect.scoped)
  )

  it.effect("a renewal survives whoever asked for it", () =>
    Effect.gen(function* () {
      const { login, tokens } = yield* setUp()
      const { list, onRotated } = saved()
      const grant = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated })
      const fiber = yield* Effect.forkChild(grant.access)
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(list, 1)
      yield* soon(grant.access)
      assert.lengthOf(login.redeemed, 1)
    }).pipe(Effect.scoped)
  )
})

describe("S15: rotated credentials", () => {
  it.effect.each([
    ["fails", () => Effect.fail(new CredentialsNotSaved())],
    ["breaks", () => Effect.die(new Error("no disk"))],
    ["hangs", () => Effect.never]
  ])("while saving %s, the old ones stay in use and reading goes on", ([_, onRotated]) =>
    Effect.gen(function* () {
      const { login, tokens } = yield* setUp()
      const grant = yield* tokens.grant({
        ref,
        credentials: credentialsOf(),
        onRotated: onRotated as () => Effect.Effect<void, CredentialsNotSaved>
      })
      yield* soon(grant.access)
      yield* TestClock.adjust("2 hours")
      yield* soon(grant.access)
      assert.deepStrictEqual(login.redeemed, ["marker-refresh-0", "marker-refresh-0"])
    }).pipe(Effect.scoped)
  )

  it.effect("are handed over before the new access token is", () =>
    Effect.gen(function* () {
      const { tokens } = yield* setUp()
      const order: Array<string> = []
      const onRotated = () =>
        Effect.andThen(
          Effect.sleep("1 second"),
          Effect.sync(() => void order.push("saved"))
        )
      const grant = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated })
      yield* soon(Effect.tap(grant.access, () => Effect.sync(() => order.push("used"))))
      assert.deepStrictEqual(order, ["saved", "used"])
    }).pipe(Effect.scoped)
  )

  it.effect("nothing is saved where nothing was rotated", () =>
    Effect.gen(function* () {
      const { tokens } = yield* setUp(() => null, 0, false)
      const { list, onRotated } = saved()
      const grant = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated })
      yield* soon(grant.access)
      assert.isEmpty(list)
    }).pipe(Effect.scoped)
  )

  it("never is an older refresh token redeemed after a newer one was known, whatever the order of opening", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 12 }), (ages) =>
        Effect.gen(function* () {
          const { login, tokens } = yield* setUp(() => null, 0, false)
          let newest = -1
          for (const obtainedAt of ages) {
            const credentials = credentialsOf({ obtainedAt, refreshToken: String(obtainedAt) })
            const grant = yield* tokens.grant({ ref, credentials, onRotated: () => Effect.void })
            newest = Math.max(newest, obtainedAt)
            yield* soon(grant.access)
            yield* TestClock.adjust("2 hours")
            assert.strictEqual(login.redeemed.at(-1), String(newest))
          }
        }).pipe(Effect.scoped, Effect.provide(TestClock.layer()), Effect.runPromise)
      )
    ))
})

describe("S15: refusals", () => {
  it.effect("are told again without asking again, until something changes", () =>
    Effect.gen(function* () {
      const { login, tokens } = yield* setUp((n) => (n === 1 ? revoked : null))
      const grant = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated: () => Effect.void })
      for (let i = 0; i < 4; i++) {
        assert.strictEqual((yield* Effect.flip(soon(grant.access)))._tag, "GrantRevoked")
      }
      assert.lengthOf(login.redeemed, 1)
      const newer = credentialsOf({ obtainedAt: yield* Clock.currentTimeMillis, refreshToken: "new" })
      yield* tokens.grant({ ref, credentials: newer, onRotated: () => Effect.void })
      yield* soon(grant.access)
      assert.deepStrictEqual(login.redeemed, ["marker-refresh-0", "new"])
    }).pipe(Effect.scoped)
  )

  it.effect("are asked for again after a while: an administrator may have consented", () =>
    Effect.gen(function* () {
      const { login, tokens } = yield* setUp((n) => (n === 1 ? revoked : null))
      const grant = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated: () => Effect.void })
      yield* Effect.flip(soon(grant.access))
      yield* TestClock.adjust("5 minutes")
      yield* soon(grant.access)
      assert.lengthOf(login.redeemed, 2)
    }).pipe(Effect.scoped)
  )

  it.effect("of one connection are nothing to another with the same app", () =>
    Effect.gen(function* () {
      const { tokens } = yield* setUp((n) => (n === 1 ? revoked : null))
      const mine = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated: () => Effect.void })
      const other = { ...ref, connectionId: "outlook_calendar_usr_2" as ConnectionRef["connectionId"] }
      const yours = yield* tokens.grant({ ref: other, credentials: credentialsOf(), onRotated: () => Effect.void })
      yield* Effect.flip(soon(mine.access))
      yield* soon(yours.access)
    }).pipe(Effect.scoped)
  )

  it.effect("a wait is waited, and counted down for those who ask meanwhile", () =>
    Effect.gen(function* () {
      const throttled = { reason: new Throttled({ retryAfterMillis: 120_000 }), mayRepeat: false }
      const { login, tokens } = yield* setUp((n) => (n === 1 ? throttled : null), 0)
      const grant = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated: () => Effect.void })
      yield* Effect.flip(soon(grant.access))
      assert.deepInclude(yield* Effect.flip(grant.access), { _tag: "Throttled", retryAfterMillis: 60_000 })
      assert.lengthOf(login.redeemed, 1)
      yield* TestClock.adjust("1 minute")
      yield* soon(grant.access)
      assert.lengthOf(login.redeemed, 2)
    }).pipe(Effect.scoped)
  )

  it.effect("faults are tried a few times, and no more", () =>
    Effect.gen(function* () {
      const { login, tokens } = yield* setUp(() => down)
      const grant = yield* tokens.grant({ ref, credentials: credentialsOf(), onRotated: () => Effect.void })
      assert.strictEqual((yield* Effect.flip(soon(grant.access)))._tag, "Unavailable")
      assert.lengthOf(login.redeemed, 4)
      assert.strictEqual(login.most, 1)
    }).pipe(Effect.scoped)
  )
})

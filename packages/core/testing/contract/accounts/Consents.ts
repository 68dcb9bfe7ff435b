/**
 * What accounts promise about sign-ins under way. Uses the port alone.
 */
import { assert, type Vitest } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Accounts } from "../../../accounts/Accounts.ts"
import { freshName, freshUserId } from "../../rows/Fresh.ts"

const now = 1_795_000_000_000
const minute = 60_000

export const cases = (it: Vitest.MethodsNonLive<Accounts>): void => {
  it.effect("MUST give a consent state to the first taker and nothing to the next", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const state = yield* freshConsent
      yield* accounts.putConsent(state)
      const take = accounts.takeConsent(state.digest, now)
      const taken = yield* Effect.all(
        Array.from({ length: 8 }, () => take),
        { concurrency: "unbounded" }
      )
      const { userId, verifier } = state
      assert.deepStrictEqual(taken.filter(Option.isSome), [Option.some({ userId, verifier })])
      assert.deepStrictEqual(yield* take, Option.none())
    })
  )

  it.effect("MUST give a consent state to nobody after it expired, or under another digest", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const state = yield* freshConsent
      yield* accounts.putConsent(state)
      assert.deepStrictEqual(yield* accounts.takeConsent(`${state.digest}x`, now), Option.none())
      assert.deepStrictEqual(yield* accounts.takeConsent(state.digest, state.expiresAt), Option.none())
      assert.deepStrictEqual(yield* accounts.takeConsent(state.digest, now), Option.none())
    })
  )

  it.effect("MUST purge the consent states that expired and no others", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const [old, young] = [yield* freshConsent, { ...(yield* freshConsent), expiresAt: now + 9 * minute }]
      yield* accounts.putConsent(old)
      yield* accounts.putConsent(young)
      yield* accounts.purge(now + minute)
      assert.deepStrictEqual(yield* accounts.takeConsent(old.digest, now), Option.none())
      assert.isTrue(Option.isSome(yield* accounts.takeConsent(young.digest, now)))
    })
  )
}

const freshConsent = Effect.map(Effect.all([freshName, freshUserId]), ([digest, userId]) => ({
  digest,
  userId,
  verifier: "verifier–1",
  expiresAt: now + minute
}))

/**
 * A key is looked up once a second at most; one that was revoked here is gone at once, one revoked elsewhere within a
 * second, and one that is unknown is never remembered.
 */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { Accounts } from "@punctual/core/accounts"
import { AccountsMemory } from "@punctual/core/testing"
import { makeKey } from "../../src/auth/ApiKey.ts"
import * as KeyCache from "../../src/auth/KeyCache.ts"
import { adele } from "../Kit.ts"

const scene = Effect.gen(function* () {
  const behind = yield* Accounts
  const { key } = makeKey(adele, 0)
  yield* behind.createUser({ id: adele, workspaceId: "wsp_1", name: null, externalId: null, createdAt: 0 }, key)
  let looks = 0
  const gate = yield* Deferred.make<void>()
  let isHeld = false
  const counting = Accounts.of({
    ...behind,
    findKey: (digest) =>
      Effect.gen(function* () {
        looks += 1
        const found = yield* behind.findKey(digest)
        if (isHeld) yield* Deferred.await(gate)
        return found
      })
  })
  const accounts = KeyCache.make(counting)
  const isKnown = (digest = key.digest) => Effect.map(accounts.findKey(digest), Option.isSome)
  return { accounts, behind, key, isKnown, looks: () => looks, gate, hold: () => (isHeld = true) }
}).pipe(Effect.provide(AccountsMemory.layer))

describe("remembered keys", () => {
  it.effect("are looked up once a second", () =>
    Effect.gen(function* () {
      const { isKnown, looks } = yield* scene
      for (let times = 0; times < 5; times++) assert.isTrue(yield* isKnown())
      assert.strictEqual(looks(), 1)
      yield* TestClock.adjust(KeyCache.keptMillis)
      assert.isTrue(yield* isKnown())
      assert.strictEqual(looks(), 2)
    })
  )

  it.effect("that are revoked here are gone at once, elsewhere within a second", () =>
    Effect.gen(function* () {
      const { accounts, behind, isKnown, key } = yield* scene
      const other = makeKey(adele, 0).key
      yield* accounts.addKey(other)
      assert.isTrue((yield* isKnown()) && (yield* isKnown(other.digest)))
      yield* accounts.revokeKey(adele, key.id, 1)
      assert.isFalse(yield* isKnown())
      assert.isTrue(yield* isKnown(other.digest))
      yield* behind.revokeKey(adele, other.id, 1)
      yield* TestClock.adjust(KeyCache.keptMillis)
      assert.isFalse(yield* isKnown(other.digest))
    })
  )

  it.effect("are not those that were being looked up while they were revoked", () =>
    Effect.gen(function* () {
      const { accounts, gate, hold, isKnown, key } = yield* scene
      hold()
      const asking = yield* Effect.forkChild(isKnown(), { startImmediately: true })
      yield* accounts.revokeKey(adele, key.id, 1)
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(asking)
      assert.isFalse(yield* isKnown())
    })
  )

  it.effect("are not those that nobody has", () =>
    Effect.gen(function* () {
      const { accounts, isKnown } = yield* scene
      const late = makeKey(adele, 0).key
      assert.isFalse(yield* isKnown(late.digest))
      yield* accounts.addKey(late)
      assert.isTrue(yield* isKnown(late.digest))
    })
  )
})

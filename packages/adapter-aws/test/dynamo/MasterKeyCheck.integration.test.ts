/**
 * V7: whose master keys open a table is settled by the first to come; a former key can be retired.
 */
import { randomBytes } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { holdsMasterKey } from "../../src/Accounts.ts"
import { engineOfFile, skipped } from "./Engine.ts"

const keyOf = (id: string) => ({ id: id.repeat(16), key: Redacted.make(new Uint8Array(randomBytes(32))) })

const theEngine = engineOfFile()

describe.skipIf(skipped !== null)("V7: the master keys of a table", () => {
  it.live("are those of who came first, and a new one in front takes the place of the old", () =>
    Effect.gen(function* () {
      const options = yield* theEngine().freshTable
      const [old, other, fresh] = [keyOf("a"), keyOf("b"), keyOf("c")]
      const holds = (...masterKeys: Parameters<typeof holdsMasterKey>[0]["masterKeys"]) =>
        holdsMasterKey({ ...options, masterKeys })
      assert.isTrue(yield* holds(old))
      assert.isFalse(yield* holds(other))
      assert.isTrue(yield* holds(other, old), "the old one opens, and the first seals from now on")
      assert.isFalse(yield* holds(old), "could not read what is written now")
      assert.isTrue(yield* holds(fresh, other))
      assert.isTrue(yield* holds(fresh))
    })
  )

  it.live("are settled once, however many come at once", () =>
    Effect.gen(function* () {
      const options = yield* theEngine().freshTable
      const found = yield* Effect.forEach(
        ["a", "b", "c", "d"],
        (id) => holdsMasterKey({ ...options, masterKeys: [keyOf(id)] }),
        { concurrency: 4 }
      )
      assert.lengthOf(
        found.filter((isHeld) => isHeld),
        1
      )
    })
  )
})

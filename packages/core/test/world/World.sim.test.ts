/**
 * The simulated world, over as many fresh seeds as a test run has time for (`PROVE=1`: 20,000): no invariant breaks, and
 * nothing that should happen now and then never does. Half of them; the other half is `Worlds.sim.test.ts`, for the
 * second core. Seeds that failed once come first.
 */
import { assert, describe, it } from "@effect/vitest"
import { corpus } from "../../testing/world/Corpus.ts"
import { simulate } from "../../testing/world/World.ts"
import { base, batchTimeout, isProving, runHalf } from "./Batch.ts"

describe("the simulated world", () => {
  it.each(corpus)("holds where it once failed: seed $seed", ({ seed }) => {
    assert.isEmpty(simulate(seed).failures, `\n  npx --yes pnpm@12 simulate --seed ${seed}`)
  })

  it("makes the same world of the same seed, to the last line", () => {
    for (let seed = base; seed < base + (isProving ? 200 : 2); seed++) {
      const [one, other] = [simulate(seed), simulate(seed)]
      assert.strictEqual(one.hash, other.hash, `seed ${seed}`)
      assert.deepStrictEqual(one.marks, other.marks, `seed ${seed}`)
    }
    assert.notStrictEqual(simulate(base).hash, simulate(base + 1).hash)
  })

  it.effect("keeps every promise, whatever goes wrong", () => runHalf(0), batchTimeout)
})

/** The other half of the fresh seeds of `World.sim.test.ts`, in a file of its own so that two cores carry them. */
import { describe, it } from "@effect/vitest"
import { batchTimeout, runHalf } from "./Batch.ts"

describe("the simulated world, on the second core", () => {
  it.effect("keeps every promise, whatever goes wrong", () => runHalf(1), batchTimeout)
})

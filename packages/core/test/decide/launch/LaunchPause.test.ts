/** B11: pauses between two questions to the bot service, bounded by what is left of the meeting. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { launchPause } from "../../../src/decide/launch/LaunchPause.ts"

const minute = 60_000
const policy = { launchRetryMinMillis: 1_000, launchRetryMaxMillis: 30_000 }
const usual = { attempts: 1, askedForMillis: null, now: 0, end: 60 * minute, policy, chance: 1 }

describe("B11 a pause", () => {
  it("that the service asks for is at most 30 seconds", () => {
    assert.strictEqual(launchPause({ ...usual, askedForMillis: 3_600_000 }), 30_000)
    assert.strictEqual(launchPause({ ...usual, askedForMillis: 20_000 }), 20_000)
  })

  it("that it asks for is at most a tenth of what is left of the meeting", () => {
    assert.strictEqual(launchPause({ ...usual, askedForMillis: 3_600_000, end: 2 * minute }), 12_000)
  })

  it("doubles from one second to thirty", () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 99].map((attempts) => launchPause({ ...usual, attempts }))
    assert.deepStrictEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    assert.strictEqual(launchPause({ ...usual, chance: 0 }), 500)
  })

  it("leaves room for a last attempt, one second before the end", () => {
    assert.strictEqual(launchPause({ ...usual, attempts: 9, end: 5_000 }), 4_000)
    assert.strictEqual(launchPause({ ...usual, attempts: 9, end: 1_000 }), 1_000)
    assert.strictEqual(launchPause({ ...usual, attempts: 9, end: -1 }), 0)
  })

  it("never reaches past the end, and is short only near it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 100_000_000 }),
        fc.integer({ min: 0, max: 4_000_000 }),
        (attempts, askedForMillis, end) => {
          const pause = launchPause({ ...usual, attempts, askedForMillis, end, chance: 0.5 })
          assert.isAtMost(pause, Math.min(end, 30_000))
          if (end > 2_000) assert.isAtLeast(pause, 750)
        }
      )
    )
  })
})

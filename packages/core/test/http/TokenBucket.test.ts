/** How often is let through, whatever comes when; and that a turn which nobody waits for costs nothing. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { type Rate, type TokenBucket, isFull, reserve } from "../../http/index.ts"

const runs = process.env["PROVE"] === "1" ? 5_000 : 200

const gaps = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2_000 })))
const perSecond = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))
const burst = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 400 }))

/** When the turns came of those who asked after these gaps, and waited as long as `waitMillisMax`. */
const turns = (all: ReadonlyArray<number>, rate: Rate, waitMillisMax: number): ReadonlyArray<number> => {
  const taken: Array<number> = []
  let bucket: TokenBucket | undefined
  let now = 0
  for (const gap of all) {
    now += gap
    const reserved = reserve(bucket, now, rate)
    if (reserved.waitMillis > waitMillisMax) continue
    bucket = reserved.bucket
    taken.push(now + reserved.waitMillis)
  }
  return taken
}

describe("the bucket", () => {
  it.prop(
    "never lets through more than the burst and the rate allow, in any span of time, whether or not people wait",
    { gaps, perSecond, burst, waitMillisMax: Schema.Literals([0, 100, 60_000]) },
    ({ gaps: all, waitMillisMax, ...rate }) => {
      const taken = turns(all, rate, waitMillisMax)
      for (const [from, start] of taken.entries()) {
        for (const [to, end] of taken.entries()) {
          if (to < from) continue
          // A turn is told in whole milliseconds, so the first of two may stand a millisecond late.
          const allowed = rate.burst + ((end - start + 1) / 1_000) * rate.perSecond
          assert.isAtMost(to - from + 1, allowed + 1e-6)
        }
      }
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "who comes again as told is let through, and not a second earlier than needed",
    { gaps, perSecond, burst },
    ({ gaps: all, ...rate }) => {
      let bucket: TokenBucket | undefined
      let now = 0
      for (const gap of all) {
        now += gap % 10
        const reserved = reserve(bucket, now, rate)
        if (reserved.waitMillis === 0) bucket = reserved.bucket
        else {
          assert.strictEqual(reserve(bucket, now + reserved.waitMillis, rate).waitMillis, 0)
          assert.isAtMost(reserved.waitMillis, Math.ceil(1_000 / rate.perSecond) + 1)
        }
      }
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "a full one may be forgotten: it answers as a new one does",
    { gaps, perSecond, burst, quiet: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 })) },
    ({ gaps: all, quiet, ...rate }) => {
      let bucket: TokenBucket | undefined
      let now = 0
      for (const gap of all) {
        now += gap
        const reserved = reserve(bucket, now, rate)
        if (reserved.waitMillis === 0) bucket = reserved.bucket
      }
      const later = now + quiet
      if (isFull(bucket, later, rate)) {
        assert.deepStrictEqual(reserve(bucket, later, rate), reserve(undefined, later, rate))
      }
    },
    { arbitrary: { runs } }
  )

  it("spaces evenly where the burst is one, for as many as wait", () => {
    assert.deepStrictEqual(turns([0, 0, 0, 0], { perSecond: 4, burst: 1 }, 500), [0, 250, 500])
  })

  it("a clock that goes back gives nothing away, and takes nothing for good", () => {
    const rate = { perSecond: 1, burst: 4 }
    let bucket: TokenBucket | undefined
    for (let index = 0; index < rate.burst; index++) bucket = reserve(bucket, 10_000, rate).bucket
    assert.strictEqual(reserve(bucket, 0, rate).waitMillis, 1_000)
    bucket = reserve(bucket, 1_000, rate).bucket
    assert.strictEqual(reserve(bucket, 1_000, rate).waitMillis, 2_000)
  })
})

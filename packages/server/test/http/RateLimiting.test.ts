/**
 * The token bucket, as a function and as the server applies it.
 */
import { assert, describe, it } from "@effect/vitest"
import { Rows } from "@punctual/core/testing"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { type Bucket, rateOf, take } from "../../src/http/RateLimiting.ts"
import { otherKey, serve } from "../Kit.ts"

const runs = process.env["PROVE"] === "1" ? 5_000 : 200

describe("the bucket", () => {
  const gaps = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2_000 })))
  const perSecond = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))

  it.prop(
    "never lets through more than the burst and the rate allow, in any span of time",
    { gaps, perSecond },
    ({ gaps: all, perSecond: limit }) => {
      const rate = rateOf(limit)
      const taken: Array<number> = []
      let bucket: Bucket | undefined
      let now = 0
      for (const gap of all) {
        now += gap
        const result = take(bucket, now, rate)
        bucket = result.bucket
        if (result.waitMillis === 0) taken.push(now)
      }
      for (const [from, start] of taken.entries()) {
        for (const [to, end] of taken.entries()) {
          if (to < from) continue
          assert.isAtMost(to - from + 1, rate.burst + ((end - start) / 1_000) * limit + 1e-6)
        }
      }
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "who waits as told is let through, and not a second earlier than needed",
    { gaps, perSecond },
    ({ gaps: all, perSecond: limit }) => {
      const rate = rateOf(limit)
      let bucket: Bucket | undefined
      let now = 0
      for (const gap of all) {
        now += gap % 10
        const { bucket: after, waitMillis } = take(bucket, now, rate)
        bucket = after
        if (waitMillis === 0) continue
        assert.strictEqual(take(bucket, now + waitMillis, rate).waitMillis, 0)
        assert.isAtMost(waitMillis, Math.ceil(1_000 / limit) + 1)
      }
    },
    { arbitrary: { runs } }
  )

  it("a clock that goes back gives nothing away", () => {
    const rate = rateOf(1)
    let bucket: Bucket | undefined
    for (let index = 0; index < rate.burst; index++) bucket = take(bucket, 10_000, rate).bucket
    assert.isAbove(take(bucket, 0, rate).waitMillis, 0)
    const after = take(bucket, 0, rate).bucket
    assert.isAbove(take(after, 10_000, rate).waitMillis, 0)
  })
})

describe("the server", () => {
  const list = (call: (method: string, path: string) => Effect.Effect<{ readonly status: number }>) =>
    call("GET", "/api/v1/calendar/auto-schedule/settings")
  const core = {
    autoSchedule: () => Effect.succeed(Rows.autoSchedule())
  }

  it.effect("lets a burst of four seconds' worth through, then 429 with Retry-After, then the rate", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core, rateLimit: 5 })
      yield* TestClock.setTime(1_000_000)
      for (let index = 0; index < 20; index++) assert.strictEqual((yield* list(call)).status, 200)
      const answer = yield* call("GET", "/api/v1/calendar/auto-schedule/settings")
      assert.strictEqual(answer.status, 429)
      assert.strictEqual(answer.json.code, "rate_limited")
      assert.strictEqual(answer.headers.get("retry-after"), "1")
      yield* TestClock.adjust("1 second")
      for (let index = 0; index < 5; index++) assert.strictEqual((yield* list(call)).status, 200)
      assert.strictEqual((yield* list(call)).status, 429)
    })
  )

  it.effect("counts each key by itself, and what is refused for its form too", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core, rateLimit: 1 })
      for (let index = 0; index < 4; index++) {
        assert.strictEqual((yield* call("GET", "/api/v1/calendar/events?limit=0")).status, 400)
      }
      assert.strictEqual((yield* list(call)).status, 429)
      const other = yield* call("GET", "/api/v1/calendar/auto-schedule/settings", { key: otherKey })
      assert.strictEqual(other.status, 200)
    })
  )

  it.effect("0 switches it off", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core, rateLimit: 0 })
      for (let index = 0; index < 50; index++) assert.strictEqual((yield* list(call)).status, 200)
    })
  )
})

/**
 * The token bucket, as the server applies it.
 */
import { assert, describe, it } from "@effect/vitest"
import { Rows } from "@punctual/core/testing"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { otherKey, serve } from "../Kit.ts"

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

/** The sweep tells of coming meetings whose bots are in danger, once for each time that changes. */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { LauncherState } from "../../../src/decide/Forecast.ts"
import { CurrentLauncherState } from "../../../src/index.ts"
import { Store } from "../../../src/ports/Store.ts"
import { connected, day, hour, layer as host, minute, noon, settle, user, zoom } from "../Host.ts"

const told = Effect.gen(function* () {
  const store = yield* Store
  const { items } = yield* store.changes({ userId: user, after: 0, types: null, limit: 99 })
  return items.flatMap(({ data, type }) => ("causes" in data ? [[type, data.status, ...data.causes]] : []))
})

let isFailing = false
const launcher: Effect.Effect<LauncherState> = Effect.sync(() => ({
  isConfigured: true,
  isFailing,
  supports: () => true
}))

layer(Layer.provideMerge(host, Layer.succeed(CurrentLauncherState, launcher)))("the sweep", (it) => {
  it.effect("tells when a coming meeting's bot comes into danger, and when that is over", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      const review = { subject: "Review", start: noon + 3 * hour, end: noon + 4 * hour, joinUrl: zoom }
      yield* control.create(calendarId, review)
      yield* control.create(calendarId, { ...review, subject: "Later", start: noon + 2 * day, end: noon + 3 * day })
      yield* settle
      yield* punctual.enableAuto(user, {})
      yield* punctual.sweep
      yield* punctual.sweep
      assert.deepStrictEqual(yield* told, [])
      yield* punctual.pause(user, noon + 5 * hour)
      yield* punctual.sweep
      yield* punctual.sweep
      const first = ["coverage.at_risk", "uncovered", "paused"]
      assert.deepStrictEqual(yield* told, [first])
      isFailing = true
      yield* punctual.sweep
      const second = ["coverage.at_risk", "uncovered", "launcher_failing", "paused"]
      assert.deepStrictEqual(yield* told, [first, second])
      isFailing = false
      yield* punctual.pause(user, null)
      yield* TestClock.adjust(minute)
      yield* punctual.sweep
      yield* punctual.sweep
      assert.deepStrictEqual(yield* told, [first, second, ["coverage.restored", "covered"]])
    })
  )
})

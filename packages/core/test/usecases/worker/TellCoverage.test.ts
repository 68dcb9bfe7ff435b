/** The sweep tells of coming meetings whose bots are in danger, once for each time that changes. */
import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { LauncherState } from "../../../src/decide/Forecast.ts"
import { type BotId, CurrentLauncherState, Punctual, type ScheduleName, Scheduler } from "../../../src/index.ts"
import { launchLimits } from "../../../src/domain/Limits.ts"
import { Store } from "../../../src/ports/Store.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import {
  ask,
  botOf,
  connected,
  day,
  hour,
  layer as host,
  layerOver,
  minute,
  noon,
  review,
  row,
  settle,
  user,
  zoom
} from "../Host.ts"

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

/** Looks at what a span of the calendar holds, which a forecast is made of. */
let looks = 0

/** Nobody is looked at in turn: what is, is looked at because something happened. */
const nobodysTurn = Layer.effect(
  Store,
  Effect.map(Store, (real) =>
    Store.of({
      ...real,
      connectedUsers: () => Effect.succeed([]),
      slice: (userId, scope, at) => {
        if (scope.kind === "span") looks += 1
        return real.slice(userId, scope, at)
      }
    })
  )
).pipe(Layer.provide(StoreMemory.layer))

const launched = Effect.fnUntraced(function* (subject: string, start: number) {
  const punctual = yield* Punctual
  yield* TestClock.setTime(start - minute)
  const parts = yield* Effect.forkChild(punctual.runParts(["launch"]))
  yield* TestClock.adjust(5_000)
  yield* Fiber.interrupt(parts)
  assert.strictEqual((yield* botOf(subject))?.status, "Launched")
})

layer(Layer.provideMerge(layerOver(nobodysTurn), Layer.succeed(CurrentLauncherState, launcher)))("a launch", (it) => {
  it.effect("ends the danger that was told of, and is no reason to look where none was", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* punctual.sweep
      const scheduled = Effect.fnUntraced(function* (subject: string, start: number) {
        yield* control.create(calendarId, { ...review, subject, start, end: start + hour })
        yield* settle
        yield* punctual.schedule(user, ask((yield* row(subject)).event.id))
        looks = 0
        yield* punctual.sweep
        assert.strictEqual(looks, 1)
      })
      isFailing = true
      yield* scheduled("Feared for", review.start)
      isFailing = false
      yield* launched("Feared for", review.start)
      yield* punctual.sweep
      const both = [
        ["coverage.at_risk", "at_risk", "launcher_failing"],
        ["coverage.restored", "covered"]
      ]
      assert.deepStrictEqual(yield* told, both)
      yield* scheduled("Never feared for", review.start + 2 * hour)
      looks = 0
      yield* launched("Never feared for", review.start + 2 * hour)
      yield* punctual.sweep
      assert.strictEqual(looks, 0)
      assert.deepStrictEqual(yield* told, both)
    })
  )
})

/** So many fires at that instant, of bots that nobody knows: they wait in the process from 20 s before on. */
const crowdAt = Effect.fnUntraced(function* (at: number) {
  const scheduler = yield* Scheduler
  const { putMax } = scheduler.capabilities
  const bots = Array.from({ length: launchLimits.crowdMin }, (_, n) => `bot_${at}_${n}` as BotId & ScheduleName)
  const schedules = bots.map((botId) => ({ name: botId, group: user, userId: user, botId, at, revision: 1 }))
  for (let from = 0; from < bots.length; from += putMax) yield* scheduler.put(schedules.slice(from, from + putMax))
})

layer(Layer.provideMerge(layerOver(nobodysTurn), Layer.succeed(CurrentLauncherState, launcher)))("forecasts", (it) => {
  it.effect("are left to the next sweep while a crowd waits to be launched, and not to the one after", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.create(calendarId, review)
      yield* settle
      yield* Effect.forkChild(punctual.runParts(["launch", "sweep"]))
      yield* TestClock.adjust(1_000)
      looks = 0
      yield* punctual.schedule(user, ask((yield* row("Review")).event.id))
      yield* crowdAt(noon + minute + 10_000)
      yield* crowdAt(noon + 2 * minute + 10_000)
      yield* TestClock.setTime(noon + minute + 5_000)
      assert.strictEqual(looks, 0)
      yield* TestClock.setTime(noon + 2 * minute + 5_000)
      assert.strictEqual(looks, 1)
    })
  )
})

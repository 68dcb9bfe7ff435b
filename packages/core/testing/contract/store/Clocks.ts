/**
 * What a store promises of its clock: that processes whose own clocks are wrong find out by how much.
 * Uses the port alone, and the part of the core that measures. Waits for nothing, and asks no other clock.
 */
import { assert } from "@effect/vitest"
import { Clock, Context, Effect, Layer, Option, References } from "effect"
import type { StoreTime } from "../../../src/domain/ClockOffset.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import { Store } from "../../../src/ports/Store.ts"
import { StoreClock } from "../../../src/usecases/clock/StoreClock.ts"
import { minute } from "./Rows.ts"
import type { It } from "./Users.ts"

/** 90 seconds: what a machine without time synchronisation had. */
const fastMillis = 1.5 * minute

export const cases = (it: It, { tellsTime = false }: { readonly tellsTime?: boolean }): void => {
  it.effect("B12: MUST tell a time that does not go back, or none at all", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const first = yield* store.clock
      const second = yield* store.clock
      assert.deepStrictEqual([Option.isSome(first), Option.isSome(second)], [tellsTime, tellsTime])
      if (Option.isNone(first) || Option.isNone(second)) return
      assert.isAtLeast(second.value.at, first.value.at)
      assert.isAtMost(first.value.precisionMillis, 1_000)
      assert.isTrue(Number.isInteger(first.value.at))
    })
  )

  it.effect("B12: MUST let a process whose clock is 90 s fast, or slow, find that out and go by the store's", () =>
    Effect.gen(function* () {
      for (const skewMillis of [fastMillis, -fastMillis]) {
        const before = Option.getOrNull(yield* (yield* Store).clock)
        const machine = (before?.at ?? 0) + skewMillis
        const { corrected, isAllowed, state } = yield* lookAt(machine)
        const after = Option.getOrNull(yield* (yield* Store).clock)
        assert.strictEqual(before !== null, tellsTime)
        if (before === null || after === null) {
          assert.deepStrictEqual([corrected, isAllowed, state.offsetMillis, state.isSkewed], [machine, true, 0, false])
          continue
        }
        assertWithin(corrected, before, after)
        assertWithin(machine + state.offsetMillis, before, after)
        assert.deepStrictEqual([state.isSkewed, isAllowed, state.launchesRefused], [true, false, 1])
      }
    })
  )

  it.effect("B12: MUST leave a process alone whose clock is right", () =>
    Effect.gen(function* () {
      const at = Option.getOrNull(yield* (yield* Store).clock)?.at ?? 0
      const { isAllowed, state } = yield* lookAt(at)
      assert.deepStrictEqual([isAllowed, state.isSkewed, state.launchesRefused], [true, false, 0])
    })
  )
}

const assertWithin = (instant: Instant, before: StoreTime, after: StoreTime): void => {
  assert.isAtLeast(instant, before.at)
  assert.isAtMost(instant, after.at)
}

/** What a process makes of its clock, which stands still. */
const lookAt = (machine: Instant) =>
  Effect.gen(function* () {
    const clock = Context.get(yield* Layer.build(StoreClock.layer), StoreClock)
    const corrected = yield* clock.corrected(Clock.currentTimeMillis)
    const isAllowed = yield* clock.allowLaunch.pipe(
      Effect.as(true),
      Effect.catch(() => Effect.succeed(false))
    )
    return { corrected, isAllowed, state: yield* clock.state }
  }).pipe(
    Effect.scoped,
    // A wrong clock is told of, here on purpose.
    Effect.provideService(References.MinimumLogLevel, "None"),
    Effect.updateService(Clock.Clock, (real) => standingAt(machine, real))
  )

const standingAt = (millis: Instant, real: Clock.Clock): Clock.Clock => ({
  ...real,
  currentTimeMillisUnsafe: () => millis,
  currentTimeMillis: Effect.succeed(millis),
  currentTimeNanosUnsafe: () => BigInt(millis) * 1_000_000n,
  currentTimeNanos: Effect.succeed(BigInt(millis) * 1_000_000n),
  sleep: () => Effect.never
})

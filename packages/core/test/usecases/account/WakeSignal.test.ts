/**
 * Waiting for work: until the instant, or a sooner one that was notified, whenever that happens.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { WakeSignal } from "../../../src/usecases/account/WakeSignal.ts"

const wake = WakeSignal.pipe(Effect.provide(WakeSignal.layer))

/** When a wait that begins now ends. */
const ends = (wait: Effect.Effect<void>) => Effect.forkChild(Effect.andThen(wait, Clock.currentTimeMillis))

describe("a wait", () => {
  it.effect("ends at its instant, and no notify for a later one changes that", () =>
    Effect.gen(function* () {
      const { notify, wait } = yield* wake
      const waiting = yield* ends(wait(1_000))
      yield* TestClock.adjust(10)
      yield* notify(1_000)
      yield* notify(2_000)
      yield* TestClock.adjust(10_000)
      assert.strictEqual(yield* Fiber.join(waiting), 1_000)
    })
  )

  it.effect("ends at the soonest instant poked for, before it began or since", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ at: fc.nat(100), dueAt: fc.nat(200) }), { maxLength: 8 }),
          fc.nat(100),
          fc.nat(200),
          (pokes, began, until) =>
            Effect.gen(function* () {
              const { notify, wait } = yield* wake
              const ended = yield* Effect.forkChild(
                Effect.andThen(Effect.sleep(began), Effect.andThen(wait(until), Clock.currentTimeMillis))
              )
              for (const { at, dueAt } of pokes)
                yield* Effect.forkChild(Effect.andThen(Effect.sleep(at), notify(dueAt)))
              yield* TestClock.adjust(1_000)
              // What was notified by an instant ends a wait there, or at once where it has come.
              let expected = Math.max(began, until)
              for (const { at, dueAt } of pokes)
                if (at < expected) expected = Math.min(expected, Math.max(began, at, dueAt))
              assert.strictEqual(yield* Fiber.join(ended), expected)
            }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise)
        )
      )
    )
  )

  it.effect("that is over leaves nothing of its pokes to the next", () =>
    Effect.gen(function* () {
      const { notify, wait } = yield* wake
      yield* notify(100)
      yield* notify(50)
      const first = yield* ends(wait(1_000))
      yield* TestClock.adjust(50)
      assert.strictEqual(yield* Fiber.join(first), 50)
      const second = yield* ends(wait(1_000))
      yield* TestClock.adjust(5_000)
      assert.strictEqual(yield* Fiber.join(second), 1_000)
    })
  )

  // World 201311: the process stood still between looking at the clock and setting the timer.
  it.effect("that is longer than it meant to be hears what is notified after its instant", () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      let leapMillis = 0
      const leaping: Clock.Clock = {
        ...clock,
        sleep: (duration) => clock.sleep(duration),
        currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + leapMillis,
        currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + leapMillis)
      }
      const { notify, wait } = yield* wake
      const waiting = yield* Effect.forkChild(
        Effect.andThen(wait(1_000), clock.currentTimeMillis).pipe(Effect.provideService(Clock.Clock, leaping))
      )
      yield* TestClock.adjust(10)
      leapMillis = 5_000
      yield* Effect.provideService(notify(5_100), Clock.Clock, leaping)
      yield* TestClock.adjust(100)
      assert.isAtMost(yield* Effect.timeoutOption(Fiber.join(waiting), 0).pipe(Effect.map(Option.getOrThrow)), 110)
    })
  )
})

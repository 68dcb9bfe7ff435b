/**
 * H6: the scheduler's suite says by itself when an adapter keeps another clock than it was told.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Effect, Exit, Layer, Option, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"
import { type Fire, type Schedule, Scheduler } from "../../src/ports/Scheduler.ts"
import { SchedulerMemory } from "../../testing/memory/index.ts"
import { type Pace, bench, listen } from "../../testing/contract/scheduler/Bench.ts"

const pace: Pace = { time: "test", momentMillis: 400 }

/** Fires what is due by a clock, however the test moves its own. */
const firingBy = (now: Effect.Effect<number>): Layer.Layer<Scheduler> =>
  Layer.effect(
    Scheduler,
    Effect.gen(function* () {
      const queue = yield* Queue.unbounded<Fire>()
      const put = (schedule: Schedule) =>
        Effect.flatMap(now, (at) =>
          schedule.at <= at ? Queue.offer(queue, { ...schedule, done: Effect.void }) : Effect.void
        )
      return Scheduler.of({
        ...(yield* Scheduler),
        put: (schedules) =>
          Effect.as(
            Effect.forEach(schedules, put),
            schedules.map(() => Option.none())
          ) as never,
        fires: () => Stream.map(Stream.fromQueue(queue), (fire) => [fire])
      })
    })
  ).pipe(Layer.provide(SchedulerMemory.layer))

/** What a case that waits for one fire ends with. */
const messageOf = (scheduler: Layer.Layer<Scheduler>) =>
  Effect.gen(function* () {
    const desk = yield* bench(pace)
    const { next } = yield* listen(desk)
    yield* desk.scheduler.put([desk.schedule("one", desk.after(2))])
    return yield* next
  }).pipe(
    Effect.scoped,
    Effect.provide(scheduler),
    Effect.exit,
    Effect.map((exit) => (Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : null))
  )

describe("H6: the clock of the scheduler's suite", () => {
  it.effect("is named when a fire comes by the machine's", () =>
    Effect.gen(function* () {
      const message = yield* messageOf(firingBy(TestClock.withLive(Clock.currentTimeMillis)))
      assert.include(message, "fired by the machine's clock, 800 ms early by the test's")
      assert.include(message, '{ time: "live" }')
    })
  )

  it.effect("is named when nothing fires, though its time has come", () =>
    Effect.gen(function* () {
      const message = yield* messageOf(firingBy(Effect.succeed(-1)))
      assert.include(message, "Nothing fired")
      assert.include(message, '{ time: "live" }')
    })
  )

  it.effect("is not blamed when an adapter is early by any clock", () =>
    Effect.gen(function* () {
      // Later than the machine's time too.
      yield* TestClock.setTime(4_000_000_000_000)
      assert.isNull(yield* messageOf(firingBy(Effect.succeed(Infinity))))
    })
  )
})

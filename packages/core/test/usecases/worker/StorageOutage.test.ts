/** O: a host whose store goes away is told so in one line, is left in peace, and is told when it is back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Schedule, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Scheduler, SchedulerError, SchedulerUnavailable } from "../../../src/ports/Scheduler.ts"
import { Store, StoreError, StoreUnavailable } from "../../../src/ports/Store.ts"
import { Punctual, WorkFailures } from "../../../src/Punctual.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { afterFailure, afterSuccess } from "../../../src/usecases/worker/StorageOutage.ts"
import { noon } from "../Host.ts"

const second = 1_000

/** A database that is there or not. */
const failing = (down: { is: boolean }): Layer.Layer<Store> =>
  Layer.effect(
    Store,
    Effect.map(Store, (store) => {
      const reason = new StoreUnavailable({ message: "connect ECONNREFUSED 127.0.0.1:5432" })
      const unless = (operation: string, work: () => unknown) =>
        Effect.suspend(() =>
          down.is ? Effect.fail(new StoreError({ operation, reason })) : (work() as Effect.Effect<unknown>)
        )
      const members = Object.entries(store).map(([name, member]: readonly [string, unknown]) => [
        name,
        typeof member === "function"
          ? (...args: ReadonlyArray<unknown>) => unless(name, () => Reflect.apply(member, store, args))
          : Effect.isEffect(member)
            ? unless(name, () => member)
            : member
      ])
      return Object.fromEntries(members) as Store["Service"]
    })
  ).pipe(Layer.provide(StoreMemory.layer))

/** A scheduler in the same database, which asks it for what is due long before the store is asked again. */
const failingScheduler = (down: { is: boolean }): Layer.Layer<Scheduler> =>
  Layer.effect(
    Scheduler,
    Effect.map(Scheduler, (scheduler) => {
      const reason = new SchedulerUnavailable({ message: "connect ECONNREFUSED 127.0.0.1:5432" })
      const look = Effect.suspend(() =>
        down.is ? Effect.fail(new SchedulerError({ operation: "fires", reason })) : Effect.succeed([])
      )
      return { ...scheduler, fires: () => Stream.fromEffectSchedule(look, Schedule.spaced(100)) }
    })
  ).pipe(Layer.provide(SchedulerMemory.layer))

/** The facade as a host has it, over such a store; lines worth reading, and what the host was told. */
const host = (down: { is: boolean }, schedulerDown: { is: boolean } = { is: false }) => {
  const lines: Array<string> = []
  const told: Array<string> = []
  const logger = Logger.map(Logger.formatLogFmt, (line) => {
    if (/level=(WARN|ERROR)/.test(line)) lines.push(line)
  })
  const layer = Punctual.layer.pipe(
    Layer.provideMerge(
      Layer.mergeAll(CalendarMemory.layer, failingScheduler(schedulerDown), SecretsMemory.layer, LauncherMemory.layer)
    ),
    Layer.provide(failing(down)),
    Layer.provideMerge(Logger.layer([logger])),
    Layer.provideMerge(Layer.succeed(WorkFailures, (error) => void told.push(error.message)))
  )
  return { layer, lines, told }
}

describe("O: a store that is away", () => {
  it.effect("is two lines of a host's log, and one error for who asked to be told", () => {
    const down = { is: false }
    const { layer, lines, told } = host(down)
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      yield* Effect.forkChild(Effect.flatMap(Punctual, ({ run }) => run))
      yield* TestClock.adjust(10 * second)
      assert.deepStrictEqual(lines, [])
      down.is = true
      yield* TestClock.adjust(31 * second)
      assert.lengthOf(lines, 1, lines.join("\n"))
      assert.match(lines[0] ?? "", /storage is out of reach.*ECONNREFUSED 127\.0\.0\.1:5432/)
      down.is = false
      yield* TestClock.adjust(30 * second)
      assert.lengthOf(lines, 2, lines.join("\n"))
      assert.match(lines[1] ?? "", /storage is back after \d\d s/)
      assert.lengthOf(told, 1, told.join("\n"))
      down.is = true
      yield* TestClock.adjust(31 * second)
      assert.lengthOf(lines, 3, lines.join("\n"))
      assert.lengthOf(told, 2, "the next outage is another one")
      down.is = false
    }).pipe(Effect.provide(layer))
  })

  it.effect("at the start already, is said once too", () => {
    const down = { is: true }
    const { layer, lines } = host(down)
    return Effect.gen(function* () {
      yield* Effect.forkChild(Effect.flatMap(Punctual, ({ run }) => run))
      yield* TestClock.adjust(31 * second)
      assert.lengthOf(lines, 1, lines.join("\n"))
      down.is = false
      yield* TestClock.adjust(30 * second)
      assert.lengthOf(lines, 2, lines.join("\n"))
    }).pipe(Effect.provide(layer))
  })

  it.effect("is the same outage where the scheduler meets it first", () => {
    const down = { is: false }
    const schedulerDown = { is: false }
    const { layer, lines, told } = host(down, schedulerDown)
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      yield* Effect.forkChild(Effect.flatMap(Punctual, ({ run }) => run))
      yield* TestClock.adjust(10 * second)
      schedulerDown.is = true
      yield* TestClock.adjust(5 * second)
      down.is = true
      yield* TestClock.adjust(31 * second)
      assert.lengthOf(lines, 1, lines.join("\n"))
      assert.match(lines[0] ?? "", /storage is out of reach.*Scheduler\.fires.*ECONNREFUSED 127\.0\.0\.1:5432/)
      assert.lengthOf(told, 1, told.join("\n"))
      schedulerDown.is = false
      down.is = false
      yield* TestClock.adjust(30 * second)
      assert.lengthOf(lines, 2, lines.join("\n"))
      assert.match(lines[1] ?? "", /storage is back after \d\d s/)
    }).pipe(Effect.provide(layer))
  })

  it("lasts while one thing fails and others work, and ends two seconds after the last failure", () => {
    let outage = afterFailure(null, 0)
    outage = afterSuccess(outage, 1_000).outage ?? assert.fail("too soon")
    outage = afterFailure(outage, 2_900)
    outage = afterSuccess(outage, 3_000).outage ?? assert.fail("too soon")
    assert.deepStrictEqual(afterSuccess(outage, 4_900), { outage: null, back: 3_000 })
  })
})

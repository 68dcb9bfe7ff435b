/**
 * B12: processes on machines whose clocks are wrong, beside one whose clock is right. What is early or late is told by the
 * store's clock, which here is the test's.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Exit, Layer, Logger, Option, Scope } from "effect"
import { TestClock } from "effect/testing"
import {
  type Instant,
  Launcher,
  Punctual,
  Store,
  StoreError,
  StoreUnavailable,
  defaultPolicy
} from "../../../src/index.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { botOf, minute, noon, review, reviewScheduled, settle, user } from "../Host.ts"

const joinAt = review.start - minute
const second = 1_000

/** A machine, and how much its clock is fast; it may be set. */
interface Machine {
  readonly name: string
  fastMillis: number
}

const clockOf = (machine: Machine, right: Clock.Clock): Clock.Clock => ({
  ...right,
  currentTimeMillisUnsafe: () => right.currentTimeMillisUnsafe() + machine.fastMillis,
  currentTimeMillis: Effect.sync(() => right.currentTimeMillisUnsafe() + machine.fastMillis),
  currentTimeNanosUnsafe: () => right.currentTimeNanosUnsafe() + BigInt(machine.fastMillis) * 1_000_000n,
  currentTimeNanos: Effect.sync(() => right.currentTimeNanosUnsafe() + BigInt(machine.fastMillis) * 1_000_000n),
  monotonicTimeNanosUnsafe: () => right.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: right.monotonicTimeNanos,
  sleep: (duration) => right.sleep(duration)
})

interface Call {
  readonly by: string
  readonly at: Instant
}

/** Ports that all processes share; processes are started over them, each on a machine. */
const site = Effect.gen(function* () {
  // Before anything is compared every minute.
  yield* TestClock.setTime(noon)
  const calls: Array<Call> = []
  const claims: Array<Call> = []
  const lines: Array<string> = []
  const right = yield* Clock.Clock
  const at = (by: string): Call => ({ by, at: right.currentTimeMillisUnsafe() })
  const shared = yield* Layer.build(
    Layer.mergeAll(
      StoreMemory.layerWith({ commitOperationsMax: 1_000, tellsTime: true }),
      SchedulerMemory.layer,
      SecretsMemory.layer,
      CalendarMemory.layer
    )
  )
  const real = Context.get(shared, Store)
  const away = { store: false }
  const portsOf = ({ name }: Machine) =>
    shared.pipe(
      Context.add(
        Store,
        Store.of({
          ...real,
          clock: Effect.suspend(() => (away.store ? Effect.fail(outOfReach) : real.clock)),
          claimNext: (...args) =>
            Effect.tap(real.claimNext(...args), (found) =>
              Effect.sync(() => (Option.isSome(found) ? claims.push(at(name)) : undefined))
            )
        })
      ),
      Context.add(
        Launcher,
        Launcher.of({
          name,
          capabilities: { replays: true, lookup: false, withdraw: false },
          launch: () =>
            Effect.sync(() => {
              calls.push(at(name))
              return { kind: "accepted", externalId: name, isReplay: false } as const
            }),
          lookUp: () => Effect.succeed({ kind: "absent" }),
          withdraw: () => Effect.succeed("unsupported")
        })
      )
    )
  const logged = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
  const start = Effect.fnUntraced(function* (machine: Machine) {
    const scope = yield* Scope.fork(yield* Effect.scope)
    const layer = Punctual.layer.pipe(Layer.provide(Layer.succeedContext(portsOf(machine))))
    const here = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      effect.pipe(
        Effect.updateService(Clock.Clock, (clock) => clockOf(machine, clock)),
        Effect.provide(logged)
      )
    const punctual = Context.get(yield* here(Layer.buildWithScope(layer, scope)), Punctual)
    return { here, punctual, work: Effect.forkIn(here(punctual.run), scope), stop: Scope.close(scope, Exit.void) }
  })
  const told = (punctual: Punctual["Service"]) => Context.add(shared, Punctual, punctual)
  return { away, calls, claims, lines, real, start, told }
})

const outOfReach = new StoreError({ operation: "clock", reason: new StoreUnavailable({ message: "out of reach" }) })

/** A bot for a meeting in two hours, of a process whose clock is right and which does no work. */
const withBot = Effect.gen(function* () {
  const place = yield* site
  const right = yield* place.start({ name: "right", fastMillis: 0 })
  yield* Effect.provideContext(reviewScheduled(), place.told(right.punctual))
  return { ...place, right }
})

describe("B12: a process whose clock is wrong", () => {
  it.effect.each([6, -6, 1.5])("B12: by %d s launches at the join time by the store's clock", (seconds) =>
    Effect.gen(function* () {
      const { calls, start } = yield* withBot
      const { punctual, work } = yield* start({ name: "wrong", fastMillis: seconds * second })
      yield* work
      yield* TestClock.setTime(joinAt - 1)
      assert.deepStrictEqual(calls, [])
      yield* TestClock.setTime(joinAt)
      assert.deepStrictEqual(calls, [{ by: "wrong", at: joinAt }])
      const { isSkewed, offsetMillis } = yield* punctual.clock
      assert.deepStrictEqual([offsetMillis, isSkewed], [-seconds * second, Math.abs(seconds) > 2])
    })
  )

  it.effect.each([90, -90])("B12: by %d s launches nothing, and leaves it to one whose clock is right", (seconds) =>
    Effect.gen(function* () {
      const { calls, right, start, told } = yield* withBot
      const wrong = yield* start({ name: "wrong", fastMillis: seconds * second })
      yield* wrong.work
      yield* TestClock.setTime(joinAt + minute)
      assert.deepStrictEqual(calls, [])
      assert.isTrue((yield* wrong.punctual.clock).isSkewed)
      yield* right.work
      yield* TestClock.adjust(2 * second)
      assert.deepStrictEqual(
        calls.map(({ by }) => by),
        ["right"]
      )
      assert.strictEqual(
        (yield* Effect.provideContext(botOf(review.subject), told(right.punctual)))?.status,
        "Launched"
      )
    })
  )

  it.effect("B12: says so once, counts what it refuses, and launches again once the clock is set", () =>
    Effect.gen(function* () {
      const { calls, lines, start } = yield* withBot
      const machine = { name: "wrong", fastMillis: 0 }
      const { here, punctual, work } = yield* start(machine)
      yield* work
      yield* TestClock.adjust(5 * minute)
      machine.fastMillis = 90 * second
      yield* TestClock.adjust(5 * minute)
      assert.lengthOf(
        lines.filter((line) => line.includes("nothing is launched from here")),
        1
      )
      yield* TestClock.setTime(joinAt + 10 * second)
      yield* here(punctual.sweep)
      assert.deepStrictEqual(calls, [])
      assert.isAtLeast((yield* punctual.clock).launchesRefused, 1)
      machine.fastMillis = 0
      yield* TestClock.adjust(defaultPolicy.clockMillis + defaultPolicy.sweepMillis)
      assert.lengthOf(calls, 1)
      assert.isFalse((yield* punctual.clock).isSkewed)
      assert.lengthOf(
        lines.filter((line) => line.includes("is right again")),
        1
      )
    })
  )

  it.effect("B12: takes no calendar whose lease has not ended by the store's clock", () =>
    Effect.gen(function* () {
      const { claims, real, right, start, told } = yield* withBot
      yield* Effect.provideContext(settle, told(right.punctual))
      const [calendar] = yield* real.calendars(user)
      if (calendar === undefined) return assert.fail("no calendar")
      const now = yield* Clock.currentTimeMillis
      yield* real.markChanged([{ userId: user, calendarId: calendar.id }], now)
      assert.isTrue(Option.isSome(yield* real.claimCalendar(user, calendar.id, now, now + defaultPolicy.leaseMillis)))
      claims.length = 0
      const { work } = yield* start({ name: "wrong", fastMillis: 90 * second })
      yield* work
      yield* TestClock.adjust(defaultPolicy.leaseMillis - 1)
      assert.deepStrictEqual(claims, [])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(claims, [{ by: "wrong", at: now + defaultPolicy.leaseMillis }])
    })
  )

  it.effect("B12: does nothing by a clock that was never compared: requests fail, bots wait for others", () =>
    Effect.gen(function* () {
      const { away, calls, start } = yield* withBot
      away.store = true
      const { here, punctual, work } = yield* start({ name: "wrong", fastMillis: 5 * second })
      assert.instanceOf(yield* Effect.flip(here(punctual.syncUser(user))), StoreError)
      yield* work
      yield* TestClock.setTime(joinAt + second)
      assert.deepStrictEqual(calls, [])
      away.store = false
      yield* TestClock.adjust(2 * second)
      assert.lengthOf(calls, 1)
    })
  )
})

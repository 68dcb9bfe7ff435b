/**
 * Bursts of notifications, left to a worker that runs: what comes close together costs one round of each calendar, and
 * no look at the store for each.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { type Instant, type ProviderCalendarId, Punctual, Store, defaultPolicy } from "../../../src/index.ts"
import { CalendarControl } from "../../../testing/memory/CalendarMemory.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { noon, user } from "../Host.ts"

const { settleMillis } = defaultPolicy

/** A worker at rest, with calendars that were read once; what is notified and seen of it. */
const resting = Effect.fnUntraced(function* (calendars: number, roundMillis = 200) {
  yield* TestClock.setTime(noon)
  const rounds: Array<{ readonly calendarId: ProviderCalendarId; readonly at: Instant }> = []
  const looks = { count: 0 }
  const store = Layer.effect(
    Store,
    Effect.map(Store, (real) => ({
      ...real,
      claimNext: (...args: Parameters<typeof real.claimNext>) => {
        looks.count += 1
        return real.claimNext(...args)
      },
      // A round takes its time.
      putMirror: (...args: Parameters<typeof real.putMirror>) =>
        Effect.andThen(Effect.sleep(roundMillis), real.putMirror(...args)),
      finishPass: (...args: Parameters<typeof real.finishPass>) => {
        rounds.push({ calendarId: args[0].calendar.providerId, at: args[0].leaseUntil - defaultPolicy.leaseMillis })
        return real.finishPass(...args)
      }
    }))
  ).pipe(Layer.provide(StoreMemory.layer))
  const context = yield* Layer.build(
    Punctual.layer.pipe(
      Layer.provideMerge(
        Layer.mergeAll(store, SchedulerMemory.layer, SecretsMemory.layer, LauncherMemory.layer, CalendarMemory.layer)
      )
    )
  )
  return yield* Effect.gen(function* () {
    const control = yield* CalendarControl
    const punctual = yield* Punctual
    const credentials = yield* control.addAccount({ email: "ada@example.com", name: "Ada" })
    const ids = yield* Effect.forEach(Array.from({ length: calendars }), () =>
      control.addCalendar(credentials.accountId)
    )
    yield* Effect.forkScoped(punctual.run)
    yield* punctual.connect(user, Redacted.make(credentials))
    yield* TestClock.adjust(10_000)
    assert.sameMembers(
      rounds.splice(0).map(({ calendarId }) => calendarId),
      ids
    )
    looks.count = 0
    /** Something changes, and the provider tells of it. */
    const tell = Effect.fnUntraced(function* (calendarId: ProviderCalendarId) {
      yield* control.create(calendarId)
      const told = yield* control.takeNotifications
      yield* punctual.receive(
        told.map(({ clientState, subscriptionId }) => ({
          subscriptionId,
          clientState: Redacted.make(clientState),
          kind: "change" as const
        }))
      )
    })
    return { ids, looks, rounds, tell }
  }).pipe(Effect.provideContext(context))
})

describe("a burst", () => {
  it.effect("for one calendar is one round, when the first of it has settled, and no look for each", () =>
    Effect.gen(function* () {
      const { ids, looks, rounds, tell } = yield* resting(1)
      const [calendarId] = ids
      if (calendarId === undefined) return assert.fail("no calendar")
      const began = noon + 10_000
      for (let count = 0; count < 200; count++) {
        yield* tell(calendarId)
        yield* TestClock.adjust(2)
      }
      assert.deepStrictEqual(rounds, [])
      yield* TestClock.adjust(60_000)
      assert.deepStrictEqual(rounds, [{ calendarId, at: began + settleMillis }])
      // One that finds it, one that finds nothing more, and those of a minute in which nothing happens.
      assert.isAtMost(looks.count, 3 + 60_000 / defaultPolicy.idleMillis)
    })
  )

  it.effect("for each of several calendars is one round of each", () =>
    Effect.gen(function* () {
      const { ids, rounds, tell } = yield* resting(3)
      for (let count = 0; count < 20; count++) {
        for (const calendarId of ids) yield* tell(calendarId)
        yield* TestClock.adjust(10)
      }
      yield* TestClock.adjust(60_000)
      assert.sameMembers(
        rounds.map(({ calendarId }) => calendarId),
        ids
      )
    })
  )

  it.effect.each([200, 5_000])("that comes while its calendar is read, for %i ms, is one round more", (roundMillis) =>
    Effect.gen(function* () {
      const { ids, rounds, tell } = yield* resting(1, roundMillis)
      const [calendarId] = ids
      if (calendarId === undefined) return assert.fail("no calendar")
      yield* tell(calendarId)
      yield* TestClock.adjust(settleMillis + roundMillis / 4)
      for (let count = 0; count < 20; count++) {
        yield* tell(calendarId)
        yield* TestClock.adjust(1)
      }
      yield* TestClock.adjust(60_000)
      const first = noon + 10_000 + settleMillis
      assert.deepStrictEqual(
        rounds.map(({ at }) => at),
        [first, first + roundMillis + settleMillis]
      )
    })
  )

  it.effect("without end is read again and again, each time a settle after the last", () =>
    Effect.gen(function* () {
      const { ids, rounds, tell } = yield* resting(1)
      const [calendarId] = ids
      if (calendarId === undefined) return assert.fail("no calendar")
      for (let count = 0; count < 200; count++) {
        yield* tell(calendarId)
        yield* TestClock.adjust(50)
      }
      assert.isAtLeast(rounds.length, Math.floor(10_000 / (settleMillis + 200)))
      assert.isAtMost(rounds.length, 1 + 10_000 / settleMillis)
    })
  )
})

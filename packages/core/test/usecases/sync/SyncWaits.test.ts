/**
 * V5: many requests that wait for one calendar, and what they cost others.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Store } from "../../../src/index.ts"
import { syncWaitLimits } from "../../../src/domain/Limits.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { connected, day, everything, layerOver, minute, noon, ours, settle, user } from "../Host.ts"

const requests = 1_385

/** A connected user whose calendar another process is reading; claims and looks at the store are counted. */
const elsewhere = Effect.gen(function* () {
  const asked = { statements: 0 }
  const counted =
    <Args extends ReadonlyArray<unknown>, A>(run: (...args: Args) => A) =>
    (...args: Args): A => {
      asked.statements += 1
      return run(...args)
    }
  const store = Layer.effect(
    Store,
    Effect.map(Store, (real) =>
      Store.of({
        ...real,
        claimCalendar: counted(real.claimCalendar),
        calendars: counted(real.calendars),
        connections: counted(real.connections),
        account: counted(real.account)
      })
    )
  ).pipe(Layer.provide(StoreMemory.layer))
  const context = yield* Layer.build(layerOver(store))
  return yield* Effect.gen(function* () {
    const host = yield* connected
    yield* settle
    yield* TestClock.adjust(minute)
    const real = yield* Store
    const claim = Option.getOrThrow(yield* real.claimCalendar(user, ours(host.calendarId), noon + minute, noon + day))
    asked.statements = 0
    const force = Effect.forkChild(host.punctual.events(user, everything, "force"))
    return { ...host, asked, claim, force, store: real }
  }).pipe(Effect.provide(context))
})

describe("V5: requests that wait for a sync", () => {
  it.effect("cost the store what one of them does, and are answered as stale at once beyond a few", () =>
    Effect.gen(function* () {
      const { asked, force } = yield* elsewhere
      const fibers = yield* Effect.forEach(Array.from({ length: requests }), () => force)
      yield* TestClock.adjust(0)
      const atOnce = fibers.filter((fiber) => fiber.pollUnsafe() !== undefined)
      assert.strictEqual(atOnce.length, requests - syncWaitLimits.waitersOfOneUserMax)
      // Each request asks who it is for once.
      assert.isAtLeast(asked.statements, requests)
      asked.statements -= requests
      yield* TestClock.adjust(syncWaitLimits.waitMillisMax)
      assert.isAtMost(asked.statements, 50, "for ten seconds of waiting")
      const pages = yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
      assert.deepStrictEqual([...new Set(pages.map(({ staleReason }) => staleReason))], ["sync_in_progress"])
    })
  )

  it.effect("are all served by the sync that follows, and the next request by one of its own", () =>
    Effect.gen(function* () {
      const { calendarId, claim, control, force, store } = yield* elsewhere
      const fibers = yield* Effect.forEach(Array.from({ length: 20 }), () => force)
      yield* TestClock.adjust(1_000)
      yield* control.create(calendarId, { subject: "Late" })
      yield* store.extendLease(claim, noon + minute)
      yield* TestClock.adjust(2_000)
      const pages = yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
      assert.deepStrictEqual([...new Set(pages.map(({ staleReason }) => staleReason))], [null])
      assert.isTrue(pages.every(({ items }) => items.some(({ event }) => event.subject === "Late")))
      yield* control.create(calendarId, { subject: "Later" })
      const { items } = yield* Fiber.join(yield* force)
      assert.isTrue(items.some(({ event }) => event.subject === "Later"))
    })
  )
})

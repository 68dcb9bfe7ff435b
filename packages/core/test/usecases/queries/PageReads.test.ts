/**
 * V5: many requests for pages of events, and what they cost the store.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { type EventsRequest, Store } from "../../../src/index.ts"
import { pageReadLimits, syncWaitLimits } from "../../../src/domain/Limits.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { connected, everything, hour, layerOver, noon, settle, user } from "../Host.ts"

const readMillis = 50

/** A connected user; pages take a while, and are counted, as are the calendars claimed. */
const counting = Effect.gen(function* () {
  const counts = { pages: 0, running: 0, runningMost: 0, claims: 0 }
  const store = Layer.effect(
    Store,
    Effect.map(Store, (real) =>
      Store.of({
        ...real,
        claimCalendar: (...args) => {
          counts.claims += 1
          return Effect.delay(real.claimCalendar(...args), readMillis)
        },
        listing: (query) =>
          Effect.suspend(() => {
            counts.pages += 1
            counts.running += 1
            counts.runningMost = Math.max(counts.runningMost, counts.running)
            return Effect.delay(real.listing(query), readMillis)
          }).pipe(Effect.ensuring(Effect.sync(() => (counts.running -= 1))))
      })
    )
  ).pipe(Layer.provide(StoreMemory.layer))
  const context = yield* Layer.build(layerOver(store))
  return yield* Effect.gen(function* () {
    const host = yield* connected
    yield* settle
    yield* TestClock.adjust(1_000)
    yield* host.control.create(host.calendarId, { subject: "Review", start: noon + hour })
    yield* Effect.forkChild(host.punctual.events(user, everything, "force"))
    yield* TestClock.adjust(1_000)
    Object.assign(counts, { pages: 0, claims: 0 })
    const ask = (request: EventsRequest) => Effect.forkChild(host.punctual.events(user, request, "never"))
    return { ...host, ask, counts }
  }).pipe(Effect.provide(context))
})

describe("V5: pages of events", () => {
  it.effect("are read once for all who ask for the same one before it is begun, whose answers are the same", () =>
    Effect.gen(function* () {
      const { ask, counts } = yield* counting
      const fibers = yield* Effect.forEach(Array.from({ length: 64 }), () => ask(everything))
      yield* TestClock.adjust(2 * readMillis)
      const pages = yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
      assert.isAtLeast(counts.pages, 1)
      assert.isAtMost(counts.pages, 2)
      for (const page of pages) assert.deepStrictEqual(page, pages[0])
      assert.isTrue(pages.every(({ items }) => items.some(({ event }) => event.subject === "Review")))
    })
  )

  it.effect("are read few at a time in a process, whatever is asked for", () =>
    Effect.gen(function* () {
      const { ask, counts } = yield* counting
      const fibers = yield* Effect.forEach(Array.from({ length: 64 }), (_, at) => ask({ ...everything, limit: at + 1 }))
      yield* TestClock.adjust(64 * readMillis)
      yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
      assert.deepStrictEqual([counts.pages, counts.runningMost], [64, pageReadLimits.atOnceMax])
    })
  )

  it.effect("that wait for syncs without a pause are served by few syncs", () =>
    Effect.gen(function* () {
      const { counts, punctual } = yield* counting
      const asking = Effect.forever(punctual.events(user, everything, "force"))
      const fibers = yield* Effect.forEach(Array.from({ length: 8 }), () => Effect.forkChild(asking))
      yield* TestClock.adjust(20 * syncWaitLimits.restMillis)
      yield* Effect.forEach(fibers, (fiber) => Fiber.interrupt(fiber))
      assert.isAtLeast(counts.claims, 10)
      assert.isAtMost(counts.claims, syncWaitLimits.burstMax + 22, "and two a second")
    })
  )
})

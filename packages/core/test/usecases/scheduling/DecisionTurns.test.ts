/**
 * V2: a user's requests that come all at once, and what they cost the store.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Store } from "../../../src/index.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { ask, connected, everything, hour, layerOver, minute, noon, settle, user, zoom } from "../Host.ts"

const requests = 16

describe("V2: requests of one user at once", () => {
  it.effect("are decided one after the other: none is decided twice because of another", () =>
    Effect.gen(function* () {
      const counts = { slices: 0, commits: 0 }
      const store = Layer.effect(
        Store,
        Effect.map(Store, (real) =>
          Store.of({
            ...real,
            slice: (...args) => {
              counts.slices += 1
              // Others get on meanwhile.
              return Effect.tap(real.slice(...args), Effect.yieldNow)
            },
            commit: (decision) => {
              counts.commits += 1
              return real.commit(decision)
            }
          })
        )
      ).pipe(Layer.provide(StoreMemory.layer))
      yield* Effect.gen(function* () {
        const host = yield* connected
        for (let at = 0; at < requests; at++)
          yield* host.control.create(host.calendarId, {
            subject: `Meeting ${at}`,
            start: noon + hour + at * hour,
            joinUrl: zoom
          })
        yield* settle
        const { items } = yield* host.punctual.events(user, everything, "force")
        assert.lengthOf(items, requests)
        Object.assign(counts, { slices: 0, commits: 0 })
        const asking = Effect.forEach(items, ({ event }) => host.punctual.schedule(user, ask(event.id)), {
          concurrency: "unbounded"
        })
        const fiber = yield* Effect.forkChild(asking)
        // Those that would be decided again pause before that.
        yield* TestClock.adjust(minute)
        yield* Fiber.join(fiber)
        assert.deepStrictEqual([counts.slices, counts.commits], [requests, requests])
      }).pipe(Effect.provide(layerOver(store)))
    })
  )
})

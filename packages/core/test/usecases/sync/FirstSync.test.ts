/**
 * The first sync of a calendar that is too large to be decided at once: in parts, of a size that does not grow with it.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Punctual, type Slice, Store } from "../../../src/index.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { hour, minute, noon, user, zoom } from "../Host.ts"

const pageSize = 5

describe("the first sync of a large calendar", () => {
  it.effect("decides as it reads, and what it reads later all the same", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const slices: Array<Slice> = []
      const watched = Layer.effect(
        Store,
        Effect.map(Store, (real) => ({
          ...real,
          slice: (...args: Parameters<typeof real.slice>) =>
            Effect.tap(real.slice(...args), (slice) =>
              Effect.sync(() => args[1].kind === "changed" && slices.push(slice))
            )
        }))
      ).pipe(Layer.provideMerge(StoreMemory.layer))
      const ports = Layer.mergeAll(
        watched,
        SchedulerMemory.layer,
        SecretsMemory.layer,
        LauncherMemory.layer,
        CalendarMemory.layerWith({ pageSize })
      )
      const context = yield* Layer.build(Layer.provideMerge(Punctual.layer, ports))
      yield* Effect.gen(function* () {
        const control = yield* CalendarMemory.CalendarControl
        const punctual = yield* Punctual
        const credentials = yield* control.addAccount()
        const calendarId = yield* control.addCalendar(credentials.accountId)
        const count = 330
        for (let index = 0; index < count; index++) {
          const start = noon + 2 * hour + index * minute
          yield* control.create(calendarId, { start, end: start + minute, joinUrl: zoom })
        }
        yield* punctual.connect(user, Redacted.make(credentials))
        yield* punctual.enableAuto(user, {})
        slices.length = 0
        yield* punctual.syncNext
        assert.isAtMost(Math.max(...slices.map(({ events }) => events.length)), 20 * pageSize)
        assert.strictEqual(
          slices.reduce((sum, { events }) => sum + events.length, 0),
          count
        )
        const { items } = yield* punctual.bots(user, { limit: 1_000, place: null, backwards: false })
        assert.lengthOf(items, count)
      }).pipe(Effect.provideContext(context))
    })
  )
})

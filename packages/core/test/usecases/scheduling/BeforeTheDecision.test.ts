/**
 * A request about what a calendar has just told, made before it was decided what that means: nothing that was asked before is
 * lost.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Store } from "../../../src/index.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { ask, connected, day, hour, layerOver, listed, noon, settle, user, zoom } from "../Host.ts"
import { starts } from "../TwoPlatforms.ts"

/** What happens once, when a page of changes was written and is not decided. */
let meanwhile: Effect.Effect<unknown> = Effect.void

const hasty = Layer.effect(
  Store,
  Effect.map(Store, (real) =>
    Store.of({
      ...real,
      extendLease: (...asked) =>
        Effect.andThen(
          real.extendLease(...asked),
          Effect.suspend(() => {
            const now = meanwhile
            meanwhile = Effect.void
            return Effect.asVoid(now)
          })
        )
    })
  )
).pipe(Layer.provideMerge(StoreMemory.layer))

const daily = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
  startDate: "2026-03-10",
  startTime: 17 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const

const at = (days: number) => noon + days * day + 5 * hour

describe("B10: a series that was split, before that is decided", () => {
  it.effect("hands on what was asked for it, whatever is asked of the one that goes on", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      const sync = { subject: "Daily", joinUrl: zoom, organizer: "boss@example.com" }
      const series = yield* control.createSeries(calendarId, { ...sync, timing: daily })
      yield* settle
      const rowAt = (start: number) =>
        Effect.map(listed, (items) => items.find(({ event }) => event.start === start)?.event.id ?? assert.fail())
      yield* punctual.schedule(user, ask(yield* rowAt(at(4))))
      yield* punctual.schedule(user, ask(yield* rowAt(at(1))))
      const range = { kind: "endDate", endDate: "2026-03-12" } as const
      yield* control.changeSeries(series, { timing: { ...daily, rule: { ...daily.rule, range } } })
      yield* control.createSeries(calendarId, { ...sync, timing: { ...daily, startDate: "2026-03-13" } })
      const request = Effect.gen(function* () {
        const young = (yield* listed).find(({ event }) => event.start === at(5) && !event.providerId.startsWith(series))
        yield* punctual.schedule(user, ask(young?.event.id ?? assert.fail()))
      })
      const services = yield* Effect.context<never>()
      // The cast: what the story runs on is at hand.
      meanwhile = Effect.orDie(Effect.provideContext(request, services) as Effect.Effect<unknown>)
      yield* settle
      assert.strictEqual(meanwhile, Effect.void)
      assert.deepStrictEqual(yield* starts, [at(1), at(4), at(5)])
    }).pipe(Effect.provide(layerOver(hasty)))
  )
})

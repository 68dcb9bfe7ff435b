/**
 * A bot whose meeting is called otherwise between the moment somebody names it and the moment it is decided: what was asked of
 * it holds.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Store } from "../../../src/index.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { hour, layerOver, noon, reviewScheduled, settle, user } from "../Host.ts"
import { standing } from "../TwoPlatforms.ts"

/** What happens once after a bot was read, before anything else of who read it. */
let meanwhile: Effect.Effect<unknown> = Effect.void

const slow: Layer.Layer<Store | StoreMemory.StoreProbe> = Layer.effect(
  Store,
  Effect.map(Store, (real) =>
    Store.of({
      ...real,
      bot: (...asked) =>
        Effect.tap(real.bot(...asked), () =>
          Effect.suspend(() => {
            const now = meanwhile
            meanwhile = Effect.void
            return now
          })
        )
    })
  )
).pipe(Layer.provideMerge(StoreMemory.layer))

const daily = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "numbered", count: 2 } },
  startDate: "2026-03-10",
  startTime: 14 * hour,
  durationMillis: hour,
  zone: "UTC"
} as const

const renamedWhenRead = Effect.gen(function* () {
  const host = yield* reviewScheduled()
  const services = yield* Effect.context<never>()
  const conversion = Effect.andThen(host.control.makeRecurring(host.providerId, daily), settle)
  // The cast: what the story runs on is at hand, and the store asks for nothing.
  meanwhile = Effect.orDie(Effect.provideContext(conversion, services) as Effect.Effect<unknown>)
  return host
})

describe("a bot whose meeting is called otherwise meanwhile", () => {
  it.effect("is removed", () =>
    Effect.gen(function* () {
      const { bot, punctual } = yield* renamedWhenRead
      const removed = yield* punctual.removeBot(user, bot.id)
      assert.deepStrictEqual([removed.id, removed.status], [bot.id, "Cancelled"])
      assert.isEmpty(yield* standing)
    }).pipe(Effect.provide(layerOver(slow)))
  )

  it.effect("is changed", () =>
    Effect.gen(function* () {
      const { bot, punctual } = yield* renamedWhenRead
      const changed = yield* punctual.updateBot(user, bot.id, { botName: "Mine" })
      assert.deepStrictEqual([changed.id, changed.botName, changed.start], [bot.id, "Mine", noon + 2 * hour])
      assert.deepStrictEqual(
        (yield* standing).map(({ botName }) => botName),
        ["Mine"]
      )
    }).pipe(Effect.provide(layerOver(slow)))
  )
})

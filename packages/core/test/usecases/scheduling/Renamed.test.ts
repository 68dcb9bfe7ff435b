/**
 * A bot or an event whose meeting is called otherwise between the moment somebody names it and the moment it is decided: what
 * was asked of it holds, or is refused.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Store } from "../../../src/index.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { ask, connected, hour, layerOver, noon, refused, reviewScheduled, row, settle, user, zoom } from "../Host.ts"
import { standing } from "../TwoPlatforms.ts"

/** What happens once after a bot or an event was read, before anything else of who read it. */
let meanwhile: Effect.Effect<unknown> = Effect.void

const andMeanwhile = Effect.tap(
  Effect.suspend(() => {
    const now = meanwhile
    meanwhile = Effect.void
    return now
  })
)

const slow: Layer.Layer<Store | StoreMemory.StoreProbe> = Layer.effect(
  Store,
  Effect.map(Store, (real) =>
    Store.of({
      ...real,
      bot: (...asked) => andMeanwhile(real.bot(...asked)),
      event: (...asked) => andMeanwhile(real.event(...asked))
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
  yield* afterTheRead(Effect.andThen(host.control.makeRecurring(host.providerId, daily), settle))
  return host
})

const afterTheRead = Effect.fnUntraced(function* (happens: Effect.Effect<unknown, unknown, unknown>) {
  const services = yield* Effect.context<never>()
  // The cast: what the story runs on is at hand, and the store asks for nothing.
  meanwhile = Effect.orDie(Effect.provideContext(happens, services) as Effect.Effect<unknown>)
})

const times = (hours: number) => ({ start: noon + hours * hour, end: noon + (hours + 1) * hour })

/** An event that is told apart from others of its UID when it is read next: one of those has the UID's key from then on. */
const toldApartWhenRead = Effect.gen(function* () {
  const host = yield* connected
  const make = (subject: string, hours: number) =>
    host.control.create(host.calendarId, { subject, iCalUid: "same@example.com", joinUrl: zoom, ...times(hours) })
  yield* host.control.remove(yield* make("Gone", 1))
  yield* make("Mine", 2)
  yield* settle
  const { id } = (yield* row("Mine")).event
  // Of so many ids one is less than mine.
  const others = Effect.forEach(Array.from({ length: 100 }), (_, nth) => make("Late", 4 + nth / 8))
  yield* afterTheRead(Effect.andThen(others, settle))
  return { ...host, id }
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

describe("an event that has become a series meanwhile", () => {
  it.effect("is not found, and nobody is told that its bot is removed", () =>
    Effect.gen(function* () {
      const { bot, event, punctual } = yield* renamedWhenRead
      const asked = { eventId: event.id, allOccurrences: false, fromDate: null }
      assert.strictEqual((yield* refused(punctual.unschedule(user, asked))).code, "event_not_found")
      assert.deepStrictEqual(
        (yield* standing).map(({ id }) => id),
        [bot.id]
      )
    }).pipe(Effect.provide(layerOver(slow)))
  )
})

describe("B7: an event that is told apart from others of its UID meanwhile", () => {
  it.effect("gets the bot that was asked for it", () =>
    Effect.gen(function* () {
      const { id, punctual } = yield* toldApartWhenRead
      const { bot } = yield* punctual.schedule(user, ask(id))
      assert.strictEqual(bot.start, times(2).start)
      assert.deepStrictEqual(
        (yield* standing).map((one) => [one.id, one.start]),
        [[bot.id, times(2).start]]
      )
    }).pipe(Effect.provide(layerOver(slow)))
  )

  it.effect("is removed, and no other", () =>
    Effect.gen(function* () {
      const { id, punctual } = yield* toldApartWhenRead
      const { cancelled } = yield* Effect.andThen(
        punctual.enableAuto(user, {}),
        punctual.unschedule(user, { eventId: id, allOccurrences: false, fromDate: null })
      )
      assert.deepStrictEqual(
        cancelled.map(({ start }) => start),
        [times(2).start]
      )
      yield* settle
      assert.strictEqual((yield* standing).length, 100)
    }).pipe(Effect.provide(layerOver(slow)))
  )
})

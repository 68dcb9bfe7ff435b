/**
 * Everybody's log as a stream: at once what this process writes, within a second what others do, and all of what comes after
 * a place.
 */
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Fiber, Layer, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"
import { type FollowedChange, PlaceExpired, Punctual } from "../../../src/index.ts"
import { Store, StoreError, StoreUnavailable } from "../../../src/ports/Store.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { connected, day, hour, layerOver, layer as host, minute, noon, settle, user, zoom } from "../Host.ts"

/** Whoever can go on without time passing has done so. */
const calm = Effect.repeat(Effect.yieldNow, { times: 500 })

const followed = Effect.fnUntraced(function* (after: string | null) {
  // Before anybody sleeps: from 1970 on there would be many looks.
  yield* TestClock.setTime(noon)
  const punctual = yield* Punctual
  const heard = yield* Queue.unbounded<FollowedChange>()
  yield* Effect.forkScoped(Stream.runForEach(punctual.changes(after), (change) => Queue.offer(heard, change)))
  yield* calm
  return Effect.map(Queue.clear(heard), (changes) => changes.map(({ type }) => type))
})

/** As another process does: by a store of its own, of which this one hears nothing. */
const writtenElsewhere = Effect.gen(function* () {
  const store = yield* Store
  const [connection] = yield* store.connections(user)
  if (connection === undefined) return assert.fail("nobody is connected")
  const { id, email, name, platform, status, statusMessage, statusReason, createdAt } = connection
  const told = { id, email, name, platform, status, statusMessage, statusReason, createdAt }
  yield* store.saveConnection({ ...connection, revision: connection.revision + 1 }, connection.revision, {
    type: "connection.updated",
    occurredAt: noon,
    cause: "system",
    data: { connection: told, previous: {} }
  })
})

const meetingWithBot = Effect.gen(function* () {
  const { calendarId, control, punctual } = yield* connected
  yield* control.create(calendarId, { subject: "Review", start: noon + hour, end: noon + 2 * hour, joinUrl: zoom })
  yield* settle
  yield* punctual.enableAuto(user, {})
})

const oneStory = ["connection.created", "calendar.synced", "bot.scheduled"] as const

layer(host)("whoever follows the log", (it) => {
  it.effect("hears at once what this process writes, and within a second what others do", () =>
    Effect.gen(function* () {
      const heard = yield* followed(null)
      yield* meetingWithBot
      yield* calm
      assert.deepStrictEqual(yield* heard, [...oneStory])
      yield* writtenElsewhere
      yield* calm
      assert.deepStrictEqual(yield* heard, [])
      yield* TestClock.adjust(500)
      yield* calm
      assert.deepStrictEqual(yield* heard, ["connection.updated"])
      yield* TestClock.adjust(minute)
      assert.deepStrictEqual(yield* heard, [])
    }).pipe(Effect.scoped)
  )
})

layer(host)("a place", (it) => {
  it.effect("is gone on from without a loss, whichever entry it came with", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const punctual = yield* Punctual
      const end = yield* punctual.changesEnd
      yield* meetingWithBot
      const some = (after: string | null, count: number) =>
        Stream.runCollect(Stream.take(punctual.changes(after), count))
      const all = yield* some(null, 3)
      assert.deepStrictEqual(
        all.map(({ type }) => type),
        [...oneStory]
      )
      assert.deepStrictEqual(
        (yield* some(end, 3)).map(({ id }) => id),
        all.map(({ id }) => id)
      )
      for (const [n, { place }] of all.entries()) {
        const heard = yield* followed(place)
        const rest = yield* heard
        assert.includeMembers(
          rest,
          all.slice(n + 1).map(({ type }) => type),
          `after ${n}`
        )
      }
    }).pipe(Effect.scoped)
  )

  it.effect("that is older than the log is of no use, and what nobody has made is the beginning", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const punctual = yield* Punctual
      const place = yield* punctual.changesEnd
      yield* TestClock.adjust(30 * day)
      assert.strictEqual((yield* Stream.runHead(Stream.take(punctual.changes("nonsense"), 1)))._tag, "Some")
      const following = yield* Effect.forkChild(Stream.runHead(punctual.changes(place)))
      yield* calm
      yield* Fiber.interrupt(following)
      yield* TestClock.adjust(minute)
      const error = yield* Effect.flip(Stream.runHead(punctual.changes(place)))
      assert.deepStrictEqual(error, new PlaceExpired({ earliest: noon + minute }))
    })
  )
})

layer(host)("a place of the backlog", (it) => {
  it.effect("is as old as what lies beyond it, whenever it was told", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const punctual = yield* Punctual
      yield* meetingWithBot
      yield* TestClock.setTime(noon + 20 * day)
      const [first] = yield* Stream.runCollect(Stream.take(punctual.changes(null), 1))
      yield* TestClock.setTime(noon + 40 * day)
      const error = yield* Effect.flip(Stream.runHead(punctual.changes(first?.place ?? "none")))
      assert.deepStrictEqual(error, new PlaceExpired({ earliest: noon + 10 * day }))
      assert.include(error.message, `before ${new Date(noon + 10 * day).toISOString()} are no longer kept`)
    })
  )
})

describe("a store", () => {
  const over = (change: (store: Store["Service"]) => Partial<Store["Service"]>) =>
    layerOver(
      Layer.effect(
        Store,
        Effect.map(Store, (store) => ({ ...store, ...change(store) }))
      ).pipe(Layer.provide(StoreMemory.layer))
    )

  it.effect("whose index lags tells again, and the stream does not", () => {
    // Each look begins anew.
    const lagging = over((store) => ({ allChanges: (query) => store.allChanges({ ...query, after: null }) }))
    return Effect.gen(function* () {
      const heard = yield* followed(null)
      yield* meetingWithBot
      yield* TestClock.adjust(minute)
      assert.deepStrictEqual(yield* heard, [...oneStory])
    }).pipe(Effect.scoped, Effect.provide(lagging))
  })

  it.effect("that is out of reach is waited for", () => {
    let isAway = false
    const away = new StoreError({ operation: "allChanges", reason: new StoreUnavailable({ message: "down" }) })
    const faulty = over((store) => ({
      allChanges: (query) => Effect.suspend(() => (isAway ? Effect.fail(away) : store.allChanges(query)))
    }))
    return Effect.gen(function* () {
      const heard = yield* followed(null)
      isAway = true
      yield* meetingWithBot
      yield* TestClock.adjust(minute)
      assert.deepStrictEqual(yield* heard, [])
      isAway = false
      yield* TestClock.adjust(1_000)
      yield* calm
      assert.deepStrictEqual(yield* heard, [...oneStory])
    }).pipe(Effect.scoped, Effect.provide(faulty))
  })
})

/**
 * What a store promises about users who hold the same ids, as two users of one mailbox do. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Store } from "../../../src/ports/Store.ts"
import { bot, day, event, eventId, eventIntent, hour, now, override, series, seriesId } from "./Rows.ts"
import { type It, type User, botIdOf, committed, connected, idsOf, listed, sliceOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST keep users apart whose calendars, events, series, intents and meetings have the same ids", () =>
    Effect.gen(function* () {
      const mine = yield* connected()
      const theirs = yield* connected()
      yield* fill(mine, "mine")
      yield* fill(theirs, "theirs")
      const before = yield* sliceOf(theirs)
      assert.deepStrictEqual(
        before.events.map((row) => row.subject),
        ["theirs"]
      )
      assert.deepStrictEqual(
        (yield* sliceOf(mine)).events.map((row) => row.subject),
        ["mine"]
      )
      assert.strictEqual(before.mirrorNumber, (yield* sliceOf(mine)).mirrorNumber)

      yield* change(mine)
      assert.deepStrictEqual(yield* sliceOf(theirs), before)
      assert.deepStrictEqual(yield* reading(theirs), ["theirs", "theirs", ["theirs"], 1, 1])
    })
  )

  it.effect("MUST erase one user and no other", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const mine = yield* connected()
      const theirs = yield* connected()
      yield* fill(mine, "mine")
      yield* fill(theirs, "theirs")
      const before = yield* sliceOf(theirs)
      const { connection } = mine
      const generation = connection.generation + 1
      yield* store.saveConnection({ ...connection, generation, revision: 2, status: "disconnected" }, 1)
      yield* store.erase(mine.userId, connection.id, 10_000)
      assert.deepStrictEqual(yield* sliceOf(theirs), before)
      assert.deepStrictEqual(yield* reading(mine), [null, null, [], 0, 0])
    })
  )

  it.effect("MUST reach no bot of another user", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const mine = yield* connected()
      const theirs = yield* connected()
      yield* fill(theirs, "theirs")
      const row = botOf(theirs)
      assert.deepStrictEqual(yield* store.bot(mine.userId, row.id), Option.none())
      const stolen = Effect.result(store.writeBot(mine.userId, { ...row, revision: 2 }, 1))
      assert.strictEqual((yield* stolen)._tag, "Failure")
      yield* store.markApplied([{ userId: mine.userId, botId: row.id, revision: 1 }])
      assert.deepStrictEqual(yield* store.bot(theirs.userId, row.id), Option.some(row))
    })
  )
}

const botOf = (user: User) => bot(botIdOf(user.userId, "a"), "a", user.primary)

const fill = Effect.fnUntraced(function* (user: User, subject: string) {
  yield* listed(user, {
    events: [event("a", user.primary, { subject })],
    series: [series("s", user.primary, { subject })]
  })
  yield* committed(user, {
    putIntents: [eventIntent("w", "a", { config: { subject } })],
    putOverrides: [override("a", { botName: subject })],
    bots: [{ bot: botOf(user), expected: null }]
  })
})

/** Touches everything that the other user has under the same id. */
const change = Effect.fnUntraced(function* (user: User) {
  const store: Store["Service"] = yield* Store
  const { connection, primary, userId } = user
  yield* store.patchCalendar(connection, primary, { selected: false, dueAt: now + day })
  yield* store.markChanged([{ userId, calendarId: primary }], now + hour)
  yield* store.dropMirror(connection, primary, now + hour, 10_000)
  const { overrides } = yield* sliceOf(user)
  yield* committed(user, {
    deleteIntents: ["w"],
    deleteOverrides: overrides.map(({ meeting }) => meeting),
    decidedSeries: [{ id: seriesId("s"), decidedTiming: null, exceptions: { cancelled: ["2041-05-01"], moved: [] } }]
  })
  yield* store.writeBot(userId, { ...botOf(user), status: "Cancelled", revision: 2 }, 1)
  yield* store.saveConnection({ ...connection, status: "error", revision: 2 }, 1)
})

/** What the reading operations find of a user. */
const reading = Effect.fnUntraced(function* ({ primary, second, userId }: User) {
  const store: Store["Service"] = yield* Store
  const row = yield* store.event(userId, eventId("a"))
  const master = yield* store.series(userId, seriesId("s"))
  const ids = { events: [eventId("a")], series: [], providerIds: [] }
  const mirrored = yield* store.mirrored(userId, primary, ids)
  const span = { from: now, to: now + day }
  const query = { userId, calendarIds: [primary, second], span, includeDeleted: true, uniqueMeetings: false }
  const page = yield* store.events({ ...query, limit: 10, place: null, backwards: false })
  const bots = yield* store.bots({
    userId,
    status: "Scheduled",
    joinAfter: now - day,
    limit: 10,
    place: null,
    backwards: false
  })
  return [
    Option.getOrNull(Option.map(row, ({ subject }) => subject)),
    Option.getOrNull(Option.map(master, ({ subject }) => subject)),
    mirrored.events.map(({ subject }) => subject),
    page.items.length,
    idsOf(bots.items).length
  ]
})

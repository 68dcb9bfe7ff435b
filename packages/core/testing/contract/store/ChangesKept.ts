/**
 * What a store promises about keeping its log of changes: it outlives neither its user nor the time it is kept, and its
 * numbers never fall back.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { Connection } from "../../../src/domain/Connection.ts"
import { connectionChange } from "../../../src/domain/ConnectionChange.ts"
import { connectionId } from "../../../src/domain/DeterministicIds.ts"
import { Store } from "../../../src/ports/Store.ts"
import { botOf, changeOf, logOf, made, many, sequencesOf, typesOf } from "./Log.ts"
import { bot, connection, event, hour, listing, now } from "./Rows.ts"
import { type It, botIdOf, committed, connected, listed } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST keep of a user who has left that the connection was taken down, and go on counting", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* many(user, 3)
      const mended = { ...user.connection, name: "Ada L.", revision: 2 }
      yield* store.saveConnection(mended, 1, connectionChange(user.connection, mended, "user"))
      const { next } = yield* logOf(user)
      const tombstone = tombstoneOf(mended)
      yield* store.saveConnection(tombstone, 2, connectionChange(mended, tombstone, "user"))
      const first = yield* store.erase(user.userId, user.connection.id, 2)
      assert.isFalse(first.isDone)
      for (let isDone = false; !isDone;) isDone = (yield* store.erase(user.userId, user.connection.id, 2)).isDone
      const after = yield* store.changes({ userId: user.userId, after: next, types: null, limit: 9 })
      assert.deepStrictEqual([typesOf(after.items), after.next], [["connection.disconnected"], 5])
      assert.deepStrictEqual((yield* logOf(user)).items, after.items)
      const text = JSON.stringify(after.items)
      assert.notInclude(text, "ada@example.com")
      const back = { ...user.connection, generation: 2, revision: 4 }
      yield* store.saveConnection(back, 3, connectionChange(tombstone, back, "user"))
      assert.deepStrictEqual(sequencesOf((yield* logOf(user)).items), [5, 6])
    })
  )

  it.effect(
    "MUST forget of one of several connections what was told of it and its calendars, and keep what is told of bots",
    () =>
      Effect.gen(function* () {
        const store = yield* Store
        const user = yield* connected()
        const other = connection(user.userId, { platform: "other", id: connectionId("other", user.userId) })
        yield* store.saveConnection(other, null, connectionChange(null, other, "user"))
        const theirs = listing(other.id, "AAMk=theirs")
        yield* store.listCalendars(other, [theirs], now)
        const [mine, gone] = [botOf(user, "mine"), bot(botIdOf(user.userId, "theirs"), "theirs", theirs.id)]
        yield* committed(user, { bots: [made(mine), made(gone)] })
        yield* listed(user, { events: [event("theirs", theirs.id)] })
        const tombstone = tombstoneOf(other)
        yield* store.saveConnection(tombstone, 1, connectionChange(other, tombstone, "user"))
        const cancelled: Bot = { ...gone, status: "Cancelled", statusReason: "calendar_disconnected", revision: 2 }
        yield* committed(user, { bots: [{ bot: cancelled, expected: 1, change: changeOf(gone, cancelled, now) }] })
        for (let isDone = false; !isDone;) isDone = (yield* store.erase(user.userId, other.id, 1)).isDone
        const { items } = yield* logOf(user)
        assert.deepStrictEqual(
          items.map(({ botId, sequence, type }) => [sequence, type, botId]),
          [
            [2, "bot.scheduled", mine.id],
            [3, "bot.scheduled", gone.id],
            [5, "connection.disconnected", null],
            [6, "bot.cancelled", gone.id]
          ]
        )
      })
  )

  it.effect("MUST prune what happened before an instant, and give its numbers to nothing else", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const long = now - 40 * 365 * 24 * hour
      yield* many(user, 5, long)
      assert.isAtLeast(yield* store.pruneChanges(long + 3, 2), 1)
      for (let left = 1; left > 0;) left = yield* store.pruneChanges(long + 3, 100)
      const { items, next } = yield* logOf(user)
      assert.deepStrictEqual([sequencesOf(items), next], [[4, 5], 5])
      assert.strictEqual(yield* store.changePlace(user.userId, long), 3)
      for (let left = 1; left > 0;) left = yield* store.pruneChanges(long + 9, 100)
      assert.deepStrictEqual(yield* logOf(user), { items: [], next: 5, hasMore: false })
      yield* committed(user, { bots: [made(botOf(user, "next"))] })
      assert.deepStrictEqual(sequencesOf((yield* logOf(user)).items), [6])
    })
  )
}

const tombstoneOf = (connection: Connection) => ({
  ...connection,
  status: "disconnected" as const,
  statusReason: "erasing",
  email: null,
  name: null,
  accountId: "",
  generation: 2,
  revision: connection.revision + 1
})

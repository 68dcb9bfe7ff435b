/**
 * What a store promises about the erasure of a connection: nothing left, a bounded number of rows at a time, and no bot
 * forgotten that is on its way.
 * Uses the port alone.
 */
import type { LaunchState } from "../../../src/domain/Bot.ts"
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Store } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { autoSchedule } from "../../rows/Intent.ts"
import { bot, connection, day, event, eventIntent, hour, listing, now, override, series } from "./Rows.ts"
import { type It, type User, botIdOf, committed, connected, everyone, listed, refusal, sliceOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST erase everything but the tombstone, count it, and find nothing the second time", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* fullUser
      const tombstone = { ...user.connection, generation: 2, revision: 2, status: "disconnected" as const }
      yield* store.saveConnection(tombstone, 1)
      assert.deepStrictEqual(yield* store.erase(user.userId, user.connection.id, 10_000), {
        events: 2,
        liveBots: 2,
        isDone: true,
        keptBots: 0
      })
      assert.deepStrictEqual(yield* store.erase(user.userId, user.connection.id, 10_000), {
        events: 0,
        liveBots: 0,
        isDone: true,
        keptBots: 0
      })
      assert.deepStrictEqual(yield* store.connections(user.userId), [tombstone])
      yield* assertNothingLeft(user)
    })
  )

  it.effect("MUST erase a bounded number of rows at a time, and say when nothing is left (V3)", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* fullUser
      yield* listed(user, { events: Array.from({ length: 300 }, (_, n) => event(`more ${n}`, user.primary)) })
      const tombstone = { ...user.connection, generation: 2, revision: 2, status: "disconnected" as const }
      yield* store.saveConnection(tombstone, 1)
      const first = yield* store.erase(user.userId, user.connection.id, 100)
      assert.isFalse(first.isDone)
      assert.isAtMost(first.events, 150)
      let sum = first
      while (!sum.isDone) {
        const { events, isDone, keptBots, liveBots } = yield* store.erase(user.userId, user.connection.id, 100)
        sum = { events: sum.events + events, liveBots: sum.liveBots + liveBots, isDone, keptBots }
      }
      assert.deepStrictEqual(sum, { events: 302, liveBots: 2, isDone: true, keptBots: 0 })
      yield* assertNothingLeft(user)
    })
  )

  it.effect("MUST keep a bot that is being launched from an erasure, and take it once that is over", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* fullUser
      const { primary, userId } = user
      const launching = bot(botIdOf(userId, "a"), "a", primary, { status: "Launching", launch: claimed, revision: 2 })
      yield* store.writeBot(userId, launching, 1)
      const tombstone = { ...user.connection, generation: 2, revision: 2, status: "disconnected" as const }
      yield* store.saveConnection(tombstone, 1)
      assert.deepStrictEqual(yield* store.erase(userId, user.connection.id, 10_000), {
        events: 2,
        liveBots: 1,
        isDone: true,
        keptBots: 1
      })
      assert.deepStrictEqual(yield* store.erase(userId, user.connection.id, 10_000), {
        events: 0,
        liveBots: 0,
        isDone: true,
        keptBots: 1
      })
      assert.deepStrictEqual(yield* store.bot(userId, launching.id), Option.some(launching))
      // The launch protocol goes on with it: it is found, and written.
      const due = (yield* store.dueBots(now + day, everyone)).filter((owned) => owned.userId === userId)
      assert.deepStrictEqual(
        due.map(({ botId, status }) => [botId, status]),
        [[launching.id, "Launching"]]
      )
      yield* store.writeBot(userId, { ...launching, status: "Cancelled", launch: null, revision: 3 }, 2)
      assert.deepStrictEqual(yield* store.erase(userId, user.connection.id, 10_000), {
        events: 0,
        liveBots: 0,
        isDone: true,
        keptBots: 0
      })
      yield* assertNothingLeft(user)
    })
  )

  it.effect("MUST erase nothing of a user who is connected", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* fullUser
      assert.deepStrictEqual(yield* store.erase(user.userId, user.connection.id, 10_000), {
        events: 0,
        liveBots: 0,
        isDone: true,
        keptBots: 0
      })
      assert.isNotEmpty(yield* store.calendars(user.userId))
    })
  )

  it.effect("MUST keep what was decided before an erasure from holding after it", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* fullUser
      const { version } = yield* sliceOf(user)
      const tombstone = { ...user.connection, generation: 2, revision: 2, status: "disconnected" as const }
      yield* store.saveConnection(tombstone, 1)
      const late = { userId: user.userId, version, decided: null, decideAt: null }
      assert.strictEqual(yield* refusal(store.commit(late)), "Conflict")
      yield* store.erase(user.userId, user.connection.id, 10_000)
      assert.strictEqual(yield* refusal(store.commit(late)), "Conflict")
      // Nor does what was decided of a tombstone hold for whoever connects again.
      assert.strictEqual(yield* refusal(store.commit({ ...late, version: version + 1 })), "Conflict")
      const row = bot(botIdOf(user.userId, "a"), "a", user.primary, { revision: 2 })
      assert.strictEqual(yield* refusal(store.writeBot(user.userId, row, 1)), "Conflict")
    })
  )

  it.effect("MUST tolerate the erasure of a user never seen", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const nobody = connection(yield* freshUserId)
      assert.deepStrictEqual(yield* store.erase(nobody.userId, nobody.id, 100), {
        events: 0,
        liveBots: 0,
        isDone: true,
        keptBots: 0
      })
    })
  )
}

/** A user with a row of every kind: three events of which one is a tombstone, three bots of which two are live. */
const fullUser = Effect.gen(function* () {
  const store = yield* Store
  const user = yield* connected()
  const { primary, second, userId } = user
  yield* listed(user, {
    events: [event("a", primary), event("b", second), event("c", primary, { isDeleted: true })],
    series: [series("s", primary)]
  })
  yield* store.patchCalendar(user.connection, primary, {
    subscription: { id: `subscription of ${userId}`, clientStateHash: "00", expiresAt: now + day }
  })
  yield* committed(user, {
    decideAt: now,
    auto: autoSchedule({ enabled: true, seq: 9, coveredUntil: now }),
    putIntents: [eventIntent("i", "a")],
    putOverrides: [override("a")],
    bots: [
      { bot: bot(botIdOf(userId, "a"), "a", primary), expected: null },
      {
        bot: bot(botIdOf(userId, "b"), "b", second),
        expected: null
      },
      { bot: bot(botIdOf(userId, "c"), "c", primary, { status: "Failed" }), expected: null }
    ]
  })
  return user
})

/** A launch of which nobody knows what became. */
const claimed: LaunchState = {
  leaseUntil: now,
  attempts: 1,
  retryAt: null,
  mayHaveSucceeded: true,
  openUntil: null,
  takenBack: null,
  owner: null
}

const assertNothingLeft = Effect.fnUntraced(function* (user: User) {
  const store = yield* Store
  const { userId } = user
  const left = yield* sliceOf(user)
  const { auto, bots, calendars, decideAt, events, intents, overrides, series: rows } = left
  assert.deepStrictEqual(
    { auto: auto.enabled, bots, calendars, decideAt, events, intents, overrides, rows },
    { auto: false, bots: [], calendars: [], decideAt: null, events: [], intents: [], overrides: [], rows: [] }
  )
  assert.deepStrictEqual(yield* store.calendars(userId), [])
  assert.deepStrictEqual(yield* store.bot(userId, botIdOf(userId, "a")), Option.none())
  assert.deepStrictEqual(yield* store.subscriptions([`subscription of ${userId}`]), [])
  assert.notInclude(yield* store.lagging(now + day, null, everyone), userId)
  assert.notInclude(yield* store.autoUsers(null, everyone), userId)
  const due = yield* store.dueBots(now + day, everyone)
  const owners = [...due, ...(yield* store.unapplied(everyone))]
  assert.notInclude(
    owners.map((owned) => owned.userId),
    userId
  )
  // A late write of a worker that knows nothing of it.
  yield* store.markChanged([{ userId, calendarId: user.primary }], now + hour)
  const late = store.listCalendars(user.connection, [listing(user.connection.id, "AAMk=late")], now)
  assert.strictEqual(yield* refusal(late), "Fenced")
  assert.deepStrictEqual(yield* store.calendars(userId), [])
})

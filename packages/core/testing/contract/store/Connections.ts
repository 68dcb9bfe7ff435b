/**
 * What a store promises about connections: rows written one after the other, and nothing left after a disconnect.
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
  it.effect("MUST know no connection of a user never seen", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const nobody = yield* freshUserId
      assert.deepStrictEqual(yield* store.connections(nobody), [])
      assert.deepStrictEqual(yield* store.account(nobody), { connections: [], calendars: [] })
    })
  )

  it.effect("MUST find a connection as it was saved", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const row = connection(yield* freshUserId, {
        generation: 7,
        revision: 3,
        status: "reauthorization_required",
        statusReason: "client_secret_expired",
        statusMessage: "Make a new secret – “today”.",
        email: null,
        name: "Zoë 🚀",
        credentialsVersion: 12,
        notBefore: now + 1
      })
      yield* store.saveConnection(row, null)
      assert.deepStrictEqual(yield* store.connections(row.userId), [row])
      assert.deepStrictEqual(yield* store.account(row.userId), { connections: [row], calendars: [] })
    })
  )

  it.effect("MUST refuse a first row where there is one, and change nothing", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const { connection: first, userId } = yield* connected()
      const second = connection(userId, { revision: 2, accountId: "another" })
      assert.strictEqual(yield* refusal(store.saveConnection(second, null)), "Conflict")
      assert.deepStrictEqual(yield* store.connections(userId), [first])
    })
  )

  it.effect("MUST write a row over the expected revision only", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const absent = connection(yield* freshUserId, { revision: 2 })
      assert.strictEqual(yield* refusal(store.saveConnection(absent, 1)), "Conflict")
      const { connection: first, userId } = yield* connected()
      const second = { ...first, revision: 2, status: "error" as const }
      yield* store.saveConnection(second, 1)
      assert.strictEqual(yield* refusal(store.saveConnection({ ...first, revision: 3 }, 1)), "Conflict")
      assert.deepStrictEqual(yield* store.connections(userId), [second])
    })
  )

  it.effect("MUST let one of several writers win", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const { connection: first, userId } = yield* connected()
      const rows = Array.from({ length: 8 }, (_, n) => ({ ...first, revision: 2, accountId: `account ${n}` }))
      const exits = yield* Effect.all(
        rows.map((row) => Effect.result(store.saveConnection(row, 1))),
        { concurrency: "unbounded" }
      )
      const winners = rows.filter((_, n) => exits[n]?._tag === "Success")
      assert.lengthOf(winners, 1)
      assert.deepStrictEqual(yield* store.connections(userId), winners)
    })
  )

  it.effect("MUST list the users with a connection that is not disconnected, by id, page by page", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const users = yield* Effect.all(Array.from({ length: 5 }, () => connected()))
      const [gone] = users
      if (gone === undefined) return assert.fail()
      yield* store.saveConnection({ ...gone.connection, revision: 2, status: "disconnected" }, 1)
      const ids = [...(yield* store.connectedUsers(null, everyone))]
      assert.deepStrictEqual(ids, ids.toSorted())
      assert.includeMembers(
        ids,
        users.slice(1).map((user) => user.userId)
      )
      assert.notInclude(ids, gone.userId)
      const last = ids.at(-3) ?? null
      assert.deepStrictEqual(yield* store.connectedUsers(last, 1), ids.slice(-2, -1))
    })
  )

  it.effect("MUST list the tombstones whose erasure has not come to its end", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const users = yield* Effect.all(Array.from({ length: 3 }, () => connected()))
      const [erasing, erased, live] = users
      if (erasing === undefined || erased === undefined || live === undefined) return assert.fail()
      const tombstone = { ...erasing.connection, revision: 2, generation: 2, status: "disconnected" as const }
      yield* store.saveConnection({ ...tombstone, statusReason: "erasing" }, 1)
      yield* store.saveConnection(
        { ...tombstone, id: erased.connection.id, userId: erased.userId, statusReason: null },
        1
      )
      yield* store.saveConnection({ ...live.connection, revision: 2, statusReason: "erasing" }, 1)
      const found = (yield* store.disconnecting(everyone)).filter((row) => users.some((u) => u.userId === row.userId))
      assert.deepStrictEqual(found, [{ ...tombstone, statusReason: "erasing" }])
      assert.lengthOf(yield* store.disconnecting(1), 1)
    })
  )

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
      assert.deepStrictEqual(due, [{ userId, bot: launching }])
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
  const owners = [...(yield* store.dueBots(now + day, everyone)), ...(yield* store.unapplied(everyone))]
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

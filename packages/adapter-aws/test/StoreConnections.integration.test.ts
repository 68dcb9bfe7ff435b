/**
 * Several connections of one user on DynamoDB: each fences its own, is found in lists of its own, and goes by itself, also
 * in parts, broken off in the middle and with somebody else in between.
 */
import { Option, Effect } from "effect"
import { assert, describe } from "@effect/vitest"
import { subscriptionKey } from "../src/dynamo/store/items/Keys.ts"
import { makeTable, openClient } from "../src/dynamo/table/Table.ts"
import { bothConnected, buried, claimOn, elsewhere, first, manyElsewhere, other, second } from "./ConnectionsKit.ts"
import { engineOfFile, refusal, skipped } from "./dynamo/Engine.ts"
import {
  botOf,
  calendarId,
  connectionOf,
  decisionOf,
  eventOf,
  everythingOf,
  hour,
  inStore,
  intentOf,
  made,
  meanwhile,
  nothingErased,
  now,
  pass,
  reasonOf,
  through,
  tombstone,
  transactions,
  userId
} from "./StoreKit.ts"

const theEngine = engineOfFile()

describe.skipIf(skipped !== null)(`Several connections${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  inStore("each fences its own calendars' writes, and no other's", theEngine, (store) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      const [mine, others] = [yield* claimOn(store, calendarId), yield* claimOn(store, other.id)]
      yield* store.saveConnection(buried, 1)
      const late = store.putMirror(others, { events: [elsewhere("late")], series: [] })
      assert.strictEqual(yield* reasonOf(late), "Fenced")
      assert.strictEqual(yield* reasonOf(store.extendLease(others, now + hour)), "Fenced")
      assert.strictEqual(yield* reasonOf(store.dropMirror(second, other.id, now, 9)), "Fenced")
      assert.strictEqual(yield* store.putMirror(mine, { events: [eventOf("a")], series: [] }), 1)
      yield* store.extendLease(mine, now + hour)
      // Another's calendar is beyond its reach, of whatever generation it is.
      assert.strictEqual(yield* reasonOf(store.patchCalendar(first, other.id, { dueAt: 1 })), "Fenced")
      assert.strictEqual(yield* reasonOf(store.dropMirror(first, other.id, now, 9)), "Fenced")
      assert.deepStrictEqual(yield* store.claimCalendar(userId, other.id, now + hour, now + 2 * hour), Option.none())
    })
  )

  inStore("fences a batch that changes nothing too, in its transaction", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      const claim = yield* claimOn(store, other.id)
      yield* store.putMirror(claim, { events: [elsewhere("a")], series: [] })
      const another = through(options, (two) => two.saveConnection(buried, 1))
      meanwhile(theEngine, 1, another)
      const same = store.putMirror(claim, { events: [elsewhere("a")], series: [] })
      assert.strictEqual(yield* reasonOf(same), "Fenced")
    })
  )

  inStore("a claim and its end touch no more than their connection and their calendar", theEngine, (store) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      const from = theEngine().asked.length
      const claim = yield* claimOn(store, calendarId)
      yield* store.putMirror(claim, { events: [], series: [] })
      const span = { from: now, to: now + hour }
      const at = { basedAt: now, syncedAt: now, endedAt: now, againAt: now, dueAt: now + hour }
      yield* store.finishPass(claim, { cursor: "c", window: span, ...at })
      const asked = transactions(theEngine().asked.slice(from))
      assert.lengthOf(asked, 2)
      for (const { body } of asked) assert.notInclude(body, `"STATE"`)
    })
  )

  inStore(
    "a user of several is connected once, as long as one stands; each that goes is erased by itself",
    theEngine,
    (store) =>
      Effect.gen(function* () {
        yield* bothConnected(store)
        const one = connectionOf({ userId: "usr_0" as typeof userId })
        const three = connectionOf({ userId: "usr_2" as typeof userId })
        const alsoThree = connectionOf({ userId: three.userId, platform: "other_calendar" })
        for (const row of [one, three, alsoThree]) yield* store.saveConnection(row, null)
        assert.deepStrictEqual(yield* store.connectedUsers(null, 9), [one.userId, userId, three.userId])
        assert.deepStrictEqual(yield* store.connectedUsers(null, 2), [one.userId, userId])
        assert.deepStrictEqual(yield* store.connectedUsers(one.userId, 3), [userId, three.userId])
        assert.deepStrictEqual(yield* store.connectedUsers(userId, 9), [three.userId])
        yield* store.saveConnection(buried, 1)
        assert.deepStrictEqual(yield* store.connectedUsers(one.userId, 9), [userId, three.userId])
        assert.deepStrictEqual(yield* store.disconnecting(9), [buried])
        yield* store.saveConnection(tombstone, 1)
        assert.deepStrictEqual(yield* store.connectedUsers(one.userId, 9), [three.userId])
        assert.sameDeepMembers([...(yield* store.disconnecting(9))], [buried, tombstone])
      })
  )

  inStore("a tombstone's subscriptions are nobody's", theEngine, (store) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      const subscription = { id: "sub_2", clientStateHash: "00", expiresAt: now }
      yield* store.patchCalendar(second, other.id, { subscription })
      const found = [{ userId, connectionId: second.id, generation: 1, calendarId: other.id, subscription }]
      assert.deepStrictEqual(yield* store.subscriptions(["sub_2"]), found)
      assert.deepStrictEqual(yield* store.subscriptionsEnding(now + 1, 9), found)
      yield* store.saveConnection(buried, 1)
      assert.deepStrictEqual(yield* store.subscriptions(["sub_2"]), [])
      assert.deepStrictEqual(yield* store.subscriptionsEnding(now + 1, 9), [])
    })
  )

  inStore("one goes in parts, wherever it was broken off, and leaves the other whole", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      const [mine, others] = [yield* claimOn(store, calendarId), yield* claimOn(store, other.id)]
      yield* store.putMirror(mine, { events: [eventOf("a")], series: [] })
      yield* store.putMirror(others, { events: manyElsewhere(120), series: [] })
      const subscription = { id: "sub_2", clientStateHash: "00", expiresAt: now }
      yield* store.patchCalendar(second, other.id, { subscription })
      const { version } = yield* everythingOf(store)
      yield* store.commit(decisionOf({ version, putIntents: [intentOf("a")], bots: [made(botOf("a"))] }))
      yield* store.saveConnection(buried, 1)
      let count = 0
      theEngine().onRequest(({ operation }) =>
        operation === "TransactWriteItems" && ++count >= 2 ? refusal("AccessDeniedException") : pass
      )
      assert.strictEqual(yield* reasonOf(store.erase(userId, second.id, 10_000)), "StoreUnavailable")
      theEngine().onRequest(() => pass)
      const left = (yield* everythingOf(store)).events.length - 1
      assert.isTrue(left > 0 && left < 120, `${left} left`)
      // A decision of before may hold meanwhile; what it leaves in the calendar goes with it.
      const before = yield* everythingOf(store)
      const virtual = elsewhere("far", { isVirtual: true })
      yield* store.commit(decisionOf({ version: before.version, putVirtual: [virtual] }))
      assert.deepStrictEqual(yield* store.erase(userId, second.id, 10_000), { ...nothingErased, events: left + 1 })
      const after = yield* everythingOf(store)
      assert.deepStrictEqual(after.connections, [first, buried])
      assert.deepStrictEqual(
        after.calendars.map(({ id }) => id),
        [calendarId]
      )
      assert.deepStrictEqual(
        after.events.map(({ id }) => id),
        [eventOf("a").id]
      )
      assert.deepStrictEqual([after.intents.length, after.bots.length], [1, 1])
      const table = yield* Effect.map(openClient(options), (client) => makeTable(client, options.tableName))
      assert.isNull(yield* table.get(subscriptionKey("sub_2")))
      assert.strictEqual(yield* reasonOf(store.commit(decisionOf({ version: before.version + 1 }))), "Conflict")
      assert.deepStrictEqual(yield* store.erase(userId, second.id, 10_000), nothingErased)
    }).pipe(Effect.scoped)
  )

  inStore("what a decision puts into a calendar while it goes, goes too", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      yield* store.saveConnection(buried, 1)
      const { version } = yield* everythingOf(store)
      // Between the look that finds the calendar empty and the transaction that removes it.
      const putVirtual = [elsewhere("far", { isVirtual: true })]
      const another = through(options, (two) => two.commit(decisionOf({ version, putVirtual })))
      meanwhile(theEngine, 1, another)
      assert.isFalse((yield* store.erase(userId, second.id, 10_000)).isDone)
      assert.lengthOf((yield* everythingOf(store)).events, 1)
      assert.deepStrictEqual(yield* store.erase(userId, second.id, 10_000), { ...nothingErased, events: 1 })
      assert.deepStrictEqual((yield* everythingOf(store)).events, [])
    })
  )

  inStore("no row is left over where two take it down and one dies in between", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      yield* store.putMirror(yield* claimOn(store, other.id), { events: manyElsewhere(100), series: [] })
      yield* store.saveConnection(buried, 1)
      let isListed = false
      let count = 0
      theEngine().onRequest(async ({ body, operation }) => {
        isListed ||= operation === "Query" && body.includes("by_calendar")
        if (!isListed || operation !== "BatchGetItem") return pass
        // Between the look that lists a part and the one that reads it, the other takes that part and dies.
        theEngine().onRequest((asked) =>
          asked.operation === "TransactWriteItems" && ++count === 2 ? refusal("AccessDeniedException") : pass
        )
        const died = reasonOf(through(options, (two) => two.erase(userId, second.id, 10_000)))
        assert.strictEqual(await Effect.runPromise(died), "StoreUnavailable")
        return pass
      })
      assert.deepStrictEqual(yield* store.erase(userId, second.id, 9_999), { ...nothingErased, isDone: false })
      assert.deepStrictEqual(yield* store.erase(userId, second.id, 9_999), { ...nothingErased, events: 55 })
      assert.deepStrictEqual((yield* everythingOf(store)).events, [])
    })
  )

  inStore("one that is connected again while it goes keeps what is left", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      yield* store.putMirror(yield* claimOn(store, other.id), { events: manyElsewhere(100), series: [] })
      yield* store.saveConnection(buried, 1)
      const another = through(options, (two) => two.saveConnection({ ...second, generation: 2, revision: 3 }, 2))
      meanwhile(theEngine, 2, another)
      const { events, isDone } = yield* store.erase(userId, second.id, 10_000)
      assert.deepStrictEqual([events, isDone], [45, false])
      assert.deepStrictEqual(yield* store.erase(userId, second.id, 10_000), nothingErased)
      assert.lengthOf((yield* everythingOf(store)).events, 55)
      assert.lengthOf(yield* store.calendars(userId), 2)
    })
  )

  inStore("everything goes on as one that goes when the user connects another meanwhile", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* store.saveConnection(second, null)
      yield* store.listCalendars(second, [other], now)
      yield* store.putMirror(yield* claimOn(store, other.id), { events: manyElsewhere(100), series: [] })
      yield* store.saveConnection(buried, 1)
      const another = through(options, (two) => two.saveConnection(first, null))
      meanwhile(theEngine, 2, another)
      const started = yield* store.erase(userId, second.id, 10_000)
      assert.isFalse(started.isDone)
      const ended = yield* store.erase(userId, second.id, 10_000)
      assert.deepStrictEqual(ended, { ...nothingErased, events: 100 - started.events })
      const { calendars, events, version } = yield* everythingOf(store)
      assert.deepStrictEqual([calendars, events], [[], []])
      yield* store.commit(decisionOf({ version }))
    })
  )
})

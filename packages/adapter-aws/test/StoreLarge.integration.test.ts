/**
 * What is larger than a transaction on DynamoDB: decisions that go through the journal, disconnects in parts, mailboxes
 * of many calendars. Each is broken off in the middle, as by the death of its process, and gone on with by another.
 */
import type { CalendarId, Store } from "@punctual/core"
import { assert, describe } from "@effect/vitest"
import { Effect, Option } from "effect"
import { subscriptionKey, workShards } from "../src/dynamo/store/items/Keys.ts"
import { type Table, type TableOptions, makeTable, openClient } from "../src/dynamo/table/Table.ts"
import { type Fault, refusal, engineOfFile, skipped } from "./dynamo/Engine.ts"
import {
  botOf,
  calendarId,
  claimed,
  connected,
  connectionId,
  connectionOf,
  decisionOf,
  eventOf,
  eventsOf,
  everythingOf,
  hour,
  inStore,
  intentOf,
  made,
  meanwhile,
  minute,
  nothingErased,
  now,
  overrideOf,
  pass,
  reasonOf,
  through,
  tombstone,
  transactions,
  userId
} from "./StoreKit.ts"

const theEngine = engineOfFile()

/** From the request of that operation and number on nothing is done any more, and nothing is tried again: it is dead. */
const dieAt = (operation: string, number: number): void => {
  let count = 0
  theEngine().onRequest((asked): Fault => {
    if (asked.operation === operation) count++
    return count >= number ? refusal("AccessDeniedException") : pass
  })
}

/** Looks past the store. */
const inTable = <A, E>(options: TableOptions, look: (table: Table) => Effect.Effect<A, E>) =>
  Effect.flatMap(openClient(options), (client) => look(makeTable(client, options.tableName))).pipe(Effect.scoped)

const keysOf = (options: TableOptions) =>
  inTable(options, (table) =>
    Effect.map(table.partition(`USER#${userId}`, null, Infinity), (items) => items.map(({ sk }) => String(sk)))
  )

/** All that is left of whoever went. */
const tombstones = [`CON#${connectionId}`, "STATE"]

const labels = Array.from({ length: 150 }, (_, n) => `${n}`)

const shardNumbers = Array.from({ length: workShards }, (_, shard) => shard)

/** Too much for one transaction: 1 + 2 + 150 + 150 + 1. */
const large = decisionOf({
  putIntents: labels.map(intentOf),
  putOverrides: labels.map(overrideOf),
  putVirtual: [eventOf("far", { isVirtual: true, raw: { body: "x".repeat(50_000) } })],
  bots: [made(botOf("a")), made(botOf("b"))]
})

const countsOf = (store: Store["Service"]) =>
  Effect.map(everythingOf(store), ({ bots, events, intents, overrides, version }) => [
    version,
    bots.length,
    intents.length,
    overrides.length,
    events.length
  ])

describe.skipIf(skipped !== null)(`Store at large${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  inStore("commits what is larger than a transaction, whole, and leaves nothing behind", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* connected(store)
      yield* store.commit(large)
      assert.deepStrictEqual(yield* countsOf(store), [2, 2, 150, 150, 1])
      const less = decisionOf({
        version: 2,
        deleteIntents: labels.map((label) => intentOf(label).id),
        deleteOverrides: labels.slice(0, 149).map((label) => overrideOf(label).meeting)
      })
      assert.strictEqual(yield* reasonOf(store.commit({ ...less, version: 1 })), "Conflict")
      yield* store.commit(less)
      assert.deepStrictEqual(yield* countsOf(store), [3, 2, 0, 1, 1])
      assert.deepStrictEqual(
        (yield* keysOf(options)).filter((key) => key.startsWith("LOG#")),
        []
      )
    })
  )

  inStore("shows nothing of a large decision whose process died before it held", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* connected(store)
      dieAt("TransactWriteItems", 1)
      assert.strictEqual(yield* reasonOf(store.commit(large)), "StoreUnavailable")
      theEngine().onRequest(() => pass)
      assert.deepStrictEqual(yield* countsOf(store), [1, 0, 0, 0, 0])
      // What it wrote down goes with the user.
      assert.include(yield* keysOf(options), "STATE")
      yield* store.saveConnection(tombstone, 1)
      yield* store.erase(userId, connectionId, 10_000)
      assert.deepStrictEqual(yield* keysOf(options), tombstones)
    })
  )

  inStore("finishes a large decision whose process died once it held, wherever that was", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* connected(store)
      for (const died of [2, 3, 4]) {
        const { version } = yield* everythingOf(store)
        const bots = [made(botOf(`${died}`))]
        const overrides = labels.map((label) => ({ ...overrideOf(label), botName: `${died}` }))
        dieAt("TransactWriteItems", died)
        // The decision holds from the first transaction on; that the rest is missing is no refusal.
        yield* store.commit({ ...large, version, putOverrides: overrides, putVirtual: [], bots })
        theEngine().onRequest(() => pass)
        assert.include(yield* store.lagging(now, null, 9), userId)
        const others = Effect.all([countsOf(store), countsOf(store)], { concurrency: 2 })
        const [one, two] = yield* others
        assert.deepStrictEqual(one, two)
        const after = yield* everythingOf(store)
        assert.deepStrictEqual([after.version, after.overrides.length], [version + 1, 150])
        assert.isTrue(after.overrides.every(({ botName }) => botName === `${died}`))
      }
      assert.deepStrictEqual(
        (yield* keysOf(options)).filter((key) => key.startsWith("LOG#")),
        []
      )
      assert.notInclude(yield* store.lagging(now, null, 9), userId)
    })
  )

  inStore(
    "never does a part of a large decision a second time, over what was decided since",
    theEngine,
    (store, options) =>
      Effect.gen(function* () {
        yield* connected(store)
        // The first process is stopped before it carries out the second part; others go on meanwhile.
        const gone = decisionOf({ version: 2, deleteIntents: labels.map((label) => intentOf(label).id) })
        const another = through(options, (other) => other.commit(gone))
        meanwhile(theEngine, 3, another)
        yield* store.commit(large)
        assert.deepStrictEqual(yield* countsOf(store), [3, 2, 0, 150, 1])
      })
  )

  inStore("carries out no part of a large decision of a user who is being erased", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* connected(store)
      // Meanwhile the user disconnects, and the process that erases dies before it comes to an end.
      const gone = through(options, (other) =>
        Effect.gen(function* () {
          yield* other.saveConnection(tombstone, 1)
          dieAt("TransactWriteItems", 1)
          yield* Effect.ignore(other.erase(userId, connectionId, 10_000))
          theEngine().onRequest(() => pass)
        })
      )
      meanwhile(theEngine, 2, gone)
      yield* store.commit(large)
      assert.notInclude(
        (yield* keysOf(options)).map((key) => key.slice(0, 4)),
        "INT#"
      )
      const { version } = yield* everythingOf(store)
      assert.strictEqual(yield* reasonOf(store.commit(decisionOf({ version }))), "Conflict")
      assert.deepStrictEqual(yield* store.erase(userId, connectionId, 10_000), { ...nothingErased, liveBots: 2 })
      assert.deepStrictEqual(yield* keysOf(options), tombstones)
    })
  )

  inStore("erases in parts, goes on where it was broken off, and counts no row twice", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* connected(store)
      const claim = yield* claimed(store)
      yield* store.putMirror(claim, { events: eventsOf(250), series: [] })
      const subscription = { id: "sub_1", clientStateHash: "00", expiresAt: now }
      yield* store.patchCalendar(connectionOf(), calendarId, { subscription })
      yield* store.commit(decisionOf({ bots: [made(botOf("a"))] }))
      yield* store.saveConnection(tombstone, 1)
      dieAt("TransactWriteItems", 3)
      assert.strictEqual(yield* reasonOf(store.erase(userId, connectionId, 10_000)), "StoreUnavailable")
      theEngine().onRequest(() => pass)
      const left = (yield* keysOf(options)).filter((key) => key.startsWith("EVT#")).length
      assert.isTrue(left > 0 && left < 250, `${left} left`)
      // Nothing is decided about what is half gone.
      const { version } = yield* everythingOf(store)
      assert.strictEqual(yield* reasonOf(store.commit(decisionOf({ version }))), "Conflict")
      const both = yield* Effect.all(
        [store.erase(userId, connectionId, 10_000), store.erase(userId, connectionId, 10_000)],
        { concurrency: 2 }
      )
      assert.strictEqual(
        both.reduce((sum, { events }) => sum + events, 0),
        left
      )
      assert.deepStrictEqual(yield* keysOf(options), tombstones)
      assert.deepStrictEqual(yield* store.subscriptions(["sub_1"]), [])
      assert.isNull(yield* inTable(options, (table) => table.get(subscriptionKey("sub_1"))))
    })
  )

  inStore("stops erasing when the user connects again, and leaves alone what is theirs", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* connected(store)
      const claim = yield* claimed(store)
      yield* store.putMirror(claim, { events: eventsOf(150), series: [] })
      yield* store.saveConnection(tombstone, 1)
      const again = connectionOf({ generation: 3, revision: 3 })
      const another = through(options, (other) => other.saveConnection(again, 2))
      meanwhile(theEngine, 3, another)
      const erased = yield* store.erase(userId, connectionId, 10_000)
      assert.isTrue(erased.events < 150)
      const { events } = yield* everythingOf(store)
      assert.strictEqual(events.length, 150 - erased.events)
      assert.deepStrictEqual(yield* store.erase(userId, connectionId, 10_000), nothingErased)
    })
  )

  inStore("opens and shuts more calendars than a transaction takes, early if broken off", theEngine, (store, options) =>
    Effect.gen(function* () {
      const ids = Array.from({ length: 100 }, (_, n) => `AAMk=${String(n).padStart(3, "0")}` as CalendarId)
      yield* connected(store, ids)
      const shut = connectionOf({ status: "error", revision: 2 })
      const from = theEngine().asked.length
      yield* store.saveConnection(shut, 1)
      assert.isAbove(transactions(theEngine().asked.slice(from)).length, 1)
      assert.deepStrictEqual(yield* store.nextDue([]), Option.none())
      // Whoever opens it dies before the connection itself is written: nothing may be read yet.
      dieAt("TransactWriteItems", 2)
      const open = connectionOf({ revision: 3 })
      assert.strictEqual(yield* reasonOf(store.saveConnection(open, 2)), "StoreUnavailable")
      theEngine().onRequest(() => pass)
      assert.deepStrictEqual(yield* store.nextDue([]), Option.some(now))
      assert.deepStrictEqual(yield* store.claimNext(now, now + minute, []), Option.none())
      // That look put them back where they belong.
      assert.deepStrictEqual(yield* store.nextDue([]), Option.none())
      yield* store.saveConnection(open, 2)
      const waiting = yield* inTable(options, (table) =>
        Effect.forEach(shardNumbers, (shard) => table.due(`ROUND#${shard}`, "9"))
      )
      assert.strictEqual(waiting.flat().length, ids.length)
      const claims = yield* Effect.all(
        ids.slice(0, 8).map(() => store.claimNext(now, now + hour, [])),
        { concurrency: 4 }
      )
      const taken = new Set(claims.filter(Option.isSome).map(({ value }) => value.calendar.id))
      assert.strictEqual(taken.size, 8)
    })
  )
})

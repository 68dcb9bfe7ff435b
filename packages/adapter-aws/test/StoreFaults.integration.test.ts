/**
 * The store on DynamoDB when requests go wrong: contention is no refusal, a lost answer no second write, and neither
 * another's write in between nor an index that is behind decides anything.
 *
 * How: a real engine behind a proxy that answers for it, or lets something happen first.
 */
import { Rows } from "@punctual/core/testing"
import { assert, describe } from "@effect/vitest"
import { Effect, Option } from "effect"
import { type Fault, refusal, engineOfFile, skipped } from "./dynamo/Engine.ts"
import {
  botOf,
  calendarId,
  cancelled,
  claimed,
  connected,
  connectionOf,
  decisionOf,
  eventOf,
  eventsOf,
  everythingOf,
  hour,
  inStore,
  inTurn,
  intentOf,
  made,
  meanwhile,
  minute,
  now,
  pass,
  reasonOf,
  through,
  transactions,
  userId
} from "./StoreKit.ts"

const theEngine = engineOfFile()

const bot = botOf("a")

describe.skipIf(skipped !== null)(`Store and faults${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  inStore("takes contention, throttling and pages of HTML for no refusal, under one token", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      const from = theEngine().asked.length
      const html: Fault = { kind: "answer", status: 500, body: "<html></html>" }
      const faults = [cancelled("TransactionConflict", "None"), cancelled("None", "ThrottlingError"), html]
      theEngine().onRequest(inTurn("TransactWriteItems", ...faults))
      yield* store.commit(decisionOf({ bots: [made(bot)] }))
      const tokens = transactions(theEngine().asked.slice(from)).map(
        ({ body }) => (JSON.parse(body) as { readonly ClientRequestToken: string }).ClientRequestToken
      )
      assert.deepStrictEqual([tokens.length, new Set(tokens).size], [4, 1])
      theEngine().onRequest(inTurn("PutItem", refusal("TransactionConflictException"), { kind: "reset" }))
      yield* store.writeBot(userId, { ...bot, revision: 2 }, 1)
      assert.strictEqual(yield* reasonOf(store.writeBot(userId, { ...bot, revision: 2 }, 1)), "Conflict")
      assert.strictEqual(yield* reasonOf(store.commit(decisionOf())), "Conflict")
    })
  )

  inStore("does once what was done when its answer got lost", theEngine, (store) =>
    Effect.gen(function* () {
      const lost = (operation: string) => theEngine().onRequest(inTurn(operation, { kind: "lose_answer" }))
      lost("TransactWriteItems")
      yield* store.saveConnection(connectionOf(), null)
      yield* connected(store).pipe(Effect.ignore)
      yield* store.listCalendars(connectionOf(), [Rows.listing({ isPrimary: true })], now)
      lost("TransactWriteItems")
      const claim = yield* claimed(store)
      assert.strictEqual(claim.calendar.syncGeneration, 1)
      lost("TransactWriteItems")
      assert.strictEqual(yield* store.putMirror(claim, { events: [eventOf("a")], series: [] }), 1)
      lost("TransactWriteItems")
      yield* store.commit(decisionOf({ bots: [made(bot)] }))
      lost("PutItem")
      yield* store.writeBot(userId, { ...bot, revision: 2 }, 1)
      lost("PutItem")
      yield* store.markApplied([{ userId, botId: bot.id, revision: 1 }])
      const { bots, mirrorNumber, version } = yield* everythingOf(store)
      assert.deepStrictEqual([mirrorNumber, version], [1, 2])
      assert.deepStrictEqual(
        bots.map(({ revision, schedule }) => [revision, schedule.applied]),
        [[2, 1]]
      )
    })
  )

  inStore("commits over a mirror that moves on in between, and over a note of what was applied", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      yield* store.commit(decisionOf({ bots: [made(bot)] }))
      const claim = yield* claimed(store)
      const work = Effect.all([
        store.putMirror(claim, { events: [eventOf("a")], series: [] }),
        store.markApplied([{ userId, botId: bot.id, revision: 1 }])
      ])
      meanwhile(theEngine, 1, work)
      const next = { ...bot, botName: "next", revision: 2 }
      yield* store.commit(decisionOf({ version: 2, bots: [{ bot: next, expected: 1 }] }))
      const { bots, mirrorNumber, version } = yield* everythingOf(store)
      assert.deepStrictEqual([mirrorNumber, version], [1, 3])
      assert.deepStrictEqual(
        bots.map(({ botName, schedule }) => [botName, schedule.applied]),
        [["next", 1]]
      )
    })
  )

  inStore("refuses what another decided, launched or disconnected in between", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      yield* store.commit(decisionOf({ bots: [made(bot)] }))
      const mine = decisionOf({
        version: 2,
        putIntents: [intentOf("mine")],
        bots: [{ bot: { ...bot, revision: 2 }, expected: 1 }]
      })
      meanwhile(theEngine, 1, store.writeBot(userId, { ...bot, revision: 2, status: "Launching" }, 1))
      assert.strictEqual(yield* reasonOf(store.commit(mine)), "Conflict")
      meanwhile(theEngine, 1, store.commit(decisionOf({ version: 2 })))
      assert.strictEqual(yield* reasonOf(store.commit({ ...mine, bots: [] })), "Conflict")
      meanwhile(theEngine, 1, store.saveConnection(connectionOf({ generation: 2, revision: 2 }), 1))
      assert.strictEqual(yield* reasonOf(store.commit({ ...mine, version: 3, bots: [] })), "Conflict")
      assert.deepStrictEqual((yield* everythingOf(store)).intents, [])
    })
  )

  inStore("fences every part of a batch in the transaction that writes it", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      const claim = yield* claimed(store)
      // The lease is over when the second of five parts is on its way.
      meanwhile(theEngine, 2, claimed(store, now + hour))
      const late = store.putMirror(claim, { events: eventsOf(200), series: [] })
      assert.strictEqual(yield* reasonOf(late), "Fenced")
      const { events, mirrorNumber } = yield* everythingOf(store)
      assert.deepStrictEqual([events.length, mirrorNumber], [40, 1])
      const again = yield* claimed(store, now + 2 * hour)
      assert.strictEqual(yield* store.putMirror(again, { events: eventsOf(200), series: [] }), 160)
      meanwhile(theEngine, 1, store.saveConnection(connectionOf({ generation: 2, revision: 2 }), 1))
      const replaced = store.putMirror(again, { events: [eventOf("x")], series: [] })
      assert.strictEqual(yield* reasonOf(replaced), "Fenced")
      assert.lengthOf((yield* everythingOf(store)).events, 200)
    })
  )

  inStore("is led by an index that is behind, and decides by the rows", theEngine, (store, options) =>
    Effect.gen(function* () {
      yield* connected(store)
      yield* store.commit(decisionOf({ bots: [made(bot)] }))
      const before: Array<string> = []
      // What the indexes say now is what they go on to say.
      theEngine().onRequest((asked) => {
        if (asked.operation === "Query" && /by_(instant|work|standing)/.test(asked.body)) before.push(asked.body)
        return pass
      })
      const read = Effect.all([store.dueBots(now + 1, 9), store.unapplied(9), store.claimNext(now, now + hour, [])])
      const [due, behind, claim] = yield* read
      assert.deepStrictEqual([due.length, behind.length, Option.isSome(claim)], [1, 1, true])
      assert.isNotEmpty(before)
      const stale = (pk: string, sk: string, rest: Readonly<Record<string, string>>): Fault => {
        const Items = [{ pk: { S: pk }, sk: { S: sk }, ...mapValues(rest) }]
        return { kind: "answer", status: 200, body: JSON.stringify({ Items, Count: 1, ScannedCount: 1 }) }
      }
      yield* store.writeBot(userId, { ...bot, status: "Launched", revision: 2 }, 1)
      yield* store.markApplied([{ userId, botId: bot.id, revision: 1 }])
      const round = `${"0".repeat(16)}#x#${"0".repeat(16)}`
      theEngine().onRequest(({ body, operation }) => {
        if (operation !== "Query" || !body.includes("by_")) return pass
        if (body.includes("JOIN#0")) return stale("USER#usr_1", "BOT#bot_a", { isk: round })
        if (body.includes("UNAPPLIED#0")) return stale("USER#usr_1", "BOT#bot_a", { wsk: round })
        if (body.includes("ROUND#0")) return stale("USER#usr_1", `CAL#${calendarId}`, { isk: round })
        if (body.includes("CONNECTED#0")) return stale("USER#usr_9", "CON#outlook_usr_9", { usk: "usr_9" })
        return pass
      })
      assert.deepStrictEqual(yield* store.dueBots(now + 1, 9), [])
      assert.deepStrictEqual(yield* store.unapplied(9), [])
      assert.deepStrictEqual(yield* store.claimNext(now, now + hour, []), Option.none())
      assert.deepStrictEqual(yield* store.connectedUsers(null, 9), [userId])
      // Another process, that comes with an index that has caught up.
      theEngine().onRequest(() => pass)
      const next = through(options, (other) => other.claimNext(now + hour, now + 2 * hour, []))
      assert.isTrue(Option.isSome(yield* next))
    })
  )

  inStore("A11: passes over a calendar that another is just writing, without waiting for it", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      const from = theEngine().asked.length
      const began = Date.now()
      theEngine().onRequest(inTurn("TransactWriteItems", ...Array(99).fill(cancelled("None", "TransactionConflict"))))
      assert.deepStrictEqual(yield* store.claimNext(now, now + hour, []), Option.none())
      assert.lengthOf(transactions(theEngine().asked.slice(from)), 1)
      assert.isBelow(Date.now() - began, 1_000)
    })
  )

  inStore("scans nothing, and reads everything but the global indexes consistently", theEngine, (store) =>
    Effect.gen(function* () {
      const from = theEngine().asked.length
      yield* connected(store)
      const claim = yield* claimed(store)
      yield* store.putMirror(claim, { events: [eventOf("a")], series: [] })
      yield* store.commit(decisionOf({ decided: 1, bots: [made(bot)] }))
      yield* store.slice(userId, { kind: "changed" }, now)
      yield* store.slice(userId, { kind: "span", span: { from: now, to: now + hour } }, now)
      yield* store.unseen(claim, { from: now, to: now + hour }, null, 9)
      yield* store.lagging(now, null, 9)
      yield* store.dueBots(now, 9)
      yield* store.subscriptionsEnding(now, 9)
      yield* store.nextDue([])
      const asked = theEngine().asked.slice(from)
      assert.deepStrictEqual(
        asked.filter(({ operation }) => /Scan|ExecuteStatement/.test(operation)),
        []
      )
      const reads = asked.filter(({ operation }) => /^(GetItem|Query|BatchGetItem)$/.test(operation))
      const loose = reads.filter(({ body }) => !body.includes('"ConsistentRead":true'))
      assert.isAbove(loose.length, 0)
      assert.isAbove(reads.length, loose.length)
      for (const { body } of loose) assert.match(body, /"IndexName":"by_(instant|work|standing)"/)
    })
  )

  inStore("says of a row that it is too large for an item, without asking again", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      const claim = yield* claimed(store)
      const from = theEngine().asked.length
      const large = eventOf("large", { raw: "x".repeat(410_000) })
      const { message, reason } = yield* Effect.flip(store.putMirror(claim, { events: [large], series: [] }))
      assert.strictEqual(reason._tag, "StoreUnavailable")
      assert.match(reason._tag === "StoreUnavailable" ? reason.message : message, /^too_large: /)
      assert.lengthOf(transactions(theEngine().asked.slice(from)), 1)
    })
  )

  inStore("gives up on what does not get better, and says so", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      theEngine().onRequest(({ operation }) =>
        operation === "TransactWriteItems" ? cancelled("TransactionConflict", "None") : pass
      )
      assert.strictEqual(yield* reasonOf(store.commit(decisionOf())), "StoreUnavailable")
      theEngine().onRequest(() => pass)
      yield* store.commit(decisionOf())
    })
  )

  inStore("loses no mark of a burst of notifications", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      const claim = yield* claimed(store)
      const marks = Array.from({ length: 30 }, () => store.markChanged([{ userId, calendarId }], now - minute))
      yield* Effect.all(marks, { concurrency: "unbounded", discard: true })
      const [calendar] = yield* store.calendars(userId)
      assert.strictEqual(calendar?.changedMark, claim.calendar.changedMark + 30)
      assert.strictEqual(calendar?.dueAt, now - minute)
    })
  )
})

const mapValues = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }]))

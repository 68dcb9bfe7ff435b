/**
 * Configurations that rows share, as the database holds them: how many bytes, whose, until when, and how often they are read.
 */
import {
  type Bot,
  type BotConfig,
  type BotWrite,
  type NewChange,
  Store,
  type StoreError,
  type UserId,
  quotaLimits
} from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Ref } from "effect"
import { sql } from "kysely"
import { hash } from "node:crypto"
import { Database, type Queries } from "../src/database/Database.ts"
import * as StorePort from "../src/Store.ts"
import { removeUnusedConfigs } from "../src/store/SharedConfigs.ts"
import { type Engine, pgliteInMemory } from "./Engines.ts"
import { botOf, connected, connectionOf, day, eventOf, now, userOf } from "./StoreRows.ts"

const occurrences = 366
const kibibyte = 1_024

/** As large as one may be, of a text that can't be compressed. */
const config: BotConfig = (() => {
  const length = quotaLimits.botConfigBytesMax - 100
  let text = ""
  for (let at = 0; text.length < length; at++) text += hash("sha512", `${at}`, "base64url")
  return { bot_name: "Notes", prompt: text.slice(0, length) }
})()

const made = (bot: Bot): BotWrite => ({
  bot,
  expected: null,
  change: {
    type: "bot.scheduled",
    occurredAt: now,
    cause: "user",
    data: { bot: { ...bot, subject: "Daily" }, previous: {} }
  }
})

/** The bots of a daily series, each with a configuration of its own that says the same. */
const seriesOf = (userId: UserId): ReadonlyArray<Bot> =>
  Array.from({ length: occurrences }, (_, n) =>
    botOf(`${userId}-${n}`, {
      config: structuredClone(config),
      joinAt: now + n * day,
      meeting: eventOf(`${n}`).meeting
    })
  )

const scheduled = Effect.fnUntraced(function* (userId: UserId) {
  const store = yield* Store
  yield* connected(userId)
  const bots = seriesOf(userId)
  const commit = { userId, version: 1, decided: null, decideAt: null }
  yield* store.commit({ ...commit, bots: bots.map(made) })
  return bots
})

const launching = (userId: UserId, bots: ReadonlyArray<Bot>) =>
  bots.map((bot) => {
    const launched: Bot = { ...bot, status: "Launched", revision: 2 }
    const change: NewChange = {
      type: "bot.launched",
      occurredAt: now,
      cause: "launcher",
      data: { bot: { ...launched, subject: "Daily" }, previous: { status: "Scheduled" } }
    }
    return { userId, bot: launched, expected: 1, numbers: null, change }
  })

/** What all of it takes on disk, with indexes and what was moved out of rows. */
const bytesOf = (db: Queries) =>
  Effect.map(
    db.rows<{ readonly bytes: number }>(sql`
      select sum(pg_total_relation_size(c.oid))::bigint as bytes from pg_class c
      where c.relnamespace = 'punctual'::regnamespace and c.relkind = 'r'`),
    ([row]) => row?.bytes ?? 0
  )

const configsOf = (db: Queries, userId: UserId) =>
  Effect.map(db.rows(sql`select digest from punctual.shared_configs where user_id = ${userId}`), ({ length }) => length)

/** Counts statements. */
const counting = (db: Database["Service"], asked: Ref.Ref<number>): Database["Service"] =>
  Database.of({ ...db, rows: (query) => Effect.tap(db.rows(query), () => Ref.update(asked, (count) => count + 1)) })

const onEngine = ({ database }: Engine) => Effect.provide(Layer.provideMerge(StorePort.layer, database))

describe("V2: a configuration of 32 KiB for 366 occurrences", () => {
  it.live("takes its own bytes once, in bots and in the log, also when all of them are launched", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const store = yield* Store
      const user = userOf(1)
      const before = yield* bytesOf(db)
      const bots = yield* scheduled(user)
      const after = yield* bytesOf(db)
      assert.isBelow(after - before, 64 * kibibyte + occurrences * 4 * kibibyte)
      yield* store.writeBots(launching(user, bots))
      const launched = (yield* bytesOf(db)) - after
      assert.isBelow(launched, occurrences * 4 * kibibyte)
      assert.strictEqual(yield* configsOf(db, user), 1)
      process.stdout.write(
        ` ${occurrences} occurrences: ${after - before} bytes scheduled, ${launched} more when launched \n`
      )
    }).pipe(onEngine(pgliteInMemory))
  )

  it.live("is read once for a page, however many bots of it or entries have it", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const user = userOf(1)
      const bots = yield* scheduled(user)
      const read = yield* Ref.make(0)
      const store = StorePort.make(
        Database.of({
          ...db,
          rows: (query) =>
            Effect.tap(db.rows(query), (rows) => Ref.update(read, (sum) => sum + JSON.stringify(rows).length))
        })
      )
      const page = { userId: user, status: null, joinAfter: null, limit: 100, place: null, backwards: false }
      const meetings = bots.slice(0, 100).map(({ meeting }) => meeting)
      const answers = [
        Effect.map(store.bots(page), ({ items }) => items),
        Effect.map(store.botListing(page), ({ items }) => items),
        store.botsOf(user, meetings),
        Effect.map(store.unapplied(100), (all) => all.map(({ bot }) => bot)),
        Effect.map(store.slice(user, { kind: "meetings", meetings, series: [] }, now), (slice) => slice.bots),
        Effect.map(store.changes({ userId: user, after: 0, types: null, limit: 100 }), ({ items }) =>
          items.flatMap(({ data }) => ("bot" in data ? [data.bot] : []))
        )
      ]
      for (const [at, answer] of answers.entries()) {
        yield* Ref.set(read, 0)
        const found = yield* answer
        assert.lengthOf(found, 100, `${at}`)
        assert.strictEqual(new Set(found.map((row) => row.config)).size, 1, `${at}: one object`)
        assert.deepStrictEqual(found[0]?.config, config)
        assert.isBelow(yield* Ref.get(read), 34 * kibibyte + 100 * 2 * kibibyte, `${at}`)
      }
    }).pipe(onEngine(pgliteInMemory))
  )

  it.live("costs no statement where none is shared, and one where some are", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const user = userOf(1)
      yield* connected(user)
      const asked = yield* Ref.make(0)
      const store = StorePort.make(counting(db, asked))
      const plain = botOf("a", { config: { record: true } })
      const commit = { userId: user, version: 1, decided: null, decideAt: null }
      yield* store.commit({ ...commit, bots: [made(plain)] })
      const page = { userId: user, status: null, joinAfter: null, limit: 100, place: null, backwards: false }
      const reads: ReadonlyArray<Effect.Effect<unknown, StoreError>> = [
        store.bot(user, plain.id),
        store.bots(page),
        store.unapplied(9),
        store.slice(user, { kind: "meetings", meetings: [plain.meeting], series: [] }, now),
        store.slicesOfBots([{ userId: user, botIds: [plain.id] }], now),
        store.changes({ userId: user, after: 0, types: null, limit: 9 }),
        store.timeline({ userId: user, of: { botId: plain.id }, before: null, limit: 9 })
      ]
      const counts = Effect.forEach(reads, (read) =>
        Effect.andThen(Ref.set(asked, 0), Effect.andThen(read, Ref.get(asked)))
      )
      assert.deepStrictEqual(yield* counts, [1, 1, 1, 1, 1, 1, 1])
      const large = { ...plain, config, revision: 2 }
      yield* store.commit({ ...commit, version: 2, bots: [{ ...made(large), expected: 1 }] })
      assert.deepStrictEqual(yield* counts, [2, 2, 2, 2, 2, 2, 2])
    }).pipe(onEngine(pgliteInMemory))
  )

  it.live("that goes with its row while it is read is no fault: what has come in its place is given", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const store = yield* Store
      const user = userOf(1)
      yield* connected(user)
      const bot = botOf("a", { config })
      yield* store.commit({ userId: user, version: 1, decided: null, decideAt: null, bots: [{ bot, expected: null }] })
      const after = { ...bot, config: { ...config, other: true }, revision: 2 }
      let statements = 0
      const late = Database.of({
        ...db,
        rows: (query) =>
          Effect.tap(db.rows(query), () =>
            ++statements === 1
              ? Effect.andThen(Effect.orDie(store.writeBot(user, after, 1)), removeUnusedConfigs(db, sql`${user}`, 9))
              : Effect.void
          )
      })
      assert.deepStrictEqual(yield* Effect.orDie(StorePort.make(late).bot(user, bot.id)), Option.some(after))
      assert.strictEqual(statements, 4)
    }).pipe(onEngine(pgliteInMemory))
  )

  it.live("is each user's own, and goes with its user or with the last that has it", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const store = yield* Store
      const [one, other] = [userOf(1), userOf(2)]
      yield* scheduled(one)
      yield* scheduled(other)
      assert.deepStrictEqual([yield* configsOf(db, one), yield* configsOf(db, other)], [1, 1])
      const connection = connectionOf(one)
      yield* store.saveConnection({ ...connection, generation: 2, revision: 2, status: "disconnected" }, 1)
      for (let isDone = false; !isDone;) ({ isDone } = yield* store.erase(one, connection.id, 100))
      assert.deepStrictEqual([yield* configsOf(db, one), yield* configsOf(db, other)], [0, 1])
      const kept = { rowsFrom: now + 900 * day, itemsFrom: now, series: [] }
      yield* db.rows(sql`update punctual.bots set status = 'Launched'`)
      for (let gone = -1; gone !== 0;) gone = yield* store.pruneHistory(other, kept, 100)
      assert.strictEqual(yield* configsOf(db, other), 1, "the log tells of it still")
      yield* store.pruneChanges(now + 1, 1_000)
      assert.strictEqual(yield* store.pruneHistory(other, kept, 100), 1)
      assert.strictEqual(yield* configsOf(db, other), 0)
    }).pipe(onEngine(pgliteInMemory))
  )

  it.live("leaves those alone that something has, many at a time", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const user = userOf(1)
      const bots = seriesOf(user).map((bot, n) => ({ ...bot, config: { ...config, n } }))
      yield* connected(user)
      const store = yield* Store
      yield* store.commit({
        userId: user,
        version: 1,
        decided: null,
        decideAt: null,
        bots: bots.map((bot) => ({ ...made(bot), change: null }))
      })
      yield* db.rows(sql`delete from punctual.bots where join_at >= ${now + 300 * day}`)
      const remove = removeUnusedConfigs(db, sql`${user}`, 50)
      const first = yield* remove
      assert.isAtLeast(first, 50)
      assert.deepStrictEqual([first + (yield* remove), yield* remove], [66, 0])
      assert.strictEqual(yield* configsOf(db, user), 300)
    }).pipe(onEngine(pgliteInMemory))
  )
})

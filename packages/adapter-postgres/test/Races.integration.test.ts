/**
 * What must hold when several processes write at once: one of them wins, the others are told, and nothing is half done.
 */
import { type Bot, type BotId, type Commit, type MeetingKey, Store, type StoreError, autoNever } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Result } from "effect"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import { layerPostgres } from "../src/Open.ts"
import * as StorePort from "../src/Store.ts"
import { pgliteInMemory, postgres } from "./Engines.ts"
import { freshDatabase } from "./PostgresEngine.ts"
import { botOf, calendarId, connected, connectionOf, eventOf, hour, minute, now, userOf } from "./StoreRows.ts"

/** Rounds of each race; the documentation claims a thousand with `PROVE=1`. */
const rounds = process.env["PROVE"] === "1" ? 1000 : 20
const racers = 50

const commitOf = (user: number, bots: ReadonlyArray<Bot>, members: Partial<Commit> = {}): Commit => ({
  userId: userOf(user),
  version: 0,
  decided: null,
  decideAt: null,
  bots: bots.map((bot) => ({ bot, expected: null })),
  ...members
})

const tags = (results: ReadonlyArray<Result.Result<void, StoreError>>) => ({
  won: results.filter(Result.isSuccess).length,
  conflicts: results.filter((result) => Result.isFailure(result) && result.failure.isConflict).length
})

for (const { database, name } of [pgliteInMemory, postgres]) {
  describe(`races on ${name}`, () => {
    it.live(`one of ${racers} identical decisions is committed, the others conflict (${rounds} times)`, () =>
      Effect.gen(function* () {
        const store = yield* Store
        for (let round = 0; round < rounds; round++) {
          const results = yield* Effect.all(
            Array.from({ length: racers }, () => Effect.result(store.commit(commitOf(round, [botOf("one")])))),
            { concurrency: "unbounded" }
          )
          assert.deepStrictEqual(tags(results), { won: 1, conflicts: racers - 1 })
          const slice = yield* store.slice(userOf(round), { kind: "all" }, now)
          assert.strictEqual(slice.version, 1)
          assert.lengthOf(slice.bots, 1)
        }
      }).pipe(Effect.provide(Layer.provide(StorePort.layer, database)))
    )

    it.live("one of many launches of a bot is written, and none raises the version", () =>
      Effect.gen(function* () {
        const store = yield* Store
        yield* store.commit(commitOf(1, [botOf("one")]))
        const launching = botOf("one", { status: "Launching", revision: 2 })
        const results = yield* Effect.all(
          Array.from({ length: racers }, () => Effect.result(store.writeBot(userOf(1), launching, 1))),
          { concurrency: "unbounded" }
        )
        assert.deepStrictEqual(tags(results), { won: 1, conflicts: racers - 1 })
        assert.strictEqual((yield* store.slice(userOf(1), { kind: "all" }, now)).version, 1)
      }).pipe(Effect.provide(Layer.provide(StorePort.layer, database)))
    )

    it.live("a bot that was read before its schedule was applied does not take that back", () =>
      Effect.gen(function* () {
        const store = yield* Store
        const read = botOf("one", { schedule: { ...botOf("one").schedule, wanted: 3, applied: 0 } })
        yield* store.commit(commitOf(1, [read]))
        yield* store.markApplied([{ userId: userOf(1), botId: read.id, revision: 2 }])
        yield* store.writeBot(userOf(1), { ...read, revision: 2 }, 1)
        yield* store.commit({
          ...commitOf(1, [], { version: 1 }),
          bots: [{ bot: { ...read, revision: 3 }, expected: 2 }]
        })
        const [held] = yield* store.botsOf(userOf(1), [read.meeting])
        assert.strictEqual(held?.schedule.applied, 2)
      }).pipe(Effect.provide(Layer.provide(StorePort.layer, database)))
    )

    it.live("no meeting ever has two live bots, yet bots may hand their meetings on within one decision", () =>
      Effect.gen(function* () {
        const store = yield* Store
        const twin = (bot: Bot, id: string): Bot => ({ ...bot, id: id as BotId })
        const [a, b] = [botOf("a"), botOf("b")]
        const two = yield* Effect.flip(store.commit(commitOf(1, [a, twin(a, "bot_twin")])))
        assert.isTrue(two.isConflict)
        yield* store.commit(commitOf(1, [a, b]))
        const another = yield* Effect.flip(store.commit(commitOf(1, [twin(a, "bot_twin")], { version: 1 })))
        assert.isTrue(another.isConflict)

        const moved = (bot: Bot, meeting: MeetingKey): Bot => ({ ...bot, meeting, revision: bot.revision + 1 })
        yield* store.commit({
          ...commitOf(1, [], { version: 1 }),
          bots: [
            { bot: moved(a, b.meeting), expected: 1 },
            { bot: moved(b, a.meeting), expected: 1 }
          ]
        })
        const clash = yield* Effect.flip(store.writeBot(userOf(1), { ...moved(a, a.meeting), revision: 3 }, 2))
        assert.isTrue(clash.isConflict)
        const bots = yield* store.botsOf(userOf(1), [a.meeting])
        assert.deepStrictEqual(
          bots.map(({ id }) => id),
          [b.id]
        )
      }).pipe(Effect.provide(Layer.provide(StorePort.layer, database)))
    )

    it.live("what is written under a claim while the user disconnects is erased or refused, never left", () =>
      Effect.gen(function* () {
        const store = yield* Store
        for (let round = 0; round < rounds; round++) {
          const userId = userOf(round)
          const claim = yield* connected(userId)
          const { version } = yield* store.slice(userId, { kind: "all" }, now)
          const disconnect = Effect.andThen(
            store.saveConnection(connectionOf(userId, { generation: 2, revision: 2, status: "disconnected" }), 1),
            store.erase(userId, connectionOf(userId).id, 10_000)
          )
          const batches = Array.from({ length: 6 }, (_, n) =>
            store.putMirror(claim, { events: [eventOf(`${round}-${n}`)], series: [] })
          )
          const decide = store.commit(commitOf(round, [botOf("one")], { version }))
          yield* Effect.all([...batches.slice(0, 3), disconnect, decide, ...batches.slice(3)].map(Effect.result), {
            concurrency: "unbounded"
          })
          const slice = yield* store.slice(userId, { kind: "all" }, now)
          assert.deepStrictEqual([slice.events, slice.bots, slice.calendars], [[], [], []])
          assert.deepStrictEqual(
            slice.connections.map(({ status }) => status),
            ["disconnected"]
          )
          const late = yield* Effect.flip(store.putMirror(claim, { events: [eventOf("late")], series: [] }))
          assert.isTrue(late.isFenced)
        }
      }).pipe(Effect.provide(Layer.provide(StorePort.layer, database)))
    )

    it.live("batches of one user raise the mirror number once each, and a slice never tears one", () =>
      Effect.gen(function* () {
        const store = yield* Store
        const userId = userOf(1)
        const claim = yield* connected(userId)
        const write = (n: number) =>
          store.putMirror(claim, {
            events: Array.from({ length: 5 }, (_, k) => eventOf(`m${k}`, { start: now + n * hour, subject: `n${n}` })),
            series: []
          })
        const read = Effect.map(store.slice(userId, { kind: "all" }, now), ({ events, mirrorNumber }) => {
          assert.isAtMost(new Set(events.map(({ subject }) => subject)).size, 1)
          return mirrorNumber
        })
        const work = Array.from({ length: 20 }, (_, n) => [Effect.asVoid(write(n)), Effect.asVoid(read)]).flat()
        yield* Effect.all(work, { concurrency: "unbounded", discard: true })
        assert.strictEqual(yield* read, 20)
      }).pipe(Effect.provide(Layer.provide(StorePort.layer, database)))
    )
  })
}

/** Who waits for another's lock at this moment. */
const lockedOut = (db: Database["Service"]) =>
  db.rows(sql`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)

describe("several processes on one server", () => {
  it.live("lose nothing of who connects again while an erasure waits for them", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const db = Context.get(yield* Layer.build(layerPostgres({ url })), Database)
      const store = StorePort.make(db)
      const userId = userOf(1)
      yield* Effect.provideService(connected(userId), Store, store)
      const tombstone = connectionOf(userId, { generation: 2, revision: 2, status: "disconnected" })
      yield* store.saveConnection(tombstone, 1)
      const erasing = yield* db.transaction(
        Effect.fnUntraced(function* (tx) {
          const within = StorePort.make(Database.of({ ...db, ...tx, transaction: (body) => body(tx) }))
          yield* within.saveConnection({ ...tombstone, status: "active", revision: 3 }, 2)
          const fiber = yield* Effect.forkChild(store.erase(userId, tombstone.id, 100))
          yield* Effect.repeat(lockedOut(db), { until: (rows) => rows.length > 0 })
          const { version } = yield* within.slice(userId, { kind: "all" }, now)
          const auto = { ...autoNever, enabled: true, seq: 1, config: {} }
          yield* within.commit({ ...commitOf(1, [], { version }), auto })
          return fiber
        })
      )
      assert.deepStrictEqual(yield* Fiber.join(erasing), { events: 0, liveBots: 0, isDone: true, keptBots: 0 })
      const { auto, calendars } = yield* store.slice(userId, { kind: "all" }, now)
      assert.deepStrictEqual([auto.enabled, calendars.length], [true, 1])
    })
  )

  it.live("V3: leave a bot that goes on its way while an erasure waits for it, and say that one was kept", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const db = Context.get(yield* Layer.build(layerPostgres({ url })), Database)
      const store = StorePort.make(db)
      const userId = userOf(1)
      yield* Effect.provideService(connected(userId), Store, store)
      const [going, staying] = [botOf("going"), botOf("staying")]
      const { version } = yield* store.slice(userId, { kind: "all" }, now)
      yield* store.commit(commitOf(1, [going, staying], { version }))
      const tombstone = connectionOf(userId, { generation: 2, revision: 2, status: "disconnected" })
      yield* store.saveConnection(tombstone, 1)
      const launched: Bot = { ...going, revision: 2, status: "Launching" }
      const erasing = yield* db.transaction(
        Effect.fnUntraced(function* (tx) {
          const within = StorePort.make(Database.of({ ...db, ...tx, transaction: (body) => body(tx) }))
          yield* within.writeBot(userId, launched, 1)
          const fiber = yield* Effect.forkChild(store.erase(userId, tombstone.id, 100))
          yield* Effect.repeat(lockedOut(db), { until: (rows) => rows.length > 0 })
          return fiber
        })
      )
      assert.deepStrictEqual(yield* Fiber.join(erasing), { events: 0, liveBots: 1, isDone: true, keptBots: 1 })
      const { bots } = yield* store.slice(userId, { kind: "all" }, now)
      assert.deepStrictEqual(bots, [launched])
    })
  )

  it.live("claim each due calendar once between them", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const database = Layer.build(Layer.provideMerge(StorePort.layer, layerPostgres({ url })))
      const [one, two, three] = yield* Effect.all([database, database, database])
      const users = Array.from({ length: 40 }, (_, n) => userOf(n))
      yield* Effect.forEach(users, connected, { discard: true }).pipe(Effect.provideContext(one))
      // The claims made while connecting have run out.
      const at = now + 2 * minute
      const claims = yield* Effect.all(
        Array.from({ length: 60 }, (_, n) =>
          Store.use((store) => store.claimNext(at, at + minute, [])).pipe(
            Effect.provideContext([one, two, three][n % 3] ?? one)
          )
        ),
        { concurrency: "unbounded" }
      )
      const won = claims.flatMap((claim) => (claim._tag === "Some" ? [claim.value] : []))
      assert.sameMembers(
        won.map(({ userId }) => userId),
        users
      )
      assert.isTrue(won.every(({ calendar }) => calendar.id === calendarId && calendar.syncGeneration === 2))
    })
  )
})

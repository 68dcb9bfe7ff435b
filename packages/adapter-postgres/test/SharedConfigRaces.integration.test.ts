/**
 * A configuration that nothing has any more, and whoever comes to have it while it goes: on PostgreSQL, where two are at it.
 */
import { Store } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Option } from "effect"
import { sql } from "kysely"
import { Database, type Queries } from "../src/database/Database.ts"
import * as StorePort from "../src/Store.ts"
import { removeUnusedConfigs } from "../src/store/SharedConfigs.ts"
import { postgres } from "./Engines.ts"
import { botOf, connected, userOf } from "./StoreRows.ts"

const config = { prompt: "x".repeat(5_000) }

const configsOf = (db: Queries, userId: string) =>
  Effect.map(db.rows(sql`select digest from punctual.shared_configs where user_id = ${userId}`), ({ length }) => length)

describe("a configuration that nothing has", () => {
  const user = userOf(1)

  /** One that was asked for once, and a bot that will have it. */
  const left = Effect.gen(function* () {
    const db = yield* Database
    const store = yield* Store
    yield* connected(user)
    const commit = { userId: user, version: 1, decided: null, decideAt: null }
    const bot = botOf("a", { config })
    yield* store.commit({ ...commit, bots: [{ bot, expected: null }] })
    yield* db.rows(sql`delete from punctual.bots`)
    return { bot, commit: { ...commit, version: 2, bots: [{ bot, expected: null }] }, db, store }
  })

  it.live("may go between the statements of a commit that comes to have it", () =>
    Effect.gen(function* () {
      const { bot, commit, db, store } = yield* left
      let statements = 0
      let gone = 0
      const interrupted = Database.of({
        ...db,
        transaction: (body) =>
          db.transaction((tx) =>
            body({
              rows: (query) =>
                Effect.tap(tx.rows(query), () => {
                  statements++
                  // The first raises the version, the second writes the configuration, the third the bot.
                  return statements === 2
                    ? Effect.map(removeUnusedConfigs(db, sql`${user}`, 10), (count) => (gone = count))
                    : Effect.void
                })
            })
          )
      })
      yield* StorePort.make(interrupted).commit(commit)
      assert.deepStrictEqual([gone, statements], [1, 5], "it was removed under the commit's feet, which began again")
      assert.deepStrictEqual(yield* store.bot(user, bot.id), Option.some(bot))
      assert.strictEqual(yield* configsOf(db, user), 1)
    }).pipe(Effect.provide(Layer.provideMerge(StorePort.layer, postgres.database)))
  )

  it.live("stays when a commit comes to have it while it is to go", () =>
    Effect.gen(function* () {
      const { commit, db, store } = yield* left
      const written = yield* Deferred.make<void>()
      const isOver = yield* Deferred.make<void>()
      const slow = Database.of({
        ...db,
        transaction: (body) =>
          db.transaction((tx) =>
            Effect.tap(body(tx), () => Effect.andThen(Deferred.succeed(written, undefined), Deferred.await(isOver)))
          )
      })
      const committing = yield* Effect.forkChild(StorePort.make(slow).commit(commit))
      yield* Deferred.await(written)
      const removing = yield* Effect.forkChild(removeUnusedConfigs(db, sql`${user}`, 10))
      // It waits for the commit, or has come to its end without.
      const isWaiting = db.rows(sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
      yield* Effect.repeat(isWaiting, {
        until: ({ length }) => length > 0 || removing.pollUnsafe() !== undefined
      })
      yield* Deferred.succeed(isOver, undefined)
      yield* Fiber.join(committing)
      assert.strictEqual(yield* Fiber.join(removing), 0)
      assert.strictEqual(yield* configsOf(db, user), 1)
      assert.deepStrictEqual(
        (yield* store.botsOf(user, [botOf("a").meeting])).map((bot) => bot.config),
        [config]
      )
    }).pipe(Effect.provide(Layer.provideMerge(StorePort.layer, postgres.database)))
  )
})

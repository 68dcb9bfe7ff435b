/**
 * In which order entries of the log come to be seen where several connections write, and where a database was made anew from
 * its contents (S24).
 */
import { type Bot, type BotChange, Store } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import { settlePlaces } from "../src/store/Changes.ts"
import * as StorePort from "../src/Store.ts"
import { pgliteInMemory, postgres } from "./Engines.ts"
import { botOf, now, userOf } from "./StoreRows.ts"

const entry = (bot: Bot): BotChange => ({
  type: "bot.scheduled",
  occurredAt: now,
  cause: "user",
  data: { bot: { ...bot, subject: null }, previous: {} }
})

/** A bot of a user of its own, with its entry. */
const scheduled = (user: number) =>
  Store.use((store) =>
    store.commit({
      userId: userOf(user),
      version: 0,
      decided: null,
      decideAt: null,
      bots: [{ bot: botOf(`of ${user}`), expected: null, change: entry(botOf(`of ${user}`)) }]
    })
  )

const everybodys = (after: string | null) =>
  Effect.map(
    Store.use((store) => store.allChanges({ after, workspaceId: null, types: null, limit: 99 })),
    ({ items, next }) => ({ users: items.map(({ userId }) => userId), next })
  )

describe("entries of the log", () => {
  it.live("wait for every transaction that began before them, so that a place leaves out none", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const begun = yield* Deferred.make<void>()
      const goOn = yield* Deferred.make<void>()
      yield* scheduled(1)
      const early = yield* Effect.forkChild(
        db.transaction((tx) =>
          Effect.gen(function* () {
            yield* tx.rows(sql`select pg_current_xact_id()`)
            yield* Deferred.succeed(begun, undefined)
            yield* Deferred.await(goOn)
            yield* StorePort.make(Database.of({ ...db, ...tx, transaction: (body) => body(tx) })).commit({
              userId: userOf(2),
              version: 0,
              decided: null,
              decideAt: null,
              bots: [{ bot: botOf("late"), expected: null, change: entry(botOf("late")) }]
            })
          })
        )
      )
      yield* Deferred.await(begun)
      yield* scheduled(3)
      const first = yield* everybodys(null)
      assert.notInclude(first.users, userOf(3))
      // A user's own log waits for nobody: its numbers are given in the order in which they come to be seen.
      const own = yield* Store.use((store) => store.changes({ userId: userOf(3), after: 0, types: null, limit: 9 }))
      assert.lengthOf(own.items, 1)
      yield* Deferred.succeed(goOn, undefined)
      yield* Fiber.join(early)
      const found = [...first.users]
      for (let { next } = first; !found.includes(userOf(3));) {
        const page = yield* everybodys(next)
        found.push(...page.users)
        next = page.next
      }
      assert.deepStrictEqual(found, [userOf(1), userOf(2), userOf(3)])
    }).pipe(Effect.provide(Layer.provideMerge(StorePort.layer, postgres.database)))
  )

  for (const { database, name } of [pgliteInMemory, postgres]) {
    it.live(`are read anew on ${name} where its transactions count from the beginning again`, () =>
      Effect.gen(function* () {
        const db = yield* Database
        yield* scheduled(1)
        // As if it had been written by a server that had seen many more transactions.
        yield* db.rows(sql`update punctual.changes set place = place + 1000000`)
        yield* db.rows(sql`update punctual.change_heads set place = place + 1000000`)
        const former = `1000900.1.${userOf(1)}`
        yield* settlePlaces(db)
        yield* scheduled(2)
        const launched: Bot = { ...botOf("of 1"), status: "Launched", revision: 2 }
        yield* Store.use((store) => store.writeBot(userOf(1), launched, 1, entry(launched)))
        const found: Array<string> = []
        for (let next: string | null = former; found.filter((user) => user === userOf(1)).length < 2;) {
          const page: { readonly users: ReadonlyArray<string>; readonly next: string } = yield* everybodys(next)
          found.push(...page.users)
          next = page.next
        }
        assert.deepStrictEqual(found, [userOf(1), userOf(2), userOf(1)])
      }).pipe(Effect.provide(Layer.provideMerge(StorePort.layer, database)))
    )
  }
})

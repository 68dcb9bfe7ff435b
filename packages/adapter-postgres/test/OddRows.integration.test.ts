/**
 * B13: rows that are no bots any more, among those that everybody's work is found by.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { sql } from "kysely"
import { Store } from "@punctual/core"
import { Database } from "../src/database/Database.ts"
import * as PostgresStore from "../src/Store.ts"
import { pgliteInMemory } from "./Engines.ts"
import { botOf, connected, minute, now, userOf } from "./StoreRows.ts"

const [odd, sound] = [userOf(1), userOf(2)]

/** A bot each, due within the hour; what is kept of the first one's is no bot. */
const oneOdd = Effect.gen(function* () {
  const store = yield* Store
  const db = yield* Database
  for (const [userId, label] of [
    [odd, "odd"],
    [sound, "sound"]
  ] as const) {
    yield* connected(userId)
    const bot = botOf(label, { joinAt: now, end: now + 60 * minute })
    const commit = { userId, version: 1, decided: null, decideAt: null }
    yield* store.commit({ ...commit, bots: [{ bot, expected: null }] })
  }
  yield* db.rows(sql`update punctual.bots set data = '{"schedule": null}' where user_id = ${odd}`)
  return { store, db }
})

describe("B13: a row that is no bot", () => {
  const test = (name: string, body: Effect.Effect<void, unknown, Store | Database>) =>
    it.live(name, () => body.pipe(Effect.provide(Layer.provideMerge(PostgresStore.layer, pgliteInMemory.database))))

  test(
    "keeps nobody else's bot from being found: due, behind, or in a meeting",
    Effect.gen(function* () {
      const { db, store } = yield* oneOdd
      const owners = (owned: ReadonlyArray<{ readonly userId: string }>) => owned.map(({ userId }) => userId)
      // It is rung for both: what is read of them then tells what is wrong with one.
      assert.deepStrictEqual(owners(yield* store.dueBots(now + minute, 10)).toSorted(), [odd, sound].toSorted())
      assert.deepStrictEqual(owners(yield* store.unapplied(10)), [sound])
      yield* db.rows(sql`update punctual.bots set status = 'Launched', in_meeting_until = ${now + minute}`)
      assert.deepStrictEqual(owners(yield* store.handedOver(now, null, 10)), [sound])
    })
  )
})

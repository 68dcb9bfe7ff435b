/**
 * The store in SQL against the store in memory: whatever is done to both, both answer alike.
 */
import { StoreDifferential } from "@punctual/core/testing"
import { Effect } from "effect"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import * as StorePort from "../src/Store.ts"
import { pgliteInMemory } from "./Engines.ts"

const emptied = Effect.gen(function* () {
  const db = yield* Database
  yield* db.rows(
    sql`truncate punctual.user_states, punctual.calendars, punctual.events, punctual.series, punctual.intents,
      punctual.overrides, punctual.bots`
  )
  return StorePort.make(db)
})

StoreDifferential.suite("SQL", emptied, pgliteInMemory.database, { runs: process.env["PROVE"] === "1" ? 2000 : 25 })

/**
 * The store in SQL against the store in memory: whatever is done to both, both answer alike.
 */
import { StoreDifferential } from "@punctual/core/testing"
import { it } from "@effect/vitest"
import { Effect } from "effect"
import * as fc from "fast-check"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import * as StorePort from "../src/Store.ts"
import { pgliteInMemory } from "./Engines.ts"

const emptied = Effect.gen(function* () {
  const db = yield* Database
  yield* db.rows(
    sql`truncate punctual.user_states, punctual.connections, punctual.calendars, punctual.events, punctual.series,
      punctual.intents, punctual.overrides, punctual.bots, punctual.workspace_policies, punctual.changes, punctual.change_heads,
      punctual.mirror_days, punctual.shared_configs`
  )
  return StorePort.make(db)
})

const runs = process.env["PROVE"] === "1" ? 2000 : 25

it.live(`answers as the store in memory does, over ${runs} random histories`, () =>
  Effect.gen(function* () {
    const context = yield* Effect.context<Database>()
    const met = new Map<string, number>()
    const history = (operations: Parameters<typeof StoreDifferential.compare>[1]) =>
      Effect.flatMap(emptied, (store) => StoreDifferential.compare(store, operations, { met }))
    yield* Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(StoreDifferential.histories(), (operations) =>
          Effect.runPromise(Effect.provideContext(history(operations), context))
        ),
        { numRuns: runs }
      )
    )
    StoreDifferential.assertMet(met, runs)
  }).pipe(Effect.provide(pgliteInMemory.database))
)

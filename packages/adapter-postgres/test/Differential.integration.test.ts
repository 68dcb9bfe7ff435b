/**
 * The store in SQL against the store in memory: whatever is done to both, both answer alike.
 *
 * How: random operations over a small universe are done to both stores and the answers are compared, refusals included.
 * A failure prints a shrunk history and the seed.
 */
import { type Claim, Store, type StoreError } from "@punctual/core"
import { StoreMemory } from "@punctual/core/testing"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Result } from "effect"
import * as fc from "fast-check"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import * as StorePort from "../src/Store.ts"
import { everything, prelude, type Step, steps } from "./differential/Steps.ts"
import { pgliteInMemory } from "./Engines.ts"

const runs = process.env["PROVE"] === "1" ? 2000 : 25
const operationsMax = 60

/** What a store said: an answer, or why it refused. */
const said = (operation: Effect.Effect<unknown, StoreError>) =>
  Effect.map(Effect.result(operation), (result) =>
    Result.isSuccess(result) ? { answer: result.success } : { refusal: result.failure.reason }
  )

it.live(`answers as the store in memory does, over ${runs} random histories`, () =>
  Effect.gen(function* () {
    const db = yield* Database
    const inSql = StorePort.make(db)
    const met = new Map<string, number>()
    const history = Effect.fnUntraced(function* (operations: ReadonlyArray<Step>) {
      yield* db.rows(
        sql`truncate punctual.user_states, punctual.calendars, punctual.events, punctual.series, punctual.intents,
          punctual.overrides, punctual.bots`
      )
      const inMemory = Context.get(yield* Layer.build(Layer.fresh(StoreMemory.layer)), Store)
      const claims: readonly [Array<Claim>, Array<Claim>] = [[], []]
      for (const operation of [prelude, ...operations, everything]) {
        const expected = yield* said(operation.run(inMemory, claims[0]))
        const actual = yield* said(operation.run(inSql, claims[1]))
        assert.deepStrictEqual(actual, expected, String(operation))
        const name = `${String(operation).split(" ")[0]} ${"refusal" in expected ? expected.refusal._tag : "answered"}`
        met.set(name, (met.get(name) ?? 0) + 1)
      }
    }, Effect.scoped)
    yield* Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(fc.array(steps, { maxLength: operationsMax, size: "max" }), (operations) =>
          Effect.runPromise(history(operations))
        ),
        { numRuns: runs }
      )
    )
    // A history in which nothing succeeds would prove nothing.
    for (const name of ["putMirror", "commit", "finishRound", "writeBot", "claimNext", "erase", "unseen"]) {
      assert.isAbove(met.get(`${name} answered`) ?? 0, 0, `${name} never succeeded`)
    }
  }).pipe(Effect.provide(pgliteInMemory.database))
)

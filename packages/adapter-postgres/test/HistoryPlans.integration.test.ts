/**
 * What is asked often costs no more where there have been ten times as many meetings, bots and entries of the log.
 *
 * How: the blocks are counted that each operation's statements touch, before and after.
 */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Database } from "../src/database/Database.ts"
import * as StorePort from "../src/Store.ts"
import { postgres } from "./Engines.ts"
import { blocksOf } from "./plans/Blocks.ts"
import { fill, growHistory } from "./plans/Fill.ts"
import { hot } from "./plans/Hot.ts"
import { userOf } from "./StoreRows.ts"

/** An index grows by a level, and what lies beside is spread over other pages. */
const growthMax = 1.5
const blocksMore = 30

const filled = Layer.effectDiscard(fill).pipe(Layer.provideMerge(postgres.database))

layer(filled, { excludeTestServices: true, timeout: "2 minutes" })("ten times the history", (it) => {
  it.effect("makes no query dearer", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const costs = Effect.forEach(hot, ([name, , run]) =>
        Effect.map(
          blocksOf(db, (queries) => run(StorePort.make(queries))),
          (blocks) => [name, blocks] as const
        )
      )
      const before = new Map(yield* costs)
      yield* growHistory(userOf(7))
      const after = yield* costs
      const dearer = after.filter(([name, blocks]) => blocks > (before.get(name) ?? 0) * growthMax + blocksMore)
      assert.isAbove(after.length, 50)
      assert.deepStrictEqual(
        dearer.map(([name, blocks]) => `${name}: ${before.get(name) ?? 0} blocks became ${blocks}`),
        []
      )
    })
  )
})

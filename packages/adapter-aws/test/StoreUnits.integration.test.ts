/**
 * What the store's transactions weigh: none is so large that a user's partition has nothing left for others, and a round
 * that brought nothing writes as little as it may.
 */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { type Asked, engineOfFile, skipped } from "./dynamo/Engine.ts"
import {
  claimed,
  connected,
  decisionOf,
  eventOf,
  everythingOf,
  hour,
  inStore,
  intentOf,
  minute,
  now,
  reasonOf,
  transactions
} from "./StoreKit.ts"

const theEngine = engineOfFile()

interface Put {
  readonly Put?: { readonly Item: Readonly<Record<string, { readonly S?: string }>> }
}

/** Of its rows' texts and keys, without indexes; a transaction counts twice. */
const unitsOf = ({ body }: Asked): number =>
  (JSON.parse(body).TransactItems as ReadonlyArray<Put>).reduce((sum, { Put }) => {
    const bytes = Object.entries(Put?.Item ?? {}).reduce(
      (all, [name, { S = "" }]) => all + name.length + Buffer.byteLength(S),
      0
    )
    return sum + 2 * Math.max(1, Math.ceil(bytes / 1_024))
  }, 0)

const unitsMax = 400
/** The state, the calendar and what was seen go with each. */
const besideMax = 20

describe.skipIf(skipped !== null)(`A6, A7: units${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  inStore("A6: 36 rows of 32 KiB are written in transactions of 400 units at most", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      const claim = yield* claimed(store)
      const from = theEngine().asked.length
      const events = Array.from({ length: 36 }, (_, n) => eventOf(`${n}`, { raw: { body: "é".repeat(16_000) } }))
      assert.strictEqual(yield* store.putMirror(claim, { events, series: [] }), 36)
      const all = transactions(theEngine().asked.slice(from)).map(unitsOf)
      assert.isAtMost(Math.max(...all), unitsMax + besideMax)
      assert.isAtLeast(all.length, 6)
      assert.lengthOf((yield* everythingOf(store)).events, 36)
    })
  )

  inStore("A6: so is a decision that carries large rows, and what it left to be carried out", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      const from = theEngine().asked.length
      const putVirtual = Array.from({ length: 36 }, (_, n) =>
        eventOf(`${n}`, { isVirtual: true, raw: { body: "x".repeat(32_000) } })
      )
      yield* store.commit(decisionOf({ putVirtual, putIntents: [intentOf("a")] }))
      const all = transactions(theEngine().asked.slice(from)).map(unitsOf)
      assert.isAtMost(Math.max(...all), unitsMax + besideMax)
      assert.lengthOf((yield* everythingOf(store)).events, 36)
    })
  )

  inStore(
    "A7: a lease that would gain little is looked at and not written; it is fenced all the same",
    theEngine,
    (store) =>
      Effect.gen(function* () {
        yield* connected(store)
        const claim = yield* claimed(store)
        const from = theEngine().asked.length
        yield* store.extendLease(claim, now + minute + 9_999)
        assert.lengthOf(transactions(theEngine().asked.slice(from)), 0)
        yield* store.extendLease(claim, now + minute + 10_000)
        yield* store.extendLease(claim, now + minute + 15_000)
        assert.lengthOf(transactions(theEngine().asked.slice(from)), 1)
        yield* claimed(store, now + hour)
        assert.strictEqual(yield* reasonOf(store.extendLease(claim, now + minute + 1)), "Fenced")
      })
  )
})

/**
 * Many items at once on a real DynamoDB engine: what is left undone is asked for again, a transaction is all or none,
 * and its reasons stand in the order of its actions.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import { afterAll, beforeAll } from "vitest"
import { type Table, makeTable, openClient } from "../../../src/dynamo/table/Table.ts"
import { type Asked, type Engine, type Fault, refusal, skipped, startEngine } from "../Engine.ts"

let engine: Engine

beforeAll(async () => {
  if (skipped === null) engine = await startEngine()
})
afterAll(async () => {
  await (engine as Engine | undefined)?.stop()
})

const pass: Fault = { kind: "pass" }

const inTable = <E>(name: string, body: (table: Table, tableName: string) => Effect.Effect<void, E, Scope.Scope>) => {
  it.live(name, () =>
    Effect.gen(function* () {
      const options = yield* engine.freshTable
      yield* body(makeTable(yield* openClient(options), options.tableName), options.tableName)
    }).pipe(Effect.scoped, Effect.ensuring(Effect.sync(() => engine.onRequest(() => pass))))
  )
}

const keyOf = (number: number) => ({ pk: `P#${number % 3}`, sk: String(number).padStart(4, "0") })
const itemOf = (number: number) => ({ ...keyOf(number), number })
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)

const requests = (operation: string, from: number): ReadonlyArray<Asked> =>
  engine.asked.slice(from).filter((asked) => asked.operation === operation)

describe.skipIf(skipped !== null)(`Batches on DynamoDB${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  inTable("writes, reads and removes more than one request holds, twice as well as once", (table) =>
    Effect.gen(function* () {
      const writes = numbers(230).map((number) => ({ put: itemOf(number) }))
      yield* table.writeMany([{ put: { ...keyOf(7), number: -1 } }, ...writes])
      yield* table.writeMany(writes)
      const asked = [...numbers(231), 5].map(keyOf)
      const found = yield* table.getMany(asked)
      assert.deepStrictEqual(found, [...numbers(230).map(itemOf), null, itemOf(5)])
      yield* table.writeMany(numbers(229).map((number) => ({ remove: keyOf(number) })))
      const left = (yield* table.getMany(asked)).filter((item) => item !== null)
      assert.deepStrictEqual(left, [itemOf(229)])
    })
  )

  inTable("asks again for what a batch left unwritten, and for that alone", (table, tableName) =>
    Effect.gen(function* () {
      const from = engine.asked.length
      let times = 0
      engine.onRequest(({ body, operation }) => {
        if (operation !== "BatchWriteItem" || ++times > 2) return pass
        const wanted = (JSON.parse(body) as { readonly RequestItems: Record<string, Array<unknown>> }).RequestItems
        const undone = { [tableName]: (wanted[tableName] ?? []).slice(-2) }
        return { kind: "answer", status: 200, body: JSON.stringify({ UnprocessedItems: undone }) }
      })
      yield* table.writeMany(numbers(4).map((number) => ({ put: itemOf(number) })))
      const sizes = requests("BatchWriteItem", from).map(({ body }) => body.match(/PutRequest/g)?.length)
      assert.deepStrictEqual(sizes, [4, 2, 2])
      const found = yield* table.getMany(numbers(4).map(keyOf))
      assert.deepStrictEqual(found, [null, null, itemOf(2), itemOf(3)])
    })
  )

  inTable("asks again for keys that were left unread, and keeps what was read", (table, tableName) =>
    Effect.gen(function* () {
      yield* table.writeMany(numbers(3).map((number) => ({ put: itemOf(number) })))
      let isFirst = true
      engine.onRequest(({ operation }) => {
        if (operation !== "BatchGetItem" || !isFirst) return pass
        isFirst = false
        const wire = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => ({ pk: { S: pk }, sk: { S: sk } })
        const Responses = { [tableName]: [{ ...wire(keyOf(0)), number: { N: "0" } }] }
        const UnprocessedKeys = { [tableName]: { Keys: [wire(keyOf(1)), wire(keyOf(2))], ConsistentRead: true } }
        return { kind: "answer", status: 200, body: JSON.stringify({ Responses, UnprocessedKeys }) }
      })
      const from = engine.asked.length
      assert.deepStrictEqual(yield* table.getMany(numbers(3).map(keyOf)), numbers(3).map(itemOf))
      assert.lengthOf(requests("BatchGetItem", from), 2)
      assert.include(requests("BatchGetItem", from)[1]?.body ?? "", '"ConsistentRead":true')
    })
  )

  inTable("fails as throttled where a batch is never done", (table, tableName) =>
    Effect.gen(function* () {
      const undone = { [tableName]: [{ DeleteRequest: { Key: { pk: { S: "P#0" }, sk: { S: "0000" } } } }] }
      const body = JSON.stringify({ UnprocessedItems: undone })
      engine.onRequest(() => ({ kind: "answer", status: 200, body }))
      const error = yield* Effect.flip(table.writeMany([{ remove: keyOf(0) }]))
      assert.strictEqual(error.kind, "throttled")
    })
  )

  inTable("does all of a transaction or none, and names what was false in its place", (table) =>
    Effect.gen(function* () {
      const isNew = { expression: "attribute_not_exists(pk)" }
      yield* table.transact([{ put: itemOf(0), condition: isNew }, { put: itemOf(1) }])
      const again = table.transact([
        { put: itemOf(2) },
        { check: keyOf(0), condition: isNew },
        { remove: keyOf(1), condition: { expression: "attribute_exists(pk)" } }
      ])
      const error = yield* Effect.flip(again)
      assert.strictEqual(error.kind, "condition")
      assert.deepStrictEqual([...error.reasons], ["None", "ConditionalCheckFailed", "None"])
      const found = yield* table.getMany(numbers(3).map(keyOf))
      assert.deepStrictEqual(found, [itemOf(0), itemOf(1), null])
    })
  )

  inTable("repeats a lost transaction as the same one, whose condition its own first run made false", (table) =>
    Effect.gen(function* () {
      let isFirst = true
      engine.onRequest(() => {
        const fault: Fault = isFirst ? { kind: "lose_answer" } : pass
        isFirst = false
        return fault
      })
      yield* table.transact([{ put: itemOf(0), condition: { expression: "attribute_not_exists(pk)" } }])
      assert.deepStrictEqual(yield* table.getMany([keyOf(0)]), [itemOf(0)])
    })
  )

  inTable("holds a transaction that a rejected action cancelled for no false condition", (table) =>
    Effect.gen(function* () {
      const CancellationReasons = [{ Code: "ConditionalCheckFailed" }, { Code: "ValidationError", Message: "x" }]
      engine.onRequest(() => refusal("TransactionCanceledException", { CancellationReasons }))
      const from = engine.asked.length
      const error = yield* Effect.flip(table.transact([{ put: itemOf(0) }, { put: itemOf(1) }]))
      assert.strictEqual(error.kind, "rejected")
      assert.lengthOf(engine.asked.slice(from), 1)
    })
  )

  inTable("takes 100 actions at once, and says of 101 that they are too many without asking", (table) =>
    Effect.gen(function* () {
      const actions = numbers(101).map((number) => ({ put: itemOf(number) }))
      const from = engine.asked.length
      assert.strictEqual((yield* Effect.flip(table.transact(actions))).kind, "too_large")
      assert.lengthOf(engine.asked.slice(from), 0)
      yield* table.transact(actions.slice(1))
      assert.lengthOf(
        (yield* table.getMany(numbers(101).map(keyOf))).filter((item) => item !== null),
        100
      )
    })
  )
})

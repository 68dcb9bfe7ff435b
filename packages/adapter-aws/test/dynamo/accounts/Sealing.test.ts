/**
 * What is sealed opens in its own place, whole and under its own key, and nowhere else.
 */
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { type MasterKeys, seal, unseal } from "../../../src/dynamo/accounts/Sealing.ts"
import { shardOf, shards, sortable, tableDefinition } from "../../../src/dynamo/table/TableDefinition.ts"

const keysOf = (digit: string, byte: number): MasterKeys => [
  { id: digit.repeat(16), key: Redacted.make(new Uint8Array(32).fill(byte)) }
]
const keys = keysOf("a", 1)
const place = ["answer", "usr_1", "POST /x", "k"]

describe("sealing", () => {
  it("opens what it sealed, under a later first key too", () => {
    for (const text of ["", "Zoë 🚀", "x".repeat(10_000)]) {
      const sealed = seal(keys, place, text)
      assert.strictEqual(unseal(keys, place, sealed), text)
      assert.strictEqual(unseal([...keysOf("b", 2), ...keys], place, sealed), text)
    }
  })

  it("opens nowhere else, under no other key, and not after a single bit changed", () => {
    const sealed = seal(keys, place, "secret")
    assert.isNull(unseal(keys, ["answer", "usr_1", "POST /xk", ""], sealed))
    assert.isNull(unseal(keysOf("b", 1), place, sealed))
    assert.isNull(unseal(keysOf("a", 2), place, sealed))
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte))
      assert.isNull(unseal(keys, place, changed), `byte ${at}`)
      assert.isNull(unseal(keys, place, sealed.slice(0, at)), `cut at ${at}`)
    }
  })

  it("seals the same text differently each time", () => {
    assert.notDeepEqual(seal(keys, place, "x"), seal(keys, place, "x"))
  })
})

describe("the table's definition", () => {
  it("declares each key attribute once, and no other", () => {
    const { AttributeDefinitions, GlobalSecondaryIndexes, KeySchema, LocalSecondaryIndexes } =
      tableDefinition("punctual")
    const indexes = [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes]
    const used = [...KeySchema, ...indexes.flatMap((index) => index.KeySchema)]
    assert.deepStrictEqual(
      AttributeDefinitions.map(({ AttributeName }) => AttributeName).toSorted(),
      [...new Set(used.map(({ AttributeName }) => AttributeName))].toSorted()
    )
    // DynamoDB's own limit, and they can't be added to a table that is there.
    assert.isAtMost(LocalSecondaryIndexes.length, 5)
  })

  it("keeps what is filed where it is: the shards of these names never change", () => {
    assert.deepStrictEqual(["", "usr_1", "usr_2", "Zoë"].map(shardOf), filedUnder)
    const used = new Set(Array.from({ length: 500 }, (_, number) => shardOf(`usr_${number}`)))
    assert.strictEqual(used.size, shards)
  })

  it("sorts instants as texts in the order of time", () => {
    const instants = [-5, 0, 9, 10, 1_795_000_000_000, 99_999_999_999_999]
    assert.deepStrictEqual(instants.map(sortable).toSorted(), instants.map(sortable))
  })
})

const filedUnder = [5, 1, 8, 7]

/**
 * A5: the Secrets port's contract on the DynamoDB table, with an intruder who may write its items.
 */
import type { ConnectionRef, Secrets } from "@punctual/core"
import { SecretsContract } from "@punctual/core/testing"
import { Context, Effect, Layer, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe } from "vitest"
import type { Item } from "../src/dynamo/table/Item.ts"
import { type Table, makeTable, openClient } from "../src/dynamo/table/Table.ts"
import { layer, secretKey } from "../src/TableSecrets.ts"
import { type Engine, skipped, startEngine } from "./dynamo/Engine.ts"

class Behind extends Context.Service<Behind, Table>()("@punctual/adapter-aws/test/BehindSecrets") {}

const masterKeys = [{ id: "0123456789abcdef", key: Redacted.make(new Uint8Array(randomBytes(32))) }] as const

let engine: Engine
beforeAll(async () => {
  if (skipped === null) engine = await startEngine()
})
afterAll(async () => {
  await (engine as Engine | undefined)?.stop()
})

const ports: Layer.Layer<Secrets | Behind> = Layer.unwrap(
  Effect.map(
    Effect.suspend(() => engine.freshTable),
    (options) =>
      Layer.merge(
        layer({ ...options, masterKeys }),
        Layer.effect(
          Behind,
          Effect.map(openClient(options), (client) => makeTable(client, options.tableName))
        )
      )
  )
)

const sealedAt = (table: Table, ref: ConnectionRef) =>
  // What lies there was written by the adapter.
  Effect.map(table.get(secretKey(ref)), (item) => item as Item & { readonly sealed: Uint8Array })

describe.skipIf(skipped !== null)("A5: credentials in the table", () => {
  SecretsContract.suite("DynamoDB", ports, {
    time: "live",
    tamper: {
      corrupt: (ref) =>
        Behind.use((table) =>
          Effect.flatMap(sealedAt(table, ref), (item) =>
            table.put({
              ...item,
              ...secretKey(ref),
              sealed: item.sealed.map((byte, at) => (at === 60 ? byte ^ 1 : byte))
            })
          )
        ),
      transplant: (from, to) =>
        Behind.use((table) => Effect.flatMap(sealedAt(table, from), (item) => table.put({ ...item, ...secretKey(to) })))
    }
  })
})

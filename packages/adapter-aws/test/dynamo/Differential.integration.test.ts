/**
 * The store on DynamoDB against the store in memory: whatever is done to both, both answer alike. Each history has a
 * table of its own.
 */
import { Store } from "@punctual/core"
import { StoreDifferential } from "@punctual/core/testing"
import { describe } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { afterAll, beforeAll } from "vitest"
import { layer } from "../../src/dynamo/Store.ts"
import { type Engine, skipped, startEngine } from "./Engine.ts"

let engine: Engine

beforeAll(async () => {
  if (skipped === null) engine = await startEngine()
})
afterAll(async () => {
  await (engine as Engine | undefined)?.stop()
})

const onFreshTable = Effect.gen(function* () {
  const options = yield* engine.freshTable
  return Context.get(yield* Layer.build(layer(options)), Store)
})

describe.skipIf(skipped !== null)(`Store on DynamoDB${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  StoreDifferential.suite("DynamoDB", onFreshTable, Layer.empty, {
    runs: process.env["PROVE"] === "1" ? 500 : 10,
    mayHoldMore: true
  })
})

/**
 * The Store port's contract on a real DynamoDB engine.
 */
import { StoreContract } from "@punctual/core/testing"
import { describe } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { afterAll, beforeAll } from "vitest"
import { layer } from "../src/Store.ts"
import { type Engine, skipped, startEngine } from "./dynamo/Engine.ts"

let engine: Engine

beforeAll(async () => {
  if (skipped === null) engine = await startEngine()
})
afterAll(async () => {
  await (engine as Engine | undefined)?.stop()
})

describe.skipIf(skipped !== null)(`Store on DynamoDB${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  const onDynamo = Layer.unwrap(Effect.suspend(() => Effect.map(engine.plainTable, layer)))
  StoreContract.suite("DynamoDB", onDynamo, { time: "live", tellsTime: true })
})

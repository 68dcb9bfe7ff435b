/**
 * The store on DynamoDB against the store in memory: whatever is done to both, both answer alike.
 */
import { Store } from "@punctual/core"
import { StoreDifferential } from "@punctual/core/testing"
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fc from "fast-check"
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

const runs = process.env["PROVE"] === "1" ? 500 : 10

/** Each history has a table of its own. */
const history = (operations: Parameters<typeof StoreDifferential.compare>[1], met: Map<string, number>) =>
  Effect.flatMap(engine.plainTable, (options) =>
    Store.use((store) => StoreDifferential.compare(store, operations, { met, mayHoldMore: true })).pipe(
      Effect.provide(layer(options))
    )
  )

describe.skipIf(skipped !== null)(`Store on DynamoDB${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  it(`answers as the store in memory does, over ${runs} random histories`, async () => {
    const met = new Map<string, number>()
    const property = fc.asyncProperty(StoreDifferential.histories(), (operations) =>
      Effect.runPromise(history(operations, met))
    )
    await fc.assert(property, { numRuns: runs })
    StoreDifferential.assertMet(met, runs)
  })
})

/**
 * Starts on AWS: what only AWS can tell to be wrong stops one with a line that names it.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { dataDir, runServer } from "../e2e/Processes.ts"
import { type Cloud, skipped, startCloud } from "./Cloud.ts"

let cloud: Cloud
let data: Awaited<ReturnType<typeof dataDir>>

describe.skipIf(skipped !== null)(`a start on AWS${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  beforeAll(async () => {
    cloud = await startCloud()
    data = await dataDir()
  })
  afterAll(async () => {
    await cloud.close()
    await data.remove()
  })

  const wrong: ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> = [
    ["AWS_REGION", { AWS_REGION: "" }],
    ["PUNCTUAL_AWS_TABLE", { PUNCTUAL_AWS_TABLE: "another-table" }]
  ]
  it.each(wrong)("that lacks %s ends with one line that names it", async (variable, change) => {
    const { code, output } = await runServer({
      ...cloud.env,
      PUNCTUAL_DATA_DIR: data.path,
      PUNCTUAL_PORT: "0",
      ...change
    })
    assert.strictEqual(code, 1)
    assert.include(output, `punctual: ${variable}: `)
  })
})

/**
 * The guide from its first section to its last on the AWS settings: the very checklist that the embedded database passes,
 * word for word, with the stage set on AWS instead. Afterwards, what AWS was asked.
 */
import { afterAll, assert, describe, it } from "@effect/vitest"
import { vi } from "vitest"
import type * as StageModule from "../e2e/Stage.ts"
import { type Cloud, skipped, startCloud } from "./Cloud.ts"

const clouds: Array<Cloud> = []

vi.mock("../e2e/Stage.ts", async (importOriginal) => {
  const stage = await importOriginal<typeof StageModule>()
  const makeStage: typeof stage.makeStage = async (more = {}, ...rest) => {
    const cloud = await startCloud()
    clouds.push(cloud)
    return stage.makeStage({ ...more, ...cloud.env }, ...rest)
  }
  return { ...stage, makeStage }
})

if (skipped === null) await import("../e2e/Guide.e2e.test.ts")

afterAll(() => Promise.all(clouds.map(({ close }) => close())))

describe.skipIf(skipped !== null)(`behind the guide${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  it("schedules lay in EventBridge, credentials in Parameter Store, and nothing is left of who disconnected", () => {
    assert.isNotEmpty(clouds)
    for (const { aws } of clouds) {
      const asked = new Set(aws.asked().map(({ operation }) => operation))
      for (const operation of ["CreateSchedule", "UpdateSchedule", "DeleteSchedule", "ReceiveMessage", "PutParameter"])
        assert.include([...asked], operation)
      // Each of the two has the credentials of the account connected last, and no more.
      assert.isAtMost(aws.parameters.values().size, 2)
      assert.strictEqual(aws.queues.bodies("punctual-dead").length, 0)
    }
  })
})

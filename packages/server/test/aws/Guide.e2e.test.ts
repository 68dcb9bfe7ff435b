/**
 * The guide from its first section to its last on the AWS settings: the very checklist that the databases pass, word for
 * word, with everything there and with the events elsewhere; `prove` runs it by three servers. Afterwards, what AWS was
 * asked.
 */
import { assert, describe, it } from "@effect/vitest"
import { guideStory } from "../e2e/GuideStory.ts"
import { skipped } from "./Cloud.ts"
import { placesOnAws } from "./Places.ts"

const { clouds, kinds } = placesOnAws()

describe.each(skipped === null ? kinds : [])("the guide, with $name", (kind) => {
  guideStory(kind)
})

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

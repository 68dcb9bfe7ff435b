/**
 * What every store has to bear, on AWS: fifty clients that want the same bot at once, and SIGKILL under load, of one server
 * and of some or all of several. Everything but its place is that of the databases. It takes minutes, so that the ordinary
 * run has Kill.e2e.test.ts in its stead.
 */
import { assert, describe, it } from "@effect/vitest"
import { storesStory } from "../e2e/StoresStory.ts"
import { skipped } from "./Cloud.ts"
import { placesOnAws } from "./Places.ts"

const { clouds, kinds } = placesOnAws()

const reason = skipped ?? (process.env["PROVE"] === "1" ? null : "`prove` runs it")
describe.each(reason === null ? kinds : [])("$name", (kind) => {
  storesStory(kind)
})

describe.skipIf(reason !== null)(`behind the stores${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  it("nothing went to the dead letters", () => {
    assert.isNotEmpty(clouds)
    for (const { aws } of clouds) assert.deepStrictEqual(aws.queues.bodies("punctual-dead"), [])
  })
})

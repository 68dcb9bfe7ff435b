/**
 * Whether the contract of the store would notice a mistake that simulated worlds hardly meet: each rule of a claim holds
 * twice there, by its lease and by its number.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Mistake, colourOf } from "../MutantProcess.ts"

const staleClaim: Mistake = {
  name: "a claim that was taken over still writes",
  // Beside `src`, from where mistakes are named.
  file: "../testing/memory/store/Claims.ts",
  search: "calendar.syncGeneration === claim.calendar.syncGeneration,",
  replace: "calendar.syncGeneration >= claim.calendar.syncGeneration,"
}
const contract = ["contract/StoreMemory.test.ts"]

describe("the contract of the store notices", () => {
  it(`that ${staleClaim.name}`, () => {
    assert.strictEqual(colourOf({ ...staleClaim, replace: staleClaim.search }, contract), "green")
    assert.strictEqual(colourOf(staleClaim, contract), "red")
  })
})

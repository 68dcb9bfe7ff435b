/** How much of an item's body is kept. */
import { assert, describe, it } from "@effect/vitest"
import { keptBody, rawBodyCharactersMax } from "../../src/domain/KeptItem.ts"

describe("what is kept of a body", () => {
  it("is all of it, where it is short", () => {
    for (const text of ["", "x", "x".repeat(rawBodyCharactersMax), `${"x".repeat(rawBodyCharactersMax - 2)}😀`]) {
      assert.strictEqual(keptBody(text), text)
    }
  })

  it("is its beginning, where it is long, and never ends in half a character", () => {
    assert.strictEqual(keptBody("x".repeat(rawBodyCharactersMax + 1)), "x".repeat(rawBodyCharactersMax))
    assert.strictEqual(keptBody(`${"x".repeat(rawBodyCharactersMax - 1)}😀`), "x".repeat(rawBodyCharactersMax - 1))
  })
})

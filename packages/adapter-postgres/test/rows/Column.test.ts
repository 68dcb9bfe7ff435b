/**
 * Whatever text a calendar holds, a column takes it and gives it back.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { fromText, toInstant, toText } from "../../src/rows/Column.ts"
import { digestOf } from "../../src/rows/Digest.ts"

/** Rich in what PostgreSQL refuses: NUL, half surrogate pairs, and the escape itself. */
const oddText = fc
  .array(fc.constantFrom("\0", "\u0001", "\u00010000", "\ud83d", "\ude80", "🚀", "a", "é", "\uffff"), { maxLength: 8 })
  .map((parts) => parts.join(""))

describe("a text in a column", () => {
  it("always comes back as it was", () => {
    fc.assert(fc.property(oddText, (text) => assert.strictEqual(fromText(toText(text)), text)))
  })

  it("never holds what PostgreSQL refuses", () => {
    fc.assert(
      fc.property(oddText, (text) => {
        assert.isTrue(toText(text).isWellFormed())
        assert.notInclude(toText(text), "\0")
      })
    )
  })

  it("is itself where there is nothing odd about it", () => {
    fc.assert(fc.property(fc.stringMatching(/^[ -~]*$/), (text) => assert.strictEqual(toText(text), text)))
  })
})

describe("an instant in a column", () => {
  it("never lies before the one it was, and is whole", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -(2 ** 52), max: 2 ** 52 }), (instant) => {
        assert.isAtLeast(toInstant(instant), instant)
        assert.isTrue(Number.isSafeInteger(toInstant(instant)))
      })
    )
    assert.isTrue(Number.isSafeInteger(toInstant(Infinity)))
    assert.isTrue(Number.isSafeInteger(toInstant(-Infinity)))
  })
})

describe("a digest", () => {
  it("is the same for values that say the same, whatever the order of members", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.strictEqual(digestOf(value), digestOf(shuffled(value)))
      })
    )
    assert.strictEqual(digestOf({ a: 1, b: undefined }), digestOf({ a: 1 }))
  })

  it("differs for values that differ", () => {
    const values = [null, "null", [], {}, "", 0, "0", [0], { a: 0 }, { a: "0" }, { b: 0 }, [[0]], { a: { b: 0 } }, "\0"]
    assert.strictEqual(new Set(values.map(digestOf)).size, values.length)
  })
})

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, shuffled(member)])
  )
}

/**
 * Which texts are taken for JSON bodies, judged on the text itself.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { depthOf, guardJson, isStorable, jsonDepthMax } from "../../src/http/JsonGuard.ts"

const runs = process.env["PROVE"] === "1" ? 20_000 : 500

const bytes = (text: string) => new TextEncoder().encode(text)

/** The nesting of a value, counted on the value. */
const nesting = (value: Schema.Json): number => {
  if (typeof value !== "object" || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map((inner) => nesting(inner)))
}

describe("the depth of a text", () => {
  it.prop(
    "is that of the value it stands for, whatever its texts hold and however it is spaced",
    { value: Schema.Json },
    ({ value }) => {
      assert.strictEqual(depthOf(JSON.stringify(value)), nesting(value))
      assert.strictEqual(depthOf(JSON.stringify(value, null, 2)), nesting(value))
    },
    { arbitrary: { runs } }
  )

  it("is not misled by brackets, quotes and backslashes inside texts", () => {
    for (const text of ["[[[", '\\"[', '"]', "\\", '{"a":[', '\\\\"[']) {
      assert.strictEqual(depthOf(JSON.stringify({ [text]: [text] })), 2, text)
    }
  })

  it("may be 32, and no more", () => {
    const nested = (depth: number) => bytes(`${"[".repeat(depth)}${"]".repeat(depth)}`)
    assert.property(guardJson(nested(jsonDepthMax)), "text")
    assert.property(guardJson(nested(jsonDepthMax + 1)), "fault")
    assert.property(guardJson(nested(1_000_000)), "fault")
  })
})

describe("a guarded body", () => {
  it.prop(
    "never throws, whatever the bytes; what is taken parses",
    { all: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))) },
    ({ all }) => {
      const guarded = guardJson(Uint8Array.from(all))
      if ("text" in guarded) assert.doesNotThrow(() => JSON.parse(guarded.text))
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "any JSON value is taken as it is, unless a text in it can't be kept",
    { value: Schema.Json },
    ({ value }) => {
      const text = JSON.stringify(value)
      const guarded = guardJson(bytes(text))
      const isKept = (inner: Schema.Json): boolean => {
        if (typeof inner === "string") return isStorable(inner)
        if (typeof inner !== "object" || inner === null) return true
        return Object.entries(inner).every(([member, each]) => isStorable(member) && isKept(each))
      }
      if (isKept(value) && nesting(value) <= jsonDepthMax)
        assert.deepStrictEqual(guarded, { text, json: JSON.parse(text) })
      else assert.property(guarded, "fault")
    },
    { arbitrary: { runs } }
  )

  it("names where a text is that can't be kept", () => {
    const guarded = guardJson(bytes('{"a":{"b":[1,"x\\u0000"]}}'))
    assert.strictEqual("fault" in guarded ? guarded.fault.path : null, "a.b.1")
  })

  it("of nothing at all is an empty object", () => {
    for (const text of ["", " \r\n\t"]) assert.deepStrictEqual(guardJson(bytes(text)), { text: "{}", json: {} })
  })

  it("must be UTF-8", () => {
    assert.property(guardJson(Uint8Array.from([0x22, 0xc3, 0x22])), "fault")
    assert.property(guardJson(Uint8Array.from([0xff, 0xfe, 0x31, 0x00])), "fault")
  })
})

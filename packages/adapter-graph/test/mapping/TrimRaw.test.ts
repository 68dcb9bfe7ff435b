/** What is kept of Graph's item (law C10): cut to the core's limits, whole characters only, whatever stands in its place. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as fc from "fast-check"
import { findMeetingLink, rawAttendeesMax, rawBodyCharactersMax } from "@punctual/core"
import { toEvent } from "../../src/mapping/Event.ts"
import { toSeries } from "../../src/mapping/Series.ts"
import { trimRaw } from "../../src/mapping/TrimRaw.ts"
import { anyJson } from "./RandomItems.ts"

const link = "https://zoom.us/j/81234567890"

describe("what is kept of an item", () => {
  it("is all of it, where it is small", () => {
    const raw = {
      body: { content: "x".repeat(rawBodyCharactersMax) },
      attendees: Array.from({ length: rawAttendeesMax }, () => ({}))
    }
    const kept = trimRaw(raw)
    assert.deepStrictEqual(kept, { raw, rawTruncated: false })
    assert.strictEqual(kept.raw, raw)
  })

  it("is the body's beginning and the first attendees, where it is not; links are found before the cut", () => {
    const item = {
      id: "A",
      kept: 1,
      body: { contentType: "text", content: `${"x".repeat(rawBodyCharactersMax)} ${link}` },
      attendees: Array.from({ length: 101 }, (_, place) => ({ place })),
      start: { dateTime: "2026-11-24T10:00:00.0000000", timeZone: "UTC" },
      end: { dateTime: "2026-11-24T11:00:00.0000000", timeZone: "UTC" }
    }
    const cut = {
      body: { contentType: "text", content: "x".repeat(rawBodyCharactersMax) },
      attendees: item.attendees.slice(0, 100)
    }
    const event = Result.getOrThrow(toEvent(item))
    const series = Result.getOrThrow(toSeries({ ...item, type: "seriesMaster" }))
    for (const { linkFields, raw, rawTruncated } of [event, series]) {
      assert.strictEqual(findMeetingLink(linkFields ?? [])?.url, link)
      assert.isTrue(rawTruncated)
      assert.deepInclude(raw, { kept: 1, ...cut })
    }
  })

  it("never ends in half a character", () => {
    const content = `${"x".repeat(rawBodyCharactersMax - 1)}😀`
    assert.deepStrictEqual(trimRaw({ body: { content } }), {
      raw: { body: { content: "x".repeat(rawBodyCharactersMax - 1) } },
      rawTruncated: true
    })
  })

  const longContent = fc
    .tuple(fc.constantFrom("", "x"), fc.constantFrom("😀", "x"), fc.integer({ min: 32_760, max: 32_775 }))
    .map(([before, part, length]) => before + part.repeat(Math.ceil(length / part.length)))
  const attendees = fc.integer({ min: 98, max: 103 }).map((count) => Array.from({ length: count }, () => ({})))
  const anyRaw: fc.Arbitrary<unknown> = fc.oneof(
    anyJson,
    fc.record(
      { body: fc.oneof(fc.record({ content: longContent }), anyJson), attendees: fc.oneof(attendees, anyJson) },
      { requiredKeys: [] }
    )
  )

  it("is within the limits for any JSON, and the item itself where nothing was cut", () => {
    fc.assert(
      fc.property(anyRaw, (item) => {
        const { raw, rawTruncated } = trimRaw(item)
        if (!rawTruncated) assert.strictEqual(raw, item)
        // Whatever came: the two members that are cut, if it has any.
        type Members = { readonly body?: { readonly content?: unknown } | null; readonly attendees?: unknown } | null
        const [kept, given] = [raw as Members, item as Members]
        const [content, whole] = [kept?.body?.content, given?.body?.content]
        if (typeof content === "string" && typeof whole === "string") {
          assert.isAtMost(content.length, rawBodyCharactersMax)
          assert.isTrue(whole.startsWith(content))
          if (whole.isWellFormed()) assert.isTrue(content.isWellFormed())
        }
        if (Array.isArray(kept?.attendees)) assert.isAtMost(kept.attendees.length, rawAttendeesMax)
      }),
      { numRuns: process.env["PROVE"] === "1" ? 20_000 : 500 }
    )
  })
})

/**
 * Times on the wire: any offset in, `Z` out, and nothing that is no RFC 3339.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { formatInstant, isDate, parseInstant } from "../../src/api/Time.ts"

const runs = process.env["PROVE"] === "1" ? 20_000 : 500

const instant = Schema.Int.check(Schema.isBetween({ minimum: Date.UTC(1, 0), maximum: Date.UTC(9999, 11, 31) }))
const offsetMinutes = Schema.Int.check(Schema.isBetween({ minimum: -1_439, maximum: 1_439 }))

/** The same instant as a clock at that offset shows it. */
const shownAt = (at: number, offset: number): string => {
  const local = new Date(at + offset * 60_000).toISOString().slice(0, -1)
  const sign = offset < 0 ? "-" : "+"
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  return `${local}${sign}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`
}

describe("instants", () => {
  it.prop(
    "what is written is read as the same instant, always in UTC with Z",
    { at: instant },
    ({ at }) => {
      const text = formatInstant(at)
      assert.match(text, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/)
      assert.strictEqual(parseInstant(text), at)
      assert.strictEqual(text, new Date(at).toISOString().replace(".000Z", "Z"))
    },
    { arbitrary: { runs } }
  )

  it.prop(
    "an instant is the same whatever offset it is shown in",
    { at: instant, offset: offsetMinutes },
    ({ at, offset }) => {
      const text = shownAt(at, offset)
      // A year before 1 or after 9999 has no such form.
      if (!/^\d{4}-/.test(text)) return
      assert.strictEqual(parseInstant(text), at)
      assert.strictEqual(parseInstant(text.toLowerCase()), at)
    },
    { arbitrary: { runs } }
  )

  it.prop("never throws, whatever the text", { text: Schema.String }, ({ text }) => {
    const parsed = parseInstant(text)
    assert.isTrue(parsed === null || Number.isFinite(parsed))
  })

  it.each([
    "",
    "2026-04-08",
    "2026-04-08T15:00:00",
    "2026-04-08 15:00:00Z",
    "2026-04-08T15:00Z",
    "2026-04-08T24:00:00Z",
    "2026-04-08T15:60:00Z",
    "2026-02-29T15:00:00Z",
    "2026-13-01T15:00:00Z",
    "2026-04-08T15:00:00+24:00",
    "2026-04-08T15:00:00+0200",
    "2026-04-08T15:00:00.Z",
    "+012026-04-08T15:00:00Z",
    " 2026-04-08T15:00:00Z",
    "2026-04-08T15:00:00Z\n"
  ])("refuses %j", (text) => assert.isNull(parseInstant(text)))

  it("tells days that exist from those that do not", () => {
    assert.isTrue(isDate("2024-02-29"))
    for (const text of ["2026-02-29", "2026-00-10", "2026-4-8", "20260408", "2026-04-08T00:00:00Z"]) {
      assert.isFalse(isDate(text), text)
    }
  })

  it("cuts what is finer than a millisecond", () => {
    assert.strictEqual(parseInstant("2026-04-08T15:00:00.123456789Z"), Date.UTC(2026, 3, 8, 15, 0, 0, 123))
    assert.strictEqual(formatInstant(Date.UTC(2026, 3, 8, 15, 0, 0, 120)), "2026-04-08T15:00:00.120Z")
  })
})

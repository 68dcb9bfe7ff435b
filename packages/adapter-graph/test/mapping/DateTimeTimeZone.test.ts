/** Times as Graph writes them, wherever the server stands. */
import { afterEach, assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { asLocalDate, readDateTimeTimeZone, readInstant, writeInstant } from "../../src/mapping/DateTimeTimeZone.ts"

const zoned = (dateTime: string, timeZone?: string) => readDateTimeTimeZone({ start: { dateTime, timeZone } }, "start")
const instant = (text: string) => readInstant({ at: text }, "at")

const homeZone = process.env["TZ"]
afterEach(() => {
  if (homeZone === undefined) delete process.env["TZ"]
  else process.env["TZ"] = homeZone
})

describe("times", () => {
  it.each([
    ["2019-04-16T20:30:00.0000000", "UTC", "2019-04-16T20:30:00.000Z"],
    ["2019-04-16T20:30:00.1239999", "UTC", "2019-04-16T20:30:00.123Z"],
    ["2019-04-16T20:30:00", "", "2019-04-16T20:30:00.000Z"],
    ["2019-04-16T20:30", undefined, "2019-04-16T20:30:00.000Z"],
    ["2019-04-16T20:30:00Z", "Pacific Standard Time", "2019-04-16T20:30:00.000Z"],
    ["2019-04-16T20:30:00+05:30", "UTC", "2019-04-16T15:00:00.000Z"],
    ["2017-04-15T11:00:00.0000000", "Pacific Standard Time", "2017-04-15T18:00:00.000Z"],
    ["2017-04-15T11:00:00.0000000", "Europe/Berlin", "2017-04-15T09:00:00.000Z"],
    ["2017-04-15T11:00:00.0000000", "tzone://Microsoft/Utc", "2017-04-15T11:00:00.000Z"],
    // Clocks go forward from 02:00 to 03:00, and back from 03:00 to 02:00.
    ["2026-03-29T02:30:00.0000000", "Central European Standard Time", "2026-03-29T01:30:00.000Z"],
    ["2026-10-25T02:30:00.0000000", "W. Europe Standard Time", "2026-10-25T00:30:00.000Z"]
  ])("%s in %s is %s", (dateTime, timeZone, expected) => {
    for (const home of ["America/New_York", "Pacific/Kiritimati", "UTC"]) {
      process.env["TZ"] = home
      assert.strictEqual(new Date(zoned(dateTime, timeZone) ?? Number.NaN).toISOString(), expected)
    }
  })

  it.each([
    "",
    "2026-02-30T10:00:00",
    "2025-02-29T10:00:00",
    "2026-13-01T10:00:00",
    "2026-11-24T24:00:00",
    "2026-11-24T10:60:00",
    "2026-11-24 10:00:00",
    "2026-11-24",
    "0001-01-01T00:00:00.0000000Z",
    "9999-12-31T23:59:59.9999999",
    "2026-11-24T10:00:00+24:00",
    "20261-11-24T10:00:00"
  ])("%j is no time", (text) => {
    assert.isNull(zoned(text, "UTC"))
    assert.isNull(instant(text))
  })

  it("no zone is guessed from a name that says nothing", () => {
    assert.isNull(zoned("2026-11-24T10:00:00", "tzone://Microsoft/Custom"))
    assert.isNull(zoned("2026-11-24T10:00:00", "Customized Time Zone"))
    assert.isNotNull(zoned("2024-02-29T10:00:00", "UTC"))
    assert.isNotNull(asLocalDate("2024-02-29"))
    assert.isNull(asLocalDate("2023-02-29"))
    assert.isNull(asLocalDate("2023-02-29T"))
  })

  it("an instant written is read back the same", () => {
    const range = { min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) - 1 }
    fc.assert(
      fc.property(fc.integer(range), (at) => {
        assert.strictEqual(instant(writeInstant(at)), at)
        assert.strictEqual(zoned(writeInstant(at).slice(0, -1), "UTC"), at)
      })
    )
  })
})

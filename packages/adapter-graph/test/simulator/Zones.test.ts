/** Wall-clock time and instants, in gaps, in overlaps, and everywhere else. */
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { zoneOf, zoneOrUtc } from "../../simulator/world/Zones.ts"

const at = (text: string): number => Date.parse(`${text}Z`)
const shown = (millis: number): string => new Date(millis).toISOString().slice(0, 16)

describe("zones", () => {
  it("in a gap time moves forward by the gap, in an overlap it is the first of the two", () => {
    const newYork = zoneOrUtc("Eastern Standard Time")
    assert.strictEqual(shown(newYork.toInstant(at("2026-03-08T02:30"))), "2026-03-08T07:30")
    assert.strictEqual(shown(newYork.toWall(newYork.toInstant(at("2026-03-08T02:30")))), "2026-03-08T03:30")
    assert.strictEqual(shown(newYork.toInstant(at("2026-11-01T01:30"))), "2026-11-01T05:30")
    const lordHowe = zoneOrUtc("Australia/Lord_Howe")
    assert.strictEqual(shown(lordHowe.toWall(lordHowe.toInstant(at("2026-10-04T02:15")))), "2026-10-04T02:45")
  })

  it("names of Windows, of the IANA, and of nobody", () => {
    assert.strictEqual(shown(zoneOrUtc("W. Europe Standard Time").toWall(at("2026-07-01T12:00"))), "2026-07-01T14:00")
    assert.strictEqual(shown(zoneOrUtc("Asia/Kathmandu").toWall(at("2026-07-01T12:00"))), "2026-07-01T17:45")
    for (const name of ["", "tzone://Microsoft/Custom", "Nowhere Standard Time", "Greenwich Mean Time"]) {
      assert.isNull(zoneOf(name))
      assert.strictEqual(zoneOrUtc(name).toWall(5), 5)
    }
    assert.strictEqual(zoneOf("tzone://Microsoft/Utc")?.toWall(5), 5)
  })

  it("an instant's wall time leads back to it, or to the same wall time an overlap earlier", () => {
    const name = FastCheck.constantFrom(
      "Pacific Standard Time",
      "Lord Howe Standard Time",
      "Nepal Standard Time",
      "Samoa Standard Time",
      "UTC",
      "Egypt Standard Time"
    )
    const instant = FastCheck.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2040, 0) })
    FastCheck.assert(
      FastCheck.property(name, instant, (each, millis) => {
        const zone = zoneOrUtc(each)
        const back = zone.toInstant(zone.toWall(millis))
        assert.strictEqual(zone.toWall(back), zone.toWall(millis))
        assert.isAtMost(back, millis)
        assert.isAtMost(millis - back, 3_600_000)
      })
    )
  })
})

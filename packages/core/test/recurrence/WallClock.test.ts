/**
 * Local times and instants: every zone that the runtime knows, on the days its clocks change, against the definition; and
 * the readings of gaps and overlaps by example.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { startOfDay, toInstant, toLocal } from "../../src/recurrence/index.ts"
import { zoneOffsets } from "../../src/recurrence/ZoneOffsets.ts"
import { dateOf, dayMillis, instantOfReading, readClock } from "./Oracle.ts"
import { anyDate, anyZone, runs } from "./RandomSeries.ts"

const iso = (instant: number | null): string => (instant === null ? "none" : new Date(instant).toISOString())
const hours = (n: number): number => Math.round(n * 3_600_000)

describe("gaps and overlaps", () => {
  it.each([
    ["moves 02:30 in the gap forward by the hour", "America/New_York", "2026-03-08", 2.5, "2026-03-08T07:30:00.000Z"],
    ["takes the first 01:30 of two", "America/New_York", "2026-11-01", 1.5, "2026-11-01T05:30:00.000Z"],
    ["knows half-hour gaps", "Australia/Lord_Howe", "2026-10-04", 2.25, "2026-10-03T15:45:00.000Z"],
    ["knows two-hour gaps", "Antarctica/Troll", "2026-03-29", 1.5, "2026-03-29T01:30:00.000Z"],
    [
      "knows that Dublin's winter is the daylight saving",
      "Europe/Dublin",
      "2026-10-25",
      1.5,
      "2026-10-25T00:30:00.000Z"
    ],
    ["leaves ordinary times alone", "Asia/Kathmandu", "2026-06-01", 9, "2026-06-01T03:15:00.000Z"],
    ["moves a skipped day to the next", "Pacific/Apia", "2011-12-30", 9, "2011-12-30T19:00:00.000Z"],
    [
      "sees a change that is taken back within the week",
      "America/Noronha",
      "2000-10-10",
      9,
      "2000-10-10T10:00:00.000Z"
    ],
    ["sees one that is announced", "Asia/Gaza", "2040-10-22", 9, "2040-10-22T06:00:00.000Z"],
    // Clocks go back within the hours around the edge of a span of the cache.
    ["takes the first of two at the edge of a span", "Asia/Jerusalem", "2065-10-25", 1.5, "2065-10-24T22:30:00.000Z"],
    ["moves out of a gap at the edge of a span", "Australia/Sydney", "2285-10-04", 2.5, "2285-10-03T16:30:00.000Z"],
    ["knows offsets to the second", "Africa/Monrovia", "1971-06-01", 9, "1971-06-01T09:44:30.000Z"]
  ])("%s", (_, zone, date, time, expected) => {
    assert.strictEqual(iso(toInstant(zone, date, hours(time))), expected)
  })

  it("begins a day where clocks jump at midnight with the first instant it has", () => {
    assert.strictEqual(iso(startOfDay("America/Santiago", "2026-09-06")), "2026-09-06T04:00:00.000Z")
    assert.deepStrictEqual(toLocal("America/Santiago", Date.parse("2026-09-06T04:00:00Z")), {
      date: "2026-09-06",
      time: hours(1)
    })
  })

  it("begins a day that has two midnights with the first", () => {
    assert.strictEqual(iso(startOfDay("America/Havana", "2025-11-02")), "2025-11-02T04:00:00.000Z")
  })
})

describe("every zone", () => {
  const zones = Intl.supportedValuesOf("timeZone")
  const from = Date.UTC(2024, 0, 1)
  const to = Date.UTC(2031, 0, 1)

  /** Days whose clocks are not 24 hours apart, found by asking day after day. */
  const changingDays = (zone: string): ReadonlyArray<number> => {
    const days: Array<number> = []
    let offset = readClock(zone, from) - from
    for (let day = from; day < to; day += dayMillis) {
      const following = readClock(zone, day + dayMillis) - day - dayMillis
      if (following !== offset) days.push(day)
      offset = following
    }
    return days
  }

  // With PROVE=1 all of them; else a few.
  const sample = zones.filter((_, i) => process.env["PROVE"] === "1" || i % 24 === 0)

  it.each(sample)("reads %s by the definition on all days its clocks change, 2024 to 2030", (zone) => {
    const readings = changingDays(zone).flatMap((day) =>
      // Half an hour apart over three days, and a millisecond to either side.
      Array.from({ length: 144 }, (_, half) => day - dayMillis + half * 1_800_000).flatMap((at) => [at - 1, at, at + 1])
    )
    for (const reading of [from, to, ...readings]) {
      const day = Math.floor(reading / dayMillis)
      const found = toInstant(zone, dateOf(reading), reading - day * dayMillis)
      assert.strictEqual(iso(found), iso(instantOfReading(zone, reading)))
    }
  })

  it("knows the transitions that the runtime knows, since 1970 and to 2100", () => {
    fc.assert(
      fc.property(anyZone, fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }), (zone, instant) => {
        const local = toLocal(zone, instant)
        assert.strictEqual(Date.parse(`${local?.date}T00:00:00Z`) + (local?.time ?? 0), readClock(zone, instant))
      }),
      { numRuns: runs(1000, 100_000) }
    )
  })

  it("comes back to the local time it set out from, unless nothing shows that time", () => {
    fc.assert(
      fc.property(anyZone, anyDate, fc.integer({ min: 0, max: dayMillis - 1 }), (zone, date, time) => {
        const instant = toInstant(zone, date, time) ?? Number.NaN
        const local = toLocal(zone, instant)
        if (local?.date === date && local.time === time) return
        const later =
          Date.parse(`${local?.date}T00:00:00Z`) + (local?.time ?? 0) - Date.parse(`${date}T00:00:00Z`) - time
        assert.isTrue(later > 0)
        assert.strictEqual(instant, instantOfReading(zone, Date.parse(`${date}T00:00:00Z`) + time))
      }),
      { numRuns: runs(1000, 100_000) }
    )
  })

  it("costs `Intl` nothing the second time", () => {
    const clock = zoneOffsets("Europe/Paris")
    assert.strictEqual(clock?.spanAround(from), clock?.spanAround(from + dayMillis))
    assert.strictEqual(clock, zoneOffsets("Europe/Paris"))
  })
})

describe("what is none", () => {
  it("has no instant and no local time", () => {
    assert.isNull(toInstant("Moon/Tycho", "2026-01-01", 0))
    assert.isNull(toInstant("UTC", "2026-13-01", 0))
    assert.isNull(toInstant("UTC", "2026-01-01", Number.NaN))
    assert.isNull(toLocal("Moon/Tycho", 0))
    assert.isNull(toLocal("UTC", Number.NaN))
    assert.isNull(toLocal("UTC", 9e15))
    assert.isNull(startOfDay("UTC", "today"))
  })
})

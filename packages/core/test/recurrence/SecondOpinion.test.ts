/**
 * Random series against a second implementation: `rrule` run on floating time, its readings turned into instants by an
 * independent reading of the zone. 100,000 series with PROVE=1.
 *
 * Every difference found so far is filed below as a test of its own, with who is right and why; for rules inside
 * the common patterns there is none.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { type RecurringSeries, type Rule, expand, next, parseRule, ruleText } from "../../src/recurrence/index.ts"
import { type RuleParts, parseParts } from "../../src/recurrence/RuleParts.ts"
import { boundedReadings, dayMillis, floatingReadings, floatingRule, instantOfReading, midnight } from "./Oracle.ts"
import { anySeries, runs } from "./RandomSeries.ts"
import { anyRuleText } from "./RandomRule.ts"

describe("rules inside the common patterns", () => {
  it("agree with rrule on floating time, zone by zone", () => {
    const query = fc.record({ daysIn: fc.integer({ min: -10, max: 900 }), limit: fc.integer({ min: 1, max: 15 }) })
    fc.assert(
      fc.property(anySeries, query, ({ plain, series }, { daysIn, limit }) => {
        const start = midnight(series.startDate) + series.startTime
        const from = start + daysIn * dayMillis
        // A year more than is looked at, so that neither the limit nor a gap cuts differently.
        const readings = floatingReadings(floatingRule(plain), start, from - 3 * dayMillis, limit + 10)
        const instants = readings
          .map((reading) => instantOfReading(series.zone, reading))
          .filter((instant, i, all) => instant >= from && instant !== all[i - 1])
          .slice(0, limit)
        const found = expand(series, from, Infinity, limit).map((occurrence) => occurrence.start)
        assert.deepStrictEqual(found, instants)
        assert.strictEqual(next(series, from - 1)?.start, instants[0])
      }),
      { numRuns: runs(3000, 100_000) }
    )
  })

  it("print an RRULE that rrule reads as the same dates", () => {
    fc.assert(
      fc.property(anySeries, ({ series }) => {
        const start = midnight(series.startDate) + series.startTime
        const inUtc = { ...series, zone: "UTC" }
        const readings = floatingReadings(ruleText(inUtc), start, start, 12)
        assert.deepStrictEqual(
          expand(inUtc, start, Infinity, 12).map((occurrence) => occurrence.start),
          readings
        )
        const again = parseRule(ruleText(inUtc), inUtc)
        assert.strictEqual(again.kind, "pattern")
        assert.deepStrictEqual(
          expand({ ...inUtc, rule: again as Rule }, start, Infinity, 12),
          expand(inUtc, start, Infinity, 12)
        )
      }),
      { numRuns: runs(1000, 20_000) }
    )
  })
})

const utcSeries = (rrule: string, start: string): RecurringSeries => ({
  rule: { kind: "text", rrule },
  startDate: start.slice(0, 10),
  startTime: Date.parse(`1970-01-01T${start.slice(11)}Z`),
  durationMillis: 60_000,
  zone: "UTC"
})

const ours = (rrule: string, start: string, limit: number): ReadonlyArray<string> =>
  expand(utcSeries(rrule, start), -Infinity, Infinity, limit).map(({ start }) =>
    new Date(start).toISOString().slice(0, 16)
  )

const theirs = (rrule: string, start: string, limit: number): ReadonlyArray<string> =>
  floatingReadings(rrule, Date.parse(`${start}Z`), 0, limit).map((reading) =>
    new Date(reading).toISOString().slice(0, 16)
  )

/** Why `rrule` may answer otherwise; each kind is shown below. */
const explanation = (parts: RuleParts): string | null => {
  const { frequency, setPositions, days, weekNumbers, yearDays, monthDays, hours, minutes } = parts
  const isEdge = setPositions.every((position) => Math.abs(position) === 1)
  if (setPositions.length > 0 && (!isEdge || !["YEARLY", "MONTHLY"].includes(frequency))) return "set positions"
  if (days.some(({ ordinal }) => ordinal === 0) && days.some(({ ordinal }) => ordinal !== 0)) return "mixed weekdays"
  if (weekNumbers.length > 0 && days.length + yearDays.length + monthDays.length === 0)
    return "weekday of a week number"
  if (frequency === "MINUTELY" && hours.length + minutes.length > 0) return "minutes in an hour"
  if (frequency === "HOURLY" && hours.length > 0) return "hours in a day"
  return null
}

describe("rules outside them", () => {
  it("agree with rrule on floating time, unless it errs in a way filed below", () => {
    let compared = 0
    fc.assert(
      fc.property(anyRuleText, fc.integer({ min: 0, max: 700 }), ({ rrule, start }, daysIn) => {
        const parts = parseParts(rrule)
        if (parts.kind === "rejected") throw new Error(`${rrule} was refused: ${parts.part}`)
        if (explanation(parts) !== null) return
        compared++
        const first = Date.parse(`${start}Z`)
        // What recurs by the hour is walked by rrule hour by hour.
        const isFine = parts.frequency === "HOURLY" || parts.frequency === "MINUTELY"
        const from = first + (isFine ? daysIn / 100 : daysIn) * dayMillis
        const to = from + (isFine ? 30 : 3 * 366) * dayMillis
        const until = Math.min(to, (parts.until?.millis ?? Infinity) + 1)
        const readings = boundedReadings(rrule.replace(/;UNTIL=\w+/, ""), first, from, until)
        const found = expand(utcSeries(rrule, start), from, to, Infinity).map((occurrence) => occurrence.start)
        assert.deepStrictEqual(found, readings)
      }),
      { numRuns: runs(150, 8000) }
    )
    assert.isAtLeast(compared, 50)
  })
})

describe("where rrule 2.8.1 differs, and why", () => {
  const start = "2026-01-05T09:30:00"

  it("takes a set's first for a place beyond its beginning, though a month of four Fridays has no fifth last", () => {
    const rule = "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-5"
    assert.deepStrictEqual(ours(rule, start, 3), ["2026-05-01T09:30", "2026-07-03T09:30", "2026-10-02T09:30"])
    assert.deepStrictEqual(theirs(rule, start, 3), ["2026-02-06T09:30", "2026-03-06T09:30", "2026-04-03T09:30"])
  })

  it("gives and counts a date twice that is both the first and the last of its set", () => {
    const rule = "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=1,-1;COUNT=3"
    assert.deepStrictEqual(ours(rule, start, 9), ["2026-01-05T09:30", "2026-02-02T09:30", "2026-03-02T09:30"])
    assert.deepStrictEqual(theirs(rule, start, 9), ["2026-01-05T09:30", "2026-01-05T09:30", "2026-02-02T09:30"])
  })

  it("cuts the first week of a set at the start, but no first month; we cut neither", () => {
    // The week of 4 January, a Sunday: its first is the Sunday, which lies before the start.
    const weekly = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;BYSETPOS=1;WKST=SU"
    assert.deepStrictEqual(ours(weekly, start, 2), ["2026-01-18T09:30", "2026-02-01T09:30"])
    assert.deepStrictEqual(theirs(weekly, start, 2), ["2026-01-05T09:30", "2026-01-18T09:30"])
    const monthly = "FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=1"
    assert.deepStrictEqual(ours(monthly, start, 2), ["2026-02-02T09:30", "2026-03-02T09:30"])
    assert.deepStrictEqual(theirs(monthly, start, 2), ["2026-02-02T09:30", "2026-03-02T09:30"])
  })

  it("wants plain and numbered weekdays of one list both at once, where the list means either", () => {
    const rule = "FREQ=MONTHLY;BYDAY=MO,1TU;COUNT=3"
    assert.deepStrictEqual(ours(rule, start, 9), ["2026-01-05T09:30", "2026-01-06T09:30", "2026-01-12T09:30"])
    assert.deepStrictEqual(theirs(rule, start, 9), [])
  })

  it("takes all days of a week named by number, where the start gives the weekday (RFC 5545 §3.3.10)", () => {
    const rule = "FREQ=YEARLY;BYWEEKNO=20"
    assert.deepStrictEqual(ours(rule, start, 2), ["2026-05-11T09:30", "2027-05-17T09:30"])
    assert.deepStrictEqual(theirs(rule, start, 2), ["2026-05-11T09:30", "2026-05-12T09:30"])
  })

  it("loses the phase of minutes when it skips hours", () => {
    const rule = "FREQ=MINUTELY;INTERVAL=7;BYHOUR=9"
    // From 09:30 to 09:04 on the next day are 1,414 minutes, 202 times seven.
    assert.strictEqual(ours(rule, start, 6)[5], "2026-01-06T09:04")
    assert.strictEqual(theirs(rule, start, 6)[5], "2026-01-06T09:05")
  })

  it("loses whole days when it skips hours of days that are filtered too", () => {
    const rule = "FREQ=MINUTELY;INTERVAL=20;BYDAY=MO;BYHOUR=9"
    assert.strictEqual(ours(rule, start, 3)[2], "2026-01-12T09:10")
    assert.strictEqual(theirs(rule, start, 3)[2], "2026-01-26T09:10")
  })

  it("gives the times of a day in the order in which the rule names them", () => {
    const rule = "FREQ=DAILY;BYHOUR=15,9;COUNT=3"
    assert.deepStrictEqual(ours(rule, start, 9), ["2026-01-05T09:30", "2026-01-05T15:30", "2026-01-06T09:30"])
    assert.deepStrictEqual(theirs(rule, start, 9), ["2026-01-05T15:30", "2026-01-05T09:30", "2026-01-06T15:30"])
  })

  it("does not return from hours that an interval never meets; we find nothing and say so", () => {
    // Asking rrule would hang this test.
    assert.deepStrictEqual(ours("FREQ=HOURLY;INTERVAL=2;BYHOUR=10", start, 1), [])
  })

  it("walks to the year 9999 for a date that never comes, ten seconds long; we stop within one search", () => {
    const before = process.cpuUsage()
    for (const frequency of ["YEARLY", "MONTHLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]) {
      assert.deepStrictEqual(ours(`FREQ=${frequency};BYMONTH=2;BYMONTHDAY=30`, start, 1), [])
    }
    assert.deepStrictEqual(ours("FREQ=SECONDLY;BYSECOND=1;BYSETPOS=2", start, 1), [])
    // Seven searches, in microseconds of the processor: what else the machine does is not their fault.
    assert.isBelow(process.cpuUsage(before).user, 2_000_000)
  })
})

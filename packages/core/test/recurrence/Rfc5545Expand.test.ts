/**
 * Rules outside Outlook's patterns as occurrences: the laws of C8 hold for them too, in every zone; clocks that go
 * forward lay several readings on one instant; UNTIL cuts in each of its three forms.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { type RecurringSeries, datesFrom, expand, next } from "../../src/recurrence/index.ts"
import { dateOf, dayMillis, midnight } from "./Oracle.ts"
import { anyRuleText } from "./RandomRule.ts"
import { anyZone, runs } from "./RandomSeries.ts"

const seriesOf = (rrule: string, start: string, zone: string): RecurringSeries => ({
  rule: { kind: "text", rrule },
  startDate: start.slice(0, 10),
  startTime: Date.parse(`1970-01-01T${start.slice(11)}Z`),
  durationMillis: 60_000,
  zone
})

describe("C8 recurrence, for rules kept as text", () => {
  it("is sorted, without doubles, inside the window, and `next` is its least", () => {
    const query = fc.record({ daysIn: fc.integer({ min: -5, max: 600 }), limit: fc.integer({ min: 0, max: 30 }) })
    fc.assert(
      fc.property(anyRuleText, anyZone, query, ({ rrule, start }, zone, { daysIn, limit }) => {
        const series = seriesOf(rrule, start, zone)
        const from = midnight(series.startDate) + daysIn * dayMillis
        const to = from + 60 * dayMillis
        const found = expand(series, from, to, limit)
        assert.isAtMost(found.length, limit)
        found.forEach(({ start: at }, i) => {
          assert.isTrue(at >= from && at < to)
          assert.isTrue(i === 0 || (found[i - 1]?.start ?? 0) < at)
        })
        assert.deepStrictEqual(expand(series, from, to, limit + 5).slice(0, limit), found)
        const following = next(series, from - 1)
        if (found[0] !== undefined) assert.deepStrictEqual(following, found[0])
        else if (limit > 0) assert.isTrue(following === null || following.start >= to)
      }),
      { numRuns: runs(100, 10_000) }
    )
  })

  it("names the dates that its occurrences fall on", () => {
    fc.assert(
      fc.property(anyRuleText, ({ rrule, start }) => {
        const series = seriesOf(rrule, start, "UTC")
        const to = midnight(series.startDate) + 20 * dayMillis
        const dates = new Set(expand(series, -Infinity, to, Infinity).map(({ start: at }) => dateOf(at)))
        assert.deepStrictEqual(datesFrom(series, "1990-01-01", dates.size), [...dates])
      }),
      { numRuns: runs(100, 5000) }
    )
  })
})

describe("rules kept as text, by example", () => {
  it("ignores times of day where the series lasts whole days, and ends none before it starts", () => {
    const series = { ...seriesOf("FREQ=DAILY;BYHOUR=9,17;COUNT=3", "2026-06-01T00:00", "UTC"), isAllDay: true }
    const found = expand({ ...series, durationMillis: dayMillis }, -Infinity, Infinity, 9)
    assert.deepStrictEqual(
      found.map(({ end, start }) => [new Date(start).toISOString().slice(0, 16), end - start]),
      ["2026-06-01", "2026-06-02", "2026-06-03"].map((date) => [`${date}T00:00`, dayMillis])
    )
    const hourly = { ...seriesOf("FREQ=HOURLY;COUNT=30", "2026-06-01T00:00", "UTC"), isAllDay: true }
    for (const { end, start } of expand(hourly, -Infinity, Infinity, 99)) assert.isAtLeast(end, start)
  })

  const starts = (rrule: string, start: string, limit: number): ReadonlyArray<string> =>
    expand(seriesOf(rrule, start, "America/New_York"), -Infinity, Infinity, limit).map(({ start: at }) =>
      new Date(at).toISOString().slice(0, 16)
    )

  it("lays readings in a gap on those after it: once each, in order, and all of them count", () => {
    assert.deepStrictEqual(starts("FREQ=MINUTELY;INTERVAL=30;COUNT=8", "2026-03-08T01:30:00", 99), [
      "2026-03-08T06:30",
      "2026-03-08T07:00",
      "2026-03-08T07:30",
      "2026-03-08T08:00",
      "2026-03-08T08:30",
      "2026-03-08T09:00"
    ])
    assert.deepStrictEqual(starts("FREQ=MINUTELY;INTERVAL=30", "2026-03-08T01:30:00", 4), [
      "2026-03-08T06:30",
      "2026-03-08T07:00",
      "2026-03-08T07:30",
      "2026-03-08T08:00"
    ])
  })

  it.each([
    ["20260313", 2, "a date takes its whole day in"],
    ["20260313T090000", 2, "a local time takes itself in"],
    ["20260313T085959", 1, "and nothing after it"],
    ["20260313T130000Z", 2, "so does an instant"],
    ["20260313T125959Z", 1, "and nothing after it"]
  ])("ends with UNTIL=%s after %d: %s", (until, count) => {
    const rule = `FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR;UNTIL=${until}`
    assert.strictEqual(starts(rule, "2026-01-01T09:00:00", 99).length, count)
    assert.strictEqual(
      datesFrom(seriesOf(rule, "2026-01-01T09:00:00", "America/New_York"), "2026-01-01", 99).length,
      count
    )
  })

  it("enters a rule of a thousand years ago where it is asked about", () => {
    const series = seriesOf("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "1026-01-01T09:00:00", "Europe/Berlin")
    assert.strictEqual(next(series, Date.parse("2026-01-01T00:00:00Z"))?.date, "2026-02-13")
  })

  it("looks a century ahead and no further", () => {
    // Every 90 years from 2020 falls on a leap year each second time: 2020, 2200.
    const series = seriesOf("FREQ=YEARLY;INTERVAL=90;BYMONTH=2;BYMONTHDAY=29", "2020-02-29T09:00:00", "UTC")
    assert.strictEqual(next(series, Date.parse("2020-01-01T00:00:00Z"))?.date, "2020-02-29")
    assert.isNull(next(series, Date.parse("2020-03-01T00:00:00Z")))
  })
})

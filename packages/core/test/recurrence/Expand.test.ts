/**
 * Law C8, recurrence: sorted, no doubles, inside the window; `next(after)` is the least of `expand` beyond `after`;
 * skipping ahead equals walking; COUNT and UNTIL hold; local time is kept across DST.
 *
 * The walker and the zones it is held against are the oracle's, which share no code with what is tested.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { type Recurrence, type RecurringSeries, datesFrom, expand, next } from "../../src/recurrence/index.ts"
import { dateOf, dayMillis, instantOfReading, midnight, readClock, walkDates } from "./Oracle.ts"
import { type RandomSeries, anyDate, anySeries, runs } from "./RandomSeries.ts"

const instant = (text: string): number => Date.parse(text)

/** A window that begins somewhere from before the start to nine years after it. */
interface Window {
  readonly daysAfterStart: number
  readonly millisOfDay: number
  readonly daysLong: number
  readonly limit: number
}

const anyWindow: fc.Arbitrary<Window> = fc.record({
  daysAfterStart: fc.oneof(fc.integer({ min: -40, max: 400 }), fc.integer({ min: 0, max: 3300 })),
  millisOfDay: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: dayMillis - 1 })),
  daysLong: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 800 })),
  limit: fc.integer({ min: 0, max: 60 })
})

const windowOf = (series: RecurringSeries, { daysAfterStart, millisOfDay, daysLong }: Window) => {
  const from = midnight(series.startDate) + daysAfterStart * dayMillis + millisOfDay
  return { from, to: from + daysLong * dayMillis }
}

/** What the pattern means, one day after the other: dates with their instants. */
const walk = ({ plain, series }: RandomSeries, to: number) =>
  walkDates(plain, dateOf(to + 2 * dayMillis)).map((date) => ({
    date,
    start: instantOfReading(series.zone, midnight(date) + series.startTime)
  }))

const always = (usual: number, check: (random: RandomSeries, window: Window) => void): void =>
  fc.assert(fc.property(anySeries, anyWindow, check), { numRuns: runs(usual, usual * 50) })

describe("C8 recurrence", () => {
  it("is sorted, without doubles, inside the window and within the limit", () => {
    always(1500, ({ series }, window) => {
      const { from, to } = windowOf(series, window)
      const found = expand(series, from, to, window.limit)
      assert.isAtMost(found.length, window.limit)
      found.forEach(({ date, start, end }, i) => {
        assert.isTrue(start >= from && start < to)
        assert.strictEqual(end, start + series.durationMillis)
        const previous = found[i - 1]
        assert.isTrue(previous === undefined || (previous.start < start && previous.date < date))
      })
    })
  })

  it("skips ahead to what walking from the start finds", () => {
    always(500, (random, window) => {
      const { from, to } = windowOf(random.series, window)
      const walked = walk(random, to).filter(({ start }) => start >= from && start < to)
      const found = expand(random.series, from, to, Infinity)
      assert.deepStrictEqual(
        found.map(({ date, start }) => ({ date, start })),
        // A day that a zone skipped falls on the next: one instant, one occurrence.
        walked.filter(({ start }, i) => start !== walked[i - 1]?.start)
      )
    })
  })

  it("answers with `next` the least of `expand` beyond", () => {
    always(1500, ({ series }, window) => {
      const { from } = windowOf(series, window)
      assert.deepStrictEqual(next(series, from), expand(series, from + 1, Infinity, 1)[0] ?? null)
      assert.deepStrictEqual(next(series, from - 0.5), expand(series, from, Infinity, 1)[0] ?? null)
    })
  })

  it("reaches by `next` after `next` what `expand` gives at once", () => {
    always(300, ({ series }, window) => {
      const { from, to } = windowOf(series, window)
      const stepped = []
      for (
        let at = next(series, from - 1);
        at !== null && at.start < to && stepped.length < 30;
        at = next(series, at.start)
      ) {
        stepped.push(at)
      }
      assert.deepStrictEqual(stepped, expand(series, from, to, 30))
    })
  })

  it("gives with a limit the beginning of what it gives with a higher one", () => {
    always(300, ({ series }, window) => {
      const { from, to } = windowOf(series, window)
      assert.deepStrictEqual(
        expand(series, from, to, window.limit),
        expand(series, from, to, 1000).slice(0, window.limit)
      )
    })
  })

  it("counts the dates on the pattern, from the first one on", () => {
    const numbered = anySeries.filter(({ plain }) => plain.range.type === "numbered")
    fc.assert(
      fc.property(numbered, ({ plain, series }) => {
        const { numberOfOccurrences: count, startDate } = plain.range
        const dates = datesFrom(series, startDate, 2000)
        assert.isTrue(dates.length === count || (dates.at(-1) ?? "") > "9900")
        const endless = { ...series, rule: { ...series.rule, range: { kind: "noEnd" } as const } }
        assert.deepStrictEqual(dates, datesFrom(endless, startDate, dates.length))
      }),
      { numRuns: runs(500, 20_000) }
    )
  })

  it("ends with the end date, and not a date earlier", () => {
    const ending = anySeries.filter(({ plain }) => plain.range.type === "endDate")
    fc.assert(
      fc.property(ending, ({ plain, series }) => {
        const { endDate, startDate } = plain.range
        const endless = { ...series, rule: { ...series.rule, range: { kind: "noEnd" } as const } }
        assert.deepStrictEqual(
          datesFrom(series, startDate, 5000),
          datesFrom(endless, startDate, 5000).filter((date) => date <= endDate)
        )
      }),
      { numRuns: runs(300, 10_000) }
    )
  })

  it("keeps the local time across DST, or is later by the gap that swallowed it", () => {
    always(1000, ({ series }, window) => {
      const { from, to } = windowOf(series, window)
      for (const { date, start } of expand(series, from, to, 60)) {
        const written = midnight(date) + series.startTime
        const shown = readClock(series.zone, start)
        if (shown === written) continue
        // Nothing shows the written time: one millisecond before the gap and at its end, clocks stand on both sides of it.
        assert.strictEqual(start, instantOfReading(series.zone, written))
        assert.isTrue(shown > written)
      }
    })
  })

  it("finds from any date on what walking finds, years later too", () => {
    fc.assert(
      fc.property(anySeries, anyDate, fc.integer({ min: 0, max: 5 }), ({ plain, series }, date, limit) => {
        const walked = walkDates(plain, dateOf(midnight(date) + 1500 * dayMillis)).filter((each) => each >= date)
        const horizon = walked.length >= limit ? limit : walked.length
        assert.deepStrictEqual(datesFrom(series, date, limit).slice(0, horizon), walked.slice(0, limit))
      }),
      { numRuns: runs(300, 20_000) }
    )
  })
})

const weekdaysInNewYork: RecurringSeries = {
  rule: {
    kind: "pattern",
    pattern: { kind: "weekly", interval: 1, days: ["MO", "WE", "FR"], weekStart: "SU" },
    range: { kind: "noEnd" }
  },
  startDate: "2026-03-02",
  startTime: 9 * 3_600_000,
  durationMillis: 1_800_000,
  zone: "America/New_York"
}

const starts = (series: RecurringSeries, from: string, limit: number): ReadonlyArray<string> =>
  expand(series, instant(from), Infinity, limit).map(({ start }) => new Date(start).toISOString())

describe("expansion, by example", () => {
  it("stays at nine in New York while UTC moves under it", () => {
    assert.deepStrictEqual(starts(weekdaysInNewYork, "2026-03-06T00:00:00Z", 3), [
      "2026-03-06T14:00:00.000Z",
      "2026-03-09T13:00:00.000Z",
      "2026-03-11T13:00:00.000Z"
    ])
  })

  it("answers null when nothing comes any more", () => {
    const pattern = { kind: "daily", interval: 1 } as const
    const once: RecurringSeries = {
      ...weekdaysInNewYork,
      rule: { kind: "pattern", pattern, range: { kind: "numbered", count: 1 } }
    }
    const first = next(once, instant("2026-01-01T00:00:00Z"))
    assert.strictEqual(first?.date, "2026-03-02")
    assert.isNull(next(once, first?.start ?? 0))
  })

  it("takes the 30th for the last day of February, and comes back to the 30th", () => {
    const rule: Recurrence = {
      kind: "pattern",
      pattern: { kind: "absoluteMonthly", interval: 1, dayOfMonth: 30 },
      range: { kind: "noEnd" }
    }
    const dates = datesFrom({ ...weekdaysInNewYork, rule, startDate: "2027-12-30" }, "2027-12-01", 4)
    assert.deepStrictEqual(dates, ["2027-12-30", "2028-01-30", "2028-02-29", "2028-03-30"])
  })

  it("ends an all-day meeting at midnight, however long the day", () => {
    const allDay: RecurringSeries = { ...weekdaysInNewYork, startTime: 0, durationMillis: dayMillis, isAllDay: true }
    const sunday: Recurrence = {
      kind: "pattern",
      pattern: { kind: "weekly", interval: 1, days: ["SU"], weekStart: "SU" },
      range: { kind: "noEnd" }
    }
    const [short] = expand({ ...allDay, rule: sunday }, instant("2026-03-08T00:00:00Z"), Infinity, 1)
    assert.strictEqual((short?.end ?? 0) - (short?.start ?? 0), 23 * 3_600_000)
  })

  it("holds one occurrence where Samoa skipped a day, and counts both", () => {
    const daily: Recurrence = {
      kind: "pattern",
      pattern: { kind: "daily", interval: 1 },
      range: { kind: "numbered", count: 4 }
    }
    const samoa = { ...weekdaysInNewYork, rule: daily, startDate: "2011-12-29", zone: "Pacific/Apia" }
    assert.deepStrictEqual(starts(samoa, "2011-12-01T00:00:00Z", 10), [
      "2011-12-29T19:00:00.000Z",
      "2011-12-30T19:00:00.000Z",
      "2011-12-31T19:00:00.000Z"
    ])
  })

  it("counts past the end of the calendar without losing count", () => {
    for (const pattern of [
      { kind: "daily", interval: 100_000 },
      { kind: "weekly", interval: 100_000, days: ["MO"], weekStart: "MO" },
      { kind: "absoluteMonthly", interval: 100_000, dayOfMonth: 2 },
      { kind: "absoluteYearly", interval: 100_000, month: 3, dayOfMonth: 2 }
    ] as const) {
      const rule: Recurrence = { kind: "pattern", pattern, range: { kind: "numbered", count: 2_000_000_000 } }
      assert.strictEqual(datesFrom({ ...weekdaysInNewYork, rule }, "2026-01-01", 1)[0], "2026-03-02")
    }
  })

  it("reaches the end of the calendar and no further", () => {
    const late = { ...weekdaysInNewYork, startDate: "9999-12-20" }
    assert.deepStrictEqual(datesFrom(late, "0001-01-01", 99), [
      "9999-12-20",
      "9999-12-22",
      "9999-12-24",
      "9999-12-27",
      "9999-12-29",
      "9999-12-31"
    ])
    assert.strictEqual(expand(late, -Infinity, Infinity, 99).length, 6)
  })
})

describe("a series that cannot be understood", () => {
  const rule = weekdaysInNewYork.rule as Recurrence
  const broken: ReadonlyArray<[string, Partial<RecurringSeries>]> = [
    ["a date that is none", { startDate: "2026-02-30" }],
    ["a zone that is none", { zone: "Moon/Tycho" }],
    ["a time that is none", { startTime: Number.NaN }],
    ["an interval of zero", { rule: { ...rule, pattern: { kind: "daily", interval: 0 } } }],
    ["half an interval", { rule: { ...rule, pattern: { kind: "daily", interval: 1.5 } } }],
    ["a count of zero", { rule: { ...rule, range: { kind: "numbered", count: 0 } } }],
    ["an end that is none", { rule: { ...rule, range: { kind: "endDate", endDate: "" } } }],
    ["no weekday", { rule: { ...rule, pattern: { kind: "weekly", interval: 1, days: [], weekStart: "MO" } } }],
    ["a month 13", { rule: { ...rule, pattern: { kind: "absoluteYearly", interval: 1, month: 13, dayOfMonth: 1 } } }],
    ["a day 0", { rule: { ...rule, pattern: { kind: "absoluteMonthly", interval: 1, dayOfMonth: 0 } } }],
    ["a text that is no rule", { rule: { kind: "text", rrule: "FREQ=NEVER" } }]
  ]

  it.each(broken)("has no occurrences: %s", (_, change) => {
    const series = { ...weekdaysInNewYork, ...change }
    assert.deepStrictEqual(expand(series, instant("2026-01-01T00:00:00Z"), Infinity, 10), [])
    assert.isNull(next(series, instant("2026-01-01T00:00:00Z")))
  })

  it("has none in a window that is none", () => {
    for (const [from, to] of [
      [Number.NaN, Infinity],
      [0, Number.NaN],
      [Infinity, Infinity],
      [5, 4]
    ] as const) {
      assert.deepStrictEqual(expand(weekdaysInNewYork, from, to, 10), [])
    }
    assert.isNull(next(weekdaysInNewYork, Number.NaN))
    assert.deepStrictEqual(expand(weekdaysInNewYork, 0, Infinity, -1), [])
  })
})

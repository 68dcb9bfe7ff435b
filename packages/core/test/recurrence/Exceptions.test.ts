/** Cancelled and moved occurrences laid over a series: what replaces what, in which order, and that `nextWith` agrees. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import {
  type Exceptions,
  type Occurrence,
  type RecurringSeries,
  expand,
  expandWith,
  movedAcross,
  nextWith
} from "../../src/recurrence/index.ts"
import { dateOf, dayMillis, midnight } from "./Oracle.ts"
import { anySeries, runs } from "./RandomSeries.ts"

const daily: RecurringSeries = {
  rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "numbered", count: 5 } },
  startDate: "2026-06-01",
  startTime: 9 * 3_600_000,
  durationMillis: 3_600_000,
  zone: "Europe/Berlin"
}

const at = (date: string, start: string): Occurrence => ({ date, start: Date.parse(start), end: Date.parse(start) + 1 })
const dates = (exceptions: Exceptions, limit = 99): ReadonlyArray<string> =>
  expandWith(daily, exceptions, -Infinity, Infinity, limit).map(({ date }) => date)

describe("exceptions, by example", () => {
  it("leaves cancelled dates out without giving later ones in their place", () => {
    assert.deepStrictEqual(dates({ cancelled: ["2026-06-02", "2026-06-04", "2027-01-01"], moved: [] }), [
      "2026-06-01",
      "2026-06-03",
      "2026-06-05"
    ])
  })

  it("puts a moved occurrence where its new time belongs, under its old date", () => {
    const moved = [at("2026-06-02", "2026-06-04T12:00:00Z")]
    assert.deepStrictEqual(dates({ cancelled: [], moved }), [
      "2026-06-01",
      "2026-06-03",
      "2026-06-04",
      "2026-06-02",
      "2026-06-05"
    ])
  })

  it("finds what was moved into a window that the pattern does not reach", () => {
    const moved = [at("2026-06-05", "2026-07-15T12:00:00Z")]
    const from = Date.parse("2026-07-01T00:00:00Z")
    assert.deepStrictEqual(expandWith(daily, { cancelled: [], moved }, from, Infinity, 9), moved)
    assert.deepStrictEqual(nextWith(daily, { cancelled: [], moved }, from), moved[0])
  })

  it("tells which moved ones are on across an instant, none of them cancelled", () => {
    const long = (date: string, start: string): Occurrence => ({
      ...at(date, start),
      end: Date.parse(start) + dayMillis
    })
    const moved = [long("2026-06-02", "2026-06-02T12:00:00Z"), long("2026-06-03", "2026-06-02T10:00:00Z")]
    const noon = Date.parse("2026-06-02T12:00:00Z")
    assert.deepStrictEqual(
      movedAcross({ cancelled: [], moved }, noon + 1, noon).map(({ date }) => date),
      ["2026-06-03", "2026-06-02"]
    )
    assert.deepStrictEqual(movedAcross({ cancelled: ["2026-06-03"], moved }, noon, noon), [])
    assert.deepStrictEqual(movedAcross({ cancelled: [], moved }, noon + 1, noon + dayMillis), [])
  })

  it("takes the window's first instant in and leaves its last out; what is next comes after", () => {
    const moved = [at("2026-06-02", "2027-01-01T12:00:00Z")]
    const [{ start }] = moved as [Occurrence]
    assert.strictEqual(expandWith(daily, { cancelled: [], moved }, start, start + 1, 9).length, 1)
    assert.strictEqual(expandWith(daily, { cancelled: [], moved }, start - 1, start, 9).length, 0)
    assert.isNull(nextWith(daily, { cancelled: [], moved }, start))
    assert.deepStrictEqual(nextWith(daily, { cancelled: [], moved }, start - 1), moved[0])
  })

  it("holds a cancellation above a move, and the last move of a date above earlier ones", () => {
    const moved = [at("2026-06-02", "2026-06-02T12:00:00Z"), at("2026-06-02", "2026-06-02T15:00:00Z")]
    assert.notInclude(dates({ cancelled: ["2026-06-02"], moved }), "2026-06-02")
    const [, second] = expandWith(daily, { cancelled: [], moved }, -Infinity, Infinity, 2)
    assert.deepStrictEqual(second, moved[1])
  })

  it("keeps an exception whose date the pattern no longer has: whoever names it has seen it", () => {
    assert.include(dates({ cancelled: [], moved: [at("2026-09-09", "2026-09-10T09:00:00Z")] }), "2026-09-09")
  })

  it("orders what starts at the same instant by date", () => {
    const start = "2026-06-03T07:00:00Z"
    const moved = [at("2026-06-05", start), at("2026-06-01", start)]
    assert.deepStrictEqual(dates({ cancelled: [], moved }), [
      "2026-06-02",
      "2026-06-01",
      "2026-06-03",
      "2026-06-05",
      "2026-06-04"
    ])
    assert.strictEqual(nextWith(daily, { cancelled: [], moved }, Date.parse(start) - 1)?.date, "2026-06-01")
  })
})

/** Some of a series' own occurrences cancelled or moved, and some that it never had. */
const anyCase = anySeries.chain(({ series }) => {
  const start = midnight(series.startDate)
  const own = expand(series, start, start + 200 * dayMillis, 12)
  const anyPlace = fc.oneof(
    fc.constantFrom(...own.map(({ date }) => date), series.startDate),
    fc.integer({ min: -5, max: 60 }).map((days) => dateOf(start + days * dayMillis))
  )
  const anyMove = fc.record({ date: anyPlace, hours: fc.integer({ min: -400, max: 3000 }) }).map(({ date, hours }) => ({
    date,
    start: midnight(date) + hours * 3_600_000,
    end: midnight(date) + (hours + 1) * 3_600_000
  }))
  return fc.record({
    series: fc.constant(series),
    exceptions: fc.record({
      cancelled: fc.array(anyPlace, { maxLength: 6 }),
      moved: fc.array(anyMove, { maxLength: 6 })
    }),
    from: fc.integer({ min: -10, max: 100 }).map((days) => start + days * dayMillis),
    limit: fc.integer({ min: 0, max: 20 })
  })
})

describe("exceptions, always", () => {
  it("are the expansion with replaced dates out and the moved in", () => {
    fc.assert(
      fc.property(anyCase, ({ series, exceptions, from, limit }) => {
        const to = from + 150 * dayMillis
        const gone = new Set([...exceptions.cancelled, ...exceptions.moved.map(({ date }) => date)])
        const moved = new Map(exceptions.moved.map((each) => [each.date, each]))
        for (const date of exceptions.cancelled) moved.delete(date)
        const all = [...expand(series, from, to, Infinity).filter(({ date }) => !gone.has(date)), ...moved.values()]
          .filter(({ start }) => start >= from && start < to)
          .toSorted((a, b) => a.start - b.start || (a.date < b.date ? -1 : 1))
        assert.deepStrictEqual(expandWith(series, exceptions, from, to, limit), all.slice(0, limit))
      }),
      { numRuns: runs(500, 30_000) }
    )
  })

  it("give with `nextWith` the least of `expandWith` beyond", () => {
    fc.assert(
      fc.property(anyCase, ({ series, exceptions, from }) => {
        const all = expandWith(series, exceptions, from + 1, Infinity, 1)
        assert.deepStrictEqual(nextWith(series, exceptions, from), all[0] ?? null)
      }),
      { numRuns: runs(500, 30_000) }
    )
  })

  it("change nothing when there are none", () => {
    fc.assert(
      fc.property(anyCase, ({ series, from, limit }) => {
        const none = { cancelled: [], moved: [] }
        assert.deepStrictEqual(expandWith(series, none, from, Infinity, limit), expand(series, from, Infinity, limit))
      })
    )
  })
})

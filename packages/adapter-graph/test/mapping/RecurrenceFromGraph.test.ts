/** Graph's patternedRecurrence: what each member means, and that any JSON is a rule or a named rejection (law C10). */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { expand, ruleText, ruleWords } from "@punctual/core/recurrence"
import { anySeries, runs } from "../../../core/test/recurrence/RandomSeries.ts"
import { ruleFromGraph } from "../../src/mapping/RecurrenceFromGraph.ts"

const pattern = {
  type: "weekly",
  interval: 2,
  month: 0,
  dayOfMonth: 0,
  daysOfWeek: ["tuesday"],
  firstDayOfWeek: "monday",
  index: "first"
}
const range = {
  type: "noEnd",
  startDate: "2026-04-07",
  endDate: "0001-01-01",
  recurrenceTimeZone: "Eastern Standard Time",
  numberOfOccurrences: 0
}

describe("a recurrence from Graph", () => {
  it("keeps what its pattern uses, the start date and the zone's name", () => {
    assert.deepStrictEqual(ruleFromGraph({ pattern, range }), {
      kind: "rule",
      rule: {
        kind: "pattern",
        pattern: { kind: "weekly", interval: 2, days: ["TU"], weekStart: "MO" },
        range: { kind: "noEnd" }
      },
      startDate: "2026-04-07",
      zoneName: "Eastern Standard Time"
    })
  })

  it("takes names in any case, days in any order, and what may be absent as Graph defines it", () => {
    const read = ruleFromGraph({
      pattern: { type: "RelativeMonthly", interval: 1, daysOfWeek: ["Friday", "THURSDAY", "friday"] },
      range: { type: "NoEnd", startDate: "2026-04-07" }
    })
    assert.deepStrictEqual(read.kind === "rule" && [read.rule.pattern, read.zoneName], [
      { kind: "relativeMonthly", interval: 1, days: ["TH", "FR"], index: 1 },
      ""
    ])
    const weekly = ruleFromGraph({ pattern: { ...pattern, firstDayOfWeek: undefined }, range })
    assert.deepInclude(weekly.kind === "rule" ? weekly.rule.pattern : {}, { weekStart: "SU" })
  })

  it("never takes the zeros and the year 1 of unused members for a count or an end", () => {
    for (const type of ["daily", "weekly"]) {
      const read = ruleFromGraph({ pattern: { ...pattern, type }, range })
      assert.notMatch(read.kind === "rule" ? ruleText({ ...read, zone: "UTC" }) : "COUNT", /COUNT|UNTIL/)
    }
  })

  it.each([
    [
      { pattern, range: { ...range, type: "numbered", numberOfOccurrences: 0 } },
      "out of range",
      "range.numberOfOccurrences"
    ],
    [
      { pattern, range: { ...range, type: "numbered", numberOfOccurrences: undefined } },
      "missing",
      "range.numberOfOccurrences"
    ],
    [{ pattern, range: { ...range, type: "endDate" } }, "out of range", "range.endDate"],
    [{ pattern, range: { ...range, type: "endDate", endDate: "0000-01-01" } }, "out of range", "range.endDate"],
    [{ pattern, range: { ...range, type: "forever" } }, "unknown", "range.type"],
    [{ pattern, range: { ...range, startDate: "2026-02-29" } }, "out of range", "range.startDate"],
    [{ pattern }, "missing", "range.startDate"],
    [{ pattern: { ...pattern, interval: 0 }, range }, "out of range", "pattern.interval"],
    [{ pattern: { ...pattern, interval: 1.5 }, range }, "out of range", "pattern.interval"],
    [{ pattern: { ...pattern, interval: "2" }, range }, "out of range", "pattern.interval"],
    [{ pattern: { ...pattern, type: "hourly" }, range }, "unknown", "pattern.type"],
    [{ pattern: { ...pattern, daysOfWeek: [] }, range }, "out of range", "pattern.daysOfWeek"],
    [{ pattern: { ...pattern, daysOfWeek: undefined }, range }, "missing", "pattern.daysOfWeek"],
    [{ pattern: { ...pattern, daysOfWeek: ["tuesday", "someday"] }, range }, "unknown", "pattern.daysOfWeek"],
    [{ pattern: { ...pattern, firstDayOfWeek: "someday" }, range }, "unknown", "pattern.firstDayOfWeek"],
    [{ pattern: { ...pattern, type: "relativeMonthly", index: "fifth" }, range }, "unknown", "pattern.index"],
    [{ pattern: { ...pattern, type: "absoluteMonthly" }, range }, "out of range", "pattern.dayOfMonth"],
    [{ pattern: { ...pattern, type: "absoluteMonthly", dayOfMonth: 32 }, range }, "out of range", "pattern.dayOfMonth"],
    [{ pattern: { ...pattern, type: "absoluteYearly", dayOfMonth: 1 }, range }, "out of range", "pattern.month"],
    [{ pattern: { ...pattern, type: "relativeYearly", month: 13 }, range }, "out of range", "pattern.month"],
    [null, "missing", "pattern.type"],
    ["weekly", "missing", "pattern.type"],
    [[pattern, range], "missing", "pattern.type"]
  ])("rejects %j: %s %s", (json, reason, member) => {
    assert.deepStrictEqual<unknown>(ruleFromGraph(json), { kind: "rejected", reason, member })
  })
})

/** A rule of the core's tests, whose notation has Graph's own member names, and the JSON in which Graph would send it. */
const anyRule = anySeries.map(({ plain, series }) => ({
  graph: { pattern: plain.pattern, range: { ...plain.range, recurrenceTimeZone: "" } },
  series
}))

describe("any recurrence that Graph can send", () => {
  it("is the rule that it means", () => {
    fc.assert(
      fc.property(anyRule, ({ graph, series }) => {
        const { rule, startDate } = series
        assert.deepStrictEqual(ruleFromGraph(graph), { kind: "rule", rule, startDate, zoneName: "" })
      }),
      { numRuns: runs(2000, 50_000) }
    )
  })
})

describe("C10 total", () => {
  /** Like Graph's, with any member replaced by any JSON. */
  const almostGraph = fc
    .tuple(anyRule, fc.constantFrom("pattern", "range"), fc.string(), fc.jsonValue())
    .chain(([{ graph }, where, name, value]) =>
      fc.constantFrom(name, ...Object.keys(graph[where as "pattern" | "range"])).map((member) => ({
        ...graph,
        [where]: { ...graph[where as "pattern" | "range"], [member]: value }
      }))
    )

  it("makes of any JSON a rule that can be used or a rejection that names a member", () => {
    fc.assert(
      fc.property(fc.oneof(almostGraph, fc.jsonValue()), (json) => {
        const read = ruleFromGraph(json)
        if (read.kind === "rejected") return assert.match(read.member, /^(pattern|range)\.\w+$/)
        const series = { ...read, startTime: 0, durationMillis: 1, zone: "UTC" }
        assert.isAtMost(expand(series, -Infinity, Infinity, 3).length, 3)
        assert.match(ruleText(series), /^FREQ=\w+/)
        assert.match(ruleWords(read.rule), /^every /)
      }),
      { numRuns: runs(2000, 50_000) }
    )
  })
})

/** Rules as text: how each pattern is written, which texts are patterns, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { type Pattern, type Range, type Rule, expand, parseRule, ruleText } from "../../src/recurrence/index.ts"
import { dayMillis, midnight } from "./Oracle.ts"
import { anyRuleText } from "./RandomRule.ts"
import { anySeries, runs } from "./RandomSeries.ts"

const start = { startDate: "2026-04-07", startTime: 10 * 3_600_000, zone: "America/New_York" }
const print = (pattern: Pattern, range: Range = { kind: "noEnd" }): string =>
  ruleText({ ...start, rule: { kind: "pattern", pattern, range } })
const weekly = { kind: "weekly", interval: 1, days: ["MO", "WE", "FR"], weekStart: "SU" } as const
const everyDay = { kind: "daily", interval: 1 } as const

describe("printing", () => {
  it.each<[Pattern, string]>([
    [everyDay, "FREQ=DAILY"],
    [weekly, "FREQ=WEEKLY;BYDAY=MO,WE,FR"],
    [{ ...weekly, interval: 2, days: ["TU"] }, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"],
    [{ kind: "relativeMonthly", interval: 1, days: ["MO"], index: 1 }, "FREQ=MONTHLY;BYDAY=1MO"],
    [{ kind: "absoluteYearly", interval: 1, month: 3, dayOfMonth: 15 }, "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15"],
    [{ kind: "daily", interval: 3 }, "FREQ=DAILY;INTERVAL=3"],
    [{ kind: "absoluteMonthly", interval: 1, dayOfMonth: 28 }, "FREQ=MONTHLY;BYMONTHDAY=28"],
    [{ kind: "absoluteMonthly", interval: 1, dayOfMonth: 29 }, "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1"],
    [{ kind: "absoluteMonthly", interval: 1, dayOfMonth: 30 }, "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"],
    [{ kind: "absoluteMonthly", interval: 1, dayOfMonth: 31 }, "FREQ=MONTHLY;BYMONTHDAY=-1"],
    [
      { kind: "absoluteYearly", interval: 1, month: 2, dayOfMonth: 29 },
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"
    ],
    [{ kind: "absoluteYearly", interval: 1, month: 2, dayOfMonth: 31 }, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"],
    [{ kind: "absoluteYearly", interval: 1, month: 4, dayOfMonth: 31 }, "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1"],
    [{ kind: "absoluteYearly", interval: 1, month: 12, dayOfMonth: 31 }, "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"],
    [
      { kind: "relativeMonthly", interval: 2, days: ["TH", "FR"], index: -1 },
      "FREQ=MONTHLY;INTERVAL=2;BYDAY=TH,FR;BYSETPOS=-1"
    ],
    [{ kind: "relativeYearly", interval: 1, month: 11, days: ["WE"], index: -1 }, "FREQ=YEARLY;BYMONTH=11;BYDAY=-1WE"],
    [
      { kind: "relativeYearly", interval: 1, month: 6, days: ["SU", "SA"], index: 3 },
      "FREQ=YEARLY;BYMONTH=6;BYDAY=SA,SU;BYSETPOS=3"
    ]
  ])("writes %j as %s", (pattern, text) => {
    assert.strictEqual(print(pattern), text)
  })

  it("writes WKST where it changes the dates, and only there", () => {
    const text = (
      interval: number,
      days: typeof weekly.days | ["SU", "TU"] | ["TU"] | ["SU"],
      startDate: string
    ): string =>
      ruleText({
        ...start,
        startDate,
        rule: { kind: "pattern", pattern: { ...weekly, interval, days }, range: { kind: "noEnd" } }
      })
    // 7 April 2026 is a Tuesday. A Sunday stands before it in a week from Sunday and after it in one from Monday.
    assert.strictEqual(text(2, ["SU", "TU"], "2026-04-07"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU")
    assert.strictEqual(text(1, ["SU", "TU"], "2026-04-07"), "FREQ=WEEKLY;BYDAY=TU,SU")
    assert.strictEqual(text(2, ["TU"], "2026-04-07"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    assert.strictEqual(text(2, ["TU"], "2026-04-05"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU")
    assert.strictEqual(text(2, ["SU"], "2026-04-07"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU")
    assert.strictEqual(text(2, ["SU"], "none"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU")
  })

  it("ends a day with its last second in UTC, also where midnight does not exist", () => {
    const until = (zone: string, endDate: string, isAllDay = false): string =>
      ruleText({
        ...start,
        zone,
        isAllDay,
        rule: { kind: "pattern", pattern: everyDay, range: { kind: "endDate", endDate } }
      })
    assert.strictEqual(until("America/New_York", "2026-06-30"), "FREQ=DAILY;UNTIL=20260701T035959Z")
    assert.strictEqual(until("Asia/Kathmandu", "2027-04-28"), "FREQ=DAILY;UNTIL=20270428T181459Z")
    assert.strictEqual(until("America/Santiago", "2026-09-05"), "FREQ=DAILY;UNTIL=20260906T035959Z")
    assert.strictEqual(until("America/New_York", "2026-06-30", true), "FREQ=DAILY;UNTIL=20260630")
    assert.strictEqual(until("Moon/Tycho", "2026-06-30"), "FREQ=DAILY;UNTIL=20260630")
    assert.strictEqual(print(everyDay, { kind: "numbered", count: 10 }), "FREQ=DAILY;COUNT=10")
  })

  it("passes a rule kept as text on, tidied", () => {
    assert.strictEqual(
      ruleText({ ...start, rule: { kind: "text", rrule: " rrule:freq=yearly;byweekno=20; " } }),
      "FREQ=YEARLY;BYWEEKNO=20"
    )
  })
})

describe("reading", () => {
  it("reads as the same rule what it prints", () => {
    fc.assert(
      fc.property(anySeries, ({ series }) => {
        const again = parseRule(ruleText(series), series)
        assert.strictEqual(again.kind, "pattern")
        const from = midnight(series.startDate) - dayMillis
        assert.deepStrictEqual(
          expand({ ...series, rule: again as Rule }, from, Infinity, 20),
          expand(series, from, Infinity, 20)
        )
        assert.strictEqual(ruleText({ ...series, rule: again as Rule }), ruleText(series))
      }),
      { numRuns: runs(500, 50_000) }
    )
  })

  it.each<[string, Pattern]>([
    ["FREQ=WEEKLY", { kind: "weekly", interval: 1, days: ["TU"], weekStart: "MO" }],
    ["rrule:freq=weekly;wkst=su;byday=fr,mo,fr;", { kind: "weekly", interval: 1, days: ["MO", "FR"], weekStart: "SU" }],
    [
      "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
      { kind: "weekly", interval: 1, days: ["MO", "TU", "WE", "TH", "FR"], weekStart: "MO" }
    ],
    ["FREQ=MONTHLY", { kind: "absoluteMonthly", interval: 1, dayOfMonth: 7 }],
    ["FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", { kind: "relativeMonthly", interval: 1, days: ["TU"], index: 2 }],
    ["FREQ=YEARLY", { kind: "absoluteYearly", interval: 1, month: 4, dayOfMonth: 7 }],
    ["FREQ=YEARLY;BYMONTH=6", { kind: "absoluteYearly", interval: 1, month: 6, dayOfMonth: 7 }],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", { kind: "absoluteYearly", interval: 1, month: 2, dayOfMonth: 31 }]
  ])("takes %s for a pattern", (text, pattern) => {
    assert.deepStrictEqual(parseRule(text, start), { kind: "pattern", pattern, range: { kind: "noEnd" } })
  })

  it.each([
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYMONTHDAY=-2",
    "FREQ=MONTHLY;BYDAY=5MO",
    "FREQ=MONTHLY;BYDAY=1MO,3MO",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;BYMONTH=1,7",
    "FREQ=MONTHLY;BYDAY=MO,TU",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=3",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
    "FREQ=DAILY;BYHOUR=9,15",
    "FREQ=HOURLY"
  ])("leaves %s as text: no pattern of Outlook's says it", (rrule) => {
    assert.deepStrictEqual(parseRule(rrule, start), { kind: "text", rrule })
  })

  it("turns UNTIL into the last date whose occurrence has begun by then", () => {
    const end = (until: string, startTime = start.startTime): unknown => {
      const rule = parseRule(`FREQ=DAILY;UNTIL=${until}`, { ...start, startTime })
      return rule.kind === "pattern" && rule.range.kind === "endDate" ? rule.range.endDate : rule
    }
    assert.strictEqual(end("20260630T140000Z"), "2026-06-30")
    assert.strictEqual(end("20260630T135959Z"), "2026-06-29")
    assert.strictEqual(end("20260701T035959Z"), "2026-06-30")
    assert.strictEqual(end("20260630"), "2026-06-30")
    assert.strictEqual(end("20260630T100000"), "2026-06-30")
    assert.strictEqual(end("20260630T095959"), "2026-06-29")
    // Ten past one for the second time: half past one was, for the first time, forty minutes ago.
    assert.strictEqual(end("20261101T061000Z", 5_400_000), "2026-11-01")
  })

  it.each([
    ["", "not a rule", ""],
    ["INTERVAL=2", "not a rule", "FREQ"],
    ["FREQ=DAILY BYDAY=MO", "not a rule", "FREQ=DAILY BYDAY=MO"],
    ["DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY", "not a rule", "DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY"],
    ["FREQ=FORTNIGHTLY", "out of range", "FREQ"],
    ["FREQ=DAILY,WEEKLY", "out of range", "FREQ"],
    ["FREQ=DAILY;FREQ=DAILY", "part twice", "FREQ"],
    ["FREQ=DAILY;BYEASTER=1", "unknown part", "BYEASTER"],
    ["FREQ=DAILY;COUNT=0", "out of range", "COUNT"],
    ["FREQ=DAILY;INTERVAL=0", "out of range", "INTERVAL"],
    ["FREQ=DAILY;COUNT=3;UNTIL=20270101", "parts do not go together", "COUNT"],
    ["FREQ=DAILY;UNTIL=20260230", "out of range", "UNTIL"],
    ["FREQ=DAILY;UNTIL=tomorrow", "out of range", "UNTIL"],
    ["FREQ=WEEKLY;BYDAY=XX", "out of range", "BYDAY"],
    ["FREQ=WEEKLY;BYDAY=1MO", "parts do not go together", "BYDAY"],
    ["FREQ=WEEKLY;BYMONTHDAY=1", "parts do not go together", "BYMONTHDAY"],
    ["FREQ=MONTHLY;BYWEEKNO=1", "parts do not go together", "BYWEEKNO"],
    ["FREQ=MONTHLY;BYYEARDAY=1", "parts do not go together", "BYYEARDAY"],
    ["FREQ=MONTHLY;BYSETPOS=1", "parts do not go together", "BYSETPOS"],
    ["FREQ=MONTHLY;BYMONTHDAY=0", "out of range", "BYMONTHDAY"],
    ["FREQ=MONTHLY;BYMONTHDAY=32", "out of range", "BYMONTHDAY"],
    [`FREQ=DAILY;BYHOUR=${"1,".repeat(5000)}1`, "too long", ""]
  ])("refuses %j: %s %s", (text, reason, part) => {
    assert.deepStrictEqual<unknown>(parseRule(text, start), { kind: "rejected", reason, part })
  })

  it("answers any text with a rule or a rejection", () => {
    const almost = anyRuleText.chain(({ rrule }) =>
      fc
        .tuple(fc.nat(rrule.length), fc.string({ maxLength: 4 }))
        .map(([at, text]) => rrule.slice(0, at) + text + rrule.slice(at + 2))
    )
    fc.assert(
      fc.property(fc.oneof(almost, fc.string(), fc.constantFrom("FREQ=__proto__", "CONSTRUCTOR=1")), (text) => {
        const rule = parseRule(text, start)
        if (rule.kind === "rejected") return assert.isTrue(rule.reason.length > 0)
        assert.match(ruleText({ ...start, rule }), /^[A-Z]+=/)
        assert.isAtMost(expand({ ...start, rule, durationMillis: 1 }, 0, Infinity, 2).length, 2)
      }),
      { numRuns: runs(500, 5000) }
    )
  })
})

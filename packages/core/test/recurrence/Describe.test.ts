/** Rules in words: each pattern and range by example, and that every rule has some. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { type Pattern, type Range, ruleWords } from "../../src/recurrence/index.ts"
import { anyRuleText } from "./RandomRule.ts"
import { anySeries, runs } from "./RandomSeries.ts"

const words = (pattern: Pattern, range: Range = { kind: "noEnd" }): string =>
  ruleWords({ kind: "pattern", pattern, range })
const weekly = { kind: "weekly", interval: 1, weekStart: "SU" } as const

describe("words", () => {
  it.each<[string, Pattern]>([
    ["every day", { kind: "daily", interval: 1 }],
    ["every 3 days", { kind: "daily", interval: 3 }],
    ["every week on Monday, Wednesday and Friday", { ...weekly, days: ["MO", "WE", "FR"] }],
    ["every 2 weeks on Tuesday", { ...weekly, interval: 2, days: ["TU"] }],
    ["every weekday", { ...weekly, days: ["MO", "TU", "WE", "TH", "FR"] }],
    ["every day", { ...weekly, days: ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] }],
    ["every month on the 15th", { kind: "absoluteMonthly", interval: 1, dayOfMonth: 15 }],
    ["every 3 months on the 22nd", { kind: "absoluteMonthly", interval: 3, dayOfMonth: 22 }],
    ["every month on the 11th", { kind: "absoluteMonthly", interval: 1, dayOfMonth: 11 }],
    [
      "every month on the 30th, or the last day of a shorter month",
      { kind: "absoluteMonthly", interval: 1, dayOfMonth: 30 }
    ],
    ["every month on the last day", { kind: "absoluteMonthly", interval: 1, dayOfMonth: 31 }],
    ["every month on the first Monday", { kind: "relativeMonthly", interval: 1, days: ["MO"], index: 1 }],
    [
      "every month on the last weekday",
      { kind: "relativeMonthly", interval: 1, days: ["MO", "TU", "WE", "TH", "FR"], index: -1 }
    ],
    [
      "every 2 months on the second Thursday or Friday",
      { kind: "relativeMonthly", interval: 2, days: ["TH", "FR"], index: 2 }
    ],
    ["every year on 15 March", { kind: "absoluteYearly", interval: 1, month: 3, dayOfMonth: 15 }],
    ["every year on 30 April", { kind: "absoluteYearly", interval: 1, month: 4, dayOfMonth: 31 }],
    [
      "every 4 years on 29 February, or 28 in a common year",
      { kind: "absoluteYearly", interval: 4, month: 2, dayOfMonth: 29 }
    ],
    ["every year on the last day of February", { kind: "absoluteYearly", interval: 1, month: 2, dayOfMonth: 31 }],
    [
      "every year on the last Wednesday of November",
      { kind: "relativeYearly", interval: 1, month: 11, days: ["WE"], index: -1 }
    ]
  ])("says %j", (text, pattern) => {
    assert.strictEqual(words(pattern), text)
  })

  it("says how long it goes on", () => {
    const daily = { kind: "daily", interval: 1 } as const
    assert.strictEqual(words(daily, { kind: "numbered", count: 10 }), "every day, 10 times")
    assert.strictEqual(words(daily, { kind: "numbered", count: 1 }), "every day, once")
    assert.strictEqual(words(daily, { kind: "endDate", endDate: "2026-12-31" }), "every day, until 31 December 2026")
  })

  it("lets rrule say what lies outside Outlook's patterns, or gives the rule itself", () => {
    assert.strictEqual(
      ruleWords({ kind: "text", rrule: "FREQ=MONTHLY;BYDAY=-2FR" }),
      "every month on the 2nd last Friday"
    )
    assert.strictEqual(ruleWords({ kind: "text", rrule: "freq=yearly;byweekno=20" }), "every year in week 20")
    assert.strictEqual(ruleWords({ kind: "text", rrule: "FREQ=HOURLY;INTERVAL=3" }), "every 3 hours")
    assert.strictEqual(ruleWords({ kind: "text", rrule: "whenever" }), "by the rule whenever")
  })

  it.each([
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-2",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYMONTH=1",
    "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
    "FREQ=DAILY;BYHOUR=9,15",
    "FREQ=HOURLY;BYDAY=MO",
    "FREQ=SECONDLY"
  ])("gives %s itself, of which rrule would drop a part or has no words", (rrule) => {
    assert.strictEqual(ruleWords({ kind: "text", rrule }), `by the rule ${rrule}`)
  })

  it("has words for every rule", () => {
    fc.assert(
      fc.property(anySeries, anyRuleText, ({ series }, { rrule }) => {
        assert.match(ruleWords(series.rule), /^every [a-z0-9]/)
        assert.notMatch(ruleWords(series.rule), /undefined|NaN/)
        assert.match(ruleWords({ kind: "text", rrule }), /^(every|by the rule|in) /)
      }),
      { numRuns: runs(500, 5000) }
    )
  })
})

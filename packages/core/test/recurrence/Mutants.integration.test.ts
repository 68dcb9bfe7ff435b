/** Whether the tests of law C8 would notice: each mistake must turn them red. */
import { assert, describe, it } from "@effect/vitest"
import { type Mistake, colourOf, drawn } from "../MutantProcess.ts"

const tests = ["recurrence/Expand.test.ts", "recurrence/SecondOpinion.test.ts", "recurrence/Rfc5545Expand.test.ts"]

const dates = "recurrence/PatternDates.ts"
const expand = "recurrence/Expand.ts"
const free = "recurrence/Rfc5545Expand.ts"
const readings = "recurrence/Rfc5545Readings.ts"
const offsets = "recurrence/ZoneOffsets.ts"
const exceptions = "recurrence/Exceptions.ts"
const ruleText = "recurrence/RuleText.ts"

const mistakes: ReadonlyArray<Mistake> = [
  {
    name: "a count begins a date late",
    file: dates,
    search: "nth: (n) => start + (n - 1) * interval",
    replace: "nth: (n) => start + n * interval"
  },
  {
    name: "a date on a daily pattern is passed over",
    file: dates,
    search: "start + Math.ceil((day - start) / interval) * interval",
    replace: "start + Math.floor((day - start) / interval + 1) * interval"
  },
  {
    name: "weeks begin on Monday, whatever was said",
    file: dates,
    search: "const startPosition = (weekdayOf(start) - weekStart + 7) % 7",
    replace: "const startPosition = weekdayOf(start)"
  },
  {
    name: "weeks that are skipped are not",
    file: dates,
    search: "const period = interval * 7",
    replace: "const period = 7"
  },
  {
    name: "a short month has no last day",
    file: dates,
    search: "dayOfMonth <= 28 ? dayOfMonth : Math.min(dayOfMonth, monthLength(year, month))",
    replace: "dayOfMonth"
  },
  {
    name: "the last weekday of a month is looked for from the day before",
    file: dates,
    search: "return last - 6 + highestBit(",
    replace: "return last - 7 + highestBit("
  },
  {
    name: "years are stepped over as months",
    file: dates,
    search: "monthly(start, year * 12 + month - 1, interval * 12, dayIn)",
    replace: "monthly(start, year * 12 + month - 1, interval, dayIn)"
  },
  {
    name: "the end date is shut out",
    file: dates,
    search: "return parseDate(range.endDate)",
    replace: "return parseDate(range.endDate) - 1"
  },
  {
    name: "the window's end is let in",
    file: expand,
    search: "if (!(start < to)) break",
    replace: "if (!(start <= to)) break"
  },
  {
    name: "what is next may be now",
    file: expand,
    search: "const from = Math.floor(after) + 1",
    replace: "const from = Math.floor(after)"
  },
  {
    name: "skipping ahead goes a day too far",
    file: expand,
    search: "- series.startTime) / dayMillis) - 1",
    replace: "- series.startTime) / dayMillis) + 1"
  },
  {
    name: "the time of day is UTC's",
    file: expand,
    search: "const start = instantOf(clock, day * dayMillis + series.startTime)\n    if (!(start < to)) break",
    replace: "const start = day * dayMillis + series.startTime\n    if (!(start < to)) break"
  },
  {
    name: "an UNTIL is shut out",
    file: free,
    search: "return until.millis + 1",
    replace: "return until.millis"
  },
  {
    name: "readings that fall together count twice",
    file: free,
    search: "i === 0 || sorted[i - 1]?.start !== start",
    replace: "i >= 0 || start > 0"
  },
  {
    name: "a time that is shown twice is the second, and one that is never shown comes early",
    file: offsets,
    search: "transition + Math.max(offset, found)",
    replace: "transition + Math.min(offset, found)"
  },
  {
    name: "zones that are half an hour off are not",
    file: offsets,
    search: "Number(minutes) * 60 +",
    replace: "0 * Number(minutes) +"
  },
  {
    name: "clocks that go forward and back within a summer stay",
    file: offsets,
    search: "const gridMillis = 6 *",
    replace: "const gridMillis = 300 *"
  },
  {
    name: "a count begins where the look begins",
    file: readings,
    search: "parts.count === null ? first : start",
    replace: "parts.count === null ? first : first"
  },
  {
    name: "an interval counts from the calendar's first period",
    file: readings,
    search: "(period - phase) % parts.interval",
    replace: "period % parts.interval"
  },
  {
    name: "the last of a set is the last but one",
    file: readings,
    search: "set.length + position)",
    replace: "set.length + position - 1)"
  },
  {
    name: "what was cancelled takes place",
    file: exceptions,
    search: ".filter(({ date }) => !overlay.replaced.has(date))",
    replace: "",
    tests: ["recurrence/Exceptions.test.ts"]
  },
  {
    name: "cancelled dates use up the limit",
    file: exceptions,
    search: "limit + overlay.replaced.size",
    replace: "limit",
    tests: ["recurrence/Exceptions.test.ts"]
  },
  {
    name: "a move brings back what was cancelled",
    file: exceptions,
    search: "if (!gone.has(date)) byDate",
    replace: "byDate",
    tests: ["recurrence/Exceptions.test.ts"]
  },
  {
    name: "what is next passes over what was moved",
    file: exceptions,
    search: "byStart(candidate, least) < 0",
    replace: "byStart(candidate, least) > 0",
    tests: ["recurrence/Exceptions.test.ts"]
  },
  {
    name: "an RRULE for the 31st skips short months",
    file: ruleText,
    search: 'day === 31) return ["BYMONTHDAY=-1"]',
    replace: 'day === 31) return ["BYMONTHDAY=31"]'
  },
  {
    name: "an UNTIL ends before its last day",
    file: ruleText,
    search: "instantOf(clock, (day + 1) * dayMillis) - 1000",
    replace: "instantOf(clock, day * dayMillis) - 1000"
  }
]

describe("the tests of C8 notice", () => {
  it.each(drawn(mistakes, 3))("that $name", (mistake) => {
    assert.strictEqual(colourOf(mistake, mistake.tests ?? tests), "red")
  })

  it("nothing in the code as it stands", () => {
    const none = {
      name: "nothing",
      file: dates,
      search: "const period = interval * 7",
      replace: "const period = 7 * interval"
    }
    assert.strictEqual(colourOf(none, tests.slice(0, 1)), "green")
  })
})

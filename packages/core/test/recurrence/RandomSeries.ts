/**
 * Random recurring series for tests, biased towards what breaks expansion: days 28 to 31, starts off the pattern, times
 * at which clocks change, zones with odd rules. Decides nothing about what is right.
 */
import * as fc from "fast-check"
import {
  type Index,
  type Pattern,
  type Recurrence,
  type RecurringSeries,
  weekdays
} from "../../src/recurrence/index.ts"
import { type PlainPattern, type PlainRange, type PlainRule, dateOf, midnight } from "./Oracle.ts"

/** How many random cases: few by default, the full number when something is to be proved. */
export const runs = (usual: number, proving: number): number => (process.env["PROVE"] === "1" ? proving : usual)

export const types = ["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"]
const dayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

/** Zones whose clocks do something unusual, and a few ordinary ones; any other zone now and then. */
const oddZones = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Asuncion",
  "America/Havana",
  "America/New_York",
  "America/Nuuk",
  "America/Santiago",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Antarctica/Troll",
  "Asia/Amman",
  "Asia/Beirut",
  "Asia/Gaza",
  "Asia/Jerusalem",
  "Asia/Kolkata",
  "Asia/Tehran",
  "Atlantic/Azores",
  "Australia/Lord_Howe",
  "Europe/Dublin",
  "Europe/London",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Pacific/Easter",
  "Pacific/Norfolk",
  "UTC"
]

export const anyZone: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...oddZones) },
  { weight: 1, arbitrary: fc.constantFrom(...Intl.supportedValuesOf("timeZone")) }
)

/** Years in which every zone's history is settled and transitions lie at least six days apart. */
export const anyDate: fc.Arbitrary<string> = fc
  .integer({ min: midnight("1995-01-01") / 86_400_000, max: midnight("2037-12-31") / 86_400_000 })
  .map((day) => dateOf(day * 86_400_000))

const anyTime = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 47 }).map((half) => half * 1_800_000) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1439 }).map((minute) => minute * 60_000) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 11 }).map((quarter) => quarter * 900_000) }
)

const anyPattern: fc.Arbitrary<PlainPattern> = fc.record({
  type: fc.constantFrom(...types),
  interval: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: 5, max: 24 }) }
  ),
  month: fc.oneof(fc.constant(2), fc.integer({ min: 1, max: 12 })),
  dayOfMonth: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 28, max: 31 })),
  daysOfWeek: fc.subarray(dayNames, { minLength: 1 }),
  firstDayOfWeek: fc.constantFrom(...dayNames),
  index: fc.constantFrom("first", "second", "third", "fourth", "last")
})

const anyRange = (startDate: string): fc.Arbitrary<PlainRange> =>
  fc
    .record({
      type: fc.constantFrom("noEnd", "numbered", "endDate"),
      numberOfOccurrences: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 999 })),
      daysLong: fc.oneof(fc.integer({ min: -3, max: 40 }), fc.integer({ min: 0, max: 4000 }))
    })
    .map(({ type, numberOfOccurrences, daysLong }) => ({
      type,
      startDate,
      endDate: type === "endDate" ? dateOf(midnight(startDate) + daysLong * 86_400_000) : "0001-01-01",
      numberOfOccurrences: type === "numbered" ? numberOfOccurrences : 0
    }))

export interface RandomSeries {
  /** The rule as the oracle reads it. */
  readonly plain: PlainRule
  readonly series: RecurringSeries & { readonly rule: Recurrence }
}

/** A series, and its rule in the oracle's notation. */
export const anySeries: fc.Arbitrary<RandomSeries> = fc
  .tuple(anyDate, anyPattern, anyTime, anyZone, fc.constantFrom(900_000, 3_600_000, 90_000_000))
  .chain(([startDate, pattern, startTime, zone, durationMillis]) =>
    anyRange(startDate).map((range) => {
      const plain = { pattern, range }
      return { plain, series: { rule: ruleOf(plain), startDate, startTime, durationMillis, zone } }
    })
  )

const indices: { readonly [index: string]: Index } = { first: 1, second: 2, third: 3, fourth: 4, last: -1 }

/** What the notation means, in the code's own terms. */
const ruleOf = ({ pattern, range }: PlainRule): Recurrence => ({
  kind: "pattern",
  pattern: patternOf(pattern),
  range:
    range.type === "numbered"
      ? { kind: "numbered", count: range.numberOfOccurrences }
      : range.type === "endDate"
        ? { kind: "endDate", endDate: range.endDate }
        : { kind: "noEnd" }
})

const patternOf = ({
  dayOfMonth,
  daysOfWeek = [],
  firstDayOfWeek,
  interval,
  month,
  ...rest
}: PlainPattern): Pattern => {
  const days = weekdays.filter((_, place) => daysOfWeek.includes(dayNames[place] ?? ""))
  const index = indices[rest.index] ?? 1
  switch (rest.type) {
    case "daily":
      return { kind: "daily", interval }
    case "weekly":
      return { kind: "weekly", interval, days, weekStart: weekdays[dayNames.indexOf(firstDayOfWeek)] ?? "MO" }
    case "absoluteMonthly":
      return { kind: "absoluteMonthly", interval, dayOfMonth }
    case "relativeMonthly":
      return { kind: "relativeMonthly", interval, days, index }
    case "absoluteYearly":
      return { kind: "absoluteYearly", interval, month, dayOfMonth }
    default:
      return { kind: "relativeYearly", interval, month, days, index }
  }
}

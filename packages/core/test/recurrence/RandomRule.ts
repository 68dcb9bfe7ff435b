/**
 * Random RRULE values that RFC 5545 allows, most of them outside Outlook's patterns. Decides nothing about their meaning.
 */
import * as fc from "fast-check"
import { anyDate } from "./RandomSeries.ts"

const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

export interface RandomRule {
  readonly rrule: string
  /** The series' start, local. */
  readonly start: string
}

/** Absent more often than not, else one to three of the values. */
const part = <A>(name: string, values: fc.Arbitrary<A>, often = 1): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant("") },
    {
      weight: often,
      arbitrary: fc.uniqueArray(values, { minLength: 1, maxLength: 3 }).map((list) => `${name}=${list.join(",")}`)
    }
  )

const fromEitherEnd = (max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 1, max }), fc.integer({ min: -max, max: -1 }))

const weekday = fc.constantFrom(...weekdays)
const ordinalDay = (max: number): fc.Arbitrary<string> =>
  fc.oneof(
    weekday,
    fc.tuple(fromEitherEnd(max), weekday).map(([n, day]) => `${n}${day}`)
  )

const none = fc.constant("")
const byMonth = part("BYMONTH", fc.integer({ min: 1, max: 12 }))
const byMonthDay = part("BYMONTHDAY", fromEitherEnd(31), 2)
const byYearDay = part("BYYEARDAY", fromEitherEnd(366), 2)
const byDay = part("BYDAY", weekday, 3)

/** The day parts that the RFC allows for a frequency. */
const dayParts: { readonly [frequency: string]: ReadonlyArray<fc.Arbitrary<string>> } = {
  YEARLY: [byMonth, byMonthDay, byYearDay, part("BYDAY", ordinalDay(6), 3)],
  YEARLY_WEEKS: [part("BYWEEKNO", fromEitherEnd(53), 9), byDay],
  MONTHLY: [byMonth, byMonthDay, part("BYDAY", ordinalDay(5), 3)],
  WEEKLY: [byMonth, byDay],
  DAILY: [byMonth, byMonthDay, byDay],
  HOURLY: [byMonth, byMonthDay, byYearDay, byDay],
  MINUTELY: [byMonth, byDay]
}

/** Rising, since `rrule` gives times in the order in which a rule names them. */
const rising = (name: string, values: ReadonlyArray<number>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: none },
    {
      weight: 1,
      arbitrary: fc.subarray([...values], { minLength: 1, maxLength: 3 }).map((list) => `${name}=${list.join(",")}`)
    }
  )

const byHour = rising(
  "BYHOUR",
  Array.from({ length: 24 }, (_, hour) => hour)
)
const byMinute = rising("BYMINUTE", [0, 15, 30, 45, 50])

const anyEnd = fc.oneof(
  none,
  none,
  fc.integer({ min: 1, max: 40 }).map((count) => `COUNT=${count}`),
  fc.integer({ min: 2026, max: 2040 }).map((year) => `UNTIL=${year}0630T120000Z`)
)

export const anyRuleText: fc.Arbitrary<RandomRule> = fc
  .tuple(fc.constantFrom(...Object.keys(dayParts)), anyDate)
  .chain(([kind, date]) =>
    fc
      .tuple(
        fc.tuple(...(dayParts[kind] ?? [])),
        byHour,
        byMinute,
        fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 7 })),
        fc.constantFrom("", "", "WKST=SU", "WKST=WE"),
        fc.oneof(
          { weight: 4, arbitrary: none },
          { weight: 1, arbitrary: fromEitherEnd(6).map((n) => `BYSETPOS=${n}`) }
        ),
        anyEnd
      )
      .map(([days, hour, minute, interval, weekStart, setPosition, end]) => {
        const parts = [...days, hour, minute].filter((each) => each !== "")
        // The RFC wants another part beside a set position.
        const place = parts.length > 0 ? setPosition : ""
        const rrule = [`FREQ=${kind.replace("_WEEKS", "")}`, `INTERVAL=${interval}`, ...parts, place, weekStart, end]
        return { rrule: rrule.filter((each) => each !== "").join(";"), start: `${date}T09:30:00` }
      })
  )

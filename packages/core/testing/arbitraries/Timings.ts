/**
 * Generators of when a series takes place.
 *
 * Decides rules and times of day at which expansion could slip: dense ones, so that they meet the days around now.
 */
import { Arbitrary } from "effect"
import type { RecurringSeries, Rule } from "../../src/recurrence/Rule.ts"
import { type Frame, anyOf, dateNear, hour, length, minute, oneOf, seldom, zone } from "./Values.ts"

/** Patterns that often meet the days around now. */
const rule: Arbitrary.Arbitrary<Rule> = anyOf<Rule>([
  Arbitrary.map(oneOf([1, 2]), (interval) => ({
    kind: "pattern",
    pattern: { kind: "daily", interval },
    range: { kind: "noEnd" }
  })),
  Arbitrary.map(oneOf([1, 3, 12]), (count) => ({
    kind: "pattern",
    pattern: { kind: "weekly", interval: 1, days: ["MO", "WE", "SU"], weekStart: "SU" },
    range: { kind: "numbered", count }
  })),
  Arbitrary.Constant({
    kind: "pattern",
    pattern: { kind: "relativeMonthly", interval: 1, days: ["SU"], index: -1 },
    range: { kind: "endDate", endDate: "2030-12-31" }
  }),
  Arbitrary.Constant({ kind: "text", rrule: "FREQ=DAILY;BYHOUR=9,17" })
])

/** Begins at midnight, at two and three, when clocks change, or late in the evening. */
export const timing = (frame: Frame): Arbitrary.Arbitrary<RecurringSeries> =>
  Arbitrary.map(
    Arbitrary.all({
      rule,
      startDate: dateNear(frame),
      startTime: oneOf([0, 2 * hour, 2.5 * hour, 3 * hour, 9 * hour, 23 * hour + 59 * minute]),
      durationMillis: length,
      zone,
      isAllDay: seldom(6)
    }),
    ({ isAllDay, ...members }) => (isAllDay ? { ...members, isAllDay } : members)
  )

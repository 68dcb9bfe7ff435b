/**
 * Recurring series: what they repeat by, how that is written and said, and when they take place.
 *
 * A door to plain data and plain functions: nothing here runs effects, reads a clock or throws.
 */

// What a series repeats by.
export type {
  AbsoluteMonthly,
  AbsoluteYearly,
  Daily,
  Index,
  LocalDate,
  Occurrence,
  Pattern,
  Range,
  Recurrence,
  RecurringSeries,
  RelativeMonthly,
  RelativeYearly,
  Rule,
  TextRule,
  Weekday,
  Weekly
} from "./Rule.ts"
export { isLocalDate, weekdays } from "./CivilDate.ts"

// To and from RFC 5545, into words.
export { type SeriesStart, parseRule, ruleText } from "./RuleText.ts"
export type { TextRejection } from "./RuleParts.ts"
export { ruleWords } from "./Describe.ts"

// When it takes place.
export { datesFrom, expand, next } from "./Expand.ts"
export { type Exceptions, expandWith, movedAcross, nextWith } from "./Exceptions.ts"

// Where: zones and their clocks.
export { offsetZone, resolvePlace, resolveSpoken, resolveZone, resolveZones } from "./Zones.ts"
export { type WrittenTime, parseWrittenTime } from "./WrittenTime.ts"
export { type LocalTime, startOfDay, toInstant, toLocal } from "./WallClock.ts"

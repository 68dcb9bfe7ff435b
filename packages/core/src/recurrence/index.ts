/** Recurring series: what they repeat by, and when they take place. Pure, and without the Effect runtime. */
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
export { datesFrom, expand, next } from "./Expand.ts"
export { type Exceptions, expandWith, nextWith } from "./Exceptions.ts"

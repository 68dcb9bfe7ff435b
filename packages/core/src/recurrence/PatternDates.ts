/**
 * The dates of the common patterns, by arithmetic alone.
 *
 * Decides the first date on a pattern from a given day on, and the last date of its range, each in constant time however
 * long the series has run. Never walks from the start and knows no time of day.
 *
 * A start off the pattern is no occurrence, and a count begins with the first date that is on it. The phase of an
 * interval comes from the day, week, month or year that holds the start.
 */
import {
  bitCount7,
  dayMax,
  dayMin,
  dayOf,
  monthLength,
  monthOf,
  packedOf,
  parseDate,
  weekdayMask,
  weekdayOf,
  weekdays,
  yearMax,
  yearOf
} from "./CivilDate.ts"
import type { Index, LocalDate, Pattern, Range, Recurrence, Weekday } from "./Rule.ts"

/** The dates of one series, as day numbers. */
export interface PatternDates {
  /** No date lies before this day. */
  readonly first: number
  /** No date lies after this day. */
  readonly last: number
  /** The first day on the pattern that is not before `day`, which must be one from `first` to `last`; may pass `last`. */
  readonly onOrAfter: (day: number) => number
}

/** The dates of a rule that starts on a date; none at all when the rule or the date is malformed. */
export const patternDates = (rule: Recurrence, startDate: LocalDate): PatternDates => {
  const start = parseDate(startDate)
  const steps = Number.isNaN(start) || !isSound(rule) ? null : stepsOf(rule.pattern, start)
  if (steps === null) return never
  return { first: start, last: lastDay(rule.range, steps), onOrAfter: steps.onOrAfter }
}

/** What a pattern is once its start is known. */
interface Steps {
  readonly onOrAfter: (day: number) => number
  /** The day of the n-th date, from 1; may pass the end of the calendar. */
  readonly nth: (n: number) => number
}

const never: PatternDates = { first: dayMax, last: dayMin, onOrAfter: () => dayMax + 1 }

const lastDay = (range: Range, steps: Steps): number => {
  switch (range.kind) {
    case "noEnd":
      return dayMax
    case "numbered":
      return Math.min(steps.nth(range.count), dayMax)
    case "endDate":
      // NaN, for an end that is no date, is before everything in each comparison to come.
      return parseDate(range.endDate)
  }
}

const isSound = ({ pattern, range }: Recurrence): boolean =>
  Number.isSafeInteger(pattern.interval) &&
  pattern.interval >= 1 &&
  (range.kind !== "numbered" || (Number.isSafeInteger(range.count) && range.count >= 1))

const stepsOf = (pattern: Pattern, start: number): Steps | null => {
  const packed = packedOf(start)
  const year = yearOf(packed)
  switch (pattern.kind) {
    case "daily":
      return daily(start, pattern.interval)
    case "weekly":
      return weekly(start, pattern.interval, weekdayMask(pattern.days), weekdays.indexOf(pattern.weekStart))
    case "absoluteMonthly":
      return monthly(start, year * 12 + monthOf(packed) - 1, pattern.interval, clamped(pattern.dayOfMonth))
    case "relativeMonthly":
      return monthly(start, year * 12 + monthOf(packed) - 1, pattern.interval, ordinal(pattern.days, pattern.index))
    case "absoluteYearly":
      return yearly(start, year, pattern.month, pattern.interval, clamped(pattern.dayOfMonth))
    case "relativeYearly":
      return yearly(start, year, pattern.month, pattern.interval, ordinal(pattern.days, pattern.index))
  }
}

const daily = (start: number, interval: number): Steps => ({
  onOrAfter: (day) => start + Math.ceil((day - start) / interval) * interval,
  nth: (n) => start + (n - 1) * interval
})

/** `mask` has Monday lowest; here it is turned so that the week's first day is, and a week is read from bit 0 up. */
const weekly = (start: number, interval: number, mask: number, weekStart: number): Steps | null => {
  if (mask === 0 || weekStart < 0) return null
  const turned = ((mask >> weekStart) | (mask << (7 - weekStart))) & 127
  const startPosition = (weekdayOf(start) - weekStart + 7) % 7
  const firstWeek = start - startPosition
  const period = interval * 7
  const onOrAfter = (day: number): number => {
    const week = firstWeek + Math.floor((day - firstWeek) / period) * period
    const position = day - week
    const rest = position < 7 ? turned >> position : 0
    return rest === 0 ? week + period + lowestBit(turned) : day + lowestBit(rest)
  }
  const nth = (n: number): number => {
    const daysAWeek = bitCount7(turned)
    const index = bitCount7(turned & ((1 << startPosition) - 1)) + n - 1
    return firstWeek + Math.floor(index / daysAWeek) * period + nthBit(turned, index % daysAWeek)
  }
  return { onOrAfter, nth }
}

/** The one day of a month that the pattern means. */
type DayInMonth = (year: number, month: number) => number

const clamped = (dayOfMonth: number): DayInMonth | null =>
  Number.isInteger(dayOfMonth) && dayOfMonth >= 1 && dayOfMonth <= 31
    ? (year, month) =>
        dayOf(year, month, dayOfMonth <= 28 ? dayOfMonth : Math.min(dayOfMonth, monthLength(year, month)))
    : null

/** The index-th (or last) of the days in a set: four full weeks hold each weekday, so it always exists. */
const ordinal = (days: ReadonlyArray<Weekday>, index: Index): DayInMonth | null => {
  const mask = weekdayMask(days)
  if (mask === 0 || !(index === -1 || (index >= 1 && index <= 4))) return null
  const doubled = mask | (mask << 7)
  if (index === -1) {
    return (year, month) => {
      const last = dayOf(year, month, monthLength(year, month))
      // The week that ends with the last day: bit 6 is that day, bit 0 the one six days before.
      return last - 6 + highestBit((doubled >> (weekdayOf(last) + 1)) & 127)
    }
  }
  const daysAWeek = bitCount7(mask)
  const weeks = Math.floor((index - 1) / daysAWeek) * 7
  const place = (index - 1) % daysAWeek
  return (year, month) => {
    const first = dayOf(year, month, 1)
    return first + weeks + nthBit((doubled >> weekdayOf(first)) & 127, place)
  }
}

const yearly = (start: number, year: number, month: number, interval: number, dayIn: DayInMonth | null): Steps | null =>
  Number.isInteger(month) && month >= 1 && month <= 12
    ? monthly(start, year * 12 + month - 1, interval * 12, dayIn)
    : null

/** One date every `step` months, beginning with `firstMonth`; months are numbered through, `year * 12 + month - 1`. */
const monthly = (start: number, firstMonth: number, step: number, dayIn: DayInMonth | null): Steps | null => {
  if (dayIn === null) return null
  const dayInMonth = (month: number): number =>
    month > monthNumberMax ? dayMax + 1 : dayIn((month / 12) | 0, (month % 12) + 1)
  const onOrAfter = (day: number): number => {
    const packed = packedOf(day)
    const behind = yearOf(packed) * 12 + monthOf(packed) - 1 - firstMonth
    const month = firstMonth + (behind <= 0 ? 0 : Math.ceil(behind / step) * step)
    const found = dayInMonth(month)
    return found >= day ? found : dayInMonth(month + step)
  }
  // The first month's date may lie before the start, and then it is not the first one.
  const nth = (n: number): number => dayInMonth(firstMonth + (n - (dayInMonth(firstMonth) >= start ? 1 : 0)) * step)
  return { onOrAfter, nth }
}

const monthNumberMax = yearMax * 12 + 11

const lowestBit = (mask: number): number => 31 - Math.clz32(mask & -mask)

const highestBit = (mask: number): number => 31 - Math.clz32(mask)

/** The position of the n-th set bit, from 0. */
const nthBit = (mask: number, n: number): number => {
  let rest = mask
  for (let i = 0; i < n; i++) rest &= rest - 1
  return lowestBit(rest)
}

/**
 * Rules as text, RFC 5545 §3.3.10, both ways.
 *
 * Decides how each of the common patterns and ranges is written, and which written rules are one of those patterns: they
 * are then plain data and expanded by arithmetic. Any other valid rule stays text. Never expands.
 */
import {
  dayMillis,
  dayMin,
  dayOfMonthOf,
  formatDay,
  monthLength,
  monthOf,
  packedOf,
  parseDate,
  weekdayOf,
  weekdays
} from "./CivilDate.ts"
import type { Index, LocalDate, Pattern, Range, Recurrence, RecurringSeries, Rule, Weekday, Weekly } from "./Rule.ts"
import { type RuleParts, type TextRejection, bareRule, parseParts } from "./RuleParts.ts"
import { instantOf, readingOf, wallClock } from "./WallClock.ts"

/** What a rule's text leaves to the series' start: the day, the time of day, and the zone that an UNTIL is held against. */
export type SeriesStart = Pick<RecurringSeries, "startDate" | "startTime" | "zone">

/**
 * The RRULE value of a rule, without the property's name, e.g. `FREQ=WEEKLY;BYDAY=MO,WE,FR`.
 *
 * An end date becomes an UNTIL in UTC, one second before the next local date begins, or a plain date when the series is
 * all-day. WKST is written only where it changes the dates of this series.
 */
export const ruleText = (series: Pick<RecurringSeries, "rule" | "startDate" | "zone" | "isAllDay">): string => {
  const { rule } = series
  return rule.kind === "text"
    ? bareRule(rule.rrule)
    : [...patternText(rule.pattern, series.startDate), ...rangeText(rule.range, series)].join(";")
}

/** Reads an RRULE value as the rule of a series that starts so. */
export const parseRule = (text: string, start: SeriesStart): Rule | TextRejection => {
  const rule = readRule(text, start)
  return rule.kind === "parts" ? { kind: "text", rrule: bareRule(text) } : rule
}

/** Like `parseRule`, with the parts of a rule outside the common patterns. */
export const readRule = (text: string, start: SeriesStart): Recurrence | RuleParts | TextRejection => {
  const parts = parseParts(text)
  if (parts.kind === "rejected") return parts
  const startDay = parseDate(start.startDate)
  if (Number.isNaN(startDay)) return parts
  const pattern = patternOf(parts, startDay)
  const range = pattern === null ? null : rangeOf(parts, start)
  return pattern === null || range === null ? parts : { kind: "pattern", pattern, range }
}

const patternText = (pattern: Pattern, startDate: LocalDate): ReadonlyArray<string> => {
  const every = pattern.interval === 1 ? [] : [`INTERVAL=${pattern.interval}`]
  switch (pattern.kind) {
    case "daily":
      return ["FREQ=DAILY", ...every]
    case "weekly": {
      const days = `BYDAY=${inOrder(pattern.days)}`
      return [
        "FREQ=WEEKLY",
        ...every,
        days,
        ...(isWeekStartFelt(pattern, startDate) ? [`WKST=${pattern.weekStart}`] : [])
      ]
    }
    case "absoluteMonthly":
      return ["FREQ=MONTHLY", ...every, ...monthDayText(pattern.dayOfMonth, 28, 31)]
    case "relativeMonthly":
      return ["FREQ=MONTHLY", ...every, ...ordinalText(pattern.days, pattern.index)]
    case "absoluteYearly":
      return [
        "FREQ=YEARLY",
        ...every,
        `BYMONTH=${pattern.month}`,
        ...monthDayText(pattern.dayOfMonth, ...lengthsOf(pattern.month))
      ]
    case "relativeYearly":
      return ["FREQ=YEARLY", ...every, `BYMONTH=${pattern.month}`, ...ordinalText(pattern.days, pattern.index)]
  }
}

/**
 * Whether a series would have other dates if its weeks began on Monday, as a rule without WKST has it. They differ when
 * some weekday stands after the start in its week by the one reckoning and before it by the other, and weeks are skipped.
 */
const isWeekStartFelt = ({ interval, days, weekStart }: Weekly, startDate: LocalDate): boolean => {
  const start = parseDate(startDate)
  if (interval === 1 || weekStart === "MO") return false
  // Nothing to measure by, so say everything.
  if (Number.isNaN(start)) return true
  const first = weekdays.indexOf(weekStart)
  const startDay = weekdayOf(start)
  return days.some((day) => {
    const place = weekdays.indexOf(day)
    return place >= startDay !== (place - first + 7) % 7 >= (startDay - first + 7) % 7
  })
}

/**
 * A day of the month, short months clamped, for months between two lengths. RFC 5545 skips a month that is too short,
 * so the last of the days up to the wanted one is asked for.
 */
const monthDayText = (day: number, shortest: number, longest: number): ReadonlyArray<string> => {
  if (day <= shortest) return [`BYMONTHDAY=${day}`]
  if (day > longest || day === 31) return ["BYMONTHDAY=-1"]
  return [`BYMONTHDAY=${lastDays(day).join(",")}`, "BYSETPOS=-1"]
}

/** The days that stand for `day`, the last existing one being meant: 28 and those above it. */
const lastDays = (day: number): ReadonlyArray<number> => [28, 29, 30, 31].filter((candidate) => candidate <= day)

const lengthsOf = (month: number): readonly [shortest: number, longest: number] => [
  monthLength(commonYear, month),
  monthLength(leapYear, month)
]

const commonYear = 2023
const leapYear = 2024

const ordinalText = (days: ReadonlyArray<Weekday>, index: Index): ReadonlyArray<string> =>
  days.length === 1 ? [`BYDAY=${index}${days[0]}`] : [`BYDAY=${inOrder(days)}`, `BYSETPOS=${index}`]

const inOrder = (days: ReadonlyArray<Weekday>): string => weekdays.filter((day) => days.includes(day)).join(",")

const rangeText = (range: Range, series: Pick<RecurringSeries, "zone" | "isAllDay">): ReadonlyArray<string> => {
  switch (range.kind) {
    case "noEnd":
      return []
    case "numbered":
      return [`COUNT=${range.count}`]
    case "endDate":
      return [`UNTIL=${untilText(range.endDate, series)}`]
  }
}

const untilText = (endDate: LocalDate, { zone, isAllDay }: Pick<RecurringSeries, "zone" | "isAllDay">): string => {
  const clock = wallClock(zone)
  const day = parseDate(endDate)
  // Without a zone to reckon with, the date says what is known: the last day.
  if (isAllDay === true || clock === null || Number.isNaN(day)) return endDate.replaceAll("-", "")
  // One second before the next day begins, not 23:59:59, which a gap may swallow.
  const last = instantOf(clock, (day + 1) * dayMillis) - 1000
  const lastDay = Math.floor(last / dayMillis)
  const seconds = Math.floor((last - lastDay * dayMillis) / 1000)
  const time = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => `${Math.floor(part)}`.padStart(2, "0"))
  return `${formatDay(lastDay).replaceAll("-", "")}T${time.join("")}Z`
}

/** The pattern that a rule's parts come to, or null when it is none of the common ones. */
const patternOf = (parts: RuleParts, startDay: number): Pattern | null => {
  const { interval, weekNumbers, yearDays, hours, minutes, seconds } = parts
  if (weekNumbers.length + yearDays.length + hours.length + minutes.length + seconds.length > 0) return null
  switch (parts.frequency) {
    case "DAILY":
    case "WEEKLY":
      return weeklyOf(parts, startDay)
    case "MONTHLY": {
      if (parts.months.length > 0) return null
      const ordinal = ordinalOf(parts)
      if (ordinal !== null) return { kind: "relativeMonthly", interval, ...ordinal }
      const dayOfMonth = monthDayOf(parts, startDay, 28)
      return dayOfMonth === null ? null : { kind: "absoluteMonthly", interval, dayOfMonth }
    }
    case "YEARLY": {
      const isBare = parts.days.length + parts.monthDays.length === 0
      const month = parts.months[0] ?? (isBare ? monthOf(packedOf(startDay)) : undefined)
      if (month === undefined || parts.months.length > 1) return null
      const ordinal = ordinalOf(parts)
      if (ordinal !== null) return { kind: "relativeYearly", interval, month, ...ordinal }
      const dayOfMonth = monthDayOf(parts, startDay, lengthsOf(month)[0])
      return dayOfMonth === null ? null : { kind: "absoluteYearly", interval, month, dayOfMonth }
    }
    default:
      return null
  }
}

const weeklyOf = (parts: RuleParts, startDay: number): Pattern | null => {
  const { frequency, interval, days, months, monthDays, setPositions } = parts
  if (months.length + monthDays.length + setPositions.length > 0) return null
  if (frequency === "DAILY" && days.length === 0) return { kind: "daily", interval }
  // Every day, if it is one of these: that is weekly, but only while no day is left out by an interval.
  if (frequency === "DAILY" && interval > 1) return null
  const numbers = days.length > 0 ? days.map(({ weekday }) => weekday) : [weekdayOf(startDay)]
  const weekStart = weekdays[parts.weekStart] ?? "MO"
  return { kind: "weekly", interval, days: weekdays.filter((_, weekday) => numbers.includes(weekday)), weekStart }
}

/** One numbered weekday, or a set of weekdays of which one place is taken. */
const ordinalOf = (parts: RuleParts): { readonly days: ReadonlyArray<Weekday>; readonly index: Index } | null => {
  const { days, monthDays, setPositions } = parts
  if (days.length === 0 || monthDays.length > 0 || setPositions.length > 1) return null
  const isNumbered = days.length === 1 && setPositions.length === 0
  if (!isNumbered && days.some(({ ordinal }) => ordinal !== 0)) return null
  const wanted = isNumbered ? days[0]?.ordinal : setPositions[0]
  const index = indices.find((candidate) => candidate === wanted)
  if (index === undefined) return null
  return { days: weekdays.filter((_, weekday) => days.some((day) => day.weekday === weekday)), index }
}

const indices: ReadonlyArray<Index> = [1, 2, 3, 4, -1]

/**
 * The day of the month that a rule means when it means one in every month, a short one's last included; null for rules
 * that skip short months, which the common patterns never do. `shortest` is the length of the shortest month in question.
 */
const monthDayOf = (parts: RuleParts, startDay: number, shortest: number): number | null => {
  const { days, monthDays, setPositions } = parts
  if (days.length > 0) return null
  const [only] = monthDays.length === 0 ? [dayOfMonthOf(packedOf(startDay))] : monthDays
  if (setPositions.length === 0 && monthDays.length <= 1) {
    if (only === -1) return 31
    return only !== undefined && only >= 1 && only <= shortest ? only : null
  }
  const last = monthDays.at(-1) ?? 0
  const isClamp = setPositions.length === 1 && setPositions[0] === -1 && `${monthDays}` === `${lastDays(last)}`
  return isClamp ? last : null
}

/** The range that COUNT or UNTIL come to; null when there is no zone to hold an UNTIL against. */
const rangeOf = ({ count, until }: RuleParts, { zone, startTime }: SeriesStart): Range | null => {
  if (count !== null) return { kind: "numbered", count }
  if (until === null) return { kind: "noEnd" }
  if (until.kind === "date") return { kind: "endDate", endDate: formatDay(until.millis / dayMillis) }
  const clock = wallClock(zone)
  if (clock === null || !Number.isFinite(startTime)) return null
  const end = until.kind === "instant" ? until.millis : instantOf(clock, until.millis)
  // The last day whose occurrence has started by then; the offset at the end may put the exact quotient a day off.
  let day = Math.floor((readingOf(clock, end) - startTime) / dayMillis) + 1
  while (instantOf(clock, day * dayMillis + startTime) > end) day--
  return day >= dayMin ? { kind: "endDate", endDate: formatDay(day) } : null
}

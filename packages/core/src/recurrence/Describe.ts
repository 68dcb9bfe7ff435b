/**
 * A rule in plain English, for people: "every 2 weeks on Tuesday, 10 times".
 *
 * Decides the wording, and says what is meant where a calendar's reader might wonder (short months). Never used to
 * decide anything else: words are not read back.
 */
import { dayOfMonthOf, monthLength, monthOf, packedOf, parseDate, weekdays, yearOf } from "./CivilDate.ts"
import type { LocalDate, Pattern, Range, Rule, Weekday } from "./Rule.ts"
import { type RuleParts, bareRule, parseParts, rruleLibrary } from "./RuleParts.ts"

/** A rule in words, in lower case and without a full stop. */
export const ruleWords = (rule: Rule): string =>
  rule.kind === "text" ? textWords(rule.rrule) : patternWords(rule.pattern) + rangeWords(rule.range)

const patternWords = (pattern: Pattern): string => {
  switch (pattern.kind) {
    case "daily":
      return every(pattern.interval, "day")
    case "weekly":
      return weeklyWords(pattern.interval, pattern.days)
    case "absoluteMonthly":
      return `${every(pattern.interval, "month")} on ${monthDayWords(pattern.dayOfMonth)}`
    case "relativeMonthly":
      return `${every(pattern.interval, "month")} on the ${indexWords[pattern.index]} ${anyOf(pattern.days)}`
    case "absoluteYearly":
      return `${every(pattern.interval, "year")} on ${dateWords(pattern.month, pattern.dayOfMonth)}`
    case "relativeYearly": {
      const day = `the ${indexWords[pattern.index]} ${anyOf(pattern.days)}`
      return `${every(pattern.interval, "year")} on ${day} of ${monthNames[pattern.month - 1]}`
    }
  }
}

const rangeWords = (range: Range): string => {
  switch (range.kind) {
    case "noEnd":
      return ""
    case "numbered":
      return range.count === 1 ? ", once" : `, ${range.count} times`
    case "endDate":
      return `, until ${fullDate(range.endDate)}`
  }
}

/** `rrule` has words for many other rules. Where it would leave something out, the rule itself is clearer. */
const textWords = (text: string): string => {
  const parts = parseParts(text)
  if (parts.kind === "rejected") return `by the rule ${text}`
  return isSayable(parts) ? rruleLibrary.RRule.fromString(bareRule(text)).toText() : `by the rule ${bareRule(text)}`
}

/**
 * Whether the words of `rrule` 2.8.1 keep every part. It cannot be asked: its own test answers yes to anything, and its
 * words then pass over set positions, times, and one of two kinds of days.
 */
const isSayable = (parts: RuleParts): boolean => {
  const { frequency, setPositions, hours, minutes, seconds, months, days } = parts
  if (setPositions.length + hours.length + minutes.length + seconds.length > 0) return false
  const kindsOfDays = [days, parts.monthDays, parts.yearDays, parts.weekNumbers].filter(
    (list) => list.length > 0
  ).length
  switch (frequency) {
    case "YEARLY":
    case "MONTHLY":
      return kindsOfDays <= 1
    case "WEEKLY":
    case "DAILY":
      // Five weekdays or more become "weekdays" or "days", and then the months are gone.
      return kindsOfDays <= 1 && days.length < 5
    case "HOURLY":
    case "MINUTELY":
      return kindsOfDays + months.length === 0
    case "SECONDLY":
      return false
  }
}

const every = (interval: number, unit: string): string =>
  interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`

const weeklyWords = (interval: number, days: ReadonlyArray<Weekday>): string => {
  const group = interval === 1 ? groupOf(days) : null
  return group === null ? `${every(interval, "week")} on ${listed(namesOf(days), "and")}` : `every ${group}`
}

/** Sets of weekdays that have a name of their own. */
const groupOf = (days: ReadonlyArray<Weekday>): string | null =>
  groups.get(weekdays.filter((day) => days.includes(day)).join()) ?? null

const groups: ReadonlyMap<string, string> = new Map([
  ["MO,TU,WE,TH,FR,SA,SU", "day"],
  ["MO,TU,WE,TH,FR", "weekday"],
  ["SA,SU", "weekend day"]
])

const anyOf = (days: ReadonlyArray<Weekday>): string => groupOf(days) ?? listed(namesOf(days), "or")

const namesOf = (days: ReadonlyArray<Weekday>): ReadonlyArray<string> =>
  weekdayNames.filter((_, place) => days.some((day) => weekdays[place] === day))

const listed = (names: ReadonlyArray<string>, word: "and" | "or"): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`

const monthDayWords = (day: number): string =>
  day === 31 ? "the last day" : day > 28 ? `the ${nth(day)}, or the last day of a shorter month` : `the ${nth(day)}`

const dateWords = (month: number, day: number): string => {
  const name = monthNames[month - 1]
  if (month === 2 && day > 28) return day === 29 ? "29 February, or 28 in a common year" : "the last day of February"
  return `${Math.min(day, monthLength(commonYear, month))} ${name}`
}

const commonYear = 2023

const fullDate = (date: LocalDate): string => {
  const day = parseDate(date)
  return Number.isNaN(day) ? date : dayWords(day)
}

/** A day number in words: `8 April 2026`. */
export const dayWords = (day: number): string => {
  const packed = packedOf(day)
  return `${dayOfMonthOf(packed)} ${monthNames[monthOf(packed) - 1]} ${yearOf(packed)}`
}

const nth = (n: number): string => {
  const isTeen = n % 100 > 10 && n % 100 < 14
  return `${n}${isTeen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`
}

const indexWords = { 1: "first", 2: "second", 3: "third", 4: "fourth", [-1]: "last" } as const

const weekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December"
]

/**
 * A second and a third opinion on recurrence, for tests: a walker that tries one day after the other, and `rrule` run on
 * floating time. Both read the rule in a notation of the tests' own, both use JavaScript's Date, and their zones are asked another way than the
 * code under test asks. They share nothing with it.
 */
import { createRequire } from "node:module"
import type * as Library from "rrule"

// As Node takes it: a CommonJS module whose names no static import sees.
const { RRule } = createRequire(import.meta.url)("rrule") as typeof Library

/** A pattern with every member, also those that its type does not use. */
export interface PlainPattern {
  readonly type: string
  readonly interval: number
  readonly month: number
  readonly dayOfMonth: number
  readonly daysOfWeek?: ReadonlyArray<string>
  readonly firstDayOfWeek: string
  readonly index: string
}

export interface PlainRange {
  readonly type: string
  readonly startDate: string
  readonly endDate: string
  readonly numberOfOccurrences: number
}

export interface PlainRule {
  readonly pattern: PlainPattern
  readonly range: PlainRange
}

export const dayMillis = 86_400_000
const names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
const short = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]
const places = ["first", "second", "third", "fourth"]

export const dateOf = (millis: number): string => new Date(millis).toISOString().slice(0, 10)
export const midnight = (date: string): number => Date.parse(`${date}T00:00:00Z`)

const lengthOfMonth = (millis: number): number => {
  const date = new Date(millis)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
}

/** Whether a day is on a pattern, by what the pattern says of single days; the start's own date aside. */
export const isOnPattern = ({ pattern, range }: PlainRule, day: number): boolean => {
  const date = new Date(day)
  const start = midnight(range.startDate)
  const first = new Date(start)
  const days = (pattern.daysOfWeek ?? []).map((name) => names.indexOf(name))
  const months = (date.getUTCFullYear() - first.getUTCFullYear()) * 12 + date.getUTCMonth() - first.getUTCMonth()
  const years = date.getUTCFullYear() - first.getUTCFullYear()
  const isThatDay = date.getUTCDate() === Math.min(pattern.dayOfMonth, lengthOfMonth(day))
  const isThatMonth = date.getUTCMonth() + 1 === pattern.month && years % pattern.interval === 0
  switch (pattern.type) {
    case "daily":
      return ((day - start) / dayMillis) % pattern.interval === 0
    case "weekly": {
      const weekStart = names.indexOf(pattern.firstDayOfWeek)
      const weekOf = (millis: number): number =>
        millis - ((new Date(millis).getUTCDay() - weekStart + 7) % 7) * dayMillis
      return days.includes(date.getUTCDay()) && ((weekOf(day) - weekOf(start)) / dayMillis / 7) % pattern.interval === 0
    }
    case "absoluteMonthly":
      return months % pattern.interval === 0 && isThatDay
    case "relativeMonthly":
      return months % pattern.interval === 0 && isIndexed(day, days, pattern.index)
    case "absoluteYearly":
      return isThatMonth && isThatDay
    default:
      return isThatMonth && isIndexed(day, days, pattern.index)
  }
}

const isIndexed = (day: number, days: ReadonlyArray<number>, index: string): boolean => {
  if (!days.includes(new Date(day).getUTCDay())) return false
  const firstOfMonth = day - (new Date(day).getUTCDate() - 1) * dayMillis
  const matching = Array.from({ length: lengthOfMonth(day) }, (_, i) => firstOfMonth + i * dayMillis).filter((each) =>
    days.includes(new Date(each).getUTCDay())
  )
  return (index === "last" ? matching.at(-1) : matching[places.indexOf(index)]) === day
}

/** Every date of a series up to a day, one day after the other. */
export const walkDates = (plain: PlainRule, to: string, max = Infinity): ReadonlyArray<string> => {
  const { range } = plain
  const last = Math.min(midnight(to), range.type === "endDate" ? midnight(range.endDate) : Infinity)
  const count = Math.min(max, range.type === "numbered" ? range.numberOfOccurrences : Infinity)
  const found: Array<string> = []
  for (let day = midnight(range.startDate); day <= last && found.length < count; day += dayMillis) {
    if (isOnPattern(plain, day)) found.push(dateOf(day))
  }
  return found
}

/** The recurrence as an RRULE in floating time, written out by hand from the mapping table. */
export const floatingRule = ({ pattern, range }: PlainRule): string => {
  const days = (pattern.daysOfWeek ?? []).map((name) => short[names.indexOf(name)] as string)
  const place = pattern.index === "last" ? -1 : places.indexOf(pattern.index) + 1
  const byDay = days.length === 1 ? `BYDAY=${place}${days[0]}` : `BYDAY=${days.join(",")};BYSETPOS=${place}`
  const clamp =
    pattern.dayOfMonth <= 28
      ? `BYMONTHDAY=${pattern.dayOfMonth}`
      : `BYMONTHDAY=${[28, 29, 30, 31].filter((day) => day <= pattern.dayOfMonth).join(",")};BYSETPOS=-1`
  const each: { readonly [type: string]: string } = {
    daily: "FREQ=DAILY",
    weekly: `FREQ=WEEKLY;BYDAY=${days.join(",")};WKST=${short[names.indexOf(pattern.firstDayOfWeek)]}`,
    absoluteMonthly: `FREQ=MONTHLY;${clamp}`,
    relativeMonthly: `FREQ=MONTHLY;${byDay}`,
    absoluteYearly: `FREQ=YEARLY;BYMONTH=${pattern.month};${clamp}`,
    relativeYearly: `FREQ=YEARLY;BYMONTH=${pattern.month};${byDay}`
  }
  const end =
    range.type === "numbered"
      ? `;COUNT=${range.numberOfOccurrences}`
      : range.type === "endDate"
        ? `;UNTIL=${range.endDate.replaceAll("-", "")}T235959`
        : ""
  return `${each[pattern.type]};INTERVAL=${pattern.interval}${end}`
}

/** Readings of a rule by `rrule`, as if the series' zone were UTC: those from `from` on, at most `max`. */
export const floatingReadings = (rule: string, start: number, from: number, max: number): ReadonlyArray<number> => {
  const options = RRule.parseString(rule)
  const found: Array<number> = []
  new RRule({ ...options, dtstart: new Date(start) }, true).all((date) => {
    if (date.getTime() >= from) found.push(date.getTime())
    return found.length < max
  })
  return found
}

/**
 * The same for rules that may never be due: `rrule` ends such a search only after the year 9999, so the series is moved
 * to a year near that end with the same weekdays and the same leap years around it. Valid for 1901 to 2099 and some thirty
 * years ahead. Takes no UNTIL, and gives nothing from `to` on.
 */
export const boundedReadings = (rule: string, start: number, from: number, to: number): ReadonlyArray<number> => {
  const year = new Date(start).getUTCFullYear()
  const isAlike = (other: number): boolean =>
    other % 4 === year % 4 && new Date(Date.UTC(other, 0, 1)).getUTCDay() === new Date(Date.UTC(year, 0, 1)).getUTCDay()
  let far = 9935
  while (!isAlike(far)) far++
  const shift = Date.UTC(far, 0, 1) - Date.UTC(year, 0, 1)
  const options = RRule.parseString(rule)
  const found: Array<number> = []
  new RRule({ ...options, dtstart: new Date(start + shift) }, true).all((date) => {
    const reading = date.getTime() - shift
    if (reading >= from && reading < to) found.push(reading)
    return reading < to
  })
  return found
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What a zone's clocks read at an instant, as if that reading were UTC. */
export const readClock = (zone: string, instant: number): number => {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit"
    })
    formats.set(zone, format)
  }
  const [, month, day, year, hour, minute, second] = (
    /(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)/.exec(format.format(instant)) ?? []
  ).map(Number) as [number, number, number, number, number, number, number]
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000)
}

/**
 * The instant of a local reading, straight from the definition: the first instant at which the clocks show it, and when
 * there is none, the reading taken with the offset from before the gap. Assumes one transition within a day either way.
 */
export const instantOfReading = (zone: string, reading: number): number => {
  const before = readClock(zone, reading - 1.5 * dayMillis) - (reading - 1.5 * dayMillis)
  const after = readClock(zone, reading + 1.5 * dayMillis) - (reading + 1.5 * dayMillis)
  const shown = [reading - before, reading - after].filter((instant) => readClock(zone, instant) === reading)
  return shown.length > 0 ? Math.min(...shown) : reading - before
}

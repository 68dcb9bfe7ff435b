/**
 * When a rule outside the common patterns is due, as readings of the series' own clocks.
 *
 * Decides it in two steps. `rrule` says which days of a year carry the rule's BYxxx parts: it is asked for a yearly rule
 * without interval, count, end or set position, from the year that matters on. The rest is whole numbers here: the phase
 * of the interval, the times of day, the place in the set and the count. So a rule is entered at any year without walking
 * there, and what `rrule` 2.8.1 gets wrong is never asked of it: set positions beyond the set, hours that an interval
 * never meets (it does not return), minutes across a filtered day.
 *
 * Never converts a reading to an instant and never looks at UNTIL, which may be one.
 */
import {
  dayMax,
  dayMillis,
  dayMin,
  dayOf,
  dayOfMonthOf,
  monthOf,
  packedOf,
  weekdayOf,
  yearMax,
  yearOf
} from "./CivilDate.ts"
import { type Frequency, type OrdinalDay, type RuleParts, rruleLibrary } from "./RuleParts.ts"

/** How far ahead a rule is looked through when nothing else ends the search. */
export const searchYearsMax = 100

/**
 * Visits, in rising order, the readings at which a rule is due, none before `from` and none before the series' start,
 * until `visit` answers false. `startDay` and `startTime` are the series' start.
 */
export const visitReadings = (
  parts: RuleParts,
  startDay: number,
  startTime: number,
  from: number,
  visit: (reading: number) => boolean
): void => {
  const start = startDay * dayMillis + startTime
  const first = Math.max(from, start)
  let counted = 0
  const due = (reading: number): boolean => {
    if (reading < start) return true
    if (parts.count !== null && ++counted > parts.count) return false
    return reading < first || visit(reading)
  }
  const sets =
    parts.setPositions.length > 0 ? inSets(parts.setPositions, due) : { offer: offerTo(due), end: () => true }
  const times = timesOfDay(parts, startTime)
  const periodOf = periods[parts.frequency](parts.weekStart)
  const phase = periodOf(start)
  let looked = 0
  const isThrough = visitDays(
    parts,
    startDay,
    Math.floor((parts.count === null ? first : start) / dayMillis),
    (day) => {
      for (const time of times) {
        if (++looked > readingsMax) return false
        const reading = day * dayMillis + time
        const period = periodOf(reading)
        if ((period - phase) % parts.interval === 0 && !sets.offer(reading, period)) return false
      }
      return true
    }
  )
  if (isThrough) sets.end()
}

/** How many readings one search may look at: about a year of every half minute. What comes later than that is not found. */
const readingsMax = 1_000_000

type Offer = (reading: number, period: number) => boolean

const offerTo =
  (due: (reading: number) => boolean): Offer =>
  (reading) =>
    due(reading)

/** Gathers each period's readings and passes on those at the wanted places, counted from either end. */
const inSets = (
  positions: ReadonlyArray<number>,
  due: (reading: number) => boolean
): { offer: Offer; end: () => boolean } => {
  let set: Array<number> = []
  let setPeriod = Number.NaN
  const end = (): boolean => {
    const places = new Set(positions.map((position) => (position > 0 ? position - 1 : set.length + position)))
    const chosen = set.filter((_, place) => places.has(place))
    set = []
    return chosen.every(due)
  }
  const offer: Offer = (reading, period) => {
    const goesOn = period === setPeriod || end()
    setPeriod = period
    set.push(reading)
    return goesOn
  }
  return { offer, end }
}

/** The number of the period that holds a reading, counted through. */
const periods: { readonly [frequency in Frequency]: (weekStart: number) => (reading: number) => number } = {
  YEARLY: () => (reading) => yearOf(packedOf(Math.floor(reading / dayMillis))),
  MONTHLY: () => (reading) => {
    const packed = packedOf(Math.floor(reading / dayMillis))
    return yearOf(packed) * 12 + monthOf(packed)
  },
  // Day 0 was a Thursday, so the week of Monday to Sunday that holds it began on day -3.
  WEEKLY: (weekStart) => (reading) => Math.floor((Math.floor(reading / dayMillis) + 3 - weekStart) / 7),
  DAILY: () => (reading) => Math.floor(reading / dayMillis),
  HOURLY: () => (reading) => Math.floor(reading / 3_600_000),
  MINUTELY: () => (reading) => Math.floor(reading / 60_000),
  SECONDLY: () => (reading) => Math.floor(reading / 1000)
}

/** Milliseconds since midnight, rising: each BYxxx part, else what the start has, else (below the period) all there are. */
const timesOfDay = (parts: RuleParts, startTime: number): ReadonlyArray<number> => {
  const finer = (frequencies: ReadonlyArray<Frequency>): boolean => frequencies.includes(parts.frequency)
  const pick = (listed: ReadonlyArray<number>, all: number | null, own: number): ReadonlyArray<number> =>
    listed.length > 0 ? listed : all === null ? [own] : Array.from({ length: all }, (_, i) => i)
  const hours = pick(
    parts.hours,
    finer(["HOURLY", "MINUTELY", "SECONDLY"]) ? 24 : null,
    Math.floor(startTime / 3_600_000)
  )
  const minutes = pick(parts.minutes, finer(["MINUTELY", "SECONDLY"]) ? 60 : null, Math.floor(startTime / 60_000) % 60)
  const seconds = pick(parts.seconds, finer(["SECONDLY"]) ? 60 : null, Math.floor(startTime / 1000) % 60)
  const fraction = startTime % 1000
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => ((hour * 60 + minute) * 60 + second) * 1000 + fraction))
  )
}

/**
 * Visits the days that carry the BYxxx parts, from the beginning of the period that holds `from`. Answers whether it came
 * to the end of the search, or was told to stop.
 */
const visitDays = (parts: RuleParts, startDay: number, from: number, visit: (day: number) => boolean): boolean => {
  if (!(from >= dayMin && from <= dayMax)) return true
  const first = periodStart(parts, from)
  const year = yearOf(packedOf(first))
  const shift = nearTheEnd - year - ((nearTheEnd - year) % 400)
  const shiftDays = (shift / 400) * 146_097
  const { RRule, datetime } = rruleLibrary
  const rule = new RRule({ ...yearlyOptions(parts, startDay), dtstart: datetime(year + shift, 1, 1, 0, 0, 0) }, true)
  const last = Math.min(year + searchYearsMax, yearMax)
  let isThrough = true
  rule.all((date) => {
    const day = date.getTime() / dayMillis - shiftDays
    if (yearOf(packedOf(day)) > last) return false
    if (day >= first) isThrough = visit(day)
    return isThrough
  })
  return isThrough
}

/**
 * `rrule` stops only at a date it has found, or after the year 9999: a rule that is never due would hold the process for
 * seconds. The calendar repeats every 400 years, so each search is laid as near to that end as it still fits.
 */
const nearTheEnd = yearMax - searchYearsMax

const periodStart = (parts: RuleParts, day: number): number => {
  const packed = packedOf(day)
  switch (parts.frequency) {
    case "YEARLY":
      return dayOf(yearOf(packed), 1, 1)
    case "MONTHLY":
      return day - dayOfMonthOf(packed) + 1
    case "WEEKLY":
      return Math.max(day - ((weekdayOf(day) - parts.weekStart + 7) % 7), dayMin)
    default:
      return day
  }
}

/** The rule's day parts, with those that the series' start implies, as a rule of every year. */
const yearlyOptions = (parts: RuleParts, startDay: number) => {
  const { RRule, Weekday } = rruleLibrary
  const { frequency, months, weekNumbers, yearDays, monthDays } = parts
  const packed = packedOf(startDay)
  const hasDayPart = weekNumbers.length + yearDays.length + monthDays.length + parts.days.length > 0
  const isDateImplied = !hasDayPart && (frequency === "YEARLY" || frequency === "MONTHLY")
  return {
    freq: RRule.YEARLY,
    wkst: parts.weekStart,
    byweekday: daysOf(parts, startDay, hasDayPart).map(({ weekday, ordinal }) =>
      ordinal === 0 ? new Weekday(weekday) : new Weekday(weekday, ordinal)
    ),
    bymonth:
      months.length > 0 ? [...months] : frequency !== "YEARLY" ? allMonths : isDateImplied ? [monthOf(packed)] : [],
    bymonthday: isDateImplied ? [dayOfMonthOf(packed)] : [...monthDays],
    byyearday: [...yearDays],
    byweekno: [...weekNumbers],
    byhour: [0],
    byminute: [0],
    bysecond: [0]
  }
}

/** Named, so that a rule by month counts its weekdays within the month, as a yearly rule does only then. */
const allMonths: Array<number> = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

const allWeekdays: ReadonlyArray<OrdinalDay> = [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, ordinal: 0 }))

const daysOf = (parts: RuleParts, startDay: number, hasDayPart: boolean): ReadonlyArray<OrdinalDay> => {
  const { days, frequency } = parts
  if (days.length > 0) {
    // `rrule` takes plain and numbered weekdays in one list for two conditions; numbered throughout they are one.
    const most = frequency === "MONTHLY" || parts.months.length > 0 ? 5 : 53
    return days.every(({ ordinal }) => ordinal === 0) ? days : days.flatMap((day) => numbered(day, most))
  }
  const ownWeekday: ReadonlyArray<OrdinalDay> = [{ weekday: weekdayOf(startDay), ordinal: 0 }]
  if (!hasDayPart) {
    // A rule of days or hours with no day part is due on every day, which a yearly rule says by all weekdays.
    return frequency === "WEEKLY" ? ownWeekday : frequency === "YEARLY" || frequency === "MONTHLY" ? [] : allWeekdays
  }
  const isWeekOnly = parts.weekNumbers.length > 0 && parts.yearDays.length + parts.monthDays.length === 0
  return isWeekOnly ? ownWeekday : []
}

const numbered = ({ weekday, ordinal }: OrdinalDay, most: number): ReadonlyArray<OrdinalDay> =>
  ordinal === 0 ? Array.from({ length: most }, (_, i) => ({ weekday, ordinal: i + 1 })) : [{ weekday, ordinal }]

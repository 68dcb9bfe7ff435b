/**
 * When a series takes place, by walking the calendar one day after another.
 *
 * Decides which dates a Graph pattern and range name. It is slow on purpose: it is the oracle against which a clever
 * expansion is judged, so it shares no code and no trick with one. Source of the rules: Graph's recurrencePattern and
 * recurrenceRange pages; days past the end of a month are clamped to its last day, as Outlook does.
 */
import {
  dateOfDay,
  dayMillis,
  dayOfDate,
  dayOfMonthOfDay,
  daysInMonth,
  monthOfDay,
  weekdayOfDay,
  yearOfDay
} from "./Dates.ts"
import type { Pattern, Range } from "./World.ts"
import { zoneOrUtc } from "./Zones.ts"

/** What is needed of a series to know its dates and times. */
export interface Rhythm {
  readonly pattern: Pattern
  readonly range: Range
  /** Wall-clock time of day in `zone`, milliseconds since midnight. */
  readonly startOfDayMillis: number
  readonly durationMillis: number
  readonly zone: string
  /** All-day meetings float: their days begin at midnight UTC here and everywhere else in the world. */
  readonly details: { readonly isAllDay: boolean }
}

export interface Slot {
  /** The original local date, which names the occurrence for good. */
  readonly date: string
  readonly start: number
  readonly end: number
}

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const

const weekIndexes = ["first", "second", "third", "fourth", "last"] as const

/** Every slot that overlaps `[from, to)`, in order, exceptions and cancellations not considered. */
export const slotsBetween = (rhythm: Rhythm, from: number, to: number): ReadonlyArray<Slot> => {
  const slots: Array<Slot> = []
  const lastDay = Math.floor(to / dayMillis) + 1
  for (const day of datesUntil(rhythm, lastDay)) {
    // A zone is at most 14 hours off, so a day that ended two days before cannot reach the span.
    if ((day + 2) * dayMillis + rhythm.durationMillis < from) continue
    const slot = slotOn(rhythm, day)
    if (overlaps(slot.start, slot.end, from, to)) slots.push(slot)
  }
  return slots
}

/** The slot of one original date, or null if the pattern does not name that date. */
export const slotOfDate = (rhythm: Rhythm, date: string): Slot | null => {
  const wanted = dayOfDate(date)
  for (const day of datesUntil(rhythm, wanted)) if (day === wanted) return slotOn(rhythm, day)
  return null
}

/** The first slot of all, or null for a pattern that names no date within a century of its start. */
export const firstSlot = (rhythm: Rhythm): Slot | null => {
  for (const day of datesUntil(rhythm, dayOfDate(rhythm.range.startDate) + 36_600)) return slotOn(rhythm, day)
  return null
}

/** Half-open overlap; something without length belongs to the span that holds its start. */
export const overlaps = (start: number, end: number, from: number, to: number): boolean =>
  start < to && (end > from || (start === end && start >= from))

const slotOn = (rhythm: Rhythm, day: number): Slot => {
  const zone = zoneOrUtc(rhythm.details.isAllDay ? "UTC" : rhythm.zone)
  const start = zone.toInstant(day * dayMillis + rhythm.startOfDayMillis)
  return { date: dateOfDay(day), start, end: start + rhythm.durationMillis }
}

function* datesUntil(rhythm: Rhythm, lastDay: number): Generator<number> {
  const { pattern, range } = rhythm
  const firstDay = dayOfDate(range.startDate)
  const endDay = range.type === "endDate" ? Math.min(lastDay, dayOfDate(range.endDate)) : lastDay
  let count = 0
  for (let day = firstDay; day <= endDay; day++) {
    if (!matches(pattern, firstDay, day)) continue
    count++
    if (range.type === "numbered" && count > range.numberOfOccurrences) return
    yield day
  }
}

const matches = (pattern: Pattern, firstDay: number, day: number): boolean => {
  const interval = Math.max(1, pattern.interval)
  const months = (yearOfDay(day) - yearOfDay(firstDay)) * 12 + monthOfDay(day) - monthOfDay(firstDay)
  switch (pattern.type) {
    case "daily":
      return (day - firstDay) % interval === 0
    case "weekly":
      return isWeekday(pattern, day) && weeksApart(pattern, firstDay, day) % interval === 0
    case "absoluteMonthly":
      return months % interval === 0 && isClampedDay(pattern.dayOfMonth, day)
    case "relativeMonthly":
      return months % interval === 0 && isRelativeDay(pattern, day)
    case "absoluteYearly":
      return (
        isYear(firstDay, day, interval) && monthOfDay(day) === pattern.month && isClampedDay(pattern.dayOfMonth, day)
      )
    case "relativeYearly":
      return isYear(firstDay, day, interval) && monthOfDay(day) === pattern.month && isRelativeDay(pattern, day)
  }
}

const isYear = (firstDay: number, day: number, interval: number): boolean =>
  (yearOfDay(day) - yearOfDay(firstDay)) % interval === 0

const isWeekday = (pattern: Pattern, day: number): boolean => {
  const name = weekdays[weekdayOfDay(day)]
  return name !== undefined && (pattern.daysOfWeek ?? []).includes(name)
}

const weeksApart = (pattern: Pattern, firstDay: number, day: number): number => {
  const first = weekdays.indexOf(pattern.firstDayOfWeek)
  const weekOf = (some: number): number => some - ((weekdayOfDay(some) - first + 7) % 7)
  return (weekOf(day) - weekOf(firstDay)) / 7
}

const isClampedDay = (dayOfMonth: number, day: number): boolean =>
  dayOfMonthOfDay(day) === Math.min(dayOfMonth, daysInMonth(yearOfDay(day), monthOfDay(day)))

const isRelativeDay = (pattern: Pattern, day: number): boolean => {
  if (!isWeekday(pattern, day)) return false
  const monthStart = day - dayOfMonthOfDay(day) + 1
  const length = daysInMonth(yearOfDay(day), monthOfDay(day))
  const candidates: Array<number> = []
  for (let some = monthStart; some < monthStart + length; some++) if (isWeekday(pattern, some)) candidates.push(some)
  const wanted = weekIndexes.indexOf(pattern.index)
  return day === (wanted === 4 ? candidates.at(-1) : candidates[wanted])
}

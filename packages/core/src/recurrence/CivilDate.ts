/**
 * The proleptic Gregorian calendar in whole numbers: a date is the count of days since 1970-01-01.
 *
 * Decides how dates become day numbers and back, and which of a month's days is meant. Knows no zone and no time of day.
 *
 * The conversions follow the well-known era arithmetic (400 years are 146,097 days), so each costs a few divisions and
 * none loops.
 */
import type { LocalDate, Weekday } from "./Rule.ts"

export const dayMillis = 86_400_000

/** Monday first, as ISO 8601 counts: the number of a weekday is its place here. */
export const weekdays: ReadonlyArray<Weekday> = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

/** Years that a `LocalDate` can hold. */
export const yearMin = 1
export const yearMax = 9999

/** The day number of a date; `month` is 1 to 12, and `day` may run over the month's end. */
export const dayOf = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = (y / 400) | 0
  const yearOfEra = y - era * 400
  const dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0
  return era * 146_097 + yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear + day - 719_469
}

export const dayMin = dayOf(yearMin, 1, 1)
export const dayMax = dayOf(yearMax, 12, 31)

/** Year, month and day of a day number in one integer, so that nothing is allocated: read it with the three below. */
export type PackedDate = number

export const packedOf = (day: number): PackedDate => {
  const z = day + 719_468
  const era = (z / 146_097) | 0
  const dayOfEra = z - era * 146_097
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0
  const dayOfYear = dayOfEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0))
  const shifted = ((5 * dayOfYear + 2) / 153) | 0
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return (year << 9) | (month << 5) | (dayOfYear - (((153 * shifted + 2) / 5) | 0) + 1)
}

export const yearOf = (packed: PackedDate): number => packed >> 9
export const monthOf = (packed: PackedDate): number => (packed >> 5) & 15
export const dayOfMonthOf = (packed: PackedDate): number => packed & 31

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

export const monthLength = (year: number, month: number): number =>
  month === 2 ? (isLeapYear(year) ? 29 : 28) : 30 + ((month + (month >> 3)) & 1)

/** 0 for Monday to 6 for Sunday. */
export const weekdayOf = (day: number): number => {
  const w = (day + 3) % 7
  return w < 0 ? w + 7 : w
}

/** The days of a set as one bit each, Monday lowest. */
export const weekdayMask = (days: ReadonlyArray<Weekday>): number => {
  let mask = 0
  for (const day of days) mask |= 1 << weekdays.indexOf(day)
  return mask & 127
}

export const bitCount7 = (mask: number): number => {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

/** The day number of a written date, or NaN when it is none. */
export const parseDate = (text: LocalDate): number => {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return Number.NaN
  const year = digitAt(text, 0) * 1000 + digitAt(text, 1) * 100 + digitAt(text, 2) * 10 + digitAt(text, 3)
  const month = digitAt(text, 5) * 10 + digitAt(text, 6)
  const day = digitAt(text, 8) * 10 + digitAt(text, 9)
  // A NaN from any digit fails the first comparison it meets.
  return year >= yearMin && month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month)
    ? dayOf(year, month, day)
    : Number.NaN
}

/** Whether a text is a date that exists, in years 0001 to 9999. */
export const isLocalDate = (text: string): boolean => !Number.isNaN(parseDate(text))

/** `"yyyy-mm-dd"`. */
export const formatDay = (day: number): LocalDate => {
  const packed = packedOf(day)
  return yearText(packed >> 9) + (monthDay[packed & 511] as string)
}

const digitAt = (text: string, index: number): number => {
  const digit = text.charCodeAt(index) - 48
  return digit >= 0 && digit <= 9 ? digit : Number.NaN
}

const yearText = (year: number): string => (yearTexts[year] ??= `${year}`.padStart(4, "0"))

/** Each year is written once. */
const yearTexts: Array<string | undefined> = []

/** `"-mm-dd"` by packed month and day: the half of a date's text that repeats each year. */
const monthDay: ReadonlyArray<string> = Array.from(
  { length: 512 },
  (_, packed) => `-${`${packed >> 5}`.padStart(2, "0")}-${`${packed & 31}`.padStart(2, "0")}`
)

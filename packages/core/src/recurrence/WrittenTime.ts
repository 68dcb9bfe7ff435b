/**
 * Times as providers write them: RFC 3339, with fractions of any length, and with or without an offset.
 * Decides which texts are times. What one without an offset means is decided where its zone is known.
 */
import { dayMillis, isLocalDate, parseDate } from "./CivilDate.ts"
import type { LocalDate } from "./Rule.ts"

export interface WrittenTime {
  readonly date: LocalDate
  readonly timeMillis: number
  /** Date and time as milliseconds, as if they were UTC. */
  readonly reading: number
  readonly offsetMillis: number | null
}

/** Years like 0001 and 9999 stand for "none", and imported events were seen to be made in the year 0. */
const yearMin = 1900
const yearMax = 2199

const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?$/i

/** What a text says; null: it is no time, or of a year that no calendar is used for. */
export const parseWrittenTime = (text: string): WrittenTime | null => {
  const found = shape.exec(text)
  if (found === null) return null
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "0", fraction = "", offset] = found
  if (Number(year) < yearMin || Number(year) > yearMax) return null
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const date = `${year}-${month}-${day}`
  if (!isLocalDate(date)) return null
  const midnight = parseDate(date) * dayMillis
  const millis = Number(fraction.padEnd(3, "0").slice(0, 3))
  const timeMillis = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1_000 + millis
  const offsetMillis = offset === undefined ? null : parseOffset(offset)
  return Number.isNaN(offsetMillis) ? null : { date, timeMillis, reading: midnight + timeMillis, offsetMillis }
}

const parseOffset = (text: string): number => {
  if (text.toUpperCase() === "Z") return 0
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(4, 6))
  // RFC 3339 allows up to 23:59; clocks go to 14:00.
  if (hours > 23 || minutes > 59) return Number.NaN
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

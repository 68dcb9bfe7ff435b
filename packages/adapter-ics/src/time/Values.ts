/**
 * Dates, times and durations as calendar files write them (RFC 5545 §3.3.4, §3.3.5, §3.3.6, §3.3.14).
 * Decides which texts are one: those of the RFC, and the dashes, colons and fractions of ISO 8601. Knows no zone: a time is
 * a reading of some clock, the epoch milliseconds that it would be in UTC.
 */

export type DateOrTime =
  | { readonly kind: "date"; readonly reading: number }
  | { readonly kind: "time"; readonly reading: number; readonly isUtc: boolean }

export const dayMillis = 86_400_000

/** Null for a text that is no date and no time. */
export const parseDateOrTime = (text: string): DateOrTime | null => {
  const [, year, month, day, time, hour = "0", minute = "0", second = "0", end = ""] = written.exec(text.trim()) ?? []
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (!(Number(year) > 0) || new Date(date).getUTCMonth() !== Number(month) - 1 || Number(day) < 1) return null
  if (time === undefined) return { kind: "date", reading: date }
  const [h, m, s] = [Number(hour), Number(minute), Math.min(Number(second), 59)]
  if (h > 24 || m > 59 || Number(second) > 60 || (h === 24 && m + s > 0)) return null
  const reading = date + ((h * 60 + m) * 60 + s) * 1000
  if (end === "") return { kind: "time", reading, isUtc: false }
  return { kind: "time", reading: reading - (offsetMillis(end) ?? 0), isUtc: true }
}

const written = /^(\d{4})-?(\d\d)-?(\d\d)([T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?$/

/** `+0200`, `-05:30`, `+003000`; null for anything else. */
export const offsetMillis = (text: string): number | null => {
  const [, sign, hours, minutes, seconds = "0"] = /^([+-])?(\d\d):?(\d\d)(?::?(\d\d))?$/.exec(text.trim()) ?? []
  if (hours === undefined) return null
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  return sign === "-" ? -size : size
}

/** Weeks and days count as so many times 24 hours. Null for a text that is no duration. */
export const parseDuration = (text: string): number | null => {
  const [whole, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(text.trim()) ?? []
  if (whole === undefined || !/\d/.test(whole)) return null
  const length =
    (Number(weeks) * 7 + Number(days)) * dayMillis +
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  return sign === "-" ? -length : length
}

/** `yyyymmdd`, or `yyyymmddThhmmss` with a Z or without. */
export const dateText = (reading: number): string => new Date(reading).toISOString().slice(0, 10).replaceAll("-", "")

export const timeText = (reading: number, isUtc: boolean): string =>
  `${new Date(reading).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}${isUtc ? "Z" : ""}`

/** `yyyy-mm-dd`, as the core has dates. */
export const localDateOf = (reading: number): string => new Date(reading).toISOString().slice(0, 10)

/** Milliseconds since midnight. */
export const timeOfDay = (reading: number): number => ((reading % dayMillis) + dayMillis) % dayMillis

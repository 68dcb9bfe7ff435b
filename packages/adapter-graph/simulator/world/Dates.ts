/**
 * Calendar dates and instants, as numbers and as Graph spells them.
 *
 * An instant is milliseconds since 1970 UTC; a day is the count of days since 1970-01-01 in no zone at all.
 * This file only converts; it never reads a clock and knows no time zone.
 */

export const dayMillis = 86_400_000

/** The day number of a `yyyy-MM-dd` date. */
export const dayOfDate = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMillis)

/** The `yyyy-MM-dd` date of a day number. */
export const dateOfDay = (day: number): string => new Date(day * dayMillis).toISOString().slice(0, 10)

/** 0 is Sunday. 1970-01-01 was a Thursday. */
export const weekdayOfDay = (day: number): number => (((day + 4) % 7) + 7) % 7

export const yearOfDay = (day: number): number => new Date(day * dayMillis).getUTCFullYear()

/** 1 is January. */
export const monthOfDay = (day: number): number => new Date(day * dayMillis).getUTCMonth() + 1

export const dayOfMonthOfDay = (day: number): number => new Date(day * dayMillis).getUTCDate()

export const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** `2026-11-24T09:00:00.0000000`: seven digits of a second and no offset, as in Graph's dateTimeTimeZone. */
export const graphLocal = (wallMillis: number): string => new Date(wallMillis).toISOString().replace("Z", "0000")

/** `2026-11-24T09:00:00.0000000Z`, as in createdDateTime and expirationDateTime. */
export const graphInstant = (millis: number): string => `${graphLocal(millis)}Z`

/** `2026-11-24T09:00:00Z`, as in originalStart and timestamps of error bodies. */
export const secondsInstant = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+Z$/, "Z")

const isoPattern = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?(\.\d+)?)?\s*(Z|[+-]\d{2}:\d{2})?$/i

/**
 * Reads an ISO date or date and time. `offset` is null where the text has none, and `wall` is then the wall-clock
 * time written as if it were UTC; otherwise `instant` is set too. Null for anything else.
 */
export const parseIso = (text: string): { readonly wall: number; readonly instant: number | null } | null => {
  const match = isoPattern.exec(text.trim())
  if (match === null) return null
  const [, date, minutes = "00:00", seconds = ":00", fraction = "", offset] = match
  const wall = Date.parse(`${date}T${minutes}${seconds}${fraction === "" ? "" : fraction.slice(0, 4)}Z`)
  if (Number.isNaN(wall)) return null
  if (offset === undefined) return { wall, instant: null }
  if (offset.toUpperCase() === "Z") return { wall, instant: wall }
  const sign = offset.startsWith("-") ? -1 : 1
  const minutesOff = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6))
  return { wall, instant: wall - sign * minutesOff * 60_000 }
}

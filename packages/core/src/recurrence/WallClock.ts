/**
 * The one place where local times become instants and instants become local times.
 *
 * Decides what a local time means that a zone's clocks show twice or not at all:
 *
 *   - shown twice (clocks go back): the first of the two;
 *   - never shown (clocks go forward): later by the length of the gap, as RFC 5545 §3.3.5 with erratum 4271 says.
 *
 * Both come to the same arithmetic, "use the offset from before the transition". Never decides which dates there are.
 *
 * A local reading is a number too: the epoch milliseconds that it would be if the zone were UTC.
 */
import { dayMax, dayMillis, dayMin, formatDay, parseDate } from "./CivilDate.ts"
import type { LocalDate } from "./Rule.ts"
import { type ZoneOffsets, zoneOffsets } from "./ZoneOffsets.ts"

/** A date and a time of day in some zone. */
export interface LocalTime {
  readonly date: LocalDate
  /** Milliseconds since local midnight, as a clock on the wall shows them. */
  readonly time: number
}

/** A zone's offsets, looked up once for many conversions; null when the runtime knows no zone of that name. */
export const wallClock = (zone: string): ZoneOffsets | null => zoneOffsets(zone)

/** The instant of a local reading: first of two, and forward over a gap. */
export const instantOf = (clock: ZoneOffsets, reading: number): number => {
  const span = clock.spanAround(reading)
  const { wallAt } = span
  let i = wallAt.length - 1
  while (i >= 0 && reading < (wallAt[i] as number)) i--
  return reading - (i < 0 ? span.before : (span.after[i] as number))
}

/** What the zone's clocks read at an instant. */
export const readingOf = (clock: ZoneOffsets, instant: number): number => {
  const span = clock.spanAround(instant)
  const { at } = span
  let i = at.length - 1
  while (i >= 0 && instant < (at[i] as number)) i--
  return instant + (i < 0 ? span.before : (span.after[i] as number))
}

/** The instant at which a zone's clocks show a date and time; null for an unknown zone or a date that is none. */
export const toInstant = (zone: string, date: LocalDate, time: number): number | null => {
  const clock = wallClock(zone)
  const day = parseDate(date)
  const reading = day * dayMillis + time
  return clock === null || !Number.isFinite(reading) ? null : instantOf(clock, reading)
}

/** The date and time that a zone's clocks show at an instant; null for an unknown zone or a year past 9999. */
export const toLocal = (zone: string, instant: number): LocalTime | null => {
  const clock = wallClock(zone)
  if (clock === null || !Number.isFinite(instant)) return null
  const reading = readingOf(clock, instant)
  const day = Math.floor(reading / dayMillis)
  if (day < dayMin || day > dayMax) return null
  return { date: formatDay(day), time: reading - day * dayMillis }
}

/** The first instant of a local date, which is not 00:00 where clocks go forward at midnight. */
export const startOfDay = (zone: string, date: LocalDate): number | null => toInstant(zone, date, 0)

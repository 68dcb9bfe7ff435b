/**
 * Occurrences of a rule outside the common patterns.
 *
 * Decides which of the rule's readings become occurrences in a span of time: where the span and UNTIL cut, and that two
 * readings which clocks going forward lay on one instant are one occurrence. Never decides which readings are due.
 */
import { dayMillis, parseDate } from "./CivilDate.ts"
import { visitReadings } from "./Rfc5545Readings.ts"
import type { RecurringSeries } from "./Rule.ts"
import type { RuleParts, Until } from "./RuleParts.ts"
import { instantOf, readingOf } from "./WallClock.ts"
import type { ZoneOffsets } from "./ZoneOffsets.ts"

/** A local day and the instant of an occurrence on it. */
export interface FreeStart {
  readonly day: number
  readonly start: number
}

/** Starts in `[from, to)`, in order and none twice, at most `limit`. */
export const freeStarts = (
  parts: RuleParts,
  series: RecurringSeries,
  clock: ZoneOffsets,
  from: number,
  to: number,
  limit: number
): ReadonlyArray<FreeStart> => {
  const end = Math.min(to, untilEnd(parts.until, clock))
  const lowest = readingOf(clock, Math.max(from, -farthest)) - overtakingMillis
  const found: Array<FreeStart> = []
  if (!(limit > 0) || !(lowest < farthest)) return found
  let lastReading = Infinity
  visitReadings(parts, parseDate(series.startDate), series.startTime, lowest, (reading) => {
    const start = instantOf(clock, reading)
    if (reading > lastReading || start >= end + overtakingMillis) return false
    if (start >= from && start < end) found.push({ day: Math.floor(reading / dayMillis), start })
    if (found.length === limit) lastReading = Math.min(lastReading, reading + overtakingMillis)
    return true
  })
  return found
    .toSorted((a, b) => a.start - b.start)
    .filter(({ start }, i, sorted) => i === 0 || sorted[i - 1]?.start !== start)
    .slice(0, limit)
}

/** Days on which the rule is due, from `from` on, each once. */
export const freeDays = (
  parts: RuleParts,
  series: RecurringSeries,
  clock: ZoneOffsets,
  from: number,
  limit: number
): ReadonlyArray<number> => {
  const end = untilEnd(parts.until, clock)
  const found = new Set<number>()
  if (!(limit > 0)) return []
  visitReadings(parts, parseDate(series.startDate), series.startTime, from * dayMillis, (reading) => {
    if (instantOf(clock, reading) >= end) return false
    found.add(Math.floor(reading / dayMillis))
    return found.size < limit
  })
  return [...found]
}

/** The first instant that UNTIL, which is inclusive, shuts out. */
const untilEnd = (until: Until | null, clock: ZoneOffsets): number => {
  switch (until?.kind) {
    case undefined:
      return Infinity
    case "instant":
      return until.millis + 1
    case "reading":
      return instantOf(clock, until.millis) + 1
    case "date":
      return instantOf(clock, until.millis + dayMillis)
  }
}

/** Clocks that go forward lay a reading on or behind later ones, at most by the day that Samoa skipped. */
const overtakingMillis = 2 * dayMillis

/** Past every date that can be written. */
const farthest = 8_000_000_000_000_000

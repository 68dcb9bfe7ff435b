/**
 * When a series takes place.
 *
 * Decides which dates are on the pattern and at which instants they start. Never walks
 * from the series' start, and never reads a clock.
 */
import type { LocalDate, Occurrence, RecurringSeries } from "./Rule.ts"

/** Occurrences whose start lies in `[from, to)`, in order, at most `limit`. */
export const expand = (
  _series: RecurringSeries,
  _from: number,
  _to: number,
  _limit: number
): ReadonlyArray<Occurrence> => []

/** The occurrence with the least start after `after`, or null when there is none. */
export const next = (_series: RecurringSeries, _after: number): Occurrence | null => null

/** The dates on the pattern from `date` on, itself included, at most `limit`. */
export const datesFrom = (_series: RecurringSeries, _date: LocalDate, _limit: number): ReadonlyArray<LocalDate> => []

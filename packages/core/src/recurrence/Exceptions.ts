/**
 * The occurrences of a series once its cancelled and moved ones are laid over the pattern.
 *
 * Decides what replaces what. Never expands the pattern itself.
 */
import type { LocalDate, Occurrence, RecurringSeries } from "./Rule.ts"

/** What differs from the pattern, by original local date. */
export interface Exceptions {
  readonly cancelled: ReadonlyArray<LocalDate>
  readonly moved: ReadonlyArray<Occurrence>
}

/** Like `expand`, with cancelled occurrences left out and moved ones at their new time; by start, then date. */
export const expandWith = (
  _series: RecurringSeries,
  _exceptions: Exceptions,
  _from: number,
  _to: number,
  _limit: number
): ReadonlyArray<Occurrence> => []

/** Like `next`, over the same occurrences as `expandWith`. */
export const nextWith = (_series: RecurringSeries, _exceptions: Exceptions, _after: number): Occurrence | null => null

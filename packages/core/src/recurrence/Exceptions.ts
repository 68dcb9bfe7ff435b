/**
 * The occurrences of a series once its cancelled and moved ones are laid over the pattern.
 *
 * Decides what replaces what: a cancelled date has no occurrence, whatever else is said of it; a moved one has the
 * occurrence it was given and no other, also when the pattern does not (or no longer) have the date, since whoever
 * names an exception has seen it. Never expands the pattern itself.
 */
import { expand, next } from "./Expand.ts"
import type { LocalDate, Occurrence, RecurringSeries } from "./Rule.ts"

/** What differs from the pattern, by original local date. Of several moves of one date the last counts. */
export interface Exceptions {
  readonly cancelled: ReadonlyArray<LocalDate>
  readonly moved: ReadonlyArray<Occurrence>
}

/** Like `expand`, with cancelled occurrences left out and moved ones at their new time; by start, then date. */
export const expandWith = (
  series: RecurringSeries,
  exceptions: Exceptions,
  from: number,
  to: number,
  limit: number
): ReadonlyArray<Occurrence> => {
  const overlay = overlayOf(exceptions)
  // As many more as may fall away, so that what remains still reaches the limit.
  const regular = expand(series, from, to, limit + overlay.replaced.size)
  return regular
    .filter(({ date }) => !overlay.replaced.has(date))
    .concat(overlay.moved.filter(({ start }) => start >= from && start < to))
    .toSorted(byStart)
    .slice(0, Math.max(limit, 0))
}

/** Moved occurrences that start before `start` and end after `end`, by start, then date: of those that take place. */
export const movedAcross = (exceptions: Exceptions, start: number, end: number): ReadonlyArray<Occurrence> =>
  overlayOf(exceptions)
    .moved.filter((moved) => moved.start < start && moved.end > end)
    .toSorted(byStart)

/** Like `next`, over the same occurrences as `expandWith`. */
export const nextWith = (series: RecurringSeries, exceptions: Exceptions, after: number): Occurrence | null => {
  const overlay = overlayOf(exceptions)
  let regular = next(series, after)
  while (regular !== null && overlay.replaced.has(regular.date)) regular = next(series, regular.start)
  let least = regular
  for (const candidate of overlay.moved) {
    if (candidate.start > after && (least === null || byStart(candidate, least) < 0)) least = candidate
  }
  return least
}

interface Overlay {
  /** Dates at which the pattern's own occurrence does not take place. */
  readonly replaced: ReadonlySet<LocalDate>
  readonly moved: ReadonlyArray<Occurrence>
}

const overlayOf = ({ cancelled, moved }: Exceptions): Overlay => {
  const gone = new Set(cancelled)
  const byDate = new Map<LocalDate, Occurrence>()
  for (const { date, start, end } of moved) if (!gone.has(date)) byDate.set(date, { date, start, end })
  return { replaced: new Set([...cancelled, ...byDate.keys()]), moved: [...byDate.values()] }
}

const byStart = (a: Occurrence, b: Occurrence): number =>
  a.start === b.start ? (a.date < b.date ? -1 : a.date > b.date ? 1 : 0) : a.start - b.start

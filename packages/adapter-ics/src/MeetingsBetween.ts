/**
 * What takes place in a span of time, of all that a calendar file holds.
 * Decides nothing: the core lays out the rules, and what was changed, taken out or added is laid over them.
 */
import type { CalendarRead } from "./ReadCalendar.ts"
import { laidOut, nextLaid } from "./events/Layout.ts"
import { type ReadEvent, type ReadSeries, ruledOccurrence } from "./events/Told.ts"

/** Meetings that start in `[from, until)`, in order, at most `limit`. */
export const meetingsBetween = (
  { events, series }: CalendarRead,
  from: number,
  until: number,
  limit: number
): ReadonlyArray<ReadEvent> => {
  const isWithin = ({ event }: ReadEvent): boolean => event.start >= from && event.start < until
  return [
    ...events.filter(isWithin),
    ...series.flatMap((each) => [...ruledBetween(each, from, until, limit), ...each.exceptions.filter(isWithin)])
  ]
    .toSorted((a, b) => a.event.start - b.event.start)
    .slice(0, limit)
}

/** The first start after an instant, or null. */
export const nextStart = ({ events, series }: CalendarRead, after: number): number | null => {
  let least = Infinity
  const offer = (start: number | null): void => {
    if (start !== null && start > after && start < least) least = start
  }
  for (const { event } of events) offer(event.start)
  for (const each of series) {
    for (const { event } of each.exceptions) offer(event.start)
    let next = nextLaid(each.layout, after)
    while (next !== null && next < least && each.replaced.has(next)) next = nextLaid(each.layout, next)
    offer(next)
  }
  return least === Infinity ? null : least
}

const ruledBetween = (each: ReadSeries, from: number, until: number, limit: number): ReadonlyArray<ReadEvent> =>
  laidOut(each.layout, from, until, limit + each.replaced.size)
    .filter(({ start }) => !each.replaced.has(start))
    .slice(0, limit)
    .map((times) => ruledOccurrence(each, times))

/**
 * What takes place in a span of time, of all that a calendar file holds.
 * Decides nothing: the core lays out the rules, and what was changed, taken out or added is laid over them.
 */
import type { Family } from "./events/Family.ts"
import { laidOut, nextLaid } from "./events/Layout.ts"
import { type ReadEvent, type ReadSeries, ruledOccurrence } from "./events/Told.ts"

/** What of a file takes place, as `readCalendar` tells it. */
export interface FileTold {
  readonly families: Iterable<Pick<Family, "events" | "series">>
}

/** Meetings that start in `[from, until)`, in order, at most `limit`. */
export const meetingsBetween = (told: FileTold, from: number, until: number, limit: number): ReadonlyArray<ReadEvent> =>
  listBetween(told, from, until, limit, (meeting) => meeting).map(({ kept }) => kept)

/** The same, of each what is kept of it: a file may hold more than one would like to have in memory. */
export const listBetween = <A>(
  { families }: FileTold,
  from: number,
  until: number,
  limit: number,
  keep: (meeting: ReadEvent) => A
): ReadonlyArray<{ readonly start: number; readonly kept: A }> => {
  let found: Array<{ readonly start: number; readonly kept: A }> = []
  const tidy = (): void => {
    found = found.toSorted((a, b) => a.start - b.start).slice(0, limit)
  }
  const offer = (meeting: ReadEvent): void => {
    const { start } = meeting.event
    if (start < from || start >= until) return
    found.push({ start, kept: keep(meeting) })
    if (found.length > 2 * limit + 1000) tidy()
  }
  for (const { events, series } of families) {
    for (const meeting of events) offer(meeting)
    for (const each of series) {
      for (const meeting of ruledBetween(each, from, until, limit)) offer(meeting)
      for (const meeting of each.exceptions) offer(meeting)
    }
  }
  tidy()
  return found
}

/** The first start after an instant, or null. */
export const nextStart = ({ families }: FileTold, after: number): number | null => {
  let least = Infinity
  const offer = (start: number | null): void => {
    if (start !== null && start > after && start < least) least = start
  }
  for (const { events, series } of families) {
    for (const { event } of events) offer(event.start)
    for (const each of series) {
      for (const { event } of each.exceptions) offer(event.start)
      let next = nextLaid(each.layout, after)
      while (next !== null && next < least && each.replaced.has(next)) next = nextLaid(each.layout, next)
      offer(next)
    }
  }
  return least === Infinity ? null : least
}

function* ruledBetween(each: ReadSeries, from: number, until: number, limit: number): Generator<ReadEvent> {
  let count = 0
  for (const times of laidOut(each.layout, from, until, limit + each.replaced.size)) {
    if (each.replaced.has(times.start)) continue
    if (count++ === limit) return
    yield ruledOccurrence(each, times)
  }
}

/**
 * The occurrences of a series that take place and have not ended, listed by the provider or expanded from the rule.
 */
import { isLaggingCopy, virtualOccurrenceOn, virtualOccurrences } from "./BeyondWindow.ts"
import { canonicalAmong, takesPlace } from "./CopyRank.ts"
import { type StateIndex, byRank } from "../state/StateIndex.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey, SeriesKey } from "../../domain/Ids.ts"
import type { Series } from "../../domain/Series.ts"
import type { Instant, LocalDate } from "../../domain/Time.ts"
import { dayMillis, parseDate } from "../../recurrence/CivilDate.ts"

/**
 * Occurrences that take place and have not ended, listed and virtual, one for each meeting, by start. Of virtual ones
 * at most `virtualMax`, from a date on.
 */
export const upcomingOccurrences = (
  index: StateIndex,
  key: SeriesKey,
  now: Instant,
  virtualMax: number,
  virtualFrom?: LocalDate
): ReadonlyArray<CalendarEvent> => {
  // A day early: no zone is further than that from UTC.
  const from = virtualFrom === undefined ? Number.NaN : (parseDate(virtualFrom) - 1) * dayMillis
  const copies = new Map<MeetingKey, Array<CalendarEvent>>()
  const consider = (event: CalendarEvent): void => {
    if (!takesPlace(index, event) || isLaggingCopy(index, event)) return
    const others = copies.get(event.meeting)
    if (others === undefined) copies.set(event.meeting, [event])
    else others.push(event)
  }
  index.listedBySeries.get(key)?.forEach(consider)
  const rows = index.seriesByKey.get(key) ?? []
  const after = from > now ? from : now
  const projected = rows.map((series) => virtualOccurrences(index, series, after, virtualMax))
  for (const event of rows.length < 2 ? projected.flat() : everyCopy(index, rows, projected.flat())) consider(event)
  const order = byRank(index.ranks)
  return [...copies.values()]
    .map((all) => canonicalAmong(all.toSorted(order)))
    .filter((event) => event !== undefined)
    .filter((event) => event.end > now)
    .toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
}

/**
 * Adds the copies in other calendars of each date found: windows differ, so expansion may have stopped short of them.
 */
const everyCopy = (
  index: StateIndex,
  rows: ReadonlyArray<Series>,
  projected: ReadonlyArray<CalendarEvent>
): ReadonlyArray<CalendarEvent> => {
  const dates = new Set(projected.map(({ originalDate }) => originalDate ?? ""))
  const all = new Map(projected.map((event) => [event.id, event]))
  for (const series of rows) {
    for (const date of dates) {
      const event = virtualOccurrenceOn(index, series, date)
      if (event !== null) all.set(event.id, event)
    }
  }
  return [...all.values()]
}

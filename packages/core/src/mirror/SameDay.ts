/**
 * Several meetings of one series that are told for one date, as the options of a meeting poll are.
 * Decides which of them has the date's place: the one that the pattern puts there, else the earliest. The others stand
 * beside it, each a meeting of its own that goes with the series.
 */
import { type Namespace, eventId } from "../domain/DeterministicIds.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { SeriesId } from "../domain/Ids.ts"
import { singleMeetingKey } from "../domain/MeetingKey.ts"
import type { Series } from "../domain/Series.ts"
import { expand } from "../recurrence/Expand.ts"

/** The rows of a page, with a place for each; what comes twice is one. */
export const apart = (
  namespace: Namespace,
  rows: ReadonlyArray<CalendarEvent>,
  seriesBy: (id: SeriesId) => Series | null
): ReadonlyArray<CalendarEvent> => {
  const claimants = Map.groupBy(rows, ({ id }) => id)
  return rows.map((row) => {
    const rivals = claimants.get(row.id) ?? []
    if (row.seriesId === null || rivals.every(({ providerId }) => providerId === row.providerId)) return row
    const series = seriesBy(row.seriesId)
    const [first] = rivals.toSorted((a, b) => rank(series, a) - rank(series, b) || a.start - b.start || byId(a, b))
    return first === undefined || first.providerId === row.providerId ? row : beside(namespace, row)
  })
}

/** The row of a meeting whose date's place is another's: known by the provider's id alone. */
export const beside = (namespace: Namespace, row: CalendarEvent): CalendarEvent => {
  const id = eventId(namespace, row.providerId)
  const meeting = singleMeetingKey(id, null)
  return { ...row, id, seriesKey: null, originalDate: null, meeting, family: meeting }
}

export const isBeside = (namespace: Namespace, row: CalendarEvent): boolean =>
  row.seriesId !== null && row.id === eventId(namespace, row.providerId)

const rank = (series: Series | null, { originalStart }: CalendarEvent): number => {
  const timing = series?.timing ?? null
  if (timing === null || originalStart === null) return 1
  return expand(timing, originalStart, originalStart + 1, 1).length > 0 ? 0 : 1
}

const byId = (a: CalendarEvent, b: CalendarEvent): number => (a.providerId < b.providerId ? -1 : 1)

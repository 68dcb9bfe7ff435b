/**
 * Which meeting a request means: resolves an id and a date to an occurrence, listed or virtual.
 * Never decides whether it can be joined.
 */
import { leadingSeries } from "./BeyondWindow.ts"
import { canonicalAmong, takesPlace } from "./CopyRank.ts"
import { upcomingOccurrences } from "./Upcoming.ts"
import { type StateIndex, byRank } from "../state/StateIndex.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import type { Series } from "../../domain/Series.ts"
import type { Instant, LocalDate } from "../../domain/Time.ts"
import { formatDay, parseDate } from "../../recurrence/CivilDate.ts"
import { toInstant, toLocal } from "../../recurrence/WallClock.ts"

/** A moment as a caller writes it: an instant, or a date in the event's own zone. */
export type Moment =
  | { readonly kind: "instant"; readonly at: Instant }
  | { readonly kind: "date"; readonly date: LocalDate }

/** Virtual occurrences searched for the one that a date names, at most. */
const virtualMax = 2_000

/** The row that speaks for a series: the first by rank that can have occurrences, else any that is not gone. */
export const seriesRowOf = (index: StateIndex, key: SeriesKey): Series | null => {
  const leading = leadingSeries(index, key)
  if (leading !== null && !leading.isDeleted) return leading
  return (index.seriesByKey.get(key) ?? []).find((row) => !row.isDeleted) ?? null
}

/** The occurrence that starts at that instant, or on that date; cancelled ones are found too. */
export const occurrenceAt = (index: StateIndex, key: SeriesKey, moment: Moment, now: Instant): CalendarEvent | null => {
  const matches = (event: CalendarEvent): boolean =>
    moment.kind === "instant" ? event.start === moment.at : startDate(event) === moment.date
  const found = (index.listedBySeries.get(key) ?? [])
    .filter((event) => !event.isDeleted && matches(event))
    .toSorted((a, b) => a.start - b.start || byRank(index.ranks)(a, b))
  return (
    canonicalAmong(found.filter((event) => takesPlace(index, event))) ??
    upcomingOccurrences(index, key, now, virtualMax).find(matches) ??
    found[0] ??
    null
  )
}

/** The occurrence that a bare series id names: the next that has not ended. */
export const nextOccurrence = (index: StateIndex, key: SeriesKey, now: Instant): CalendarEvent | null =>
  upcomingOccurrences(index, key, now, 1)[0] ?? null

/** The first date of a series' pattern whose occurrences start at or after the moment. */
export const dateFrom = (series: Series, moment: Moment): LocalDate => {
  if (moment.kind === "date") return moment.date
  const zone = zoneOf(series)
  const local = toLocal(zone, moment.at)
  if (local === null) return "0001-01-01"
  const start = toInstant(zone, local.date, series.timing?.startTime ?? 0)
  return start !== null && start < moment.at ? formatDay(parseDate(local.date) + 1) : local.date
}

/** The zone in which dates of a series are read; all-day ones are written in UTC. */
export const zoneOf = (series: Series): string =>
  series.timing === null || series.timing.isAllDay === true ? "UTC" : series.timing.zone

/** A date-time with an offset, or a date alone; null: neither. The instant is read by `parseInstant`. */
export const momentOf = (text: string, parseInstant: (text: string) => Instant | null): Moment | null => {
  if (text.length === 10) return Number.isFinite(parseDate(text)) ? { kind: "date", date: text } : null
  const at = parseInstant(text)
  return at === null ? null : { kind: "instant", at }
}

const startDate = (event: CalendarEvent): LocalDate | null =>
  toLocal(event.isAllDay ? "UTC" : event.zone, event.start)?.date ?? null

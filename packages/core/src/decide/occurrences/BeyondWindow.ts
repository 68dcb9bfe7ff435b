/**
 * Virtual occurrences: beyond the mirrored window, expanded from their series' rule because the provider lists none
 * there.
 * Decides where the window ends and expansion begins. Inside the window the provider's list is the truth: a date that
 * it does not list does not take place. Never decides whether an occurrence gets a bot.
 */
import type { StateIndex } from "../state/StateIndex.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import { sameJson } from "../../domain/JsonEquality.ts"
import type { Series } from "../../domain/Series.ts"
import type { Instant, LocalDate } from "../../domain/Time.ts"
import { occurrenceOf } from "../../mirror/EventRow.ts"
import { dateIn } from "../../mirror/OriginalDate.ts"
import { dayMillis } from "../../recurrence/CivilDate.ts"
import { type Exceptions, expandWith, movedAcross } from "../../recurrence/Exceptions.ts"
import { expand, isOnPattern, occurrenceOn } from "../../recurrence/Expand.ts"
import type { Occurrence, RecurringSeries } from "../../recurrence/Rule.ts"

/** Expansion stops this far ahead. */
const horizonMillis = 20 * 366 * 86_400_000

const none: Exceptions = { cancelled: [], moved: [] }

const noDates: ReadonlySet<LocalDate> = new Set()

/** Whether a series can have virtual occurrences: its rule is understood, and it goes on in a selected calendar. */
export const isLive = (index: StateIndex, series: Series): boolean => series.timing !== null && goesOn(index, series)

/** Whether a series goes on in a selected calendar, its rule understood or not. */
export const goesOn = (index: StateIndex, series: Series): boolean =>
  !series.isDeleted && !series.isCancelled && index.standing.has(series.calendarId)

/**
 * The leading copy of a series, whose timing counts for all copies: the first by rank that is live, else the first
 * whose rule is understood.
 */
export const leadingSeries = (index: StateIndex, key: SeriesKey): Series | null => {
  const rows = index.seriesByKey.get(key) ?? []
  return rows.find((row) => isLive(index, row)) ?? rows.find((row) => row.timing !== null) ?? null
}

/**
 * Whether an occurrence belongs to a copy of its series that lags behind the leading one, on a date that the leading
 * one does not have. Intents for the series do not cover it.
 */
export const isLaggingCopy = (
  index: StateIndex,
  event: Pick<CalendarEvent, "seriesId" | "seriesKey" | "originalDate">
): boolean => {
  const { originalDate, seriesId, seriesKey } = event
  const rows = seriesKey === null ? undefined : index.seriesByKey.get(seriesKey)
  if (rows === undefined || rows.length < 2 || seriesKey === null || originalDate === null) return false
  const leading = leadingSeries(index, seriesKey)
  const own = rows.find(({ id }) => id === seriesId)
  if (own === undefined || own === leading || own.timing === null || leading === null || leading.timing === null)
    return false
  return !sameJson(own.timing, leading.timing) && !isOnPattern(leading.timing, originalDate)
}

/**
 * Whether a copy of a series lays its days in another zone than the leading one, so that its own dates say nothing. Beyond
 * its window it has no occurrences: the leading copy's count.
 */
const laysDaysOtherwise = (index: StateIndex, series: Series): boolean => {
  const { key, timing } = series
  const leading = (index.seriesByKey.get(key)?.length ?? 0) < 2 ? null : leadingSeries(index, key)
  if (leading === null || leading === series || leading.timing === null || timing === null) return false
  if (leading.timing.zone === timing.zone || timing.isAllDay === true) return false
  const begin = expand(timing, 0, Number.POSITIVE_INFINITY, 1)[0]?.start ?? 0
  return seasons.some((days) =>
    expand(timing, begin + days * dayMillis, Number.POSITIVE_INFINITY, 1).some(
      ({ date, start }) => dateIn(leading, start) !== date
    )
  )
}

/** Zones differ by another hour in summer than in winter. */
const seasons = [0, 91, 182, 273]

/** The timing that the dates in intents refer to: the one decided last, until a change of it is decided. */
export const keyedTiming = (series: Series): RecurringSeries | null => series.decidedTiming ?? series.timing

/**
 * Where expansion begins for a series: at the end of its calendar's window, or at once where nothing was mirrored yet.
 */
export const virtualFrom = (index: StateIndex, series: Series): Instant =>
  index.calendars.get(series.calendarId)?.window?.to ?? Number.NEGATIVE_INFINITY

/**
 * Virtual occurrences that end after `now`, by start, at most `limit`. A meeting is known by its date. So where a rule
 * kept as text gives several on one date (no provider makes such a rule), the first counts.
 */
export const virtualOccurrences = (
  index: StateIndex,
  series: Series,
  now: Instant,
  limit: number
): ReadonlyArray<CalendarEvent> => {
  if (!isLive(index, series) || series.timing === null || laysDaysOtherwise(index, series)) return []
  const exceptions = series.exceptions ?? none
  const earliest = virtualFrom(index, series)
  const { timing } = series
  const listed = index.listedDates.get(series.id) ?? noDates
  const moved = new Set(exceptions.moved.map(({ date }) => date))
  const begin = Math.max(now - timing.durationMillis + 1, earliest)
  // The first occurrence of a date may lie before `begin`: then the one found is not it.
  const isFirst = ({ date, start }: Occurrence): boolean =>
    timing.rule.kind === "pattern" ||
    start > begin + 2 * dayMillis ||
    moved.has(date) ||
    occurrenceOn(timing, date)?.start === start
  const found = new Map<LocalDate, Occurrence>()
  const consider = (occurrence: Occurrence): void => {
    const { date, end, start } = occurrence
    if (start < earliest || end <= now || listed.has(date) || found.has(date)) return
    if (isFirst(occurrence)) found.set(date, occurrence)
  }
  let from = begin
  // An occurrence that was moved or made longer may have begun before `from` and still be on.
  movedAcross(exceptions, from, now).forEach(consider)
  const atOnce = limit + listed.size
  for (let round = 0; round < roundsMax && found.size < limit; round++) {
    const some = expandWith(timing, exceptions, from, now + horizonMillis, atOnce)
    some.forEach(consider)
    const last = some.at(-1)
    if (last === undefined) break
    from = last.start + 1
  }
  return [...found.values()].slice(0, limit).map((occurrence) => virtualOccurrence(series, occurrence))
}

/** Enough for an hourly rule, which has 24 occurrences on each date. */
const roundsMax = 24

/** The virtual occurrence of one original date; null where the window decides, or the date is not on the pattern. */
export const virtualOccurrenceOn = (index: StateIndex, series: Series, date: LocalDate): CalendarEvent | null => {
  if (!isLive(index, series) || series.timing === null || laysDaysOtherwise(index, series)) return null
  const exceptions = series.exceptions ?? none
  if (exceptions.cancelled.includes(date) || index.listedDates.get(series.id)?.has(date) === true) return null
  const occurrence = exceptions.moved.findLast((moved) => moved.date === date) ?? occurrenceOn(series.timing, date)
  return occurrence !== null && occurrence.start >= virtualFrom(index, series)
    ? virtualOccurrence(series, occurrence)
    : null
}

/** A virtual occurrence as a row of the mirror. */
export const virtualOccurrence = (series: Series, occurrence: Occurrence): CalendarEvent => ({
  ...occurrenceOf(series, occurrence),
  providerId: "",
  originalStart: null,
  isCancelled: false,
  isVirtual: true,
  updatedAt: series.updatedAt,
  raw: series.raw,
  rawTruncated: series.rawTruncated
})

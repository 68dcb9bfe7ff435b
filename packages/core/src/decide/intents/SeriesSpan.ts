/**
 * The dates that a series intent covers: from its first on, as many as were asked for.
 */
import { keyedTiming, leadingSeries } from "../occurrences/BeyondWindow.ts"
import type { StateIndex } from "../state/StateIndex.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import type { SeriesIntent } from "../../domain/Intent.ts"
import type { LocalDate } from "../../domain/Time.ts"
import { datesFrom } from "../../recurrence/Expand.ts"

/** By series intent: the last date it covers; null where none is known. */
export type LastDates = ReadonlyMap<string, LocalDate | null>

/**
 * The last date of a series intent. Where the pattern has ended it is the first: there may be an exception on it. Where
 * the pattern could not be understood, dates are counted as the provider lists them.
 */
export const lastDateOf = (index: StateIndex, intent: SeriesIntent): LocalDate | null => {
  const series = leadingSeries(index, intent.series)
  const timing = series === null ? null : keyedTiming(series)
  if (timing !== null) return datesFrom(timing, intent.fromDate, intent.dateCount).at(-1) ?? intent.fromDate
  const dates = new Set<LocalDate>()
  for (const { originalDate } of index.listedBySeries.get(intent.series) ?? []) {
    if (originalDate !== null && originalDate >= intent.fromDate) dates.add(originalDate)
  }
  return [...dates].toSorted()[intent.dateCount - 1] ?? null
}

/** Series that are asked for and whose dates can only be counted as they are listed: what is past of them still counts. */
export const countedSeries = (index: StateIndex): ReadonlyArray<SeriesKey> =>
  [...index.seriesIntents.keys()].filter((key) => {
    const series = leadingSeries(index, key)
    return series === null || keyedTiming(series) === null
  })

/** Whether a date lies in the span of an intent: from its first date on, before the one it was cut at, up to its last. */
export const coversDate = (
  intent: { readonly fromDate: LocalDate; readonly beforeDate?: LocalDate | null },
  lastDate: LocalDate | null,
  date: LocalDate
): boolean =>
  date >= intent.fromDate &&
  (intent.beforeDate === undefined || intent.beforeDate === null || date < intent.beforeDate) &&
  (lastDate === null || date <= lastDate)

/**
 * When a series takes place.
 *
 * Decides which occurrences start in a span of time, by laying the dates of its rule on its zone's wall clock. Never
 * walks from the series' start where the rule is a common pattern, never reads a clock, never throws: a series whose rule,
 * date, time or zone cannot be understood has no occurrences.
 *
 * Where a zone skipped a whole day (Samoa, 30 December 2011) the skipped day's occurrence falls on the next day's and the
 * two are one, under the earlier date; both count.
 */
import { dayMillis, formatDay, parseDate } from "./CivilDate.ts"
import { freeDays, freeStarts } from "./Rfc5545Expand.ts"
import { type PatternDates, patternDates } from "./PatternDates.ts"
import type { LocalDate, Occurrence, Recurrence, RecurringSeries } from "./Rule.ts"
import type { RuleParts } from "./RuleParts.ts"
import { readRule } from "./RuleText.ts"
import { instantOf, readingOf, wallClock } from "./WallClock.ts"
import type { ZoneOffsets } from "./ZoneOffsets.ts"

/** Occurrences whose start lies in `[from, to)`, in order, at most `limit`. */
export const expand = (series: RecurringSeries, from: number, to: number, limit: number): ReadonlyArray<Occurrence> => {
  const clock = wallClock(series.zone)
  const rule = ruleOf(series)
  if (clock === null || rule === null) return []
  if (rule.kind === "parts") {
    const starts = freeStarts(rule, series, clock, from, to, limit)
    return starts.map(({ day, start }) => occurrence(series, clock, day, start))
  }
  const dates = patternDates(rule, series.startDate)
  const found: Array<Occurrence> = []
  let previous = Number.NaN
  let day = firstDay(dates, series, clock, from)
  while (day <= dates.last && found.length < limit) {
    const start = instantOf(clock, day * dayMillis + series.startTime)
    if (!(start < to)) break
    if (start >= from && start !== previous) found.push(occurrence(series, clock, day, start))
    previous = start
    day = dates.onOrAfter(day + 1)
  }
  return found
}

/** The occurrence of one date: no zone is further than a day from UTC, and a start may pass midnight in a gap. */
export const occurrenceOn = (series: RecurringSeries, date: LocalDate): Occurrence | null => {
  const day = parseDate(date)
  return Number.isFinite(day)
    ? (expand(series, (day - 2) * dayMillis, (day + 3) * dayMillis, 5 * 24).find((found) => found.date === date) ??
        null)
    : null
}

/** The occurrence with the least start after `after`, or null when there is none. */
export const next = (series: RecurringSeries, after: number): Occurrence | null => {
  const { rule } = series
  // Starts are whole milliseconds, so what starts after an instant starts at the next whole one or later.
  const from = Math.floor(after) + 1
  if (rule.kind === "text") return expand(series, from, Infinity, 1)[0] ?? null
  const clock = wallClock(series.zone)
  if (clock === null) return null
  const dates = patternDates(rule, series.startDate)
  let day = firstDay(dates, series, clock, from)
  while (day <= dates.last) {
    const start = instantOf(clock, day * dayMillis + series.startTime)
    if (start >= from) return occurrence(series, clock, day, start)
    day = dates.onOrAfter(day + 1)
  }
  return null
}

/** The dates on the pattern from `date` on, itself included, at most `limit`. */
export const datesFrom = (series: RecurringSeries, date: LocalDate, limit: number): ReadonlyArray<LocalDate> => {
  const clock = wallClock(series.zone)
  const rule = ruleOf(series)
  const from = parseDate(date)
  if (clock === null || rule === null || Number.isNaN(from)) return []
  if (rule.kind === "parts") return freeDays(rule, series, clock, from, limit).map(formatDay)
  const dates = patternDates(rule, series.startDate)
  const found: Array<LocalDate> = []
  let day = Math.max(from, dates.first)
  while (day <= dates.last && found.length < limit) {
    day = dates.onOrAfter(day)
    if (day <= dates.last) found.push(formatDay(day))
    day++
  }
  return found
}

/** Whether a date is on the pattern. */
export const isOnPattern = (series: RecurringSeries, date: LocalDate): boolean => datesFrom(series, date, 1)[0] === date

/** A rule ready to be expanded, whichever way it was given; null for text that is no rule. */
const ruleOf = (series: RecurringSeries): Recurrence | RuleParts | null => {
  if (series.rule.kind === "pattern") return series.rule
  const rule = readRule(series.rule.rrule, series)
  if (rule.kind === "rejected") return null
  // Times of day are to be ignored where the start is a date: RFC 5545 §3.3.10.
  return rule.kind === "parts" && series.isAllDay === true ? { ...rule, hours: [], minutes: [], seconds: [] } : rule
}

/**
 * A day of the series that is at most one occurrence too early to start at `from`. The offset at `from` is no more than
 * a day from the one at the start that is looked for, so one day back from the exact quotient is far enough.
 */
const firstDay = (dates: PatternDates, series: RecurringSeries, clock: ZoneOffsets, from: number): number => {
  const lowest = Math.max(from, dates.first * dayMillis)
  if (!(lowest < (dates.last + 3) * dayMillis)) return none
  const day = Math.ceil((readingOf(clock, lowest) - series.startTime) / dayMillis) - 1
  return day <= dates.last ? dates.onOrAfter(Math.max(day, dates.first)) : none
}

/** Past every last day. */
const none = Infinity

const occurrence = (series: RecurringSeries, clock: ZoneOffsets, day: number, start: number): Occurrence => ({
  date: formatDay(day),
  start,
  // An all-day meeting ends at a midnight, however long the days between are; any other lasts as long as the first did.
  end:
    series.isAllDay === true
      ? Math.max(start, instantOf(clock, day * dayMillis + series.startTime + series.durationMillis))
      : start + series.durationMillis
})

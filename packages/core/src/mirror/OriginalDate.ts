/**
 * The date that a series' pattern gave an occurrence, in the series' own zone. It survives moves.
 */
import type { Series } from "../domain/Series.ts"
import type { Instant, LocalDate } from "../domain/Time.ts"
import { expand } from "../recurrence/Expand.ts"
import type { RecurringSeries } from "../recurrence/Rule.ts"
import { dayMillis, parseDate } from "../recurrence/CivilDate.ts"
import { toLocal } from "../recurrence/WallClock.ts"

/**
 * The date that the pattern gave an occurrence, by where it starts: the date in the series' zone, unless clocks that go
 * forward at midnight laid the start on the next one. All-day times are written at midnight UTC, and some at midnight in
 * the series' own zone: nobody lives where the one is the other of another day.
 */
export const dateIn = (series: Series, start: Instant): LocalDate => {
  const { timing } = series
  if (!(Math.abs(start) <= instantMax)) return noDate
  const local = toLocal(zoneOfDates(timing, start), start) ?? toLocal("UTC", start)
  if (local === null) return noDate
  if (timing === null || timing.isAllDay === true || local.time >= timing.startTime) return local.date
  return expand(timing, start, start + 1, 1)[0]?.date ?? local.date
}

/** Where an original start is the same wherever the series' days are laid, as a start that floats. */
export const originalStartIn = (series: Series, start: Instant): Instant => {
  if (series.timing?.isAllDay !== true) return start
  const day = parseDate(dateIn(series, start))
  return Number.isNaN(day) ? start : day * dayMillis
}

const zoneOfDates = (timing: RecurringSeries | null, start: Instant): string => {
  if (timing === null || (timing.isAllDay === true && start % dayMillis === 0)) return "UTC"
  return timing.isAllDay === true ? (timing.dateZone ?? timing.zone) : timing.zone
}

/** ECMAScript knows no time further from 1970: 100 million days. */
const instantMax = 8_640_000_000_000_000

/** Stands for the date of what has none. */
const noDate: LocalDate = "0001-01-01"

/**
 * Maps the old dates of a series to its new ones, when its pattern, zone or start changed.
 * Decides which date stands for which: the k-th that was ahead for the k-th that is ahead now. Never touches an intent.
 */
import type { Instant, LocalDate } from "../../domain/Time.ts"
import { formatDay, parseDate } from "../../recurrence/CivilDate.ts"
import { datesFrom, expand, isOnPattern } from "../../recurrence/Expand.ts"
import type { RecurringSeries } from "../../recurrence/Rule.ts"

/** Dates of a pattern looked at to find the last one that an intent names: a daily one for more than ten years. */
const datesMax = 4_000

export interface DateMapping {
  /** An occurrence's date now; null: it has no counterpart. A past date stays as it is. */
  readonly date: (date: LocalDate) => LocalDate | null
  /** Where an intent that began on `date` begins now; null: beyond the new pattern's end. */
  readonly from: (date: LocalDate) => LocalDate | null
  /** The same for an intent without an end: one that has begun covers all dates ahead. */
  readonly since: (date: LocalDate) => LocalDate | null
  /** Where an intent that ended before `date` ends now; null: it had ended already. */
  readonly before: (date: LocalDate) => LocalDate | null
  /** A date after all that were mapped, for one that lay after them. */
  readonly beyond: (date: LocalDate) => LocalDate
  /** How many of the `span` dates from `date` on are past. */
  readonly behind: (date: LocalDate, span: number) => number
}

/** The dates that intents name: the first from which occurrences are counted (null: none are), and the last of all. */
export interface NamedDates {
  readonly countedFrom: LocalDate | null
  readonly last: LocalDate
}

/** Null: no date that intents name moved. A pattern that only grew or shrank moved none. */
export const mapDates = (
  then: RecurringSeries,
  since: RecurringSeries,
  { countedFrom, last }: NamedDates,
  now: Instant
): DateMapping | null => {
  const firstThen = firstAhead(then, now)
  const firstSince = firstAhead(since, now)
  if (firstThen === null || firstSince === null) return null
  const until = last > firstThen ? last : firstThen
  const first = firstThen < firstSince ? firstThen : firstSince
  if (isUnmoved(then, since, first, until)) {
    return countedFrom === null || isUnmoved(then, since, countedFrom, first) ? null : countedOff(then, first)
  }
  const old = datesUpTo(then, firstThen, until)
  return mapping(then, since, old, datesFrom(since, firstSince, old.length + 1))
}

const mapping = (
  then: RecurringSeries,
  since: RecurringSeries,
  old: ReadonlyArray<LocalDate>,
  young: ReadonlyArray<LocalDate>
): DateMapping => {
  const firstOld = old[0] ?? ""
  const firstYoung = young[0] ?? ""
  const lastYoung = young.at(-1) ?? ""
  const places = new Map(old.map((date, place) => [date, place]))
  const placeFrom = (date: LocalDate): number => {
    const place = old.findIndex((other) => other >= date)
    return place === -1 ? old.length : place
  }
  const from = (date: LocalDate): LocalDate | null => young[placeFrom(date)] ?? null
  const beyond = (date: LocalDate): LocalDate => (date > lastYoung ? date : formatDay(parseDate(lastYoung) + 1))
  return {
    date: (date) => {
      const place = places.get(date)
      if (place !== undefined) return young[place] ?? null
      // A past date, unless it is one of the new pattern ahead.
      if (date < firstOld && date < firstYoung) return date
      // An occurrence that was listed before its series was decided keeps its date; any other has no counterpart.
      return isOnPattern(since, date) && !isOnPattern(then, date) ? date : null
    },
    from,
    since: (date) => (date <= firstOld && date < firstYoung ? date : from(date)),
    before: (date) => (date <= firstOld ? null : (young[placeFrom(date)] ?? beyond(date))),
    beyond,
    behind: (date, span) => countBehind(then, date, span, firstOld)
  }
}

/**
 * Only past dates changed, as when the start of a series is put off to today. Dates ahead stay as they are, but an
 * intent that counts occurrences from a past date would count others than before: past dates are counted off.
 */
const countedOff = (then: RecurringSeries, first: LocalDate): DateMapping => ({
  date: (date) => date,
  from: (date) => (date < first ? first : date),
  since: (date) => date,
  before: (date) => date,
  beyond: (date) => date,
  behind: (date, span) => countBehind(then, date, span, first)
})

const countBehind = (then: RecurringSeries, date: LocalDate, span: number, first: LocalDate): number =>
  date < first ? datesFrom(then, date, span).filter((each) => each < first).length : 0

/** Compared from the same date on, so that a start later in the day does not look like a date more. */
const isUnmoved = (then: RecurringSeries, since: RecurringSeries, from: LocalDate, last: LocalDate): boolean => {
  const old = datesUpTo(then, from, last)
  const young = datesFrom(since, from, old.length)
  return old.every((date, place) => place >= young.length || young[place] === date)
}

/** The date of the first occurrence on the pattern that has not ended. */
const firstAhead = (timing: RecurringSeries, now: Instant): LocalDate | null =>
  expand(timing, now - timing.durationMillis - slackMillis, Number.POSITIVE_INFINITY, aheadMax).find(
    ({ end }) => end > now
  )?.date ?? null

/** All-day meetings end at a midnight: an hour or so more or less than their duration says. */
const slackMillis = 2 * 3_600_000

/** Occurrences that may end within the slack before `now`, and one more. */
const aheadMax = 8

/** The dates of a pattern from one on up to `last`, and the first beyond it. */
const datesUpTo = (timing: RecurringSeries, from: LocalDate, last: LocalDate): ReadonlyArray<LocalDate> => {
  for (let limit = 64; ; limit *= 8) {
    const dates = datesFrom(timing, from, Math.min(limit, datesMax))
    const beyond = dates.findIndex((date) => date > last)
    if (beyond !== -1) return dates.slice(0, beyond + 1)
    if (dates.length < limit) return dates
  }
}

/**
 * Which series changed their dates since their wishes were last decided, and the state with their wishes under the keys
 * that their occurrences have now.
 * Decides what moved and when it is too early to tell. Never renames anything itself (`Rekey.ts`), never decides whether
 * a bot is wanted.
 */
import type { Bot } from "../domain/Bot.ts"
import type { SeriesKey } from "../domain/Ids.ts"
import type { Series } from "../domain/Series.ts"
import type { Slice } from "../domain/Slice.ts"
import type { Instant, LocalDate } from "../domain/Time.ts"
import { dayMillis, parseDate } from "../recurrence/CivilDate.ts"
import { datesFrom } from "../recurrence/Expand.ts"
import type { RecurringSeries } from "../recurrence/Rule.ts"
import { dateOfMeeting, seriesOfMeeting } from "./DedupKey.ts"
import { isLive, leadingSeries } from "./Project.ts"
import { sameJson } from "./Reconcile.ts"
import { rekey, type Rekeyed } from "./Rekey.ts"
import { isOnPattern, shiftBetween, type Shift, type Spoken } from "./Shift.ts"
import { arrange, type Arranged } from "./Slice.ts"

export interface Settled extends Rekeyed {
  /** Series whose change is not decided yet, because their calendar is being read: they take place as before. */
  readonly postponed: ReadonlySet<SeriesKey>
}

/**
 * The slice that requests are made against: every wish under the key that its occurrence has now. `decide` comes to the
 * same slice by itself.
 */
export const settledSlice = (slice: Slice, now: Instant): Slice => settle(slice, now).slice

export const settle = (slice: Slice, now: Instant): Settled => {
  const changed = changedSeries(slice)
  const shifts = new Map<SeriesKey, Shift>()
  const timings = new Map<SeriesKey, RecurringSeries>()
  const postponed = new Map<SeriesKey, RecurringSeries>()
  const arranged = changed.length === 0 ? null : arrange(slice)
  for (const key of changed) {
    if (arranged === null) break
    const leading = leadingSeries(arranged, key)
    const then = timingDecided(arranged, key)
    if (leading === null || leading.timing === null || then === null || !isLive(arranged, leading)) continue
    // The copy in another calendar lags behind: its turn comes, and changes nothing.
    if (sameJson(then, leading.timing)) continue
    const shift = shiftBetween(then, leading.timing, spokenOf(slice, key, then), now)
    if (shift !== null && isBeingRead(slice, arranged, leading, shift, now)) {
      postponed.set(key, then)
      continue
    }
    timings.set(key, leading.timing)
    if (shift !== null) shifts.set(key, shift)
  }
  const rekeyed = rekey(slice, shifts, timings)
  return { ...rekeyed, slice: asBefore(rekeyed.slice, postponed), postponed: new Set(postponed.keys()) }
}

const asBefore = (slice: Slice, timings: ReadonlyMap<SeriesKey, RecurringSeries>): Slice =>
  timings.size === 0
    ? slice
    : { ...slice, series: slice.series.map((row) => ({ ...row, timing: timings.get(row.key) ?? row.timing })) }

/** Series with a copy that has another timing than the one they were decided by. */
const changedSeries = (slice: Slice): ReadonlyArray<SeriesKey> => [
  ...new Set(
    slice.series.flatMap(({ decidedTiming: then, key, timing }) =>
      then === null || timing === null || sameJson(then, timing) ? [] : [key]
    )
  )
]

/** What the wishes of a series are keyed by: every copy that was decided says the same. */
const timingDecided = (arranged: Arranged, key: SeriesKey): RecurringSeries | null =>
  arranged.seriesByKey.get(key)?.find((row) => row.decidedTiming !== null)?.decidedTiming ?? null

const spokenOf = (slice: Slice, key: SeriesKey, then: RecurringSeries): Spoken => ({
  countedFrom: slice.intents.reduce<LocalDate | null>(
    (first, intent) =>
      intent.kind === "series" && intent.series === key && (first === null || intent.fromDate < first)
        ? intent.fromDate
        : first,
    null
  ),
  last: lastSpoken(slice, key, then)
})

/** The last date that wishes and bots of a series name. */
const lastSpoken = (slice: Slice, key: SeriesKey, then: RecurringSeries): LocalDate => {
  const dates = [...slice.overrides, ...scheduledOf(slice, key)].flatMap(({ meeting }) =>
    seriesOfMeeting(meeting) === key ? [dateOfMeeting(meeting)] : []
  )
  for (const intent of slice.intents) {
    if ("meeting" in intent) {
      if (seriesOfMeeting(intent.meeting) === key) dates.push(dateOfMeeting(intent.meeting))
    } else if (intent.series === key) {
      dates.push(intent.fromDate)
      if (intent.kind !== "series-exclusion") dates.push(intent.beforeDate)
      if (intent.kind === "series") dates.push(datesFrom(then, intent.fromDate, intent.span).at(-1) ?? null)
    }
  }
  return dates.reduce<LocalDate>((last, date) => (date !== null && date > last ? date : last), "")
}

const scheduledOf = (slice: Slice, key: SeriesKey): ReadonlyArray<Bot> =>
  slice.bots.filter(({ meeting, status }) => status === "Scheduled" && seriesOfMeeting(meeting) === key)

/**
 * Whether the mirror is between the old dates and the new: the series was read, its occurrences were not yet, and the
 * calendar is still claimed. Decided now, bots would end whose occurrences are about to be listed.
 */
const isBeingRead = (slice: Slice, arranged: Arranged, leading: Series, shift: Shift, now: Instant): boolean => {
  const { calendarId, exceptions, id, key, timing } = leading
  const calendar = slice.calendars.find((each) => each.id === calendarId)
  if (calendar?.window == null || calendar.leaseUntil === null || calendar.leaseUntil <= now || timing === null) {
    return false
  }
  const { to } = calendar.window
  const isOldOneLeft = slice.events.some(
    (event) =>
      event.seriesId === id &&
      event.kind === "occurrence" &&
      !event.isDeleted &&
      !event.isProjected &&
      event.end > now &&
      event.start < to &&
      event.originalDate !== null &&
      !isOnPattern(timing, event.originalDate)
  )
  // Only where the provider told what was taken out of the series does it say something that a date is not listed.
  if (isOldOneLeft || exceptions === null) return isOldOneLeft
  const known = new Set([...exceptions.cancelled, ...exceptions.moved.map(({ date }) => date)])
  const listed = arranged.listedDates.get(id)
  return scheduledOf(slice, key).some(({ meeting }) => {
    const date = shift.date(dateOfMeeting(meeting) ?? "")
    const isInWindow = date !== null && (parseDate(date) + 2) * dayMillis < to
    return isInWindow && !known.has(date) && listed?.has(date) !== true
  })
}

/**
 * Which meetings are called otherwise since they were last decided, and which series changed their dates: the state with
 * intents and bots under their new names and dates.
 * Decides what moved, and when it is too early to tell. Changes no key itself (`Rekey.ts`).
 */
import type { Bot } from "../../domain/Bot.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import type { Series } from "../../domain/Series.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { Instant, LocalDate } from "../../domain/Time.ts"
import { dayMillis, parseDate } from "../../recurrence/CivilDate.ts"
import { datesFrom, isOnPattern } from "../../recurrence/Expand.ts"
import type { RecurringSeries } from "../../recurrence/Rule.ts"
import { dateOfMeeting, seriesOfMeeting } from "../../domain/MeetingKey.ts"
import { isLive, leadingSeries } from "../occurrences/BeyondWindow.ts"
import { sameJson } from "../../domain/JsonEquality.ts"
import type { CurrentState } from "./CurrentState.ts"
import { type Carried, afterBoth, carryOver } from "./CarryOver.ts"
import { type Rekeyed, rekey } from "./Rekey.ts"
import { type DateMapping, type NamedDates, mapDates } from "./DateMapping.ts"
import { type StateIndex, indexState } from "../state/StateIndex.ts"

export interface SeriesChanges extends Omit<Rekeyed, "slice">, Pick<Carried, "putMeetings" | "splits"> {
  readonly state: CurrentState
  /** Series whose change is not decided yet, because their calendar is being read: they take place as before. */
  readonly postponed: ReadonlySet<SeriesKey>
}

/** The state that requests are planned against. `decide` comes to the same one by itself. */
export const currentState = (slice: Slice, now: Instant): CurrentState => applySeriesChanges(slice, now).state

export const applySeriesChanges = (stored: Slice, now: Instant): SeriesChanges => {
  const carried = carryOver(stored, now)
  const { slice } = carried
  const changed = changedSeries(slice)
  const mappings = new Map<SeriesKey, DateMapping>()
  const timings = new Map<SeriesKey, RecurringSeries>()
  const postponed = new Map<SeriesKey, RecurringSeries>()
  const index = changed.length === 0 ? null : indexState(slice)
  for (const key of changed) {
    if (index === null) break
    const leading = leadingSeries(index, key)
    const then = timingDecided(index, key)
    if (leading === null || leading.timing === null || then === null || !isLive(index, leading)) continue
    // A copy in another calendar lags behind the leading one, which was decided already: nothing moves.
    if (sameJson(then, leading.timing)) continue
    const mapping = mapDates(then, leading.timing, namedDates(slice, key, then), now)
    if (mapping !== null && isBeingRead(slice, index, leading, mapping, now)) {
      postponed.set(key, then)
      continue
    }
    timings.set(key, leading.timing)
    if (mapping !== null) mappings.set(key, mapping)
  }
  const { slice: rekeyed, ...writes } = afterBoth(carried, rekey(slice, mappings, timings))
  const { putMeetings, splits } = carried
  // The cast: this is the one place where a slice becomes current.
  const state = asBefore(rekeyed, postponed) as CurrentState
  return { ...writes, putMeetings, splits, state, postponed: new Set(postponed.keys()) }
}

const asBefore = (slice: Slice, timings: ReadonlyMap<SeriesKey, RecurringSeries>): Slice =>
  timings.size === 0
    ? slice
    : { ...slice, series: slice.series.map((row) => ({ ...row, timing: timings.get(row.key) ?? row.timing })) }

/** Series with a copy that has another timing than the one they were decided by: also one that was not there then. */
const changedSeries = ({ series }: Pick<Slice, "series">): ReadonlyArray<SeriesKey> => {
  const decided = new Map(
    series.flatMap(({ decidedTiming, key }) => (decidedTiming ? [[key, decidedTiming] as const] : []))
  )
  const isChanged = ({ decidedTiming, key, timing }: Series): boolean => {
    const then = decidedTiming ?? decided.get(key) ?? null
    return then !== null && timing !== null && !sameJson(then, timing)
  }
  return [...new Set(series.filter(isChanged).map(({ key }) => key))]
}

/** The timing that the intents' dates refer to: the same in every copy that was decided. */
const timingDecided = (index: StateIndex, key: SeriesKey): RecurringSeries | null =>
  index.seriesByKey.get(key)?.find((row) => row.decidedTiming !== null)?.decidedTiming ?? null

const namedDates = (slice: Slice, key: SeriesKey, then: RecurringSeries): NamedDates => ({
  countedFrom: slice.intents.reduce<LocalDate | null>(
    (first, intent) =>
      intent.kind === "series" && intent.series === key && (first === null || intent.fromDate < first)
        ? intent.fromDate
        : first,
    null
  ),
  last: lastNamed(slice, key, then)
})

/** The last date that intents and bots of a series name. */
const lastNamed = (slice: Slice, key: SeriesKey, then: RecurringSeries): LocalDate => {
  const dates = [...slice.overrides, ...scheduledOf(slice, key)].flatMap(({ meeting }) =>
    seriesOfMeeting(meeting) === key ? [dateOfMeeting(meeting)] : []
  )
  for (const intent of slice.intents) {
    if ("meeting" in intent) {
      if (seriesOfMeeting(intent.meeting) === key) dates.push(dateOfMeeting(intent.meeting))
    } else if (intent.series === key) {
      dates.push(intent.fromDate)
      if (intent.kind !== "series-exclusion") dates.push(intent.beforeDate)
      if (intent.kind === "series") dates.push(datesFrom(then, intent.fromDate, intent.dateCount).at(-1) ?? null)
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
const isBeingRead = (slice: Slice, index: StateIndex, leading: Series, mapping: DateMapping, now: Instant): boolean => {
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
      !event.isVirtual &&
      event.end > now &&
      event.start < to &&
      event.originalDate !== null &&
      !isOnPattern(timing, event.originalDate)
  )
  // That a date is not listed proves something only where the provider told which dates were cancelled.
  if (isOldOneLeft || exceptions === null) return isOldOneLeft
  const known = new Set([...exceptions.cancelled, ...exceptions.moved.map(({ date }) => date)])
  const listed = index.listedDates.get(id)
  return scheduledOf(slice, key).some(({ meeting }) => {
    const date = mapping.date(dateOfMeeting(meeting) ?? "")
    const isInWindow = date !== null && (parseDate(date) + 2) * dayMillis < to
    return isInWindow && !known.has(date) && listed?.has(date) !== true
  })
}

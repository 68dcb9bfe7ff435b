/**
 * Which occurrences and instants a standing wish covers.
 * Decides the reach of series, recurring and auto intents, and what an exclusion still excludes. Never decides between
 * intents.
 */
import type { CalendarEvent } from "../domain/Event.ts"
import type { MeetingKey, SeriesKey } from "../domain/Ids.ts"
import type {
  AutoSchedule,
  EventIntent,
  Exclusion,
  RecurringIntent,
  Sequence,
  SeriesExclusion,
  SeriesIntent
} from "../domain/Intent.ts"
import type { Instant, LocalDate } from "../domain/Time.ts"
import type { Series } from "../domain/Series.ts"
import type { Policy } from "../domain/Policy.ts"
import { dayMillis, parseDate } from "../recurrence/CivilDate.ts"
import { datesFrom } from "../recurrence/Expand.ts"
import { seriesOfMeeting } from "./DedupKey.ts"
import { givenLink } from "./Given.ts"
import { isStray, keyedTiming, leadingSeries, projectAhead, projectDate } from "./Project.ts"
import { byRank, type Arranged } from "./Slice.ts"

/** By series intent: the last date it covers; null where none is known. */
export type LastDates = ReadonlyMap<string, LocalDate | null>

/**
 * The last date of a series intent. Where the pattern has ended it is the first: there may be an exception on it. Where
 * the pattern could not be understood, dates are counted as the provider lists them.
 */
export const lastDateOf = (arranged: Arranged, intent: SeriesIntent): LocalDate | null => {
  const series = leadingSeries(arranged, intent.series)
  const timing = series === null ? null : keyedTiming(series)
  if (timing !== null) return datesFrom(timing, intent.fromDate, intent.span).at(-1) ?? intent.fromDate
  const dates = new Set<LocalDate>()
  for (const { originalDate } of arranged.listedBySeries.get(intent.series) ?? []) {
    if (originalDate !== null && originalDate >= intent.fromDate) dates.add(originalDate)
  }
  return [...dates].toSorted()[intent.span - 1] ?? null
}

/** Whether a date lies in the span of an intent: from its first date on, before the one it was cut at, up to its last. */
export const coversDate = (
  intent: { readonly fromDate: LocalDate; readonly beforeDate?: LocalDate | null },
  lastDate: LocalDate | null,
  date: LocalDate
): boolean =>
  date >= intent.fromDate &&
  (intent.beforeDate === undefined || intent.beforeDate === null || date < intent.beforeDate) &&
  (lastDate === null || date <= lastDate)

/** What tells which wishes speak of an event. */
export type Spoken = Pick<CalendarEvent, "meeting" | "seriesId" | "seriesKey" | "originalDate">

/**
 * The numbers of the latest exclusions that cover a meeting, 0 where none does: of this meeting alone, and of its
 * series. The first is lifted by a later request for this meeting or for all of the series, the second also by a
 * later "next of this series".
 */
export const excludedAt = (
  arranged: Arranged,
  event: Spoken
): { readonly meeting: Sequence; readonly series: Sequence } => {
  let meeting = 0
  for (const exclusion of arranged.exclusions.get(event.meeting) ?? []) meeting = Math.max(meeting, exclusion.seq)
  let series = 0
  if (event.seriesKey !== null && event.originalDate !== null) {
    for (const exclusion of arranged.seriesExclusions.get(event.seriesKey) ?? []) {
      if (event.originalDate >= exclusion.fromDate) series = Math.max(series, exclusion.seq)
    }
  }
  return { meeting, series }
}

/** The latest removal that covers a meeting, by whichever of the two ways; null where none does. */
export const exclusionOf = (arranged: Arranged, event: Spoken): Exclusion | SeriesExclusion | null => {
  const { meeting, series } = excludedAt(arranged, event)
  const ofMeeting = arranged.exclusions.get(event.meeting) ?? []
  const ofSeries = (event.seriesKey !== null && arranged.seriesExclusions.get(event.seriesKey)) || []
  const found =
    meeting >= series ? ofMeeting.find(({ seq }) => seq === meeting) : ofSeries.find(({ seq }) => seq === series)
  return found ?? null
}

/** Requests for a meeting alone and for all of its series that no later exclusion has ended. */
export interface Standing {
  readonly excluded: { readonly meeting: Sequence; readonly series: Sequence }
  readonly events: ReadonlyArray<EventIntent>
  readonly series: ReadonlyArray<SeriesIntent>
  /** The greatest number among them: exclusions up to it are lifted. 0: there are none. */
  readonly latest: Sequence
}

/** What the user has asked for about an event and not taken back since. */
export const standingRequests = (arranged: Arranged, lastDates: LastDates, event: Spoken): Standing => {
  const excluded = excludedAt(arranged, event)
  const since = Math.max(excluded.meeting, excluded.series)
  const events = (arranged.eventIntents.get(event.meeting) ?? []).filter(({ seq }) => seq > since)
  const { originalDate, seriesKey } = event
  const series =
    seriesKey === null || originalDate === null || isStray(arranged, event)
      ? []
      : (arranged.seriesIntents.get(seriesKey) ?? []).filter(
          (intent) => intent.seq > since && coversDate(intent, lastDates.get(intent.id) ?? null, originalDate)
        )
  return {
    excluded,
    events,
    series,
    latest: Math.max(0, ...events.map(({ seq }) => seq), ...series.map(({ seq }) => seq))
  }
}

/** Whether auto-scheduling may make a bot for a meeting, by its times alone. */
export const autoCovers = (
  auto: AutoSchedule,
  event: Pick<CalendarEvent, "start" | "end">,
  now: Instant,
  /** Starts from here on count although they have passed: those after the last coverage ended. Null: none do. */
  graceFrom: Instant | null
): boolean =>
  auto.coveredUntil !== null &&
  event.start < auto.coveredUntil &&
  event.end > now &&
  (event.start > now || (graceFrom !== null && event.start >= graceFrom))

/**
 * The coverage after auto-scheduling ran at `now`: asked for by hand it reaches 24 hours ahead, at midnight further by
 * lead and slack, so that a late run leaves no gap. It never shrinks.
 */
export const extendCoverage = (
  auto: AutoSchedule,
  policy: Policy,
  now: Instant,
  midnight: Instant | null
): AutoSchedule => {
  const until =
    midnight === null
      ? now + policy.autoAheadMillis
      : midnight + policy.autoAheadMillis + policy.leadMillis + policy.autoSlackMillis
  return { ...auto, coveredUntil: Math.max(auto.coveredUntil ?? until, until) }
}

/**
 * The occurrences that "next of a series" wants now: the first that has not ended, and the one after it once the
 * first one's bot is past `Scheduled`. Cancelled, excluded and unlinked ones are passed over.
 */
export const nextOccurrences = (
  arranged: Arranged,
  intent: RecurringIntent,
  lastDates: LastDates,
  now: Instant
): ReadonlyArray<CalendarEvent> => {
  const projectedMax = countExclusions(arranged, intent.series) + 3
  const upcoming = upcomingOccurrences(arranged, intent.series, now, projectedMax, intent.fromDate).filter(
    (event) => coversDate(intent, null, event.originalDate ?? "") && !isPassedOver(arranged, intent, lastDates, event)
  )
  const taken: Array<CalendarEvent> = []
  for (const event of upcoming) {
    taken.push(event)
    const bots = arranged.bots.get(event.meeting) ?? []
    const isDone = bots.some((bot) => (bot.status === "Launched" || bot.status === "Failed") && event.start < bot.end)
    if (!isDone) break
  }
  return taken
}

/**
 * Occurrences that take place and have not ended, listed and projected, one for each meeting, by start. Of projected
 * ones at most `projectedMax`, from a date on.
 */
export const upcomingOccurrences = (
  arranged: Arranged,
  key: SeriesKey,
  now: Instant,
  projectedMax: number,
  projectedFrom?: LocalDate
): ReadonlyArray<CalendarEvent> => {
  // A day early: no zone is further than that from UTC.
  const from = projectedFrom === undefined ? Number.NaN : (parseDate(projectedFrom) - 1) * dayMillis
  const copies = new Map<MeetingKey, Array<CalendarEvent>>()
  const consider = (event: CalendarEvent): void => {
    if (!takesPlace(arranged, event) || isStray(arranged, event)) return
    const others = copies.get(event.meeting)
    if (others === undefined) copies.set(event.meeting, [event])
    else others.push(event)
  }
  arranged.listedBySeries.get(key)?.forEach(consider)
  const rows = arranged.seriesByKey.get(key) ?? []
  const after = from > now ? from : now
  const projected = rows.map((series) => projectAhead(arranged, series, after, projectedMax))
  for (const event of rows.length < 2 ? projected.flat() : everyCopy(arranged, rows, projected.flat())) consider(event)
  const order = byRank(arranged.calendars)
  return [...copies.values()]
    .map((all) => holderAmong(all.toSorted(order)))
    .filter((event) => event !== undefined)
    .filter((event) => event.end > now)
    .toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
}

/** Copies on other dates reach less far: where one was looked at, all are. */
const everyCopy = (
  arranged: Arranged,
  rows: ReadonlyArray<Series>,
  projected: ReadonlyArray<CalendarEvent>
): ReadonlyArray<CalendarEvent> => {
  const dates = new Set(projected.map(({ originalDate }) => originalDate ?? ""))
  const all = new Map(projected.map((event) => [event.id, event]))
  for (const series of rows) {
    for (const date of dates) {
      const event = projectDate(arranged, series, date)
      if (event !== null) all.set(event.id, event)
    }
  }
  return [...all.values()]
}

/** Whether a copy stands in a selected calendar and is neither gone nor cancelled. */
export const takesPlace = (arranged: Arranged, event: CalendarEvent): boolean =>
  !event.isDeleted && !event.isCancelled && arranged.calendars.get(event.calendarId)?.selected === true

/**
 * Of copies that take place, in order of rank, the one that holds the bot: the first with a link, else the first. What a
 * calendar lists goes before what is only expected of one.
 */
export const holderAmong = (copies: ReadonlyArray<CalendarEvent>): CalendarEvent | undefined => {
  const isListed = copies.some(({ isProjected }) => !isProjected)
  const known = isListed ? copies.filter(({ isProjected }) => !isProjected) : copies
  return known.find(({ link }) => link !== null) ?? known[0]
}

/** A chain goes on behind what can't have its bot: nothing to join, or removed by the user and not asked for since. */
const isPassedOver = (
  arranged: Arranged,
  intent: RecurringIntent,
  lastDates: LastDates,
  event: CalendarEvent
): boolean => {
  const { events, excluded, latest } = standingRequests(arranged, lastDates, event)
  const isSeriesExcluded = excluded.series > latest && excluded.series >= intent.seq
  const isUnlinked = event.link === null && givenLink(events) === null
  return isUnlinked || excluded.meeting > latest || isSeriesExcluded
}

/** An upper bound for how many occurrences of a series exclusions can make `nextOccurrences` pass over. */
const countExclusions = (arranged: Arranged, series: SeriesKey): number => {
  let count = 0
  for (const meeting of arranged.exclusions.keys()) if (seriesOfMeeting(meeting) === series) count++
  return count
}

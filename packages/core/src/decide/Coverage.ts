/**
 * Which occurrences and instants a standing wish covers.
 * Decides the reach of series, recurring and auto intents. Never decides between intents.
 */
import type { CalendarEvent } from "../domain/Event.ts"
import type { MeetingKey, SeriesKey } from "../domain/Ids.ts"
import type { AutoSchedule, Intent, RecurringIntent, Sequence, SeriesIntent } from "../domain/Intent.ts"
import type { Instant, LocalDate } from "../domain/Time.ts"
import type { Policy } from "../domain/Policy.ts"
import { datesFrom } from "../recurrence/Expand.ts"
import { isLive, projectAhead } from "./Project.ts"
import { byRank, type Arranged } from "./Slice.ts"

/** The last date a series intent covers, or null for "no last one known". */
export const lastDateOf = (arranged: Arranged, intent: SeriesIntent): LocalDate | null => {
  const series = arranged.seriesByKey.get(intent.series)?.find((row) => row.timing !== null)
  if (series === undefined || series.timing === null) return null
  return datesFrom(series.timing, intent.fromDate, intent.span).at(-1) ?? null
}

export const coversDate = (
  intent: { readonly fromDate: LocalDate; readonly beforeDate?: LocalDate | null },
  lastDate: LocalDate | null,
  date: LocalDate
): boolean =>
  date >= intent.fromDate &&
  (intent.beforeDate === undefined || intent.beforeDate === null || date < intent.beforeDate) &&
  (lastDate === null || date <= lastDate)

/**
 * The numbers of the latest exclusions that cover a meeting, 0 where none does: of this meeting alone, and of its
 * series. The first is lifted by a later request for this meeting or for all of the series, the second also by a
 * later "next of this series".
 */
export const excludedAt = (
  arranged: Arranged,
  event: Pick<CalendarEvent, "meeting" | "seriesKey" | "originalDate">
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
  now: Instant
): ReadonlyArray<CalendarEvent> => {
  const skipped = countIntents(arranged, intent.series)
  const upcoming = upcomingOccurrences(arranged, intent.series, now, skipped + 3).filter((event) => {
    const excluded = excludedAt(arranged, event)
    return (
      coversDate(intent, null, event.originalDate ?? "") &&
      event.link !== null &&
      excluded.meeting === 0 &&
      excluded.series < intent.seq
    )
  })
  const taken: Array<CalendarEvent> = []
  for (const event of upcoming) {
    taken.push(event)
    const bots = arranged.bots.get(event.meeting) ?? []
    const isDone = bots.some((bot) => (bot.status === "Launched" || bot.status === "Failed") && event.start < bot.end)
    if (!isDone) break
  }
  return taken
}

/** Occurrences that take place and have not ended, listed and projected, one for each meeting, by start. */
export const upcomingOccurrences = (
  arranged: Arranged,
  key: SeriesKey,
  now: Instant,
  projectedMax: number
): ReadonlyArray<CalendarEvent> => {
  const firstCopies = new Map<MeetingKey, CalendarEvent>()
  const order = byRank(arranged.calendars)
  const consider = (event: CalendarEvent): void => {
    const other = firstCopies.get(event.meeting)
    if (other === undefined || order(event, other) < 0) firstCopies.set(event.meeting, event)
  }
  for (const event of arranged.listedBySeries.get(key) ?? []) {
    if (takesPlace(arranged, event) && event.end > now) consider(event)
  }
  for (const series of arranged.seriesByKey.get(key) ?? []) {
    if (isLive(arranged, series)) projectAhead(arranged, series, now, projectedMax).forEach(consider)
  }
  return [...firstCopies.values()].toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
}

export const takesPlace = (arranged: Arranged, event: CalendarEvent): boolean =>
  !event.isDeleted && !event.isCancelled && arranged.calendars.get(event.calendarId)?.selected === true

/** An upper bound for how many occurrences of a series exclusions can make `nextOccurrences` pass over. */
const countIntents = (arranged: Arranged, series: SeriesKey): number =>
  arranged.state.intents.reduce((count, intent: Intent) => count + (mayExclude(intent, series) ? 1 : 0), 0)

const mayExclude = (intent: Intent, series: SeriesKey): boolean =>
  intent.kind === "exclusion" && intent.meeting.endsWith(series)

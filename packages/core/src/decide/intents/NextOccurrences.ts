/**
 * The occurrences that "always the next one" wants now.
 */
import { callerLink } from "./CallerLink.ts"
import { type LastDates, coversDate } from "./SeriesSpan.ts"
import { standingRequests } from "./StandingRequests.ts"
import { upcomingOccurrences } from "../occurrences/Upcoming.ts"
import type { StateIndex } from "../state/StateIndex.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import type { RecurringIntent } from "../../domain/Intent.ts"
import { seriesOfMeeting } from "../../domain/MeetingKey.ts"
import type { Instant } from "../../domain/Time.ts"

/**
 * The occurrences that "next of a series" wants now: the first that has not ended, and the one after it once the
 * first one's bot is past `Scheduled`. Cancelled, excluded and unlinked ones are passed over.
 */
export const nextOccurrences = (
  index: StateIndex,
  intent: RecurringIntent,
  lastDates: LastDates,
  now: Instant
): ReadonlyArray<CalendarEvent> => {
  const virtualMax = countExclusions(index, intent.series) + 3
  const upcoming = upcomingOccurrences(index, intent.series, now, virtualMax, intent.fromDate).filter(
    (event) => coversDate(intent, null, event.originalDate ?? "") && !isPassedOver(index, intent, lastDates, event)
  )
  const taken: Array<CalendarEvent> = []
  for (const event of upcoming) {
    taken.push(event)
    const bots = index.bots.get(event.meeting) ?? []
    const isDone = bots.some((bot) => (bot.status === "Launched" || bot.status === "Failed") && event.start < bot.end)
    if (!isDone) break
  }
  return taken
}

/**
 * Whether a recurring intent skips an event: there is nothing to join, or the user excluded it and has not asked for it
 * since.
 */
const isPassedOver = (
  index: StateIndex,
  intent: RecurringIntent,
  lastDates: LastDates,
  event: CalendarEvent
): boolean => {
  const { events, excluded, latest } = standingRequests(index, lastDates, event)
  const isSeriesExcluded = excluded.series > latest && excluded.series >= intent.seq
  const isUnlinked = event.link === null && callerLink(events) === null
  return isUnlinked || excluded.meeting > latest || isSeriesExcluded
}

/** An upper bound for how many occurrences of a series exclusions can make `nextOccurrences` pass over. */
const countExclusions = (index: StateIndex, series: SeriesKey): number => {
  let count = 0
  for (const meeting of index.exclusions.keys()) if (seriesOfMeeting(meeting) === series) count++
  return count
}

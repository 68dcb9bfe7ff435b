/**
 * Which exclusions cover a meeting: those of this meeting alone, and those of its series.
 */
import type { StateIndex } from "../state/StateIndex.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { Exclusion, SeriesExclusion } from "../../domain/Intent.ts"
import type { Sequence } from "../../domain/Sequence.ts"

/** The members of an event by which intents are matched to it. */
export type IntentTarget = Pick<CalendarEvent, "meeting" | "seriesId" | "seriesKey" | "originalDate">

/**
 * The numbers of the latest exclusions that cover a meeting, 0 where none does: of this meeting alone, and of its
 * series. A later request for this meeting or for all of the series overrides both; a later "next of this series"
 * overrides the second alone.
 */
export const excludedAt = (
  index: StateIndex,
  event: IntentTarget
): { readonly meeting: Sequence; readonly series: Sequence } => {
  let meeting = 0
  for (const exclusion of index.exclusions.get(event.meeting) ?? []) meeting = Math.max(meeting, exclusion.seq)
  let series = 0
  if (event.seriesKey !== null && event.originalDate !== null) {
    for (const exclusion of index.seriesExclusions.get(event.seriesKey) ?? []) {
      if (event.originalDate >= exclusion.fromDate) series = Math.max(series, exclusion.seq)
    }
  }
  return { meeting, series }
}

/** The latest exclusion that covers a meeting, of either kind; null where none does. */
export const exclusionOf = (index: StateIndex, event: IntentTarget): Exclusion | SeriesExclusion | null => {
  const { meeting, series } = excludedAt(index, event)
  const ofMeeting = index.exclusions.get(event.meeting) ?? []
  const ofSeries = (event.seriesKey !== null && index.seriesExclusions.get(event.seriesKey)) || []
  const found =
    meeting >= series ? ofMeeting.find(({ seq }) => seq === meeting) : ofSeries.find(({ seq }) => seq === series)
  return found ?? null
}

/**
 * The requests for one meeting that no later removal has ended.
 */
import { type IntentTarget, excludedAt } from "./Exclusions.ts"
import { type LastDates, coversDate } from "./SeriesSpan.ts"
import { isLaggingCopy } from "../occurrences/BeyondWindow.ts"
import type { StateIndex } from "../state/StateIndex.ts"
import type { EventIntent, SeriesIntent } from "../../domain/Intent.ts"
import type { Sequence } from "../../domain/Sequence.ts"

/** Requests for a meeting alone and for all of its series that no later exclusion has ended. */
export interface Standing {
  readonly excluded: { readonly meeting: Sequence; readonly series: Sequence }
  readonly events: ReadonlyArray<EventIntent>
  readonly series: ReadonlyArray<SeriesIntent>
  /** The greatest number among them: they override exclusions up to it. 0: there are none. */
  readonly latest: Sequence
}

/** What the user has asked for about an event and not taken back since. */
export const standingRequests = (index: StateIndex, lastDates: LastDates, event: IntentTarget): Standing => {
  const excluded = excludedAt(index, event)
  const since = Math.max(excluded.meeting, excluded.series)
  const events = (index.eventIntents.get(event.meeting) ?? []).filter(({ seq }) => seq > since)
  const { originalDate, seriesKey } = event
  const series =
    seriesKey === null || originalDate === null || isLaggingCopy(index, event)
      ? []
      : (index.seriesIntents.get(seriesKey) ?? []).filter(
          (intent) => intent.seq > since && coversDate(intent, lastDates.get(intent.id) ?? null, originalDate)
        )
  return {
    excluded,
    events,
    series,
    latest: Math.max(0, ...events.map(({ seq }) => seq), ...series.map(({ seq }) => seq))
  }
}

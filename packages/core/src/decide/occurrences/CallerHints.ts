/**
 * An occurrence at the time that a caller gave with an intent (`CallerHints`), for a series whose rule is not
 * understood.
 * Decides that whatever the mirror says goes first.
 */
import { goesOn, leadingSeries, virtualFrom, virtualOccurrence } from "./BeyondWindow.ts"
import type { StateIndex } from "../state/StateIndex.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { Series } from "../../domain/Series.ts"
import type { LocalDate, Span } from "../../domain/Time.ts"

/**
 * The occurrence, as a virtual one. Null where the mirror knows better: the rule is understood in some copy of the
 * series, the provider's list reaches as far or names the date, or the date was cancelled.
 */
export const hintedOccurrence = (
  index: StateIndex,
  series: Series,
  date: LocalDate,
  { from, to }: Span
): CalendarEvent | null =>
  goesOn(index, series) &&
  leadingSeries(index, series.key) === null &&
  from >= virtualFrom(index, series) &&
  index.listedDates.get(series.id)?.has(date) !== true &&
  series.exceptions?.cancelled.includes(date) !== true
    ? virtualOccurrence(series, { date, start: from, end: to })
    : null

/**
 * The next occurrence by a rule that the caller gives, for a series whose own rule is not understood.
 * Decides where such a rule begins, and that the provider's list goes first: inside the window an occurrence that is
 * not listed does not take place. Never decides whether there is a bot.
 */
import type { CalendarEvent } from "../../domain/Event.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { expand } from "../../recurrence/Expand.ts"
import type { RecurringSeries, Rule } from "../../recurrence/Rule.ts"
import type { SeriesStart } from "../../recurrence/RuleText.ts"
import { toLocal } from "../../recurrence/WallClock.ts"
import { excludedAt } from "../intents/Exclusions.ts"
import { hintedOccurrence } from "../occurrences/CallerHints.ts"
import { virtualFrom } from "../occurrences/BeyondWindow.ts"
import type { StateIndex } from "../state/StateIndex.ts"

/** What a caller's rule is counted from. */
export interface Anchor {
  /** The occurrence named, or the last that is listed; null: none is. */
  readonly event: CalendarEvent | null
  /** The caller's start time of an occurrence, where none is listed. */
  readonly start: Instant | null
}

/** The duration of a meeting of which the start alone is known: an hour. */
const durationUsualMillis = 3_600_000

/** Where a rule begins: at the anchor, on its zone's clock. `COUNT` counts from there. Null: there is none. */
export const startOf = ({ event, start }: Anchor): SeriesStart | null => {
  const at = event?.start ?? start
  const zone = event === null || event.isAllDay ? "UTC" : event.zone
  const local = at === null ? null : toLocal(zone, at)
  return local === null ? null : { startDate: local.date, startTime: local.time, zone }
}

/** Dates of a rule that are looked at to find one which takes place. */
const datesMax = 400

/** The first that starts after an instant and has not ended; null: none, or the mirror knows better (`hintedOccurrence`). */
export const nextByRule = (
  index: StateIndex,
  key: SeriesKey,
  anchor: Anchor,
  rule: Rule,
  { after, now }: { readonly after: Instant; readonly now: Instant }
): CalendarEvent | null => {
  const begin = startOf(anchor)
  if (begin === null) return null
  const { event } = anchor
  const durationMillis = event === null ? durationUsualMillis : event.end - event.start
  const timing: RecurringSeries = { ...begin, rule, durationMillis, isAllDay: event?.isAllDay ?? false }
  for (const series of index.seriesByKey.get(key) ?? []) {
    const from = Math.max(after + 1, now - durationMillis + 1, virtualFrom(index, series))
    for (const { date, end, start } of expand(timing, from, Infinity, datesMax)) {
      const found = hintedOccurrence(index, series, date, { from: start, to: end })
      const excluded = found === null ? null : excludedAt(index, found)
      if (found !== null && excluded?.meeting === 0 && excluded.series === 0) return found
    }
  }
  return null
}

/**
 * "All of this series", as a plan.
 * Decides which occurrences a limit covers when asked, and what is passed over and why. Pure.
 */
import type { Change } from "../../decide/requests/Change.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import { indexState } from "../../decide/state/StateIndex.ts"
import { upcomingOccurrences } from "../../decide/occurrences/Upcoming.ts"
import { activeBot } from "../../domain/BotStatus.ts"
import { seriesRowOf } from "../../decide/occurrences/ResolveOccurrence.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { SeriesKey } from "../../domain/Ids.ts"
import type { SeriesIntent } from "../../domain/Intent.ts"
import type { LocalDate } from "../../domain/Time.ts"
import { datesFrom } from "../../recurrence/Expand.ts"
import type { ScheduleRequest, SkippedOccurrence } from "../contract/Contract.ts"
import type { DecisionInput } from "./DecideAndCommit.ts"
import { type Refusal, alreadyScheduled, refuse } from "../../domain/Refusal.ts"

export interface PlanAll {
  readonly change: Change
  /** The occurrences covered, by start. */
  readonly targets: ReadonlyArray<CalendarEvent>
  readonly skipped: ReadonlyArray<SkippedOccurrence>
}

/** Dates of a pattern looked at to find where the limit falls: the greatest limit, and as many again cancelled. */
const datesMax = 1_000

/** The plan, or why there is nothing to schedule: `event_ended`, `no_meeting_link`, `bot_already_scheduled`. */
export const planAll = ({ now, slice }: DecisionInput, key: SeriesKey, request: ScheduleRequest): PlanAll | Refusal => {
  const index = indexState(slice)
  const upcoming = upcomingOccurrences(index, key, now, request.occurrenceLimit)
  const joinable = upcoming.filter((event) => event.link !== null)
  const targets = joinable.slice(0, request.occurrenceLimit)
  const last = targets.at(-1)
  if (last === undefined) {
    return upcoming.length > 0
      ? refuse("no_meeting_link", "The series has no link of a supported meeting platform.")
      : refuse("event_ended", "The series has no occurrence left.")
  }
  const active = targets.map((event) => activeBot(index.bots.get(event.meeting), event, now))
  const taken = active.map((bot) => bot !== null && !(bot.origin === "auto" && bot.status === "Scheduled"))
  if (taken.every(Boolean)) {
    const first = active.find((bot) => bot !== null)
    if (first !== undefined && first !== null) return alreadyScheduled(first)
  }
  const dates = targets.map((event) => event.originalDate ?? "").toSorted()
  const fromDate = dates[0] ?? "0001-01-01"
  const lastDate = dates.at(-1) ?? fromDate
  const intent: SeriesIntent = {
    kind: "series",
    id: `series:${key}`,
    seq: nextSeq(slice),
    series: key,
    fromDate,
    span: spanOf(
      index.seriesByKey.get(key) === undefined ? null : seriesRowOf(index, key),
      fromDate,
      lastDate,
      targets.length,
      request.occurrenceLimit
    ),
    beforeDate: null,
    config: request.config
  }
  const passedOver = (index.listedBySeries.get(key) ?? []).filter(
    (event) =>
      event.isCancelled &&
      !event.isDeleted &&
      event.end > now &&
      (event.originalDate ?? "") >= fromDate &&
      (event.originalDate ?? "") <= lastDate
  )
  return {
    change: { putIntents: [intent] },
    targets,
    skipped: [
      ...passedOver.map((event) => skip(event, "event_cancelled")),
      ...upcoming
        .filter((event) => event.link === null && event.start <= last.start)
        .map((event) => skip(event, "no_meeting_link")),
      ...targets.filter((_, index) => taken[index]).map((event) => skip(event, "bot_already_scheduled"))
    ].toSorted((a, b) => a.start - b.start)
  }
}

/**
 * How many dates of the pattern the limit spans: up to the last occurrence covered, cancelled dates between included.
 * A series that ends before the limit keeps what is left of it, for dates added later.
 */
const spanOf = (
  series: ReturnType<typeof seriesRowOf>,
  fromDate: LocalDate,
  lastDate: LocalDate,
  covered: number,
  limit: number
): number => {
  if (series === null || series.timing === null) return limit
  const dates = datesFrom(series.timing, fromDate, datesMax)
  const until = dates.filter((date) => date <= lastDate).length
  return Math.max(1, until) + (limit - covered)
}

const skip = (event: CalendarEvent, reason: SkippedOccurrence["reason"]): SkippedOccurrence => ({
  eventId: event.id,
  start: event.start,
  reason
})

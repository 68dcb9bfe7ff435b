/**
 * "All of this series".
 * Decides which occurrences a limit covers when asked, and what is passed over and why.
 */
import { seriesRowOf } from "../occurrences/ResolveOccurrence.ts"
import { upcomingOccurrences } from "../occurrences/Upcoming.ts"
import type { CurrentState } from "../reschedule/CurrentState.ts"
import { type StateIndex, indexState } from "../state/StateIndex.ts"
import type { At, Plan } from "./Change.ts"
import { policyOf } from "./Joinable.ts"
import type { BotConfig } from "../../domain/Bot.ts"
import { activeBot } from "../../domain/BotStatus.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { BotId, EventId, SeriesKey } from "../../domain/Ids.ts"
import type { SeriesIntent } from "../../domain/Intent.ts"
import { jsonBytes } from "../../domain/JsonSize.ts"
import { quotaLimits } from "../../domain/Limits.ts"
import { Refusal, alreadyScheduled, refuse } from "../../domain/Refusal.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import type { Instant, LocalDate } from "../../domain/Time.ts"
import { datesFrom } from "../../recurrence/Expand.ts"

export interface SeriesRequest {
  readonly series: SeriesKey
  readonly config: BotConfig
  /** 1 to 366. */
  readonly occurrenceLimit: number
}

/** An occurrence that was passed over, and why. */
export interface SkippedOccurrence {
  readonly eventId: EventId
  readonly start: Instant
  readonly reason: "event_cancelled" | "no_meeting_link" | "bot_already_scheduled" | "blocked_by_policy"
  /** With `bot_already_scheduled`: which. */
  readonly botId: BotId | null
}

export interface SeriesPlan {
  /** The occurrences covered, by start. */
  readonly targets: ReadonlyArray<CalendarEvent>
  readonly skipped: ReadonlyArray<SkippedOccurrence>
}

/** Dates of a pattern looked at to find where the limit falls: the greatest limit, and as many again cancelled. */
const datesMax = 1_000

/**
 * The plan, or why there is nothing to schedule: `event_ended`, `no_meeting_link`, `bot_already_scheduled`. A long
 * configuration for many occurrences is refused: `quota_exceeded`.
 */
export const scheduleSeries = (
  state: CurrentState,
  { now }: Pick<At, "now">,
  { config, occurrenceLimit, series: key }: SeriesRequest
): Plan<SeriesPlan> | Refusal => {
  const index = indexState(state)
  const blockedBy = policyOf(state)
  // What the workspace forbids counts against no limit, so others come in its place.
  const isLocked = state.workspace?.policy.rules.some(({ enabled, locked }) => enabled && locked) === true
  const upcoming = upcomingOccurrences(index, key, now, isLocked ? datesMax : occurrenceLimit)
  const allowed = isLocked ? upcoming.filter((event) => blockedBy(event) === null) : upcoming
  const joinable = allowed.filter((event) => event.link !== null)
  const targets = joinable.slice(0, occurrenceLimit)
  const last = targets.at(-1)
  const first = upcoming[0]
  if (last === undefined) {
    const refusal = first === undefined || allowed.length > 0 ? null : blockedBy(first)
    if (refusal !== null) return refusal
    return upcoming.length > 0
      ? refuse("no_meeting_link", "The series has no link of a supported meeting platform.")
      : refuse("event_ended", "The series has no occurrence left.")
  }
  const active = targets.map((event) => activeBot(index.bots.get(event.meeting), event, now))
  const taken = active.map((bot) => bot !== null && !(bot.origin === "auto" && bot.status === "Scheduled"))
  if (taken.every(Boolean)) {
    const bot = active.find((each) => each !== null)
    if (bot !== undefined && bot !== null) return alreadyScheduled(bot)
  }
  const tooMuch = demandBytes(config, targets.length)
  if (tooMuch !== null) return tooMuch
  const dates = targets.map((event) => event.originalDate ?? "").toSorted()
  const fromDate = dates[0] ?? "0001-01-01"
  const lastDate = dates.at(-1) ?? fromDate
  const row = index.seriesByKey.get(key) === undefined ? null : seriesRowOf(index, key)
  const intent: SeriesIntent = {
    kind: "series",
    id: `series:${key}`,
    seq: nextSeq(state),
    series: key,
    fromDate,
    dateCount: dateCountOf(row, fromDate, lastDate, targets.length, occurrenceLimit),
    beforeDate: null,
    config
  }
  const skipped = [
    ...cancelledBetween(index, key, { fromDate, lastDate }, now).map((event) => skip(event, "event_cancelled")),
    ...upcoming
      .filter((event) => event.start <= last.start && !allowed.includes(event))
      .map((event) => skip(event, "blocked_by_policy")),
    ...allowed
      .filter((event) => event.link === null && event.start <= last.start)
      .map((event) => skip(event, "no_meeting_link")),
    ...targets.flatMap((event, place) =>
      taken[place] ? [skip(event, "bot_already_scheduled", active[place]?.id)] : []
    )
  ]
  return {
    change: { putIntents: [intent] },
    answer: { targets, skipped: skipped.toSorted((a, b) => a.start - b.start) }
  }
}

/** Each occurrence's bot holds the configuration as its own: the two together are what a request costs. */
const demandBytes = (config: BotConfig, occurrences: number): Refusal | null => {
  const { configBytesOfSeriesMax } = quotaLimits
  const bytes = jsonBytes(config)
  if (bytes * occurrences <= configBytesOfSeriesMax) return null
  const most = Math.floor(configBytesOfSeriesMax / bytes)
  const detail = `A configuration of ${bytes} bytes for ${occurrences} occurrences is more than ${configBytesOfSeriesMax} bytes in all. Send a shorter one, or \`occurrence_limit\` of ${most} at most.`
  return new Refusal({ code: "quota_exceeded", limit: "bot_configs", detail })
}

/** Occurrences ahead on the dates covered that were taken out of the series. */
const cancelledBetween = (
  index: StateIndex,
  key: SeriesKey,
  { fromDate, lastDate }: { readonly fromDate: LocalDate; readonly lastDate: LocalDate },
  now: Instant
): ReadonlyArray<CalendarEvent> =>
  (index.listedBySeries.get(key) ?? []).filter(
    ({ end, isCancelled, isDeleted, originalDate }) =>
      isCancelled && !isDeleted && end > now && (originalDate ?? "") >= fromDate && (originalDate ?? "") <= lastDate
  )

/**
 * How many dates of the pattern the limit spans: up to the last occurrence covered, cancelled dates between included.
 * A series that ends before the limit keeps what is left of it, for dates added later.
 */
const dateCountOf = (
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

const skip = (
  event: CalendarEvent,
  reason: SkippedOccurrence["reason"],
  botId: BotId | null = null
): SkippedOccurrence => ({ eventId: event.id, start: event.start, reason, botId })

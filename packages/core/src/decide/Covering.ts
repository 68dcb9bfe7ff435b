/**
 * Which intent speaks for a meeting: asked for by hand, then series, then recurring, then auto (law C6).
 * Decides precedence and what a request lifts. Never decides whether the meeting can be joined.
 */
import type { Bot, BotConfig, BotOrigin } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { EventIntent, RecurringIntent, Sequence, SeriesIntent } from "../domain/Intent.ts"
import { autoCovers, coversDate, excludedAt } from "./Coverage.ts"
import type { JudgeContext } from "./Desired.ts"

export interface Covering {
  readonly intent: {
    readonly id: string
    readonly seq: Sequence
    readonly origin: BotOrigin
    readonly config: BotConfig
    readonly isCreatable: boolean
    /** The user asked for just this, or for all of its series: a new bot after a failed one. */
    readonly isExplicit: boolean
  } | null
  /** Exclusions of the meeting, and of its series, with numbers up to these are lifted. */
  readonly liftsMeeting: Sequence
  readonly liftsSeries: Sequence
}

const nothing: Covering = { intent: null, liftsMeeting: 0, liftsSeries: 0 }

export const coveringIntent = (context: JudgeContext, event: CalendarEvent, live: Bot | null): Covering => {
  const { arranged } = context
  const excluded = excludedAt(arranged, event)
  const excludedSeq = Math.max(excluded.meeting, excluded.series)
  const events = (arranged.eventIntents.get(event.meeting) ?? []).filter((intent) => intent.seq > excludedSeq)
  const series = seriesIntents(context, event).filter((intent) => intent.seq > excludedSeq)
  const recurring = recurringIntents(context, event, live).filter((intent) => intent.seq > excluded.series)
  const explicit = [...events, ...series]
  const lifts = Math.max(0, ...explicit.map((intent) => intent.seq))
  const liftsSeries = Math.max(lifts, ...recurring.map((intent) => intent.seq))

  const chosen =
    asked(latest(events.filter((intent) => intent.origin === "manual")), "manual") ??
    asked(latest(series), "series") ??
    asked(latest(events.filter((intent) => intent.origin === "series")), "series", false) ??
    asked(latest(events.filter((intent) => intent.origin === "recurring")), "recurring", false) ??
    asked(latest(recurring), "recurring", false) ??
    asked(latest(events.filter((intent) => intent.origin === "auto")), "auto", false) ??
    auto(context, event, live)
  return chosen === null ? nothing : { intent: chosen, liftsMeeting: lifts, liftsSeries }
}

const asked = (
  intent: EventIntent | SeriesIntent | RecurringIntent | null,
  origin: BotOrigin,
  isExplicit = true
): Covering["intent"] =>
  intent === null
    ? null
    : { id: intent.id, seq: intent.seq, origin, config: intent.config, isCreatable: true, isExplicit }

const seriesIntents = (context: JudgeContext, event: CalendarEvent): ReadonlyArray<SeriesIntent> => {
  const { originalDate, seriesKey } = event
  if (seriesKey === null || originalDate === null) return []
  return (context.arranged.seriesIntents.get(seriesKey) ?? []).filter((intent) =>
    coversDate(intent, context.reach.lastDates.get(intent.id) ?? null, originalDate)
  )
}

/** A recurring intent covers the next occurrences, and any whose bot it has already made. */
const recurringIntents = (
  context: JudgeContext,
  event: CalendarEvent,
  live: Bot | null
): ReadonlyArray<RecurringIntent> =>
  event.seriesKey === null
    ? []
    : (context.arranged.recurringIntents.get(event.seriesKey) ?? []).filter(
        (intent) => live?.origin === "recurring" || context.reach.next.get(intent.id)?.has(event.meeting) === true
      )

/** Auto-scheduling keeps every bot it made; it makes one for what its coverage has reached. */
const auto = (context: JudgeContext, event: CalendarEvent, live: Bot | null): Covering["intent"] => {
  const settings = context.arranged.state.auto
  if (!settings.enabled) return null
  const isReached =
    autoCovers(settings, event, context.now, context.graceFrom ?? null) && !event.isAllDay && !event.isDeclined
  if (!isReached && live?.origin !== "auto") return null
  return {
    id: "auto",
    seq: settings.seq,
    origin: "auto",
    config: settings.config,
    isCreatable: isReached,
    isExplicit: false
  }
}

const latest = <A extends { readonly seq: Sequence; readonly id: string }>(intents: ReadonlyArray<A>): A | null =>
  intents.reduce<A | null>(
    (last, intent) =>
      last === null || intent.seq > last.seq || (intent.seq === last.seq && intent.id > last.id) ? intent : last,
    null
  )

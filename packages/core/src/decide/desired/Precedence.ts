/**
 * Which intent speaks for a meeting: asked for by hand, then series, then recurring, then auto (law C6).
 * Decides precedence and what a request lifts. Never decides whether the meeting can be joined.
 */
import type { Bot, BotConfig, BotOrigin } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { EventIntent, RecurringIntent, SeriesIntent } from "../../domain/Intent.ts"
import type { Sequence } from "../../domain/Sequence.ts"
import { autoCovers } from "../intents/AutoCoverage.ts"
import { standingRequests } from "../intents/StandingRequests.ts"
import type { DecisionContext } from "./DecisionContext.ts"
import { callerLink } from "../intents/CallerLink.ts"
import { latest } from "../intents/IntentOrder.ts"

/** Whose intent decides about a meeting, and what its requests lift. */
export interface WinningIntent {
  readonly intent: {
    readonly id: string
    readonly seq: Sequence
    readonly origin: BotOrigin
    readonly config: BotConfig
    readonly isCreatable: boolean
  } | null
  /**
   * The latest request for just this meeting or for all of its series, 0: none stands. It lifts earlier exclusions, and
   * makes a new bot after one that failed. What a switched-off rule left behind as an intent has its bot's own number.
   */
  readonly requested: Sequence
  /** Exclusions of the series with numbers up to this are lifted. */
  readonly liftsSeries: Sequence
  /** The link that a caller gave for the meeting, with the intent that holds it: for where the mirror has none. */
  readonly callerLink: ReturnType<typeof callerLink>
}

/** Nobody asks for a bot. */
export const noIntent: WinningIntent = { intent: null, requested: 0, liftsSeries: 0, callerLink: null }

/** The strongest intent that reaches an event; `live` is the bot there is, which its own rule keeps. */
export const winningIntent = (context: DecisionContext, event: CalendarEvent, live: Bot | null): WinningIntent => {
  const {
    events,
    excluded,
    latest: requested,
    series
  } = standingRequests(context.index, context.reach.lastDates, event)
  const recurring = recurringIntents(context, event, live).filter((intent) => intent.seq > excluded.series)
  const ofOrigin = (origin: BotOrigin): ReadonlyArray<EventIntent> =>
    events.filter((intent) => intent.origin === origin)
  const chosen =
    asked(latest(ofOrigin("manual")), "manual") ??
    asked(latest(series), "series") ??
    asked(latest(ofOrigin("series")), "series") ??
    asked(latest(ofOrigin("recurring")), "recurring") ??
    asked(latest(recurring), "recurring") ??
    asked(latest(ofOrigin("auto")), "auto") ??
    auto(context, event, live)
  if (chosen === null) return noIntent
  return {
    intent: chosen,
    requested,
    liftsSeries: Math.max(requested, ...recurring.map((intent) => intent.seq)),
    callerLink: callerLink(events)
  }
}

const asked = (
  intent: EventIntent | SeriesIntent | RecurringIntent | null,
  origin: BotOrigin
): WinningIntent["intent"] =>
  intent === null ? null : { id: intent.id, seq: intent.seq, origin, config: intent.config, isCreatable: true }

/** A recurring intent covers the next occurrences; where none does, any whose bot a chain has already made. */
const recurringIntents = (
  context: DecisionContext,
  event: CalendarEvent,
  live: Bot | null
): ReadonlyArray<RecurringIntent> => {
  const intents = event.seriesKey === null ? [] : (context.index.recurringIntents.get(event.seriesKey) ?? [])
  const reaching = intents.filter(({ id }) => context.reach.next.get(id)?.has(event.meeting) === true)
  return reaching.length === 0 && live?.origin === "recurring" ? intents : reaching
}

/** Auto-scheduling keeps every bot it made; it makes one for what its coverage has reached. */
const auto = (context: DecisionContext, event: CalendarEvent, live: Bot | null): WinningIntent["intent"] => {
  const settings = context.index.state.auto
  if (!settings.enabled) return null
  const isReached =
    autoCovers(settings, event, context.now, context.graceFrom ?? null) && !event.isAllDay && !event.isDeclined
  if (!isReached && live?.origin !== "auto") return null
  return {
    id: "auto",
    seq: settings.seq,
    origin: "auto",
    config: settings.config,
    isCreatable: isReached
  }
}

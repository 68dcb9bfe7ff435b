/**
 * The winning intent of a meeting, and the exclusions it overrides.
 * Decides precedence (law C6): asked for by hand, then series, then recurring, then auto. Never decides whether the
 * meeting can be joined.
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

/** The winning intent, and the exclusions it overrides. */
export interface WinningIntent {
  readonly intent: {
    readonly id: string
    readonly seq: Sequence
    readonly origin: BotOrigin
    readonly config: BotConfig
    readonly isCreatable: boolean
    /** Auto-scheduling's, by its rules: the meeting is still to be judged by them. */
    readonly isRuled: boolean
  } | null
  /**
   * The number of the latest standing request for just this meeting or for all of its series; 0: there is none. It
   * overrides earlier exclusions, and makes a new bot after one that failed. An intent made by `KeepBots.ts` has the
   * number of its bot.
   */
  readonly requested: Sequence
  /** Exclusions of the series with numbers up to this are overridden. */
  readonly liftsSeries: Sequence
  /**
   * The link that a caller gave for the meeting, with the intent that holds it. It counts where the mirror has none.
   */
  readonly callerLink: ReturnType<typeof callerLink>
}

/** Names auto-scheduling itself, which has no row among the intents. */
export const autoIntentId = "auto"

/** No intent covers the meeting. */
export const noIntent: WinningIntent = { intent: null, requested: 0, liftsSeries: 0, callerLink: null }

/**
 * Chooses among the intents that cover an event. `live` is its bot that is `Scheduled` or `Launching`: the intent that
 * made it keeps it.
 */
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
    asked(latest(ofOrigin("auto").filter((intent) => !isOfAuto(context, intent))), "auto") ??
    auto(context, event, { live, changed: latest(ofOrigin("auto")) })
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
  intent === null
    ? null
    : { id: intent.id, seq: intent.seq, origin, config: intent.config, isCreatable: true, isRuled: false }

/**
 * Whether auto-scheduling as it is now made the bot that an intent is about: it was changed by hand since. One that was kept
 * when auto-scheduling was switched off stands by itself, also once it is on again.
 */
const isOfAuto = ({ index }: DecisionContext, { seq }: EventIntent): boolean =>
  index.state.auto.enabled && seq >= index.state.auto.seq

/**
 * The recurring intents that want this event next. Where none does but the event has a bot of theirs, all of the
 * series, so that the bot stays.
 */
const recurringIntents = (
  context: DecisionContext,
  event: CalendarEvent,
  live: Bot | null
): ReadonlyArray<RecurringIntent> => {
  const intents = event.seriesKey === null ? [] : (context.index.recurringIntents.get(event.seriesKey) ?? [])
  const reaching = intents.filter(({ id }) => context.reach.next.get(id)?.has(event.meeting) === true)
  return reaching.length === 0 && live?.origin === "recurring" ? intents : reaching
}

/**
 * Auto-scheduling keeps every bot it made, for as long as its rules let it; it makes one for what its coverage has reached.
 * `changed`: what stands for a bot of its own that was changed by hand, which keeps the configuration that it has.
 */
const auto = (
  context: DecisionContext,
  event: CalendarEvent,
  { changed, live }: { readonly changed: EventIntent | null; readonly live: Bot | null }
): WinningIntent["intent"] => {
  const settings = context.index.state.auto
  if (!settings.enabled) return null
  const isReached = autoCovers(settings, event, context.now, context.graceFrom ?? null)
  // What somebody else's bot is on its way to is not given up because its start passes meanwhile.
  const isOnItsWay = live?.status === "Launching" && autoCovers(settings, event, context.now, event.start)
  if (!isReached && !isOnItsWay && live?.origin !== "auto" && changed === null) return null
  return {
    id: changed?.id ?? autoIntentId,
    seq: settings.seq,
    origin: "auto",
    config: changed?.config ?? settings.config,
    isCreatable: isReached || changed !== null,
    isRuled: true
  }
}

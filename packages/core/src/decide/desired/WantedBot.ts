/**
 * The bot that a meeting should have: when it joins, what it is called, and its configuration.
 */
import type { DecisionContext } from "./DecisionContext.ts"
import type { WinningIntent } from "./Precedence.ts"
import type { Reason, Wanted } from "./Verdict.ts"
import type { Bot, BotConfig } from "../../domain/Bot.ts"
import { isWithdrawn } from "../../domain/BotStatus.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { Override } from "../../domain/Intent.ts"
import type { Sequence } from "../../domain/Sequence.ts"
import type { MeetingLink } from "../../links/Link.ts"
import { mergeMembers } from "../../rules/MergeConfig.ts"

/** What a bot is called that nobody has named. */
export const defaultBotName = "Punctual Bot"

/** What a meeting that is to have a bot was judged by. */
export interface Granted {
  readonly event: CalendarEvent
  readonly link: MeetingLink
  readonly winning: WinningIntent
  readonly intent: NonNullable<WinningIntent["intent"]>
}

/** `note` is told what keeps a bot from being made, and whether a join time set by hand counts. */
export const wantedBot = (
  { index, policy }: DecisionContext,
  { event, intent, link, winning }: Granted,
  note?: (reason: Reason) => void
): Wanted => {
  const bots = index.bots.get(event.meeting) ?? []
  const answering = bots.filter((bot) => answersFor(bot, event, winning.requested))
  const earlier = answering.reduce<Bot | null>((last, bot) => (last === null || bot.id > last.id ? bot : last), null)
  if (intent.isRuled) {
    // Not covered, it was passed on for the sake of a bot that it keeps.
    note?.({ rule: "auto", passed: true, field: "start_time", value: event.start, intent: intent.id })
  }
  const override = index.overrides.get(event.meeting)
  const offset = offsetWithin(event, override)
  if (override !== undefined && override.joinOffsetMillis !== null) {
    const field = offset === null ? "join_offset_past_end" : "join_offset"
    note?.({ rule: "join-time", passed: true, field, value: override.joinOffsetMillis, intent: null })
  }
  const isAnswered = answering.some(({ status }) => status !== "Failed")
  note?.({
    rule: "earlier-bot",
    passed: earlier === null || isThere(bots, isAnswered),
    field: "bot",
    value: earlier?.id ?? null,
    intent: intent.id
  })
  return {
    event,
    link,
    joinAt: event.start + (offset ?? -policy.leadMillis),
    ...appearance(event, intent.config, override),
    origin: intent.origin,
    // The request it answers, also where a stronger one says what it looks like.
    seq: Math.max(intent.seq, winning.requested),
    isCreatable: intent.isCreatable && earlier === null,
    isAnswered,
    rule: null
  }
}

/**
 * The offset set by hand, for as long as it falls before the meeting's end. A meeting that was shortened since would never
 * be joined by it: then the lead counts, as for any bot, until the meeting is long enough again.
 */
const offsetWithin = ({ end, start }: CalendarEvent, override: Override | undefined): number | null => {
  const offset = override?.joinOffsetMillis ?? null
  return offset !== null && start + offset < end ? offset : null
}

/** Whether a bot goes, or is on its way, whatever became of those before it. */
export const isThere = (bots: ReadonlyArray<Bot> | undefined, isAnswered: boolean): boolean =>
  (bots ?? []).some(({ status }) => status === "Launching" || (status === "Scheduled" && !isAnswered))

/** Name, attributes and configuration: the intent's, with what was changed on this meeting merged over it. */
const appearance = (
  event: CalendarEvent,
  config: BotConfig,
  override: Override | undefined
): Pick<Wanted, "botName" | "customAttributes" | "config"> => {
  const merged = mergeMembers(config, override?.config ?? {})
  const named = merged["bot_name"]
  const attributes = merged["custom_attributes"]
  return {
    config: merged,
    botName: override?.botName ?? (typeof named === "string" && named.trim() !== "" ? named : defaultBotName),
    customAttributes: {
      source: "calendar_integration",
      event_id: event.providerId,
      event_summary: event.subject,
      ...(isMembers(attributes) ? attributes : {}),
      ...override?.customAttributes
    }
  }
}

/**
 * Whether a bot past `Scheduled` already serves this start. It does not where the meeting moved beyond the end that the
 * bot was launched for, nor where the bot failed and the user has asked again.
 */
export const answersFor = (bot: Bot, event: CalendarEvent, requested: Sequence): boolean =>
  event.start < bot.end &&
  !isWithdrawn(bot) &&
  (bot.status === "Launched" || bot.status === "Launching" || (bot.status === "Failed" && requested <= bot.seq))

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

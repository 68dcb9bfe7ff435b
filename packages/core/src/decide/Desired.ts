/**
 * Which bots should exist.
 * Decides, for each meeting, whether a bot is wanted, by which intent, when it joins and with what configuration.
 * `now` decides only what is over and whether a bot may be made; it never enters a join time. Never looks at what a
 * scheduler holds and never writes.
 */
import type { Bot, BotConfig, BotOrigin, CancelReason } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { MeetingKey } from "../domain/Ids.ts"
import type { Override } from "../domain/Intent.ts"
import type { Policy } from "../domain/Policy.ts"
import type { Instant } from "../domain/Time.ts"
import type { MeetingLink } from "../meeting/Link.ts"
import { coveringIntent, type Covering } from "./Covering.ts"
import { excludedAt, exclusionOf } from "./Coverage.ts"
import { absence, holder } from "./Holder.ts"
import { farOccurrences, reach, type Reach } from "./Reach.ts"
import { arrange, type Arranged, type State } from "./Slice.ts"

/** The bot a meeting should have. */
export interface Wanted {
  readonly event: CalendarEvent
  readonly link: MeetingLink
  readonly joinAt: Instant
  readonly botName: string
  readonly customAttributes: Readonly<Record<string, unknown>>
  readonly config: BotConfig
  readonly origin: BotOrigin
  readonly seq: number
  /** False: a bot that is there stays, but none is made. */
  readonly isCreatable: boolean
  /** A bot past `Scheduled` answers for this start: one that is still `Scheduled` beside it has nothing left to do. */
  readonly isAnswered: boolean
}

/** What a decision says of one meeting. */
export type Verdict =
  | { readonly kind: "wanted"; readonly bot: Wanted }
  | { readonly kind: "unwanted"; readonly reason: CancelReason }
  /** It ended where it stood: what is left is the launch protocol's. */
  | { readonly kind: "over" }

/** One step of a judgement: the rule asked, what it looked at, and whether the meeting passed. */
export interface Reason {
  readonly rule:
    | "connection"
    | "calendar"
    | "cancelled"
    | "link"
    | "time"
    | "exclusion"
    | "intent"
    | "earlier-bot"
    | "auto"
    /** Holds nothing back: says whether a join time set by hand counts, or would lie past the meeting's end. */
    | "join-time"
  readonly passed: boolean
  readonly field: string
  readonly value: unknown
  /** The intent that decided, where one did. */
  readonly intent: string | null
}

export interface DesiredOptions {
  readonly policy: Policy
  readonly now: Instant
  /** For one auto-schedule run: starts from here on count although they have passed. */
  readonly graceFrom?: Instant | null
}

/** What a bot is called that nobody has named. */
export const defaultBotName = "Punctual Bot"

/** A verdict for every meeting of the state. The order of events, intents and bots changes nothing. */
export const desired = (state: State, options: DesiredOptions): ReadonlyMap<MeetingKey, Verdict> => {
  const arranged = arrange(state)
  const context = contextOf(arranged, options)
  const verdicts = new Map<MeetingKey, Verdict>()
  for (const meeting of context.meetings) verdicts.set(meeting, judge(context, meeting))
  return verdicts
}

export interface JudgeContext extends DesiredOptions {
  readonly arranged: Arranged
  readonly reach: Reach
  readonly far: ReadonlyMap<MeetingKey, ReadonlyArray<CalendarEvent>>
  readonly meetings: ReadonlySet<MeetingKey>
}

/** Everything that is worked out once for all meetings of a state. */
export const contextOf = (arranged: Arranged, options: DesiredOptions): JudgeContext => {
  const reached = reach(arranged, options.now)
  const far = farOccurrences(arranged, reached, options.now)
  return {
    ...options,
    arranged,
    reach: reached,
    far,
    meetings: new Set([...arranged.copies.keys(), ...far.keys(), ...arranged.bots.keys()])
  }
}

/** Judges one meeting. `note` is told each rule asked, in order, up to the one that decided. */
export const judge = (context: JudgeContext, meeting: MeetingKey, note?: (reason: Reason) => void): Verdict => {
  const { arranged, now } = context
  const live = liveBot(arranged.bots.get(meeting))
  const unwanted = (reason: CancelReason): Verdict => ({ kind: "unwanted", reason })

  const isConnected = arranged.state.connection !== null && arranged.state.connection.status !== "disconnected"
  note?.({
    rule: "connection",
    passed: isConnected,
    field: "connection.status",
    value: arranged.state.connection?.status ?? null,
    intent: null
  })
  if (!isConnected) return unwanted("calendar_disconnected")

  const event = holder(context, meeting)
  if (event === null) {
    const { reason, removal } = absence(context, meeting)
    note?.({ rule: "calendar", passed: false, field: "event", value: null, intent: removal })
    return unwanted(reason)
  }
  note?.({ rule: "calendar", passed: true, field: "event", value: event.id, intent: null })

  note?.({
    rule: "cancelled",
    passed: !event.isCancelled,
    field: "is_cancelled",
    value: event.isCancelled,
    intent: null
  })
  if (event.isCancelled) return unwanted("meeting_cancelled")

  const covering = coveringIntent(context, event, live)
  const excluded = excludedAt(arranged, event)
  const isExcluded = excluded.meeting > covering.requested || excluded.series > covering.liftsSeries
  note?.({
    rule: "exclusion",
    passed: !isExcluded,
    field: "removed_by_user",
    value: isExcluded,
    intent: (isExcluded ? exclusionOf(arranged, event) : covering.intent)?.id ?? null
  })
  if (isExcluded) return unwanted("removed_by_user")

  const given = event.link === null ? covering.givenLink : null
  const link = event.link ?? given?.link ?? null
  note?.({
    rule: "link",
    passed: link !== null,
    field: given === null ? "meeting_url" : "given_meeting_url",
    value: link?.platform ?? null,
    intent: given?.intent ?? null
  })
  if (link === null) return unwanted("link_removed")

  note?.({ rule: "time", passed: event.end > now, field: "end_time", value: event.end, intent: null })
  if (event.end <= now) {
    return live !== null && live.end !== event.end ? unwanted("meeting_moved_to_past") : { kind: "over" }
  }

  note?.({
    rule: "intent",
    passed: covering.intent !== null,
    field: "origin",
    value: covering.intent?.origin ?? null,
    intent: covering.intent?.id ?? null
  })
  if (covering.intent === null) return unwanted(live?.origin === "auto" ? "auto_schedule_disabled" : "no_longer_wanted")
  return { kind: "wanted", bot: want(context, event, link, covering, note) }
}

const want = (
  context: JudgeContext,
  event: CalendarEvent,
  link: MeetingLink,
  covering: Covering,
  note: ((reason: Reason) => void) | undefined
): Wanted => {
  const { arranged, policy } = context
  const intent = covering.intent ?? unreachable
  const answering = (arranged.bots.get(event.meeting) ?? []).filter((bot) => answersFor(bot, event, covering.requested))
  const earlier = answering.reduce<Bot | null>((last, bot) => (last === null || bot.id > last.id ? bot : last), null)
  note?.({ rule: "earlier-bot", passed: earlier === null, field: "bot", value: earlier?.id ?? null, intent: intent.id })
  if (covering.intent?.origin === "auto") {
    note?.({ rule: "auto", passed: intent.isCreatable, field: "start_time", value: event.start, intent: intent.id })
  }
  const override = arranged.overrides.get(event.meeting)
  const offset = offsetWithin(event, override)
  if (override !== undefined && override.joinOffsetMillis !== null) {
    const field = offset === null ? "join_offset_past_end" : "join_offset"
    note?.({ rule: "join-time", passed: true, field, value: override.joinOffsetMillis, intent: null })
  }
  return {
    event,
    link,
    joinAt: event.start + (offset ?? -policy.leadMillis),
    ...attire(event, intent.config, override),
    origin: intent.origin,
    // The request it answers, also where a stronger one says what it looks like.
    seq: Math.max(intent.seq, covering.requested),
    isCreatable: intent.isCreatable && earlier === null,
    isAnswered: answering.some(({ status }) => status !== "Failed")
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

const unreachable = { id: "", seq: 0, origin: "auto", config: {}, isCreatable: false } as const

/** Name, attributes and configuration: the intent's, with what was changed on this meeting merged over it. */
const attire = (
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

/** Member by member; null removes. Members are data, also one that is called `__proto__`. */
export const mergeMembers = (base: BotConfig, patch: BotConfig): BotConfig =>
  Object.fromEntries(
    [...new Map([...Object.entries(base), ...Object.entries(patch)])].filter(
      ([member, value]) => !(value === null && Object.hasOwn(patch, member))
    )
  )

/** The bot that is scheduled or being launched; of two (which no store allows) the older. */
export const liveBot = (bots: ReadonlyArray<Bot> | undefined): Bot | null =>
  (bots ?? [])
    .filter((bot) => bot.status === "Scheduled" || bot.status === "Launching")
    .reduce<Bot | null>((first, bot) => (first === null || bot.id < first.id ? bot : first), null)

/**
 * Whether a bot past `Scheduled` already answers for this start. A meeting moved beyond the end it was launched for is
 * wanted anew; so is one whose bot failed, once the user asks again.
 */
const answersFor = (bot: Bot, event: CalendarEvent, requested: number): boolean =>
  event.start < bot.end &&
  !isCalledBack(bot) &&
  (bot.status === "Launched" || bot.status === "Launching" || (bot.status === "Failed" && requested <= bot.seq))

/** Whether a bot that was handed over is known to be out of its meeting: it answers for it no more. */
export const isCalledBack = ({ status, statusReason }: Pick<Bot, "status" | "statusReason">): boolean =>
  status === "Launched" && statusReason !== null && statusReason !== "call_back_refused"

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * What the user asked for. An intent says what should be, for as long as it stands, and nothing about what is.
 * Shapes alone: which intent wins for a meeting is decided in `decide/desired/Precedence.ts`.
 */
import type { BotConfig, BotOrigin } from "./Bot.ts"
import type { MeetingKey, SeriesKey } from "./Ids.ts"
import type { Sequence } from "./Sequence.ts"
import type { Instant, LocalDate, Span } from "./Time.ts"
import type { MeetingLink } from "../links/Link.ts"
import type { JoinRule, RuleOutcome } from "./JoinRule.ts"

/**
 * What a caller said of a meeting when asking for its bot. Each part counts only where the mirror has nothing in its
 * place (`decide/occurrences/CallerHints.ts`, `decide/intents/CallerLink.ts`).
 */
export interface CallerHints {
  /** Null: none was given, or none was needed. */
  readonly link: MeetingLink | null
  /** When the occurrence takes place, for a series whose rule is not understood; null: not given. */
  readonly span: Span | null
}

/** One meeting. `origin` is `manual` when asked for by hand; otherwise who made the bot before it was switched off. */
export interface EventIntent {
  readonly kind: "event"
  readonly id: string
  readonly seq: Sequence
  readonly meeting: MeetingKey
  readonly origin: BotOrigin
  readonly config: BotConfig
  /** Absent: nothing was needed beyond what is mirrored. */
  readonly hints?: CallerHints
}

/** All occurrences of a series from a date on, at most `dateCount` dates of its pattern. */
export interface SeriesIntent {
  readonly kind: "series"
  readonly id: string
  readonly seq: Sequence
  readonly series: SeriesKey
  readonly fromDate: LocalDate
  /** How many dates of the pattern, from the first: the limit asked for, plus those cancelled when asked. */
  readonly dateCount: number
  /** Ends before this date, where the user cut it short. */
  readonly beforeDate: LocalDate | null
  readonly config: BotConfig
}

/** The next occurrence of a series, always: after each meeting the one that follows. */
export interface RecurringIntent {
  readonly kind: "recurring"
  readonly id: string
  readonly seq: Sequence
  readonly series: SeriesKey
  readonly fromDate: LocalDate
  readonly beforeDate: LocalDate | null
  readonly config: BotConfig
}

/** Never this meeting. */
export interface Exclusion {
  readonly kind: "exclusion"
  readonly id: string
  readonly seq: Sequence
  readonly meeting: MeetingKey
}

/** Never this series, from a date on. */
export interface SeriesExclusion {
  readonly kind: "series-exclusion"
  readonly id: string
  readonly seq: Sequence
  readonly series: SeriesKey
  readonly fromDate: LocalDate
}

/** Every kind of intent but "everything" (`AutoSchedule`), of which a user has one. */
export type Intent = EventIntent | SeriesIntent | RecurringIntent | Exclusion | SeriesExclusion

/** Everything with a link that the rules let through, as far ahead as `coveredUntil`. One per user. */
export interface AutoSchedule {
  readonly enabled: boolean
  readonly seq: Sequence
  readonly config: BotConfig
  /** The first that matches a meeting decides about it. */
  readonly rules: ReadonlyArray<JoinRule>
  /** What becomes of a meeting that no rule matches, of the workspace's either. */
  readonly otherwise: RuleOutcome
  /** Starts before this instant are decided (the coverage); null: never ran. */
  readonly coveredUntil: Instant | null
}

/** Of a user who never asked for it. */
export const autoNever: AutoSchedule = {
  enabled: false,
  seq: 0,
  config: {},
  rules: [],
  otherwise: "join",
  coveredUntil: null
}

/** What PATCH changed on one meeting, merged over the winning intent's configuration. */
export interface Override {
  readonly meeting: MeetingKey
  /**
   * Join instant as an offset from the start in milliseconds (negative: before it); null: the policy's lead. That counts
   * also for as long as the offset falls past the meeting's end.
   */
  readonly joinOffsetMillis: number | null
  readonly botName: string | null
  readonly customAttributes: Readonly<Record<string, unknown>> | null
  /** Members to set; null removes. */
  readonly config: BotConfig | null
}

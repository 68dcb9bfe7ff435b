/**
 * What a decision is made from, and what it is written down as. A store loads the one and commits the other.
 * Shapes alone: the decision is `decide/Decide.ts`.
 */
import type { Bot } from "./Bot.ts"
import type { Calendar } from "./Calendar.ts"
import type { Connection } from "./Connection.ts"
import type { CalendarEvent } from "./Event.ts"
import type { EventId, MeetingKey, SeriesKey, UserId } from "./Ids.ts"
import type { AutoSchedule, Intent, Override } from "./Intent.ts"
import type { BotChange } from "./LoggedChange.ts"
import type { Series } from "./Series.ts"
import type { Instant, Span } from "./Time.ts"
import type { Workspace } from "./Workspace.ts"

/** Which part of a user's state a decision needs. */
export type Scope =
  /** The meetings and series that changed since the last decision (tombstones included), and every series with a recurring intent. */
  | {
      readonly kind: "changed"
      /** Other series and meetings that are looked at as well. */
      readonly series?: ReadonlyArray<SeriesKey>
      readonly meetings?: ReadonlyArray<MeetingKey>
    }
  | {
      readonly kind: "meetings"
      readonly meetings: ReadonlyArray<MeetingKey>
      readonly series: ReadonlyArray<SeriesKey>
    }
  /** Events that overlap the span, and every meeting with a live bot. */
  | { readonly kind: "span"; readonly span: Span }
  /** Every meeting and series that somebody asks for, and every meeting with a live bot: bounded by what a user may have. */
  | { readonly kind: "intended" }
  /** Everything there is, for whoever proves a store. No use case asks for it: it is as large as a user's history. */
  | { readonly kind: "all" }

/**
 * A part of a user's state, closed, without the provider's own items of events (`raw` is null, but in a slice of all, and
 * of virtual rows): for each meeting in it all copies (tombstones too) and all events of their families, its intents,
 * exclusions, override and bots; for each series in it (named, or owning an event in it) its rows and its intents; for a
 * series with an intent also its stored occurrences that have not ended by `now`. Of a meeting's terminal bots enough are the
 * newest of each status, and of those handed over and not withdrawn the one whose `end` is latest
 * (`decide/state/RelevantBots.ts`).
 */
export interface Slice {
  readonly userId: UserId
  /** Raised by each commit, and by each write of a connection. */
  readonly version: number
  readonly mirrorNumber: number
  /** The mirror number that the last decision had seen. */
  readonly decided: number
  /** When time alone may change the decision; null: never. */
  readonly decideAt: Instant | null
  /**
   * What rules are asked about was changed for all meetings at once (a calendar's zone, the user's addresses), and not all
   * that they judge was decided since: the version that the latest such write raised the user to. Null: it was.
   */
  readonly judgeMark: number | null
  /** In the order in which they were connected; tombstones too. */
  readonly connections: ReadonlyArray<Connection>
  readonly calendars: ReadonlyArray<Calendar>
  readonly auto: AutoSchedule
  /** Nothing of the user is launched until then; null: not paused. */
  readonly pausedUntil: Instant | null
  /** Null: the user is of none that the store knows. */
  readonly workspace: Workspace | null
  readonly events: ReadonlyArray<CalendarEvent>
  readonly series: ReadonlyArray<Series>
  readonly intents: ReadonlyArray<Intent>
  readonly overrides: ReadonlyArray<Override>
  readonly bots: ReadonlyArray<Bot>
}

/** A bot to write: `expected` is the revision it must have (null: it must not exist). */
export interface BotWrite {
  readonly bot: Bot
  readonly expected: number | null
  /** What the write leaves in the log; null: nothing that anybody is told. */
  readonly change?: BotChange | null
}

/** All or nothing, against one version. */
export interface Commit {
  readonly userId: UserId
  /** The version the decision was made against. */
  readonly version: number
  /** The mirror number now decided; null: as it was (only a part was looked at, or more of this decision is to come). */
  readonly decided: number | null
  /** When time alone may change the decision; null: never. */
  readonly decideAt: Instant | null
  /** True: all that rules judge is to be decided, as of the version that this commit raises the user to. */
  readonly marksJudging?: boolean
  /** All that rules judge was decided since that mark; a later one stays. */
  readonly judged?: number
  /** Zones of calendars' events; of what is gone nothing is written. */
  readonly putZones?: ReadonlyArray<Pick<Calendar, "id" | "eventsZone">>
  readonly auto?: AutoSchedule
  readonly pausedUntil?: Instant | null
  readonly putIntents?: ReadonlyArray<Intent>
  readonly deleteIntents?: ReadonlyArray<string>
  readonly putOverrides?: ReadonlyArray<Override>
  readonly deleteOverrides?: ReadonlyArray<MeetingKey>
  /** Virtual occurrences to show; a row that the provider listed is never overwritten by one. */
  readonly putVirtual?: ReadonlyArray<CalendarEvent>
  readonly deleteVirtual?: ReadonlyArray<EventId>
  /** Rows that are another meeting's now. Raises no mirror number: it has been decided. */
  readonly putMeetings?: ReadonlyArray<Pick<CalendarEvent, "id" | "meeting">>
  /** Series whose `decidedTiming` is set, and whose exceptions were asked for meanwhile. */
  readonly decidedSeries?: ReadonlyArray<Pick<Series, "id" | "decidedTiming" | "exceptions">>
  readonly bots?: ReadonlyArray<BotWrite>
}

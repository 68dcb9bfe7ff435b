/**
 * To whom goes what was about a meeting, when the meeting is called otherwise now: one event of several with one UID, a
 * single meeting that became a series in place, or the rest of a series that was split.
 * Shapes alone, and the order in which the three are asked. Who inherits is decided in `Families.ts`, `Conversions.ts` and
 * `Splits.ts`, what goes over in `CarryOver.ts`.
 */
import type { CalendarId, EventId, MeetingKey, SeriesKey } from "../../domain/Ids.ts"
import type { Intent } from "../../domain/Intent.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { Instant } from "../../domain/Time.ts"

/** The meeting that inherits, and the copy of it that carries its bot. */
export interface Heir {
  readonly meeting: MeetingKey
  readonly eventId: EventId
  readonly calendarId: CalendarId
  /** Null: not known before it is listed. */
  readonly start: Instant | null
}

/** A series that was cut in two. */
export interface Split {
  readonly from: SeriesKey
  readonly to: SeriesKey
}

export interface Succession {
  /** Rows that are another meeting's now. */
  readonly meetings: ReadonlyMap<EventId, MeetingKey>
  /** Of what is about a meeting; null: it stays. */
  readonly heirOf: (meeting: MeetingKey) => Heir | null
  /** Of a bot, which knows its copy. */
  readonly heirOfBot: (bot: Bot) => Heir | null
  /** Intents that the heirs of a whole series get besides, and bots' own where their series is no more. */
  readonly added: ReadonlyArray<Intent>
  readonly splits: ReadonlyArray<Split>
}

export const heirAt = ({ calendarId, id, meeting, start }: CalendarEvent): Heir => ({
  meeting,
  eventId: id,
  calendarId,
  start
})

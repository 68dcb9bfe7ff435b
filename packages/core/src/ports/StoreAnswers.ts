/**
 * What a store is asked and what it answers, beside the rows themselves: claims, places and pages, lists with what belongs
 * to each item, and counts of what was erased.
 */
import type { Bot, BotStatus } from "../domain/Bot.ts"
import type { Calendar, Subscription } from "../domain/Calendar.ts"
import type { Connection } from "../domain/Connection.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { BotId, CalendarId, ConnectionId, UserId } from "../domain/Ids.ts"
import type { BotChange } from "../domain/LoggedChange.ts"
import type { Instant, Span } from "../domain/Time.ts"
import type { UserNumbers } from "../domain/UserNumbers.ts"

/** The right to write one calendar's mirror. */
export interface Claim {
  readonly userId: UserId
  readonly connection: Connection
  /** As it was when claimed, with `syncGeneration` raised. */
  readonly calendar: Calendar
  readonly leaseUntil: Instant
}

/** Who is connected, and what of. */
export interface Account {
  /** In the order in which they were connected; tombstones too. */
  readonly connections: ReadonlyArray<Connection>
  /** By rank. */
  readonly calendars: ReadonlyArray<Calendar>
}

/** A calendar with the subscription that it has, for who knows only the subscription. */
export interface SubscribedCalendar {
  readonly userId: UserId
  readonly connectionId: ConnectionId
  /** Of the connection. */
  readonly generation: number
  readonly calendarId: CalendarId
  readonly subscription: Subscription
}

/** One run of a daily job. */
export interface JobRun {
  /** When something of it was noted last: its claim, its progress, its end. */
  readonly at: Instant
  readonly isFinished: boolean
}

/** A user's share of a job that failed. */
export interface ShareLeft {
  readonly userId: UserId
  /** When the run was due that it belongs to. */
  readonly at: Instant
}

/** A place in a list ordered by instant, then id. */
export interface Place {
  readonly at: Instant
  readonly id: string
}

/** A part of a list, in the list's order whichever way it is turned. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** Whether there is more beyond the last item, in the direction asked. */
  readonly hasMore: boolean
}

export interface EventsQuery {
  readonly userId: UserId
  /** By rank. */
  readonly calendarIds: ReadonlyArray<CalendarId>
  /** Events that overlap it. */
  readonly span: Span
  readonly includeDeleted: boolean
  /** One row for each meeting and start: the copy on the calendar named first. */
  readonly uniqueMeetings: boolean
  readonly limit: number
  /** Strictly beyond this place: after it, or before it when `backwards`. */
  readonly place: Place | null
  /** Items still come in ascending order. */
  readonly backwards: boolean
}

/** An event as a list shows it. What the provider said of it is only handed on, so it stays the JSON text it was kept as. */
export interface EventListing {
  readonly event: Omit<CalendarEvent, "raw">
  readonly rawText: string
  /** The newest bots of its meeting (`quotaLimits.botsOfOneEventMax`), newest first, and how many there are. */
  readonly bots: ReadonlyArray<Bot>
  readonly botCount: number
}

/** A place among a user's rows as they changed: everything of smaller numbers lies before it. */
export interface MirrorPlace {
  readonly mirrorNumber: number
  readonly id: string
}

export interface UpdatedQuery {
  readonly userId: UserId
  readonly calendarIds: ReadonlyArray<CalendarId>
  /** Strictly beyond a place; or all that was written at an instant or later, as far as it is known when that was. */
  readonly from: MirrorPlace | { readonly at: Instant }
  readonly limit: number
}

export interface UpdatedPage<Row> {
  readonly items: ReadonlyArray<Row>
  /** Where to go on from, whether or not there is more by now. */
  readonly next: MirrorPlace
  readonly hasMore: boolean
  /** Tombstones beyond `from` were pruned: whoever went on from it would miss that something is gone. */
  readonly isExpired: boolean
}

/** By join time and id. */
export interface BotsQuery {
  readonly userId: UserId
  /** Null: bots of any status. */
  readonly status: BotStatus | null
  /** Those that join after this instant; null: whenever they join. */
  readonly joinAfter: Instant | null
  readonly limit: number
  readonly place: Place | null
  readonly backwards: boolean
}

export interface BotListing extends Page<Bot> {
  readonly connections: ReadonlyArray<Connection>
}

/** What went with a connection: events, and bots that were scheduled. */
export interface Erased {
  readonly events: number
  readonly liveBots: number
  /** Nothing is left but tombstones, and bots that were kept. */
  readonly isDone: boolean
  /** Bots that are left because they are being launched. */
  readonly keptBots: number
}

/** A bot with its owner, for lists over all users. */
export interface OwnedBot {
  readonly userId: UserId
  readonly bot: Bot
}

/** A bot whose turn comes. Of thousands that are due together no more is read than what they are rung for by. */
export interface DueBot {
  readonly userId: UserId
  readonly botId: BotId
  readonly status: "Scheduled" | "Launching"
  /** Its join time; of one that is being launched when the attempt in progress counts as given up. */
  readonly at: Instant
}

/** Several bots of one user. */
export interface BotsOfUser {
  readonly userId: UserId
  readonly botIds: ReadonlyArray<BotId>
}

/** A bot to write outside a decision. */
export interface OwnedBotWrite extends OwnedBot {
  /** The revision it must have. */
  readonly expected: number
  /** What its user's numbers must be; null: whatever they are. */
  readonly numbers: UserNumbers | null
  /** What the write leaves in the log; null: nothing that anybody is told. */
  readonly change?: BotChange | null
}

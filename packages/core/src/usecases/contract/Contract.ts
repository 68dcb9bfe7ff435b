/**
 * What use cases are asked and what they answer: the shapes that hosts see. Nothing here runs.
 */
import type { Redacted } from "effect"
import type { Explained } from "../../decide/desired/Explain.ts"
import type { SkippedOccurrence } from "../../decide/requests/ScheduleSeries.ts"
import type { Bot, BotConfig } from "../../domain/Bot.ts"
import type { Calendar } from "../../domain/Calendar.ts"
import type { Connection } from "../../domain/Connection.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { CalendarId, EventId, ProviderCalendarId, SeriesId } from "../../domain/Ids.ts"
import type { LoggedChange } from "../../domain/LoggedChange.ts"
import type { Series } from "../../domain/Series.ts"
import type { Instant } from "../../domain/Time.ts"
import type { SecretsError } from "../../ports/Secrets.ts"
import type { EventListing, EventsQuery, Page, Place, StoreError } from "../../ports/Store.ts"
import type { Refusal, RefusalCode } from "../../domain/Refusal.ts"

export type { BotPatch } from "../../decide/requests/Override.ts"
export type { SkippedOccurrence } from "../../decide/requests/ScheduleSeries.ts"

/** What can go wrong with any request: it is refused, or storage is out of reach (try again). */
export type Failure = Refusal | StoreError | SecretsError

/** A row of a listing: the event and the bots of its meeting, with its calendar, and its series where it has one. */
export interface ListedEvent extends EventListing {
  readonly calendar: Calendar
  /** The provider of the calendar's connection. */
  readonly platform: string
  readonly series: Series | null
  readonly isRecurringEnabled: boolean
}

/** A calendar as its provider lists it now, or as it was last listed. */
export interface ListedCalendar extends Calendar {
  /** The connection's provider. */
  readonly platform: string
  /** Null: listed now. Otherwise why its provider did not. */
  readonly staleReason: RefusalCode | null
}

/** A row of a list of bots. */
export interface ListedBot extends Bot {
  /** Its meeting's name, of the copy that carries the bot; empty where the event is not mirrored any more. */
  readonly subject: string
}

export interface FailedCalendar {
  readonly calendar: Calendar
  /** A stable word. */
  readonly reason: string
  readonly message: string
}

export interface Connected {
  readonly connection: Connection
  readonly calendars: ReadonlyArray<Calendar>
  /** Selected calendars that will be polled, with the reason. */
  readonly failed: ReadonlyArray<FailedCalendar>
  /** Whether the account replaced another one, or credentials were replaced in place. */
  readonly isReplacement: boolean
}

export interface Disconnected {
  /** Every subscription was confirmed to be gone; otherwise stopping goes on in the background. */
  readonly subscriptionsStopped: boolean
  readonly eventsDeleted: number
  readonly schedulesCancelled: number
}

/** A page of events: whose calendars are meant, and the rest as the store is asked for it. */
export interface EventsRequest extends Omit<EventsQuery, "userId" | "calendarIds"> {
  /** `all`: every selected calendar; null: the primary one of the first connection. */
  readonly calendarId: CalendarId | ProviderCalendarId | "all" | null
}

/** `force` syncs, `never` reads what is there, `auto` syncs what was never synced, is marked changed or is old. */
export type SyncMode = "force" | "auto" | "never"

export interface EventsPage extends Page<ListedEvent> {
  /** Null: fresh. Otherwise why the sync that was due did not succeed. */
  readonly staleReason: RefusalCode | null
  /** With a reason that is a provider's: which. */
  readonly stalePlatform?: string
}

/** `scheduled`: with a join time ahead. The others: whenever they joined, or would have. */
export const botsWanted = ["scheduled", "launching", "launched", "failed", "cancelled", "all"] as const

export type BotsWanted = (typeof botsWanted)[number]

export interface BotsRequest {
  readonly limit: number
  readonly place: Place | null
  readonly backwards: boolean
  /** Left out: `scheduled`. */
  readonly status?: BotsWanted
}

export interface ScheduleRequest {
  /** An event's id, or a series' for its next occurrence. */
  readonly eventId: EventId | SeriesId
  readonly config: BotConfig
  /** RFC 3339 date-time, or a date alone in the event's own zone. */
  readonly occurrenceDate: string | null
  readonly allOccurrences: boolean
  /** 1 to 366. */
  readonly occurrenceLimit: number
  readonly recurring: boolean
}

/** For the occurrence after one, once. */
export interface NextRequest {
  /** The occurrence, or its series. */
  readonly eventId: EventId | SeriesId
  readonly config: BotConfig
  // Used only where the mirror has nothing to say in their place.
  /** When the occurrence starts that the next one follows; null: now. Of an occurrence the mirrored start counts. */
  readonly after: Instant | null
  /** RFC 5545, the value of an RRULE; null: none. Of a series that is understood its own rule counts. */
  readonly rule: string | null
  /** An address that joins the meeting; null: none. Of an occurrence with a link that one counts. */
  readonly link: string | null
}

export interface Scheduled {
  /** The bot of the event named, or the first of the occurrences. */
  readonly bot: Bot
  readonly event: EventListing["event"]
  readonly overridesAutoSchedule: boolean
  readonly isRecurringOccurrence: boolean
  /** With `allOccurrences`: every bot that this request made or took over from auto-scheduling, by start. */
  readonly bots: ReadonlyArray<ListedBot>
  readonly skipped: ReadonlyArray<SkippedOccurrence>
}

export interface UnscheduleRequest {
  readonly eventId: EventId | SeriesId
  readonly allOccurrences: boolean
  /** RFC 3339 date-time, or a date alone in the event's own zone. */
  readonly fromDate: string | null
}

export interface Unscheduled {
  readonly cancelled: ReadonlyArray<Bot>
  /** Bots on their way that go once it is known what became of them: they may be in their meetings by now. */
  readonly takenBack: ReadonlyArray<Bot>
  /** Whether what was named recurs, also where one occurrence of it alone was meant. */
  readonly isSeries: boolean
}

export interface Toggled {
  readonly event: CalendarEvent
  readonly series: Series
  readonly isEnabled: boolean
}

export interface Explanation extends Explained {
  readonly event: CalendarEvent
  /** What it comes to, for the owner. */
  readonly sentence: string
  /** The configuration of the bot that will join; null: none will. */
  readonly config: BotConfig | null
  /** The bot there is, if any. */
  readonly bot: Bot | null
}

/** A change or lifecycle notification as an adapter parsed it. Nothing in it is trusted but what matches the store. */
export interface Notification {
  readonly subscriptionId: string
  readonly clientState: Redacted.Redacted<string>
  readonly kind: "change" | "missed" | "subscriptionRemoved" | "reauthorizationRequired" | "unknown"
}

export interface Received {
  readonly accepted: number
  /** Unknown subscription, or a client state that does not match. */
  readonly ignored: number
}

/** What the daily audit of schedules found. */
export interface AuditCounts {
  readonly held: number
  /** Held without reason, and taken out. */
  readonly removed: number
  /** Held for another instant or revision than is wanted. */
  readonly corrected: number
  /** Wanted and not held. */
  readonly restored: number
  /** Found, and not put right: the scheduler failed or refused. The next audit finds them again. */
  readonly failed: number
}

/** An entry as it is told to whoever follows the log. */
export type FollowedChange = LoggedChange & {
  /** Where to go on from once this is done with: nothing is left out, and some of what was before may come again. */
  readonly place: string
}

/** Rows that were forgotten because their time is over. */
export interface PruneCounts {
  /** Entries of the log. */
  readonly changes: number
  /** Runs of daily jobs, and shares that were left. */
  readonly jobs: number
}

/** How a daily job stands. */
export interface JobReport {
  readonly name: string
  /** The latest run that was due: its UTC day, and when. */
  readonly date: string
  readonly dueAt: Instant
  /** `waiting`: no process has taken it up. */
  readonly status: "waiting" | "running" | "done"
  /** When something of it was noted last. */
  readonly notedAt: Instant | null
  /** Users whose share failed and is tried again, 500 at most. */
  readonly sharesLeft: number
}

/** What one look at bots in meetings came to. */
export interface WithdrawCounts {
  readonly looked: number
  /** The service was heard, whatever it said. */
  readonly withdrawn: number
  /** To be withdrawn, but the service has not answered yet: they are looked at again. */
  readonly unanswered: number
  /** Where the next look goes on; null: at the beginning. */
  readonly next: Place | null
}

export interface SweepCounts {
  readonly usersDecided: number
  readonly schedulesApplied: number
  readonly botsDue: number
  readonly disconnectsFinished: number
}

export interface RenewCounts {
  readonly renewed: number
  readonly recreated: number
  readonly failed: number
  readonly strays: number
}

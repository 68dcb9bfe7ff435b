/**
 * The facade: every use case with its ports captured, so that a host sees operations and no requirements.
 * Decides nothing and holds no state of its own.
 */
import { Context, type Effect, type Option, type Redacted, type Stream } from "effect"
import type { Reason, Verdict } from "./decide/Desired.ts"
import type { Bot, BotConfig } from "./domain/Bot.ts"
import type { Calendar } from "./domain/Calendar.ts"
import type { Connection, Credentials } from "./domain/Connection.ts"
import type { CalendarEvent } from "./domain/Event.ts"
import type { BotId, CalendarId, EventId, SeriesId, UserId } from "./domain/Ids.ts"
import type { AutoSchedule } from "./domain/Intent.ts"
import type { Series } from "./domain/Series.ts"
import type { Instant, Span } from "./domain/Time.ts"
import type { Page, Place, StoreError } from "./ports/Store.ts"
import type { SecretsError } from "./ports/Secrets.ts"
import type { Refusal, RefusalCode } from "./usecases/Refusal.ts"

/** What can go wrong with any request: it is refused, or storage is out of reach (try again). */
export type Failure = Refusal | StoreError | SecretsError

/** A row of a listing: the event, its series where it has one, and the bots of its meeting, newest first. */
export interface ListedEvent {
  readonly event: CalendarEvent
  readonly series: Series | null
  readonly isRecurringEnabled: boolean
  readonly bots: ReadonlyArray<Bot>
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

export interface EventsRequest {
  /** `all`: every selected calendar; null: the primary one. */
  readonly calendarId: CalendarId | "all" | null
  readonly span: Span
  readonly includeDeleted: boolean
  readonly uniqueMeetings: boolean
  readonly limit: number
  readonly place: Place | null
  readonly backwards: boolean
}

/** `force` syncs, `never` reads what is there, `auto` syncs what was never synced, is marked changed or is old. */
export type SyncMode = "force" | "auto" | "never"

export interface EventsPage extends Page<ListedEvent> {
  /** Null: fresh. Otherwise why the sync that was due did not succeed. */
  readonly staleReason: RefusalCode | null
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

export interface SkippedOccurrence {
  readonly eventId: EventId
  readonly start: Instant
  readonly reason: "event_cancelled" | "no_meeting_link" | "bot_already_scheduled"
}

export interface Scheduled {
  /** The bot of the event named, or the first of the occurrences. */
  readonly bot: Bot
  readonly event: CalendarEvent
  readonly overridesAutoSchedule: boolean
  readonly isRecurringOccurrence: boolean
  /** With `allOccurrences`: every bot that now stands for an occurrence covered, by start. */
  readonly bots: ReadonlyArray<Bot>
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
  readonly isSeries: boolean
}

export interface BotPatch {
  readonly joinAt?: Instant
  readonly botName?: string
  readonly customAttributes?: Readonly<Record<string, unknown>>
  /** Merged member by member; null removes. */
  readonly config?: BotConfig
}

export interface Toggled {
  readonly event: CalendarEvent
  readonly series: Series
  readonly isEnabled: boolean
}

export interface Explanation {
  readonly event: CalendarEvent
  readonly verdict: Verdict
  readonly reasons: ReadonlyArray<Reason>
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

export class Punctual extends Context.Service<Punctual, {
  // ---- connection
  readonly connect: (userId: UserId, credentials: Redacted.Redacted<Credentials>) => Effect.Effect<Connected, Failure>
  readonly disconnect: (userId: UserId) => Effect.Effect<Disconnected, Failure>
  readonly connection: (
    userId: UserId
  ) => Effect.Effect<{ readonly connection: Connection; readonly calendars: ReadonlyArray<Calendar> }, Failure>
  /** Live from the provider; calendars seen for the first time are selected, subscribed and synced. */
  readonly calendars: (userId: UserId) => Effect.Effect<ReadonlyArray<Calendar>, Failure>
  readonly selectCalendar: (userId: UserId, calendarId: CalendarId, selected: boolean) => Effect.Effect<Calendar, Failure>

  // ---- events
  readonly events: (userId: UserId, request: EventsRequest, sync: SyncMode) => Effect.Effect<EventsPage, Failure>
  readonly event: (userId: UserId, eventId: EventId) => Effect.Effect<ListedEvent, Failure>
  readonly explain: (userId: UserId, eventId: EventId) => Effect.Effect<Explanation, Failure>

  // ---- bots
  readonly schedule: (userId: UserId, request: ScheduleRequest) => Effect.Effect<Scheduled, Failure>
  readonly unschedule: (userId: UserId, request: UnscheduleRequest) => Effect.Effect<Unscheduled, Failure>
  readonly bots: (
    userId: UserId,
    page: { readonly limit: number; readonly place: Place | null; readonly backwards: boolean }
  ) => Effect.Effect<Page<Bot>, Failure>
  readonly updateBot: (userId: UserId, botId: BotId, patch: BotPatch) => Effect.Effect<Bot, Failure>
  readonly removeBot: (userId: UserId, botId: BotId) => Effect.Effect<Bot, Failure>

  // ---- auto-scheduling and chains
  readonly autoSchedule: (userId: UserId) => Effect.Effect<AutoSchedule, Failure>
  /** Null keeps the configuration there was. Runs at once for this user. */
  readonly enableAuto: (userId: UserId, config: BotConfig | null) => Effect.Effect<AutoSchedule, Failure>
  readonly disableAuto: (userId: UserId, cancelScheduled: boolean) => Effect.Effect<AutoSchedule, Failure>
  readonly toggleRecurrence: (
    userId: UserId,
    eventId: EventId | SeriesId,
    enabled: boolean
  ) => Effect.Effect<Toggled, Failure>
  /** Schedules the occurrence after the one named, for that occurrence alone. */
  readonly scheduleNext: (
    userId: UserId,
    request: { readonly eventId: EventId | SeriesId; readonly after: Instant | null; readonly config: BotConfig }
  ) => Effect.Effect<Scheduled, Failure>

  // ---- what the provider sends
  /** Durable when it succeeds. */
  readonly receive: (notifications: ReadonlyArray<Notification>) => Effect.Effect<Received, StoreError>

  // ---- work
  /** One user's share of the nightly run; `midnight` null: asked for by hand. Succeeds with bots made. */
  readonly autoScheduleUser: (userId: UserId, midnight: Instant | null) => Effect.Effect<number, StoreError>
  readonly autoUsers: Stream.Stream<UserId, StoreError>
  readonly connectedUsers: Stream.Stream<UserId, StoreError>
  readonly renewUser: (userId: UserId) => Effect.Effect<RenewCounts, StoreError>
  /** Syncs every calendar of the user now. Succeeds with calendars read. */
  readonly syncUser: (userId: UserId) => Effect.Effect<number, Failure>
  /** Claims and syncs one due calendar; none: nothing was due. */
  readonly syncNext: Effect.Effect<Option.Option<CalendarId>, StoreError>
  readonly sweep: Effect.Effect<SweepCounts, StoreError>
  /** Never ends: syncs due calendars, launches due bots, sweeps. One of these runs in each process that works. */
  readonly run: Effect.Effect<never>
}>()("@punctual/core/Punctual") {}

/**
 * The operations of the facade that somebody asks for: what each does, what it may be refused with, its units.
 *
 * Beside its refusals every one may fail with `StoreError` or `SecretsError`: storage is out of reach, and the same call may
 * be made again. Wrong arguments are `InvalidArgument`, a mistake of the caller's. Decides nothing.
 */
import type { Effect, Redacted } from "effect"
import type { Bot } from "./domain/Bot.ts"
import type { Credentials } from "./domain/Connection.ts"
import type {
  BotId,
  CalendarId,
  ConnectionId,
  EventId,
  MeetingKey,
  ProviderCalendarId,
  SeriesId,
  UserId,
  WorkspaceId
} from "./domain/Ids.ts"
import type { AutoOperations } from "./AutoOperations.ts"
import type { LogOperations } from "./LogOperations.ts"
import type { Explained } from "./decide/desired/Explain.ts"
import type { CalendarEvent } from "./domain/Event.ts"
import type { Account, Page, StoreError } from "./ports/Store.ts"
import type {
  BotPatch,
  BotsRequest,
  Connected,
  Disconnected,
  EventsPage,
  EventsRequest,
  Explanation,
  Failure,
  ListedBot,
  ListedCalendar,
  ListedEvent,
  NextRequest,
  ScheduleRequest,
  Scheduled,
  SyncMode,
  Toggled,
  UnscheduleRequest,
  Unscheduled
} from "./usecases/contract/Contract.ts"
import type { Subscribing } from "./usecases/account/Subscriptions.ts"

export interface RequestOperations extends AutoOperations, LogOperations {
  // ---- connection
  /**
   * Connects the user's calendar account, or replaces its credentials in place. Nothing is stored unless the provider
   * takes them.
   *
   * Refused: `invalid_credentials`, `mailbox_unavailable`, `provider_unavailable`, `secrets_unavailable`.
   * Units: `credentials.obtainedAt`: milliseconds since 1970.
   * @example
   * const { failed } = yield* punctual.connect(user, Redacted.make(credentials))
   */
  readonly connect: (
    userId: UserId,
    credentials: Redacted.Redacted<Credentials>,
    /** The provider; null or left out: the first one configured. */
    platform?: string | null
  ) => Effect.Effect<Connected, Failure>

  /**
   * Takes a connection down for good (all of the user's, where none is named): credentials, schedules, events, bots,
   * subscriptions. Meetings that stand in another connection keep their bots. Repeatable from any point.
   *
   * Refused: `calendar_not_connected`, `calendar_not_found`.
   * Units: Counts are of rows.
   * @example
   * const { eventsDeleted } = yield* punctual.disconnect(user)
   */
  readonly disconnect: (userId: UserId, connectionId?: ConnectionId | null) => Effect.Effect<Disconnected, Failure>

  /**
   * The user's connections, in the order in which they were connected, with their calendars by rank; asks no provider.
   *
   * Refused: `calendar_not_connected`.
   * Units: Instants: milliseconds since 1970.
   * @example
   * const { connections } = yield* punctual.connections(user)
   */
  readonly connections: (userId: UserId) => Effect.Effect<Account, Failure>

  /**
   * Live from the providers; calendars seen for the first time are selected, subscribed and synced.
   *
   * Refused: `calendar_not_connected`, `reauthorization_required`, `mailbox_unavailable`, `provider_unavailable`.
   * Units: None.
   * @example
   * const [primary] = yield* punctual.calendars(user)
   */
  readonly calendars: (userId: UserId) => Effect.Effect<ReadonlyArray<ListedCalendar>, Failure>

  /**
   * Starts a calendar, or stops it: its subscription ends, its events and intents go, its bots are cancelled.
   *
   * Refused: `calendar_not_connected`, `calendar_not_found`, `reauthorization_required`, `provider_unavailable`.
   * Units: None.
   * @example
   * yield* punctual.selectCalendar(user, calendar.id, false)
   */
  readonly selectCalendar: (
    userId: UserId,
    calendarId: CalendarId | ProviderCalendarId,
    selected: boolean
  ) => Effect.Effect<ListedCalendar, Failure>

  /**
   * Takes a calendar out for good that a connection holds by an address of its own (a published one), with its events, intents
   * and bots. Meetings that stand elsewhere keep their bots; the last calendar takes the connection along. Repeatable.
   *
   * Refused: `calendar_not_connected`, `calendar_not_found`, also for a calendar that its account holds.
   * Units: Counts are of rows.
   * @example
   * const { eventsDeleted } = yield* punctual.removeCalendar(user, feed.id)
   */
  readonly removeCalendar: (
    userId: UserId,
    calendarId: CalendarId | ProviderCalendarId
  ) => Effect.Effect<Disconnected, Failure>

  /**
   * Makes the calendar's subscription anew: what the provider answers to that, now.
   *
   * Refused: `calendar_not_connected`, `calendar_not_found`, `reauthorization_required`, `mailbox_unavailable`,
   * `provider_unavailable`.
   * Units: None.
   * @example
   * const { outcome } = yield* punctual.resubscribe(user, calendar.id)
   */
  readonly resubscribe: (
    userId: UserId,
    calendarId: CalendarId | ProviderCalendarId
  ) => Effect.Effect<Subscribing, Failure>

  /**
   * Says which workspace the user is of, whose policy holds for the user then; null: of none. Also of a user who has connected
   * nothing yet. Asking again is harmless.
   *
   * Refused: never.
   * Units: None.
   * @example
   * yield* punctual.joinWorkspace(user, WorkspaceId.make("wsp_contoso"))
   */
  readonly joinWorkspace: (userId: UserId, workspaceId: WorkspaceId | null) => Effect.Effect<void, StoreError>

  // ---- events
  /**
   * A page of meetings that overlap a span, each with its bots. A sync that fails where rows are answers them as stale.
   *
   * Refused: `calendar_not_connected`, `calendar_not_found`; without rows: `sync_in_progress`, `provider_unavailable`,
   * `reauthorization_required`.
   * Units: `span`: milliseconds since 1970, `[from, to)`. `limit`: rows.
   * @example
   * const page = yield* punctual.events(user, { ...request, limit: 20 }, "auto")
   */
  readonly events: (userId: UserId, request: EventsRequest, sync: SyncMode) => Effect.Effect<EventsPage, Failure>

  /**
   * One event with its series and bots, as they are stored.
   *
   * Refused: `calendar_not_connected`, `event_not_found`.
   * Units: Instants: milliseconds since 1970.
   * @example
   * const { event } = yield* punctual.event(user, id)
   */
  readonly event: (userId: UserId, eventId: EventId) => Effect.Effect<ListedEvent, Failure>

  /**
   * Why an event has a bot, or has none. Changes nothing.
   *
   * Refused: `calendar_not_connected`, `event_not_found`.
   * Units: None.
   * @example
   * const { bot } = yield* punctual.explain(user, id)
   */
  readonly explain: (userId: UserId, eventId: EventId) => Effect.Effect<Explanation, Failure>

  /**
   * The same for the meetings of a page, told by their rows; by meeting, without sentences.
   *
   * Refused: Never.
   * Units: None.
   * @example
   * const decided = yield* punctual.explainMeetings(user, page.items.map(({ event }) => event))
   */
  readonly explainMeetings: (
    userId: UserId,
    events: ReadonlyArray<Pick<CalendarEvent, "meeting" | "seriesKey">>
  ) => Effect.Effect<ReadonlyMap<MeetingKey, Explained>, StoreError>

  // ---- bots
  /**
   * A bot for one event, for one occurrence of its series, for all of them, or also for each next one.
   *
   * Refused: `event_not_found`, `occurrence_not_found`, `not_recurring`, `no_meeting_link`, `event_cancelled`,
   * `event_ended`, `bot_already_scheduled`, `quota_exceeded`, `calendar_not_connected`.
   * Units: `occurrenceLimit`: bots, 1 to 366. `occurrenceDate`: RFC 3339, or a date in the event's own zone.
   * @example
   * const { bot } = yield* punctual.schedule(user, { ...request, eventId: id, config: { bot_name: "Notes" } })
   */
  readonly schedule: (userId: UserId, request: ScheduleRequest) => Effect.Effect<Scheduled, Failure>

  /**
   * Ends what was asked for an event, or for a series from a date on, and excludes it. No bot there is no error.
   *
   * Refused: `event_not_found`, `occurrence_not_found`, `not_recurring`, `calendar_not_connected`.
   * Units: `fromDate`: RFC 3339, or a date in the event's own zone.
   * @example
   * yield* punctual.unschedule(user, { eventId: id, allOccurrences: false, fromDate: null })
   */
  readonly unschedule: (userId: UserId, request: UnscheduleRequest) => Effect.Effect<Unscheduled, Failure>

  /**
   * Bots that are scheduled and have yet to join, or those of another status whenever they joined, by join time.
   *
   * Refused: `calendar_not_connected`.
   * Units: `limit`: bots. `place.at`: milliseconds since 1970.
   * @example
   * const { items } = yield* punctual.bots(user, { limit: 10, place: null, backwards: false })
   */
  readonly bots: (userId: UserId, page: BotsRequest) => Effect.Effect<Page<ListedBot>, Failure>

  /**
   * One bot, whatever became of it.
   *
   * Refused: `bot_not_found`, `calendar_not_connected`.
   * Units: Instants: milliseconds since 1970.
   * @example
   * const { status } = yield* punctual.bot(user, id)
   */
  readonly bot: (userId: UserId, botId: BotId) => Effect.Effect<ListedBot, Failure>

  /**
   * Changes a scheduled bot. A join time is kept as its distance from the start, so that it moves with the meeting.
   *
   * Refused: `bot_not_found`, `bot_not_scheduled`, `join_time_in_past`, `event_ended`, `quota_exceeded`,
   * `calendar_not_connected`.
   * Units: `joinAt`: milliseconds since 1970.
   * @example
   * yield* punctual.updateBot(user, bot.id, { joinAt: bot.start })
   */
  readonly updateBot: (userId: UserId, botId: BotId, patch: BotPatch) => Effect.Effect<Bot, Failure>

  /**
   * Removes a bot, and keeps it removed: nothing but an explicit request brings it back.
   *
   * Refused: `bot_not_found`, `bot_not_scheduled`, `calendar_not_connected`.
   * Units: None.
   * @example
   * yield* punctual.removeBot(user, bot.id)
   */
  readonly removeBot: (userId: UserId, botId: BotId) => Effect.Effect<Bot, Failure>

  /**
   * Switches "the next one, always" on or off for the series of an event.
   *
   * Refused: `event_not_found`, `occurrence_not_found`, `not_recurring`, `calendar_not_connected`; to switch it on also
   * `quota_exceeded`.
   * Units: None.
   * @example
   * yield* punctual.toggleRecurrence(user, series.id, true)
   */
  readonly toggleRecurrence: (
    userId: UserId,
    eventId: EventId | SeriesId,
    enabled: boolean
  ) => Effect.Effect<Toggled, Failure>

  /**
   * Schedules the occurrence after the one named, for that occurrence alone.
   *
   * Refused: `event_not_found`, `occurrence_not_found`, `not_recurring`, `no_meeting_link`, `event_ended`,
   * `bot_already_scheduled`, `quota_exceeded`, `calendar_not_connected`.
   * Units: `after`: milliseconds since 1970.
   * @example
   * yield* punctual.scheduleNext(user, { eventId: id, config: {}, after: null, rule: null, link: null })
   */
  readonly scheduleNext: (userId: UserId, request: NextRequest) => Effect.Effect<Scheduled, Failure>
}

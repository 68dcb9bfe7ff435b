/**
 * The calendars of an account: listed live, added when first seen, selected and deselected.
 * Decides what goes with a calendar that is deselected: its subscription, its events, and the intents for them.
 */
import { Clock, Effect } from "effect"
import { changing } from "../../decide/requests/Change.ts"
import { leaveCalendars } from "../../decide/requests/LeaveCalendars.ts"
import { type Calendar, isReadable } from "../../domain/Calendar.ts"
import type { Connection } from "../../domain/Connection.ts"
import type { CalendarId, ProviderCalendarId, UserId } from "../../domain/Ids.ts"
import { knownListing } from "../../mirror/CalendarRow.ts"
import type { CalendarError } from "../../ports/CalendarProvider.ts"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { Failure, ListedCalendar } from "../contract/Contract.ts"
import { buryCalendar } from "../scheduling/BuryCalendar.ts"
import { decideAndCommit } from "../scheduling/DecideAndCommit.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import { refusalOf } from "../contract/ProviderRefusal.ts"
import {
  type OpenAccount,
  calendarOf,
  connectionsOf,
  noteFailure,
  noteRead,
  openAccount
} from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { subscribeCalendar } from "../account/Subscriptions.ts"
import { storeListings } from "./StoreListings.ts"
import { WakeSignal } from "../account/WakeSignal.ts"

/**
 * The calendars of all the user's connections as their providers list them now, by connection. What one of several does
 * not list now is shown as it is known. Refused: `calendar_not_connected`, and where there is one connection,
 * `reauthorization_required`, `mailbox_unavailable`, `provider_unavailable`.
 */
export const calendars = Effect.fn("Punctual.calendars")(function* (
  userId: UserId
): Effect.fn.Return<ReadonlyArray<ListedCalendar>, Failure, CalendarProviders | Secrets | Store | WakeSignal> {
  const connections = yield* connectionsOf(userId)
  const lists = yield* Effect.forEach(
    connections,
    (connection) => (connections.length === 1 ? listLive(connection) : listLiveOrKnown(connection)),
    { concurrency: "unbounded" }
  )
  return lists.flat()
})

const listLive = Effect.fnUntraced(function* (
  connection: Connection
): Effect.fn.Return<ReadonlyArray<ListedCalendar>, Failure, CalendarProviders | Secrets | Store | WakeSignal> {
  const account = yield* openAccount(connection)
  return yield* takeIn(account).pipe(
    Effect.tap(() => noteRead(connection)),
    Effect.map((listed) => listed.map((calendar) => shownOf(connection, calendar, null))),
    Effect.catchTag("CalendarError", (error) =>
      Effect.andThen(noteFailure(connection, error), Effect.fail(refusalOf(error, connection.platform)))
    )
  )
})

const listLiveOrKnown = (connection: Connection) =>
  listLive(connection).pipe(
    Effect.catchTag("Refusal", ({ code }) =>
      Effect.map(knownCalendars(connection), (known) => known.map((calendar) => shownOf(connection, calendar, code)))
    )
  )

const shownOf = (
  { platform }: Connection,
  calendar: Calendar,
  staleReason: ListedCalendar["staleReason"]
): ListedCalendar => ({ ...calendar, platform, staleReason })

/** A connection's calendars as they were last listed, but those that were taken out. */
export const knownCalendars = (connection: Connection): Effect.Effect<ReadonlyArray<Calendar>, StoreError, Store> =>
  Effect.flatMap(Store, (store) =>
    Effect.map(store.calendars(connection.userId), (all) =>
      all.filter((each) => !each.isRemoved && each.connectionId === connection.id)
    )
  )

/** Reads the list; calendars seen for the first time are selected, subscribed and due. In the provider's order. */
export const takeIn = Effect.fn("Punctual.takeInCalendars")(function* (
  account: OpenAccount
): Effect.fn.Return<ReadonlyArray<Calendar>, CalendarError | StoreError, Store | WakeSignal> {
  const store = yield* Store
  const { connection, provider, session } = account
  const listings = yield* session.calendars
  const now = yield* Clock.currentTimeMillis
  const named = listings.map((listing) => knownListing(connection.id, provider.capabilities.idsUniqueIn, listing))
  const before = yield* store.calendars(connection.userId)
  const known = new Set(before.map(({ id }) => id))
  const orphanedAt = now + (yield* CurrentPolicy).leaseMillis
  const listed = yield* storeListings(connection, named, before, orphanedAt)
  const present = new Set(named.map(({ id }) => id))
  const fresh = listed.filter(({ id, selected }) => selected && !known.has(id))
  if (fresh.length > 0) {
    yield* Effect.forEach(fresh, (calendar) => subscribeCalendar(account, calendar), {
      concurrency: 4,
      discard: true
    })
    yield* store.markChanged(
      fresh.map(({ id }) => ({ userId: connection.userId, calendarId: id })),
      now
    )
    yield* (yield* WakeSignal).notify(now)
  }
  return listed.filter(({ id }) => present.has(id))
})

/**
 * Selects or deselects one; doing it again changes nothing. Refused as `calendars` is, and `calendar_not_found`,
 * `calendar_not_selectable`.
 */
export const selectCalendar = Effect.fn("Punctual.selectCalendar")(function* (
  userId: UserId,
  calendarId: CalendarId | ProviderCalendarId,
  selected: boolean
): Effect.fn.Return<ListedCalendar, Failure, CalendarProviders | Scheduler | Secrets | Store | WakeSignal> {
  const store = yield* Store
  const { calendar, connection } = yield* calendarOf(userId, calendarId)
  if (selected && !isReadable(calendar)) return yield* Effect.fail(notSelectable)
  // Deselecting what is deselected finishes what was interrupted.
  if (!selected) yield* deselect(connection, calendar)
  else if (!calendar.selected) yield* select(connection, calendar)
  const now = (yield* store.calendars(userId)).find(({ id }) => id === calendar.id) ?? calendar
  return shownOf(connection, now, null)
})

const notSelectable = refuse(
  "calendar_not_selectable",
  "Of this calendar only free and busy times are shown to the account. Its owner can share it with all details."
)

const select = Effect.fnUntraced(function* (
  connection: Connection,
  calendar: Calendar
): Effect.fn.Return<void, Failure, CalendarProviders | Scheduler | Secrets | Store | WakeSignal> {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const orphanedAt = now + (yield* CurrentPolicy).leaseMillis
  const { userId } = connection
  // Rows that are left mean that deselecting was interrupted. The intents for them must not come back with the
  // calendar.
  const left = yield* buryCalendar(connection, calendar.id)
  if (left > 0) yield* endIntents(userId, calendar.id)
  yield* store.patchCalendar(connection, calendar.id, { selected: true, reset: true, dueAt: orphanedAt })
  yield* openAccount(connection).pipe(
    Effect.flatMap((account) => subscribeCalendar(account, { ...calendar, selected: true, subscription: null })),
    // A calendar that can't be subscribed to now is polled until it can.
    Effect.catchTag("Refusal", () => Effect.void)
  )
  yield* store.markChanged([{ userId, calendarId: calendar.id }], now)
  yield* (yield* WakeSignal).notify(now)
})

const deselect = Effect.fnUntraced(function* (
  connection: Connection,
  calendar: Calendar
): Effect.fn.Return<void, Failure, CalendarProviders | Scheduler | Secrets | Store> {
  const store = yield* Store
  const { userId } = connection
  yield* store.patchCalendar(connection, calendar.id, {
    selected: false,
    subscription: null,
    pollingReason: null,
    reset: true
  })
  // Rows last: while there are any, whoever selects the calendar again sees that deselecting was not finished.
  yield* endIntents(userId, calendar.id)
  yield* buryCalendar(connection, calendar.id)
  const { subscription } = calendar
  if (subscription === null) return
  yield* openAccount(connection).pipe(
    Effect.flatMap(({ session }) => session.unsubscribe(subscription.id)),
    // The provider lets it lapse; until then its notifications name no subscription of ours.
    Effect.catch((error) => Effect.logInfo("subscription left to lapse", error._tag))
  )
})

/** Ends the intents that depend on a calendar, and with them their bots, which are counted. Repeatable. */
export const endIntents = (
  userId: UserId,
  calendarId: CalendarId
): Effect.Effect<number, StoreError | Refusal, Scheduler | Store> =>
  decideAndCommit(
    userId,
    { kind: "intended" },
    changing((state) => leaveCalendars(state, ({ id }) => id === calendarId))
  ).pipe(Effect.map(({ decision }) => decision.commands.filter(({ kind }) => kind === "cancel").length))

/**
 * The calendars of an account: listed live, added when first seen, selected and deselected.
 * Decides what goes with a calendar that is deselected: its subscription, its events, and the intents for them.
 */
import { Clock, Effect } from "effect"
import { changing } from "../../decide/requests/Change.ts"
import { leaveCalendar } from "../../decide/requests/LeaveCalendar.ts"
import type { Calendar } from "../../domain/Calendar.ts"
import type { Connection } from "../../domain/Connection.ts"
import type { CalendarId, UserId } from "../../domain/Ids.ts"
import type { CalendarError, CalendarProvider, CalendarSession } from "../../ports/CalendarProvider.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { Failure } from "../contract/Contract.ts"
import { buryCalendar } from "../scheduling/BuryCalendar.ts"
import { decideAndCommit } from "../scheduling/DecideAndCommit.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import { refusalOf } from "../contract/ProviderRefusal.ts"
import { connectionOf, noteFailure, noteRead, openAccount } from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { subscribeCalendar } from "../account/Subscriptions.ts"
import { WakeSignal } from "../account/WakeSignal.ts"

/**
 * The account's calendars as the provider lists them now. Refused: `calendar_not_connected`, `reauthorization_required`,
 * `mailbox_unavailable`, `provider_unavailable`.
 */
export const calendars = Effect.fn("Punctual.calendars")(function* (
  userId: UserId
): Effect.fn.Return<ReadonlyArray<Calendar>, Failure, CalendarProvider | Secrets | Store | WakeSignal> {
  const connection = yield* connectionOf(userId)
  const { session } = yield* openAccount(connection)
  return yield* takeIn(connection, session).pipe(
    Effect.tap(() => noteRead(connection)),
    Effect.catchTag("CalendarError", (error) =>
      Effect.andThen(noteFailure(connection, error), Effect.fail(refusalOf(error)))
    )
  )
})

/** Reads the list; calendars seen for the first time are selected, subscribed and due. In the provider's order. */
export const takeIn = Effect.fn("Punctual.takeInCalendars")(function* (
  connection: Connection,
  session: CalendarSession
): Effect.fn.Return<ReadonlyArray<Calendar>, CalendarError | StoreError, CalendarProvider | Store | WakeSignal> {
  const store = yield* Store
  const listings = yield* session.calendars
  const now = yield* Clock.currentTimeMillis
  const known = new Set((yield* store.calendars(connection.userId)).map(({ id }) => id))
  const orphanedAt = now + (yield* CurrentPolicy).leaseMillis
  const listed = yield* store.listCalendars(connection.userId, connection.generation, listings, orphanedAt)
  const present = new Set(listings.map(({ id }) => id))
  const fresh = listed.filter(({ id }) => !known.has(id))
  if (fresh.length > 0) {
    yield* Effect.forEach(fresh, (calendar) => subscribeCalendar(connection, session, calendar), {
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

/** Selects or deselects one; doing it again changes nothing. Refused as `calendars` is, and `calendar_not_found`. */
export const selectCalendar = Effect.fn("Punctual.selectCalendar")(function* (
  userId: UserId,
  calendarId: CalendarId,
  selected: boolean
): Effect.fn.Return<Calendar, Failure, CalendarProvider | Scheduler | Secrets | Store | WakeSignal> {
  const store = yield* Store
  const connection = yield* connectionOf(userId)
  const calendar = (yield* store.calendars(userId)).find(({ id }) => id === calendarId)
  if (calendar === undefined) return yield* Effect.fail(refuse("calendar_not_found", "No such calendar."))
  // Deselecting what is deselected finishes what was interrupted.
  if (!selected) yield* deselect(connection, calendar)
  else if (!calendar.selected) yield* select(connection, calendar)
  return (yield* store.calendars(userId)).find(({ id }) => id === calendarId) ?? calendar
})

const select = Effect.fnUntraced(function* (
  connection: Connection,
  calendar: Calendar
): Effect.fn.Return<void, Failure, CalendarProvider | Scheduler | Secrets | Store | WakeSignal> {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const orphanedAt = now + (yield* CurrentPolicy).leaseMillis
  const { generation, userId } = connection
  // Rows that are left mean that deselecting was interrupted. The intents for them must not come back with the
  // calendar.
  const left = yield* buryCalendar(userId, generation, calendar.id)
  if (left > 0) yield* endIntents(userId, calendar.id)
  yield* store.patchCalendar(userId, generation, calendar.id, { selected: true, reset: true, dueAt: orphanedAt })
  yield* openAccount(connection).pipe(
    Effect.flatMap(({ session }) =>
      subscribeCalendar(connection, session, { ...calendar, selected: true, subscription: null })
    ),
    // A calendar that can't be subscribed to now is polled until it can.
    Effect.catchTag("Refusal", () => Effect.void)
  )
  yield* store.markChanged([{ userId, calendarId: calendar.id }], now)
  yield* (yield* WakeSignal).notify(now)
})

const deselect = Effect.fnUntraced(function* (
  connection: Connection,
  calendar: Calendar
): Effect.fn.Return<void, Failure, CalendarProvider | Scheduler | Secrets | Store> {
  const store = yield* Store
  const { generation, userId } = connection
  yield* store.patchCalendar(userId, generation, calendar.id, {
    selected: false,
    subscription: null,
    pollingReason: null,
    reset: true
  })
  // Rows last: while there are any, whoever selects the calendar again sees that deselecting was not finished.
  yield* endIntents(userId, calendar.id)
  yield* buryCalendar(userId, generation, calendar.id)
  const { subscription } = calendar
  if (subscription === null) return
  yield* openAccount(connection).pipe(
    Effect.flatMap(({ session }) => session.unsubscribe(subscription.id)),
    // The provider lets it lapse; until then its notifications name no subscription of ours.
    Effect.catch((error) => Effect.logInfo("subscription left to lapse", error._tag))
  )
})

/** Ends the intents that depend on a calendar, and with them their bots. Repeatable. */
const endIntents = (
  userId: UserId,
  calendarId: CalendarId
): Effect.Effect<void, StoreError | Refusal, Scheduler | Store> =>
  Effect.asVoid(
    decideAndCommit(
      userId,
      { kind: "intended" },
      changing((state) => leaveCalendar(state, calendarId))
    )
  )

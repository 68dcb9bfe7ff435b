/**
 * Taking one calendar out of a connection that holds several by addresses of their own.
 * Decides the order: first the credentials without it, so that nobody reads it again; then its intents and rows. What is
 * interrupted, the same request finishes. The last one takes the connection along.
 */
import { Clock, Effect, Option, type Redacted } from "effect"
import type { Calendar } from "../../domain/Calendar.ts"
import type { Connection, Credentials } from "../../domain/Connection.ts"
import type { CalendarId, ProviderCalendarId, UserId } from "../../domain/Ids.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import { type CalendarProviders, type Provider, providerOf } from "../../ports/CalendarProviders.ts"
import { retryOnConflict } from "../../ports/RetryOnConflict.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Secrets } from "../../ports/Secrets.ts"
import { type Account, Store } from "../../ports/Store.ts"
import { accountOf, calendarOf, refOf } from "../account/OpenAccount.ts"
import type { Disconnected, Failure } from "../contract/Contract.ts"
import { refusalOf } from "../contract/ProviderRefusal.ts"
import { buryCalendar } from "../scheduling/BuryCalendar.ts"
import { connectionContention, disconnect } from "./Disconnect.ts"
import { decideByAddresses } from "../scheduling/JudgeAnew.ts"
import { endIntents } from "./SelectCalendars.ts"
import { eraseFormer, nextVersion, storeCredentials } from "./StoreCredentials.ts"

/**
 * Counts what went with it. Meetings that stand elsewhere keep their bots. Refused: `calendar_not_connected`,
 * `calendar_not_found`, also for a calendar that its account holds, which is left out by deselecting it.
 */
export const removeCalendar = Effect.fn("Punctual.removeCalendar")(function* (
  userId: UserId,
  calendarId: CalendarId | ProviderCalendarId
): Effect.fn.Return<Disconnected, Failure, CalendarProviders | Scheduler | Secrets | Store> {
  const store = yield* Store
  const { before, calendar, connection } = yield* retryOnConflict(leave(userId, calendarId), connectionContention)
  if (connection === null) return yield* disconnect(userId, calendar.connectionId)
  yield* store.patchCalendar(connection, calendar.id, { selected: false, subscription: null, reset: true })
  const schedulesCancelled = yield* endIntents(userId, calendar.id)
  const eventsDeleted = yield* buryCalendar(connection, calendar.id)
  yield* decideByAddresses(before, connection)
  // From here on nobody finds it any more, to go on with what was left.
  yield* store.patchCalendar(connection, calendar.id, { isRemoved: true })
  return { subscriptionsStopped: true, eventsDeleted, schedulesCancelled }
})

/** Stores the credentials without it. The connection as it was, and as it is then; null: nothing is left in it. */
const leave = Effect.fnUntraced(function* (userId: UserId, calendarId: CalendarId | ProviderCalendarId) {
  const secrets = yield* Secrets
  const { calendar, connection } = yield* calendarOf(userId, calendarId)
  const provider = yield* providerOf(connection.platform)
  const { without } = provider
  if (without === undefined) return yield* Effect.fail(ofAnAccount)
  const held = yield* secrets.get(refOf(connection))
  // Credentials that are lost are no reason to keep what was read with them, nor to take more than was asked for.
  if (Option.isNone(held)) {
    const isLast = isOnlyOne(yield* accountOf(userId), calendar)
    return { before: connection, calendar, connection: isLast ? null : connection }
  }
  const left = yield* Effect.mapError(without(held.value, calendar.providerId), (error) =>
    refusalOf(error, connection.platform)
  )
  if (left === null) return { before: connection, calendar, connection: null }
  // An earlier request came so far.
  if (left === held.value) return { before: connection, calendar, connection }
  const saved = yield* withoutIt(connection, provider, left)
  yield* storeCredentials(saved, connection, left, false)
  yield* eraseFormer(connection)
  return { before: connection, calendar, connection: saved }
})

const isOnlyOne = ({ calendars }: Account, { connectionId, id }: Calendar): boolean =>
  calendars.every((each) => each.id === id || each.connectionId !== connectionId)

/** The row as it is with the credentials that are left. */
const withoutIt = Effect.fnUntraced(function* (
  connection: Connection,
  provider: Provider,
  credentials: Redacted.Redacted<Credentials>
): Effect.fn.Return<Connection, Refusal> {
  const next: Connection = { ...connection, credentialsVersion: yield* nextVersion(connection) }
  const session = yield* provider.open({
    ref: refOf(next),
    credentials,
    notBefore: null,
    onRotated: () => Effect.void
  })
  const {
    email,
    name,
    otherEmails = []
  } = yield* Effect.mapError(session.profile, (error) => refusalOf(error, connection.platform))
  return {
    ...next,
    email,
    otherEmails,
    name,
    revision: connection.revision + 1,
    updatedAt: yield* Clock.currentTimeMillis
  }
})

const ofAnAccount = refuse(
  "calendar_not_found",
  "Only a published calendar is removed by itself. Deselect this one, or disconnect its account."
)

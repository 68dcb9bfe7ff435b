/**
 * A subscription made anew because somebody asks for it, and what came of it: the provider's own answer.
 */
import { Clock, Effect } from "effect"
import type { CalendarId, ProviderCalendarId, UserId } from "../../domain/Ids.ts"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import type { Store } from "../../ports/Store.ts"
import { calendarOf, noteFailure, openAccount, reauthorization } from "../account/OpenAccount.ts"
import { type Subscribing, remakeSubscription } from "../account/Subscriptions.ts"
import { WakeSignal } from "../account/WakeSignal.ts"
import type { Failure } from "../contract/Contract.ts"
import { refusalOf } from "../contract/ProviderRefusal.ts"

/** Refused: `calendar_not_connected`, `calendar_not_found`, `reauthorization_required`, `mailbox_unavailable`. */
export const resubscribe = Effect.fn("Punctual.resubscribe")(function* (
  userId: UserId,
  calendarId: CalendarId | ProviderCalendarId
): Effect.fn.Return<Subscribing, Failure, CalendarProviders | Secrets | Store | WakeSignal> {
  const { calendar, connection } = yield* calendarOf(userId, calendarId)
  if (connection.status === "reauthorization_required") {
    return yield* Effect.fail(reauthorization(connection))
  }
  if (!calendar.selected) {
    return { calendar, outcome: "polled", reason: notSelected, message: "The calendar is not selected." }
  }
  const made = yield* remakeSubscription(yield* openAccount(connection), calendar).pipe(
    Effect.catchTag("CalendarError", (error) =>
      Effect.andThen(noteFailure(connection, error), Effect.fail(refusalOf(error, connection.platform)))
    )
  )
  yield* (yield* WakeSignal).notify(yield* Clock.currentTimeMillis)
  return made
})

/** Why a calendar is not read at all. */
const notSelected = "not_selected"

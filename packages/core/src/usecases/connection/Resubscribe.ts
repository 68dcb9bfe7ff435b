/**
 * A subscription made anew because somebody asks for it, and what came of it: the provider's own answer.
 */
import { Clock, Effect } from "effect"
import type { CalendarId, UserId } from "../../domain/Ids.ts"
import { refuse } from "../../domain/Refusal.ts"
import type { CalendarProvider } from "../../ports/CalendarProvider.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import type { Store } from "../../ports/Store.ts"
import { accountOf, noteFailure, openAccount } from "../account/OpenAccount.ts"
import { type Subscribing, remakeSubscription } from "../account/Subscriptions.ts"
import { WakeSignal } from "../account/WakeSignal.ts"
import type { Failure } from "../contract/Contract.ts"
import { refusalOf } from "../contract/ProviderRefusal.ts"

/** Refused: `calendar_not_connected`, `calendar_not_found`, `reauthorization_required`, `mailbox_unavailable`. */
export const resubscribe = Effect.fn("Punctual.resubscribe")(function* (
  userId: UserId,
  calendarId: CalendarId
): Effect.fn.Return<Subscribing, Failure, CalendarProvider | Secrets | Store | WakeSignal> {
  const { calendars, connection } = yield* accountOf(userId)
  const calendar = calendars.find(({ id }) => id === calendarId)
  if (calendar === undefined) return yield* Effect.fail(refuse("calendar_not_found", "No such calendar."))
  if (connection.status === "reauthorization_required") {
    return yield* Effect.fail(refuse(connection.status, connection.statusMessage ?? "Connect the calendar again."))
  }
  if (!calendar.selected) {
    return { calendar, outcome: "polled", reason: notSelected, message: "The calendar is not selected." }
  }
  const { session } = yield* openAccount(connection)
  const made = yield* remakeSubscription(connection, session, calendar).pipe(
    Effect.catchTag("CalendarError", (error) =>
      Effect.andThen(noteFailure(connection, error), Effect.fail(refusalOf(error)))
    )
  )
  yield* (yield* WakeSignal).notify(yield* Clock.currentTimeMillis)
  return made
})

/** Why a calendar is not read at all. */
const notSelected = "not_selected"

/**
 * Subscribing where the provider says that somebody is subscribed already.
 * Decides whose the subscription in the way is, by the store alone: what another user's connection holds is never ended,
 * nor what leads to another deployment. What nobody holds was left behind by a crash, and what this very calendar holds
 * is to be made anew: those end, and it is asked once more.
 */
import { Effect } from "effect"
import type { Calendar } from "../../domain/Calendar.ts"
import type { CalendarError, CalendarSession, GrantedSubscription } from "../../ports/CalendarProvider.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { OpenAccount } from "./OpenAccount.ts"

/** Who was just granted a subscription writes its row within this: what has none by then has been forgotten. */
const unwrittenMillis = 1_000

export const subscribeUnlessHeld = (
  account: OpenAccount,
  calendar: Calendar
): Effect.Effect<GrantedSubscription, CalendarError | StoreError, Store> =>
  account.session
    .subscribe(calendar.providerId)
    .pipe(
      Effect.catchTag("CalendarError", (error) =>
        error.reason._tag === "AlreadySubscribed"
          ? Effect.flatMap(endable(account, calendar, error.reason.held), (ids) =>
              ids === null ? Effect.fail(error) : again(account.session, calendar, ids)
            )
          : Effect.fail(error)
      )
    )

const again = (
  session: CalendarSession,
  calendar: Calendar,
  ids: ReadonlyArray<string>
): Effect.Effect<GrantedSubscription, CalendarError> =>
  Effect.andThen(
    Effect.forEach(ids, (id) => session.unsubscribe(id), { discard: true }),
    session.subscribe(calendar.providerId)
  )

/** Those in the way, where all of them may be ended; null: one of them is somebody's. */
const endable = Effect.fnUntraced(function* (
  { connection, provider }: OpenAccount,
  calendar: Calendar,
  held: ReadonlyArray<{ readonly id: string; readonly notificationUrl: string }>
): Effect.fn.Return<ReadonlyArray<string> | null, StoreError, Store> {
  const { notificationUrl } = provider.capabilities
  const store = yield* Store
  const ids = held.map(({ id }) => id)
  if (ids.length === 0) return null
  yield* Effect.sleep(unwrittenMillis)
  const owners = yield* store.subscriptions(ids)
  const own = new Set<string>()
  for (const { calendarId, subscription, userId } of owners) {
    if (userId !== connection.userId || calendarId !== calendar.id) return null
    own.add(subscription.id)
  }
  return held.every((each) => own.has(each.id) || each.notificationUrl === notificationUrl) ? ids : null
})

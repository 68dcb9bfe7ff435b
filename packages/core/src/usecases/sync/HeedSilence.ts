/**
 * What is done about a subscription that brings nothing.
 * Decides that it is made anew, which proves whether the provider reaches this server, and that its calendar is polled until
 * a notification has come. When one counts as silent `mirror/Silence.ts` says.
 */
import { Effect } from "effect"
import { type PassMade, notificationsNotArriving, pollingReasonAfter } from "../../mirror/Silence.ts"
import { type Claim, Store, type StoreError } from "../../ports/Store.ts"
import type { OpenAccount } from "../account/OpenAccount.ts"
import { renewalJob, subscribeCalendar } from "../account/Subscriptions.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

/** After a pass under the claim. Tells whether the calendar's subscription can be relied on. */
export const heedSilence = Effect.fnUntraced(function* (
  claim: Claim,
  account: OpenAccount,
  pass: PassMade
): Effect.fn.Return<boolean, StoreError, Store> {
  const { calendar } = claim
  if (calendar.subscription === null) return true
  const reason = pollingReasonAfter(calendar, pass, yield* CurrentPolicy)
  if (reason === calendar.pollingReason) return reason !== notificationsNotArriving
  if (reason === notificationsNotArriving) {
    yield* makeAnew(claim, account, pass)
    return false
  }
  yield* note(claim, reason)
  return true
})

/** Not marked as changed: the pass has read all but the last moment, and the next one comes soon. */
const makeAnew = Effect.fnUntraced(function* (
  claim: Claim,
  account: OpenAccount,
  { now }: PassMade
): Effect.fn.Return<void, StoreError, Store> {
  const { calendar, userId } = claim
  const made = yield* subscribeCalendar(account, { ...calendar, subscription: null })
  if (calendar.subscription !== null) yield* Effect.ignore(account.session.unsubscribe(calendar.subscription.id))
  yield* Effect.logWarning("a subscription brought nothing, and was made anew").pipe(
    Effect.annotateLogs({ user_id: userId, calendar_id: calendar.id, outcome: made.outcome, reason: made.reason })
  )
  if (made.outcome === "created") return yield* note(claim, notificationsNotArriving)
  // Tried again within the hour.
  yield* (yield* Store).leaveShare(renewalJob, userId, now)
})

const note = ({ calendar, connection }: Claim, pollingReason: string | null) =>
  Effect.flatMap(Store, (store) => store.patchCalendar(connection, calendar.id, { pollingReason }))

/**
 * Keeps each selected calendar subscribed; where that can't be, records why it is polled.
 * Decides when a subscription is made, renewed or made again. Never decides what a notification means.
 */
import { Clock, Effect, Redacted } from "effect"
import type { Calendar, Subscription } from "../../domain/Calendar.ts"
import type { Connection } from "../../domain/Connection.ts"
import { digest } from "../../domain/DeterministicIds.ts"
import type { CalendarError, RenewedSubscription } from "../../ports/CalendarProvider.ts"
import { pollingReasonOf, transientPollingReasons } from "../contract/ProviderRefusal.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { OpenAccount } from "./OpenAccount.ts"
import { subscribeUnlessHeld } from "./SubscriptionInTheWay.ts"

/** What became of one calendar's subscription. */
export interface Subscribing {
  readonly calendar: Calendar
  readonly outcome: "kept" | "created" | "renewed" | "polled"
  /** With `polled`: a stable word and a sentence. */
  readonly reason: string | null
  readonly message: string | null
}

/** Why a calendar is polled where the provider could not reach this server anyway. */
export const noPublicUrl = "no_public_url"

/** The daily job that renews them; what of it failed is made up within the hour. */
export const renewalJob = "renew-subscriptions"

/** Subscribes a calendar that has no live subscription. */
export const subscribeCalendar = Effect.fn("Punctual.subscribeCalendar")(function* (
  account: OpenAccount,
  calendar: Calendar
): Effect.fn.Return<Subscribing, StoreError, Store> {
  const { connection, provider } = account
  const now = yield* Clock.currentTimeMillis
  if (calendar.subscription !== null && calendar.subscription.expiresAt > now) {
    return { calendar, outcome: "kept", reason: null, message: null }
  }
  if (!provider.capabilities.subscriptions) {
    return yield* polled(
      connection,
      calendar,
      noPublicUrl,
      "This server has no public address, so the calendar is polled."
    )
  }
  return yield* subscribeUnlessHeld(account, calendar).pipe(
    Effect.flatMap((granted) =>
      save(
        connection,
        calendar,
        {
          subscription: {
            id: granted.id,
            clientStateHash: digest(Redacted.value(granted.clientState)),
            expiresAt: granted.expiresAt
          },
          pollingReason: null
        },
        "created"
      )
    ),
    Effect.catchTag("CalendarError", (error) => {
      const [reason, message] = pollingReasonOf(error)
      return polled(connection, calendar, reason, message)
    })
  )
})

/** Prolongs a subscription, or makes another where it is gone. */
export const renewSubscription = Effect.fn("Punctual.renewSubscription")(function* (
  account: OpenAccount,
  calendar: Calendar
): Effect.fn.Return<Subscribing, StoreError | CalendarError, Store> {
  const { subscription } = calendar
  const { session } = account
  if (subscription === null) return yield* subscribeCalendar(account, calendar)
  return yield* session.renew(calendar.providerId, subscription.id).pipe(
    Effect.flatMap((renewed) => keepRenewed(account, calendar, subscription, renewed)),
    Effect.catchReason("CalendarError", "SubscriptionGone", () => subscribeAnew(account, calendar))
  )
})

/** Another one in its place is saved before the old one is ended: between the two, both tell. */
const keepRenewed = Effect.fnUntraced(function* (
  { connection, session }: OpenAccount,
  calendar: Calendar,
  old: Subscription,
  { clientState, expiresAt, id }: RenewedSubscription
): Effect.fn.Return<Subscribing, StoreError, Store> {
  const clientStateHash = clientState === null ? old.clientStateHash : digest(Redacted.value(clientState))
  const subscription = { id, clientStateHash, expiresAt }
  const saved = yield* save(connection, calendar, { subscription, pollingReason: null }, "renewed")
  // One that can't be ended now lapses by itself; until then nobody knows it.
  if (id !== old.id) yield* Effect.ignore(session.unsubscribe(old.id))
  return saved
})

/** Makes another subscription in the place of one that leads nowhere. What was told there is asked for. */
export const remakeSubscription = Effect.fn("Punctual.remakeSubscription")(function* (
  account: OpenAccount,
  calendar: Calendar
): Effect.fn.Return<Subscribing, StoreError | CalendarError, Store> {
  const { subscription } = calendar
  const made = yield* subscribeAnew(account, calendar)
  // The provider lets it lapse; until then it posts to an address where nobody is.
  if (subscription !== null) yield* Effect.ignore(account.session.unsubscribe(subscription.id))
  return made
})

/** What was told while nobody listened is asked for. */
const subscribeAnew = Effect.fnUntraced(function* (
  account: OpenAccount,
  calendar: Calendar
): Effect.fn.Return<Subscribing, StoreError, Store> {
  const made = yield* subscribeCalendar(account, { ...calendar, subscription: null })
  const now = yield* Clock.currentTimeMillis
  yield* (yield* Store).markChanged([{ userId: account.connection.userId, calendarId: calendar.id }], now)
  return made
})

/** Whether a calendar without subscription should be tried again. */
export const isWorthTrying = (calendar: Calendar): boolean =>
  calendar.selected &&
  calendar.subscription === null &&
  (calendar.pollingReason === null || transientPollingReasons.has(calendar.pollingReason))

const save = Effect.fnUntraced(function* (
  connection: Connection,
  calendar: Calendar,
  patch: Pick<Calendar, "subscription" | "pollingReason">,
  outcome: Subscribing["outcome"]
): Effect.fn.Return<Subscribing, StoreError, Store> {
  const store = yield* Store
  yield* store.patchCalendar(connection, calendar.id, patch)
  return { calendar: { ...calendar, ...patch }, outcome, reason: null, message: null }
})

const polled = Effect.fnUntraced(function* (
  connection: Connection,
  calendar: Calendar,
  reason: string,
  message: string
): Effect.fn.Return<Subscribing, StoreError, Store> {
  const saved = yield* save(connection, calendar, { subscription: null, pollingReason: reason }, "polled")
  return { ...saved, reason, message }
})

/**
 * What a notification does: it marks a calendar as changed, durably, and nothing else.
 * Decides whether it is one of ours, by subscription id and client state. Never trusts what it says about a meeting,
 * and never asks the provider.
 */
import { Clock, Effect, Option, Redacted } from "effect"
import { digest } from "../decide/Naming.ts"
import { Store, type StoreError, type SubscribedCalendar } from "../ports/Store.ts"
import type { Notification, Received } from "./Requests.ts"
import { CurrentPolicy } from "./Settings.ts"
import { Wake } from "./Wake.ts"

/** Looked up at once: a batch may name many subscriptions. */
const lookupConcurrency = 8

export const receive = Effect.fn("Punctual.receive")(function* (
  notifications: ReadonlyArray<Notification>
): Effect.fn.Return<Received, StoreError, Store | Wake> {
  const store = yield* Store
  // One change is told several times over: the first of a burst decides when all of it is read, the others join it.
  const dueAt = (yield* Clock.currentTimeMillis) + (yield* CurrentPolicy).settleMillis
  const ours = (yield* Effect.forEach(distinct(notifications), ownerOf, { concurrency: lookupConcurrency })).flat()
  for (const { calendar, notification } of ours) yield* noteLifecycle(calendar, notification)
  const marks = new Map(ours.map(({ calendar }) => [`${calendar.userId} ${calendar.calendarId}`, calendar]))
  if (marks.size > 0) {
    yield* store.markChanged([...marks.values()], dueAt)
    yield* (yield* Wake).poke(dueAt)
  }
  const accepted = new Set(ours.map(({ notification }) => notification.subscriptionId))
  const acceptedCount = notifications.filter(({ subscriptionId }) => accepted.has(subscriptionId)).length
  return { accepted: acceptedCount, ignored: notifications.length - acceptedCount }
})

interface Owned {
  readonly calendar: SubscribedCalendar
  readonly notification: Notification
}

const ownerOf = Effect.fnUntraced(function* (
  notification: Notification
): Effect.fn.Return<ReadonlyArray<Owned>, StoreError, Store> {
  const store = yield* Store
  const found = yield* store.subscription(notification.subscriptionId)
  if (Option.isNone(found)) return []
  const calendar = found.value
  return sameDigest(digest(Redacted.value(notification.clientState)), calendar.subscription.clientStateHash)
    ? [{ calendar, notification }]
    : []
})

/** A lifecycle event asks for more than a look at what changed; the next claim of the calendar does it. */
const noteLifecycle = Effect.fnUntraced(function* (
  calendar: SubscribedCalendar,
  { kind }: Notification
): Effect.fn.Return<void, StoreError, Store> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const { calendarId, generation, subscription, userId } = calendar
  const patch = (fields: Parameters<typeof store.patchCalendar>[3]) =>
    store.patchCalendar(userId, generation, calendarId, fields).pipe(
      // The connection was replaced meanwhile: the notification is an old one.
      Effect.catchIf(
        (error) => error.isFenced,
        () => Effect.void
      )
    )
  switch (kind) {
    case "missed":
      return yield* patch({ reset: true })
    case "subscriptionRemoved":
      return yield* patch({ subscription: null, pollingReason: "subscription_removed", reset: true })
    case "reauthorizationRequired":
      // As little life left as makes the worker renew it at its next claim.
      return yield* patch({
        subscription: {
          ...subscription,
          expiresAt: Math.min(subscription.expiresAt, now + policy.renewOnNotificationMillis / 2)
        }
      })
    case "change":
    case "unknown":
      return
  }
})

/** One look-up for each subscription, state and kind, however often they are repeated. */
const distinct = (notifications: ReadonlyArray<Notification>): ReadonlyArray<Notification> => [
  ...new Map(
    notifications.map((notification) => [
      `${notification.subscriptionId}\n${Redacted.value(notification.clientState)}\n${notification.kind}`,
      notification
    ])
  ).values()
]

/** Compares digests in a time that depends on nothing but their length, which is fixed. */
const sameDigest = (one: string, other: string): boolean => {
  let difference = one.length ^ other.length
  for (let index = 0; index < one.length; index++) difference |= one.charCodeAt(index) ^ other.charCodeAt(index)
  return difference === 0
}

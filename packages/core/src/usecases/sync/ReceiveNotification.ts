/**
 * What a notification does: it marks a calendar as changed, durably, and nothing else.
 * Decides whether it is one of ours, by subscription id and client state. Never trusts what it says about a meeting,
 * and never asks the provider.
 */
import { Clock, Effect, Redacted } from "effect"
import { digest } from "../../domain/DeterministicIds.ts"
import { Store, type StoreError, type SubscribedCalendar } from "../../ports/Store.ts"
import type { Notification, Received } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { WakeSignal } from "../account/WakeSignal.ts"

/** What several requests brought, in one look-up and one write; each is told of its own. */
export const receiveAll = Effect.fn("Punctual.receive")(function* (
  batches: ReadonlyArray<ReadonlyArray<Notification>>
): Effect.fn.Return<ReadonlyArray<Received>, StoreError, Store | WakeSignal> {
  const store = yield* Store
  // One change brings several notifications: the first of a burst decides when the calendar is read, the others join
  // it.
  const dueAt = (yield* Clock.currentTimeMillis) + (yield* CurrentPolicy).settleMillis
  const told = new Map(batches.flat().map((notification) => [sayingOf(notification), notification]))
  const ours = yield* oursOf([...told.values()])
  for (const { calendar, notification } of ours) yield* noteLifecycle(calendar, notification)
  const marks = new Map(ours.map(({ calendar }) => [`${calendar.userId} ${calendar.calendarId}`, calendar]))
  if (marks.size > 0) {
    yield* store.markChanged([...marks.values()], dueAt)
    yield* (yield* WakeSignal).notify(dueAt)
  }
  const accepted = new Set(ours.map(({ notification }) => sayingOf(notification)))
  return batches.map((batch) => {
    const count = batch.filter((notification) => accepted.has(sayingOf(notification))).length
    return { accepted: count, ignored: batch.length - count }
  })
})

interface Owned {
  readonly calendar: SubscribedCalendar
  readonly notification: Notification
}

const oursOf = Effect.fnUntraced(function* (
  notifications: ReadonlyArray<Notification>
): Effect.fn.Return<ReadonlyArray<Owned>, StoreError, Store> {
  const ids = new Set(notifications.map(({ subscriptionId }) => subscriptionId))
  if (ids.size === 0) return []
  const calendars = new Map(
    (yield* (yield* Store).subscriptions([...ids])).map((calendar) => [calendar.subscription.id, calendar])
  )
  return notifications.flatMap((notification) => {
    const calendar = calendars.get(notification.subscriptionId)
    if (calendar === undefined) return []
    return sameDigest(digest(Redacted.value(notification.clientState)), calendar.subscription.clientStateHash)
      ? [{ calendar, notification }]
      : []
  })
})

/** A lifecycle event asks for more than a pass; the next claim of the calendar does it. */
const noteLifecycle = Effect.fnUntraced(function* (
  calendar: SubscribedCalendar,
  { kind }: Notification
): Effect.fn.Return<void, StoreError, Store> {
  const store = yield* Store
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const { calendarId, connectionId, generation, subscription, userId } = calendar
  const patch = (fields: Parameters<typeof store.patchCalendar>[2]) =>
    store.patchCalendar({ id: connectionId, userId, generation }, calendarId, fields).pipe(
      // The connection was replaced meanwhile: the notification is an old one.
      Effect.catchReason("StoreError", "Fenced", () => Effect.void)
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

/** Identifies a notification by subscription, state and kind: duplicates are handled once. */
const sayingOf = ({ clientState, kind, subscriptionId }: Notification): string =>
  `${subscriptionId}\n${Redacted.value(clientState)}\n${kind}`

/** Compares digests in a time that depends on nothing but their length, which is fixed. */
const sameDigest = (one: string, other: string): boolean => {
  let difference = one.length ^ other.length
  for (let index = 0; index < one.length; index++) difference |= one.charCodeAt(index) ^ other.charCodeAt(index)
  return difference === 0
}

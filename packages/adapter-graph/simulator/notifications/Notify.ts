/**
 * From a change in a mailbox to the log that delta reads and the notifications that wait to leave.
 *
 * Decides which subscriptions hear of a change, how often and when. It delivers nothing; Delivery.ts says how the
 * waiting ones travel.
 */
import { happens } from "../world/Chance.ts"
import { graphInstant } from "../world/Dates.ts"
import { changeKeyOf, eventId } from "../world/ItemId.ts"
import { etagOf } from "../wire/EventWire.ts"
import { type Change, type Delivery, type Mailbox, type Subscription, type World, withMailbox } from "../world/World.ts"

/** A change and the version of the item after it; `occurrence` when one occurrence of a series changed. */
export interface News extends Change {
  readonly version: number
  readonly occurrence: number | null
}

export type LifecycleEvent = "missed" | "subscriptionRemoved" | "reauthorizationRequired"

/** Appends to the mailbox's log and queues what its subscriptions should hear. */
export const recorded = (world: World, mailbox: Mailbox, news: News, now: number): World => {
  const { calendar, serial, moves, kind } = news
  const logged = withMailbox(world, { ...mailbox, changes: [...mailbox.changes, { calendar, serial, moves, kind }] })
  return Object.values(logged.subscriptions)
    .filter((subscription) => hears(subscription, mailbox, news))
    .reduce((current, subscription) => announced(current, subscription, news, now), logged)
}

/** Queues a lifecycle notification; reauthorizationRequired also holds back the others until it is answered. */
export const lifecycleAnnounced = (
  world: World,
  subscription: Subscription,
  event: LifecycleEvent | string,
  now: number
): World => {
  const item = {
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: graphInstant(subscription.expiresAt),
    tenantId: world.mailboxes[subscription.mailbox]?.tenantId ?? "",
    ...(subscription.clientState === null ? {} : { clientState: subscription.clientState }),
    lifecycleEvent: event
  }
  const queued =
    subscription.lifecycleNotificationUrl === null
      ? world
      : queue(world, subscription.lifecycleNotificationUrl, subscription.id, item, now)
  const { [subscription.id]: _, ...others } = queued.subscriptions
  if (event === "subscriptionRemoved") return { ...queued, subscriptions: others }
  if (event !== "reauthorizationRequired") return queued
  return { ...queued, subscriptions: { ...others, [subscription.id]: { ...subscription, paused: true } } }
}

// One that has expired hears it too, and Delivery.ts drops it: time may pass before it would leave.
const hears = (subscription: Subscription, mailbox: Mailbox, news: News): boolean =>
  subscription.mailbox === mailbox.id &&
  !subscription.paused &&
  (subscription.calendar === null || subscription.calendar === news.calendar)

const announced = (world: World, subscription: Subscription, news: News, now: number): World => {
  const { notifications } = world.options
  const kinds = new Set(subscription.changeType.split(",").map((kind) => kind.trim().toLowerCase()))
  const [also, seed] =
    news.kind === "created" ? happens(world.seed, notifications.createdAlsoUpdated) : [false, world.seed]
  const told = also ? [news.kind, "updated"] : [news.kind]
  return told
    .filter((kind) => kinds.has(kind))
    .reduce((current, kind) => sent(current, subscription, news, kind, now), { ...world, seed })
}

const sent = (world: World, subscription: Subscription, news: News, kind: string, now: number): World => {
  const { notifications } = world.options
  const [isLost, one] = happens(world.seed, notifications.lost)
  const [isTwice, two] = happens(one, notifications.duplicated)
  const seeded = { ...world, seed: two }
  if (isLost) return seeded
  const item = notificationOf(seeded, subscription, news, kind)
  const first = queue(seeded, subscription.notificationUrl, subscription.id, item, now + notifications.delayMillis)
  return isTwice
    ? queue(first, subscription.notificationUrl, subscription.id, item, now + notifications.delayMillis)
    : first
}

const notificationOf = (world: World, subscription: Subscription, news: News, kind: string): Delivery["item"] => {
  const { mailbox } = subscription
  const id = eventId(
    { mailbox, serial: news.serial, moves: news.moves, occurrence: news.occurrence },
    subscription.immutableIds
  )
  const resource = `Users/${mailbox}/Events/${id}`
  return {
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: graphInstant(subscription.expiresAt),
    changeType: kind,
    resource,
    resourceData: {
      "@odata.type": "#Microsoft.Graph.Event",
      "@odata.id": resource,
      "@odata.etag": etagOf(changeKeyOf(mailbox, news.version)),
      id
    },
    clientState: subscription.clientState,
    tenantId: world.mailboxes[mailbox]?.tenantId ?? ""
  }
}

const queue = (world: World, url: string, subscriptionId: string, item: Delivery["item"], dueAt: number): World => ({
  ...world,
  tick: world.tick + 1,
  outbox: [...world.outbox, { id: world.tick, subscriptionId, url, item, firstDueAt: dueAt, dueAt, attempts: 0 }]
})

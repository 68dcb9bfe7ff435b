/**
 * How waiting notifications travel: together, again after a failure, later to slow addresses, not at all to dropped ones.
 *
 * Decides what leaves at an instant and what an answer means for the next attempt. Somebody else opens the socket and
 * says how it went. Source: Graph's change-notifications-delivery-webhooks page.
 */
import { happens, shuffled } from "../world/Chance.ts"
import type { Delivery, Endpoint, World } from "../world/World.ts"

/** One request to a client. */
export interface Parcel {
  readonly url: string
  readonly deliveries: ReadonlyArray<Delivery>
  readonly body: { readonly value: ReadonlyArray<Delivery["item"]> }
  readonly withinMillis: number
}

export interface Receipt {
  readonly parcel: Parcel
  /** Null when no answer came in time, or no connection. */
  readonly status: number | null
  readonly tookMillis: number
}

/** Takes what is due out of the world, packed for the road. */
export const dispatched = (
  world: World,
  now: number
): { readonly world: World; readonly parcels: ReadonlyArray<Parcel> } => {
  const due = world.outbox.filter((delivery) => delivery.dueAt <= now)
  if (due.length === 0) return { world, parcels: [] }
  const judgedDue = due.map((delivery) => [fateOf(world, delivery, now), delivery] as const)
  const of = (fate: Fate): ReadonlyArray<Delivery> =>
    judgedDue.filter(([each]) => each === fate).map(([, delivery]) => delivery)
  const held = of("hold").map((delivery) => ({ ...delivery, dueAt: delivery.firstDueAt + windowMillis }))
  const waiting = [
    ...world.outbox.filter((delivery) => delivery.dueAt > now),
    ...held,
    ...later(world, of("retry"), now)
  ]
  const [isMixed, seed] = happens(world.seed, world.options.notifications.reordered)
  const [ordered, nextSeed] = isMixed ? shuffled(seed, of("send")) : [of("send"), seed]
  const byUrl = Map.groupBy(ordered, (delivery) => delivery.url)
  const parcels = [...byUrl].flatMap(([url, deliveries]) => packed(world, url, deliveries))
  return { world: { ...world, seed: nextSeed, outbox: waiting }, parcels }
}

/** When the next notification is due, or null. */
export const nextDueAt = (world: World): number | null =>
  world.outbox.reduce<number | null>((least, each) => (least === null || each.dueAt < least ? each.dueAt : least), null)

/** Takes note of how a parcel fared: gone for good, or waiting for its next attempt. */
export const received = (world: World, receipt: Receipt, now: number): World => {
  const { parcel, status } = receipt
  const noted = { ...world, endpoints: { ...world.endpoints, [originOf(parcel.url)]: judged(world, receipt, now) } }
  if (status !== null && status >= 200 && status < 300) return noted
  return { ...noted, outbox: [...noted.outbox, ...later(world, parcel.deliveries, now)] }
}

type Fate = "send" | "hold" | "retry" | "drop"

const windowMillis = 600_000
const verySlowMillis = 10_000
// Below this many answers a share says nothing.
const answersMin = 10

const fateOf = (world: World, delivery: Delivery, now: number): Fate => {
  if ("lifecycleEvent" in delivery.item) return "send"
  const subscription = world.subscriptions[delivery.subscriptionId]
  if (subscription === undefined || subscription.expiresAt <= now) return "drop"
  if (world.options.notifications.needToken && subscription.authorizedUntil <= now) return "retry"
  const state = stateOf(world, delivery.url, now)
  if (state === "drop") return "drop"
  // Notifications for a slow address wait ten minutes before their first attempt.
  const isNew = delivery.attempts === 0 && delivery.dueAt === delivery.firstDueAt
  return state === "slow" && isNew ? "hold" : "send"
}

// The next attempt, after a pause that doubles, until four hours have gone.
const later = (world: World, deliveries: ReadonlyArray<Delivery>, now: number): ReadonlyArray<Delivery> => {
  const { firstRetryMillis, giveUpAfterMillis } = world.options.notifications
  return deliveries
    .map((delivery) => ({
      ...delivery,
      attempts: delivery.attempts + 1,
      dueAt: now + firstRetryMillis * 2 ** delivery.attempts
    }))
    .filter((delivery) => delivery.dueAt - delivery.firstDueAt <= giveUpAfterMillis)
}

const packed = (world: World, url: string, deliveries: ReadonlyArray<Delivery>): ReadonlyArray<Parcel> => {
  const { batchMax, answerWithinMillis, retryWithinMillis } = world.options.notifications
  const size = Math.max(1, batchMax)
  return Array.from({ length: Math.ceil(deliveries.length / size) }, (_, index) => {
    const some = deliveries.slice(index * size, (index + 1) * size)
    const isRetry = some.every((delivery) => delivery.attempts > 0)
    return {
      url,
      deliveries: some,
      body: { value: some.map((delivery) => delivery.item) },
      withinMillis: isRetry ? retryWithinMillis : answerWithinMillis
    }
  })
}

const originOf = (url: string): string => new URL(url).origin

const stateOf = (world: World, url: string, now: number): Endpoint["state"] => {
  const endpoint = world.endpoints[originOf(url)]
  return endpoint === undefined || endpoint.stateUntil <= now ? "normal" : endpoint.state
}

// More than a tenth of answers slower than 3 s: slow. More than 15 % slower than 10 s: drop. Both for ten minutes.
const judged = (world: World, receipt: Receipt, now: number): Endpoint => {
  const before = world.endpoints[originOf(receipt.parcel.url)]
  const isFresh = before === undefined || now - before.since > windowMillis
  const counted = {
    since: isFresh ? now : before.since,
    answers: (isFresh ? 0 : before.answers) + 1,
    slow: (isFresh ? 0 : before.slow) + (receipt.tookMillis > world.options.notifications.answerWithinMillis ? 1 : 0),
    verySlow: (isFresh ? 0 : before.verySlow) + (receipt.tookMillis > verySlowMillis ? 1 : 0)
  }
  const kept = { state: before?.state ?? "normal", stateUntil: before?.stateUntil ?? 0 }
  if (!world.options.notifications.slowStates || counted.answers < answersMin) return { ...counted, ...kept }
  if (counted.verySlow / counted.answers > 0.15) return { ...counted, state: "drop", stateUntil: now + windowMillis }
  if (counted.slow / counted.answers > 0.1) return { ...counted, state: "slow", stateUntil: now + windowMillis }
  return { ...counted, ...kept }
}

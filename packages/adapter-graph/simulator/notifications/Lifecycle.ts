/**
 * Lifecycle notifications to order.
 *
 * Decides which subscriptions an intent means. What each event does to a subscription is in Notify.ts. An unknown event
 * name is allowed: Graph says new ones may come.
 */
import { Schema } from "effect"
import { lifecycleAnnounced } from "./Notify.ts"
import { type World, findMailbox } from "../world/World.ts"

export const LifecycleWish = Schema.Struct({
  /** `missed`, `subscriptionRemoved`, `reauthorizationRequired`, or a name nobody knows yet. */
  event: Schema.String,
  mailbox: Schema.optionalKey(Schema.String),
  subscription: Schema.optionalKey(Schema.String)
})

export type LifecycleWish = typeof LifecycleWish.Type

export const lifecycleSent = (
  world: World,
  intent: LifecycleWish,
  now: number
): { readonly world: World; readonly count: number } => {
  const mailbox = intent.mailbox === undefined ? null : (findMailbox(world, intent.mailbox)?.id ?? "")
  const meant = Object.values(world.subscriptions).filter(
    (each) =>
      each.expiresAt > now &&
      (mailbox === null || each.mailbox === mailbox) &&
      (intent.subscription === undefined || each.id === intent.subscription)
  )
  return {
    world: meant.reduce((current, each) => lifecycleAnnounced(current, each, intent.event, now), world),
    count: meant.length
  }
}

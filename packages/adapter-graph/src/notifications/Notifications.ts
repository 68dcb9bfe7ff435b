/**
 * What Graph posts to the two notification addresses.
 *
 * Decides what an item says and skips what says nothing. Total: any JSON is a list, perhaps an empty one. Never trusts
 * an item (whoever receives it compares `clientState`), and never routes by `resource`, which names no calendar.
 *
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks, …/change-notifications-lifecycle-events
 */
import { Redacted } from "effect"
import { asObject, readArray, readName, readText } from "@punctual/core/http"

export type NotificationKind = "change" | "missed" | "subscriptionRemoved" | "reauthorizationRequired" | "unknown"

export interface Notification {
  readonly subscriptionId: string
  /** Empty where the item had none. */
  readonly clientState: Redacted.Redacted<string>
  readonly kind: NotificationKind
}

/** Null: not a notification at all (no JSON object with a `value` array). Otherwise its usable items, in order. */
export const parseNotifications = (body: unknown): ReadonlyArray<Notification> | null => {
  const value = readArray(asObject(body) ?? {}, "value")
  return value === null ? null : value.flatMap((item) => toNotification(item) ?? [])
}

/** Guids are 36 characters; secrets are ours and shorter than 128. */
const subscriptionIdLengthMax = 256
const clientStateLengthMax = 512

const toNotification = (json: unknown): Notification | null => {
  const item = asObject(json)
  const subscriptionId = item === null ? null : readName(item, "subscriptionId", subscriptionIdLengthMax)
  if (item === null || subscriptionId === null) return null
  return {
    subscriptionId,
    clientState: Redacted.make(readName(item, "clientState", clientStateLengthMax) ?? ""),
    kind: kindOf(readText(item, "lifecycleEvent"), readText(item, "changeType"))
  }
}

/** Lifecycle items have a `lifecycleEvent` and no `changeType`; new kinds of them may appear. */
const kindOf = (lifecycleEvent: string | null, changeType: string | null): NotificationKind => {
  if (lifecycleEvent === null) return changeType === null ? "unknown" : "change"
  switch (lifecycleEvent.toLowerCase()) {
    case "missed":
      return "missed"
    case "subscriptionremoved":
      return "subscriptionRemoved"
    case "reauthorizationrequired":
      return "reauthorizationRequired"
    default:
      return "unknown"
  }
}

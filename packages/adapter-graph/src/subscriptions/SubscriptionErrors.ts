/**
 * Why Graph refuses a subscription.
 *
 * Decides which refusals mean that this calendar can only be polled, each with a stable word, and which mean something
 * else. Graph wraps the reasons of its parts in texts ("Operation: Create; Exception: […]"): where the code says nothing,
 * the text must.
 */
import { CalendarGone, NotSubscribable, Unavailable } from "@punctual/core"
import { type GraphReply, isAbsent, refusalOf } from "../client/GraphReply.ts"
import { readFailure } from "../client/Failure.ts"
import type { Reason } from "../client/GraphClient.ts"

/** The same change types and resource, already subscribed by this app for this user. */
export const isDuplicate = (reply: GraphReply): boolean => reply.status === 409

/** The life Graph allows, where it refused a longer one. */
export const minutesAllowed = (reply: GraphReply): number | null => {
  if (reply.status !== 400) return null
  const minutes = /only be (\d{1,6}) minutes/i.exec(reply.failure?.message ?? "")?.[1]
  return minutes === undefined || Number(minutes) < 2 ? null : Number(minutes)
}

/** What a refused `POST /subscriptions` means. */
export const subscriptionErrorOf = (reply: GraphReply): Reason => {
  const failure = reply.failure ?? readFailure(null)
  const text = failure.message.toLowerCase()
  if (failure.isLimitReached) return cannot("subscription_limit", limitReached)
  if (isAbsent(reply) || (text.includes("'resource'") && text.includes("is invalid"))) return new CalendarGone()
  if (text.includes("validation request")) return cannot("notification_address_unreachable", unreachable)
  if (text.includes("on backend 'unknown'")) return cannot("mailbox_not_supported", noNotifications)
  if (text.includes("underlying connection was closed")) {
    return new Unavailable({ message: "Microsoft Graph lost its connection to this server while subscribing." })
  }
  switch (reply.status) {
    case 403:
      return cannot("access_denied", shared)
    case 405:
    case 501:
      return cannot("not_supported", noNotifications)
    case 400:
    case 422:
      return cannot("refused", `Microsoft Graph refused to subscribe (${failure.code === "" ? "400" : failure.code}).`)
    default:
      return refusalOf(reply)
  }
}

const cannot = (code: string, message: string): Reason => new NotSubscribable({ code, message })

const limitReached = "This mailbox has as many subscriptions as Microsoft allows, over all apps (1,000)."

const unreachable =
  "Microsoft could not reach this server's notification address. Check that the public address is " +
  "right and open to the internet."

const noNotifications = "Microsoft offers no change notifications for this mailbox. It is read at intervals instead."

const shared =
  "Microsoft allows no change notifications for this calendar: it belongs to someone else's mailbox, or " +
  "the organisation does not allow them. It is read at intervals instead."

/**
 * Why a feed could not be read, in the words of the port.
 * Decides that a feed which fails is out of reach and never gone: an address that answers "not found" may be published again.
 */
import { type CalendarError, SecretRejected, Throttled, Unavailable } from "@punctual/core"
import type { FeedFault } from "./ReadFeed.ts"

export type Reason = CalendarError["reason"]

export const reasonOf = ({ message, retryAfterMillis }: FeedFault): Reason =>
  retryAfterMillis === null ? new Unavailable({ message }) : new Throttled({ retryAfterMillis })

/** What `SecretRejected` tells of an address that can't be followed. */
export const feedErrors = {
  /** What is there is no calendar, or these are no feeds' credentials. */
  invalidFeed: "invalid_feed",
  /** The address is none, or one that is not fetched. */
  addressRefused: "address_refused",
  /** One feed more than a user may have. */
  feedLimit: "feed_limit"
} as const

/** While a feed is being connected: what its user can mend. */
export const connectingReasonOf = (fault: FeedFault): Reason => {
  const { about, message } = fault
  if (about === "answer") return reasonOf(fault)
  return rejected(about === "content" ? feedErrors.invalidFeed : feedErrors.addressRefused, message)
}

export const rejected = (error: string, message: string): SecretRejected =>
  new SecretRejected({ error, errorCodes: [], expired: false, message })

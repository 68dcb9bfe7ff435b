/**
 * What Google posts to the notification address: headers alone, nothing that says what changed.
 *
 * Decides what a request says and which says nothing. Total. Never trusts one: whoever receives it compares the secret,
 * which is empty where the request has none.
 *
 * https://developers.google.com/workspace/calendar/api/guides/push#receive-notifications
 */
import { Redacted } from "effect"
import { writeChannelId } from "../channels/ChannelId.ts"

export interface Notification {
  readonly subscriptionId: string
  readonly clientState: Redacted.Redacted<string>
  /** `sync`: the channel was made, and may not be saved yet. `change`: look. */
  readonly kind: "sync" | "change"
}

/** Null: not a notification at all. Names of headers in lower case. */
export const parseNotification = (headers: Readonly<Record<string, string | undefined>>): Notification | null => {
  const channelId = header(headers, "x-goog-channel-id")
  const resourceId = header(headers, "x-goog-resource-id")
  const state = header(headers, "x-goog-resource-state")
  if (channelId === null || resourceId === null || state === null) return null
  return {
    subscriptionId: writeChannelId({ channelId, resourceId }),
    clientState: Redacted.make(header(headers, "x-goog-channel-token") ?? ""),
    // When `not_exists` comes for events is not said anywhere: it is worth a look, as any other word is.
    kind: state.toLowerCase() === "sync" ? "sync" : "change"
  }
}

/** Twice what Google takes for a token. */
const headerLengthMax = 512

const header = (headers: Readonly<Record<string, string | undefined>>, name: string): string | null => {
  const value = headers[name]?.trim()
  return value === undefined || value === "" || value.length > headerLengthMax ? null : value
}

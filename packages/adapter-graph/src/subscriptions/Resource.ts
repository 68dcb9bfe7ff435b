/**
 * How a calendar is named in a subscription.
 *
 * Decides the resource we ask for and reads back the ones that others wrote: with `me` or `users/{id}`, in any case,
 * with slashes or parentheses, escaped or not.
 */
import type { ProviderCalendarId, ListedSubscription } from "@punctual/core"
import { asObject, readText } from "@punctual/core/http"
import { readInstant } from "../mapping/DateTimeTimeZone.ts"
import { readId } from "../client/Ids.ts"

/** Graph takes the id as it is, with its "="; only what would end the segment is escaped. */
export const resourceOf = (calendarId: ProviderCalendarId): string =>
  `/me/calendars/${calendarId.replace(/[^A-Za-z0-9_=.~-]/g, encodeURIComponent)}/events`

/** Null for what has no id or no end. */
export const toListed = (json: unknown): ListedSubscription | null => {
  const subscription = asObject(json)
  const id = subscription === null ? null : readId(subscription)
  const expiresAt = subscription === null ? null : readInstant(subscription, "expirationDateTime")
  if (subscription === null || id === null || expiresAt === null) return null
  return {
    id,
    notificationUrl: readText(subscription, "notificationUrl") ?? "",
    calendarId: calendarOf(readText(subscription, "resource") ?? ""),
    expiresAt
  }
}

const calendarOf = (resource: string): ProviderCalendarId | null => {
  const found = /(?:^|\/)calendars(?:\/([^/]+)|\('([^']+)'\))\/events\/?$/i.exec(resource)
  const id = found?.[1] ?? found?.[2]
  return id === undefined ? null : (unescaped(id) as ProviderCalendarId)
}

const unescaped = (text: string): string => {
  // A lone "%" makes `decodeURIComponent` throw: then nothing was escaped.
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * What a client asks of POST /subscriptions, read and judged before any address is called.
 *
 * Decides which resources can be watched (the caller's own calendars and the whole mailbox; never a calendar somebody
 * shared), which addresses are acceptable and how long. It creates nothing.
 */
import { type Call, type Reply, bareRefusal, jsonObject, refusal, segmentsOf } from "../wire/Exchange.ts"
import { guidFrom } from "../world/Chance.ts"
import { parseIso } from "../world/Dates.ts"
import { parseCalendarId } from "../world/ItemId.ts"
import { type Subscription, findMailbox } from "../world/World.ts"
import { defaultCalendar } from "./Target.ts"

export type Draft = Pick<
  Subscription,
  "resource" | "calendar" | "changeType" | "notificationUrl" | "lifecycleNotificationUrl" | "clientState" | "expiresAt"
>

const clientStateMax = 128

const members = new Set([
  "changeType",
  "notificationUrl",
  "lifecycleNotificationUrl",
  "resource",
  "expirationDateTime",
  "clientState",
  "latestSupportedTlsVersion",
  "includeResourceData",
  "notificationQueryOptions"
])

export const readDraft = (call: Call): Draft | Reply => {
  const body = jsonObject(call.request.body)
  const text = (name: string): string | null => {
    const value = body?.[name]
    return typeof value === "string" && value !== "" ? value : null
  }
  const unknown = Object.keys(body ?? {}).find((name) => !members.has(name) && !name.startsWith("@odata."))
  if (body === null || unknown !== undefined) {
    return refusal(
      call,
      400,
      "InvalidRequest",
      "Could not process subscription creation payload. Are all property names spelled and camelCased properly? Also are the dates specified in UTC format?"
    )
  }
  const [changeType, notificationUrl, resource, expiration] = [
    text("changeType"),
    text("notificationUrl"),
    text("resource"),
    text("expirationDateTime")
  ]
  if (changeType === null || notificationUrl === null || resource === null || expiration === null) {
    return refusal(
      call,
      400,
      "InvalidRequest",
      "Subscription is missing one of changeType, notificationUrl, resource or expirationDateTime."
    )
  }
  const lifecycleNotificationUrl = text("lifecycleNotificationUrl")
  const refused =
    refuseUrl(call, notificationUrl) ??
    (lifecycleNotificationUrl === null ? null : refuseUrl(call, lifecycleNotificationUrl))
  if (refused !== null) return refused
  const clientState = text("clientState")
  if (clientState !== null && clientState.length > clientStateMax) {
    return refusal(
      call,
      400,
      "InvalidRequest",
      `The clientState property exceeds the maximum length of ${clientStateMax} characters.`
    )
  }
  if (!changeType.split(",").every((kind) => ["created", "updated", "deleted"].includes(kind.trim().toLowerCase()))) {
    return refusal(call, 400, "InvalidRequest", "The value of changeType is invalid.")
  }
  const calendar = calendarOf(call, resource)
  if (calendar !== null && typeof calendar === "object") return calendar
  const expiresAt = expirationOf(call, expiration)
  if (typeof expiresAt !== "number") return expiresAt
  if (!call.mailbox.notifications) return unavailable(call)
  return { resource, calendar, changeType, notificationUrl, lifecycleNotificationUrl, clientState, expiresAt }
}

/** The instant a client asks for, as Graph grants it, or its refusal. */
export const expirationOf = (call: Call, text: string): number | Reply => {
  const { minutesMax, minutesMin } = call.world.options.subscriptions
  const instant = parseIso(text)?.instant ?? null
  if (instant === null) {
    return refusal(
      call,
      400,
      "InvalidRequest",
      "Could not process subscription creation payload. Are all property names spelled and camelCased properly? Also are the dates specified in UTC format?"
    )
  }
  if (instant <= call.now) {
    return refusal(call, 400, "InvalidRequest", "Subscription expiration must be in the future.")
  }
  if (instant > call.now + minutesMax * 60_000) {
    return refusal(
      call,
      400,
      "ExtensionError",
      `Subscription expiration can only be ${minutesMax} minutes in the future.`
    )
  }
  return Math.max(instant, call.now + minutesMin * 60_000)
}

const refuseUrl = (call: Call, text: string): Reply | null => {
  const url = URL.canParse(text) ? new URL(text) : null
  const isLoopback = url !== null && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname)
  const isPlainAllowed = call.world.options.subscriptions.plainHttpLoopback && isLoopback && url.protocol === "http:"
  if (url?.protocol === "https:" || isPlainAllowed) return null
  return refusal(call, 400, "InvalidRequest", "Notification URL must be a valid https endpoint.")
}

// The serial of the calendar, null for the whole mailbox, or a refusal.
const calendarOf = (call: Call, resource: string): number | null | Reply => {
  const [head = "", ...rest] = segmentsOf(resource)
  const segments = head.toLowerCase() === "users" ? rest.slice(1) : rest
  const isOther = head.toLowerCase() === "users" && findMailbox(call.world, rest[0] ?? "")?.id !== call.mailbox.id
  if (isOther) return forbidden(call)
  const path = segments.map((segment) => segment.toLowerCase())
  if (path.length === 1 && path[0] === "events") return null
  if (path.length === 2 && path[0] === "calendar" && path[1] === "events")
    return defaultCalendar(call.mailbox)?.serial ?? invalid()
  if (path.length !== 3 || path[0] !== "calendars" || path[2] !== "events") return invalid()
  const key = parseCalendarId(segments[1] ?? "")
  const calendar = key === null || key.mailbox !== call.mailbox.id ? undefined : call.mailbox.calendars[key.serial]
  if (calendar === undefined) return invalid()
  return calendar.sharedFrom === null ? calendar.serial : forbidden(call)
}

const invalid = (): Reply =>
  bareRefusal(
    400,
    "ExtensionError",
    "Operation: Create; Exception: [Status Code: BadRequest; Reason: The value of parameter 'Resource' is invalid.]"
  )

// Delegated permission covers folders of the signed-in user's own mailbox only.
const forbidden = (call: Call): Reply =>
  refusal(
    call,
    403,
    "ExtensionError",
    "Operation: Create; Exception: [Status Code: Forbidden; Reason: Access is denied. Check credentials and try again.]"
  )

const unavailable = (call: Call): Reply => {
  const target = guidFrom(`target ${call.mailbox.id}`)
  const reason = `Target resource '${target}' hosted on database '${guidFrom(`database ${call.mailbox.id}`)}' is currently on backend 'Unknown'`
  return refusal(
    call,
    403,
    "ExtensionError",
    `Operation: Create; Exception: [Status Code: ServiceUnavailable; Reason: ${reason}]`
  )
}

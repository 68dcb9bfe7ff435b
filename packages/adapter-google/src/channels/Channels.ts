/**
 * Channels by which Google tells that a calendar changed: making and ending them.
 *
 * Decides the life asked for (and obeys the one granted, about seven days whatever was asked) and the secret each carries.
 * A channel can't be prolonged: to renew one is to make another, with an id that was never used before. Never ends the old
 * one by itself: whoever renews saves the new one first.
 *
 * https://developers.google.com/workspace/calendar/api/guides/push
 */
import { Clock, Effect, Redacted } from "effect"
import { type GrantedSubscription, NotSubscribable, type ProviderCalendarId, Unavailable } from "@punctual/core"
import { randomBytes, randomUUID } from "node:crypto"
import { type JsonObject, readName } from "@punctual/core/http"
import type { Reason } from "../client/GoogleClient.ts"
import { type GoogleContext, calendarUrl, send, succeeded } from "../client/GoogleContext.ts"
import { type GoogleReply, isAbsent, refusalOf } from "../client/GoogleReply.ts"
import { checkCalendar } from "../calendars/Directory.ts"
import { channelIdLengthMax, readChannelId, writeChannelId } from "./ChannelId.ts"

/** Also what renewing is. */
export const subscribe = (
  context: GoogleContext,
  notificationUrl: string | null,
  calendarId: ProviderCalendarId
): Effect.Effect<GrantedSubscription, Reason> => {
  if (notificationUrl === null) {
    return cannot("no_public_url", "This server has no public address at which Google could reach it.")
  }
  return Effect.gen(function* () {
    // 256 random bits, 43 characters; Google takes 256.
    const clientState = Redacted.make(randomBytes(32).toString("base64url"))
    const now = yield* Clock.currentTimeMillis
    const watch = Effect.suspend(() =>
      send(context, {
        method: "POST",
        url: calendarUrl(context, ["calendars", calendarId, "events", "watch"]),
        body: {
          id: randomUUID(),
          type: "web_hook",
          address: notificationUrl,
          token: Redacted.value(clientState),
          expiration: String(now + context.limits.channelMillis)
        },
        isSafe: false
      })
    )
    const first = yield* watch
    const reply = first.failure?.reasons.has("channelIdNotUnique") === true ? yield* watch : first
    if (reply.failure !== null) return yield* refusedWatch(context, calendarId, reply)
    const channelId = readName(reply.json, "id", channelIdLengthMax)
    const resourceId = readName(reply.json, "resourceId", channelIdLengthMax)
    if (channelId === null || resourceId === null) return yield* new Unavailable({ message: unreadable })
    return {
      id: writeChannelId({ channelId, resourceId }),
      clientState,
      expiresAt: expirationOf(reply.json) ?? now + unknownLifeMillis
    }
  })
}

/** One that is not there any more is ended. */
export const unsubscribe = (context: GoogleContext, subscriptionId: string): Effect.Effect<void, Reason> => {
  const channel = readChannelId(subscriptionId)
  if (channel === null) return Effect.void
  const body = { id: channel.channelId, resourceId: channel.resourceId }
  return Effect.flatMap(
    send(context, { method: "POST", url: calendarUrl(context, ["channels", "stop"]), body, isSafe: true }),
    (reply) => (reply.status === 404 || reply.status === 410 ? Effect.void : Effect.asVoid(succeeded(reply)))
  )
}

const unreadable = "Google Calendar answered about a channel without its ids."

/** Where Google does not say how long a channel lives. */
const unknownLifeMillis = 86_400_000

/** A number of milliseconds, as a text or as a number. */
const expirationOf = (json: JsonObject): number | null => {
  const told = Number(json["expiration"] ?? Number.NaN)
  return Number.isSafeInteger(told) && told > 0 ? told : null
}

const refusedWatch = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  reply: GoogleReply
): Effect.Effect<never, Reason> => {
  const reasons = reply.failure?.reasons ?? new Set()
  if (reasons.has("pushNotSupportedForRequestedResource")) {
    return cannot(
      "push_not_supported",
      "Google tells no changes of calendars such as holidays, birthdays and subscribed feeds. It is read at intervals instead."
    )
  }
  if ([...reasons].some((reason) => String(reason).startsWith("push."))) {
    return cannot(
      "notification_address_unreachable",
      "Google does not take this server's notification address. It must be an https address, open to the internet, with a " +
        "certificate that browsers trust."
    )
  }
  if (isAbsent(reply)) {
    return Effect.andThen(
      checkCalendar(context, calendarId),
      new Unavailable({ message: "Google Calendar did not find a calendar that is there." })
    )
  }
  if (reasons.has("forbidden") || reasons.has("requiredAccessLevel")) {
    return cannot(
      "access_denied",
      "Google tells this account no changes of this calendar. It is read at intervals instead."
    )
  }
  return Effect.fail(refusalOf(reply))
}

const cannot = (code: string, message: string): Effect.Effect<never, Reason> => new NotSubscribable({ code, message })

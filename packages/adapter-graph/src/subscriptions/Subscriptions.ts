/**
 * Change subscriptions: making, renewing, ending and listing them.
 *
 * Decides the life asked for (and obeys the one returned) and the secret each carries. Never subscribes without both
 * addresses, since the lifecycle address cannot be added later, and never ends one that it was not asked to end.
 *
 * https://learn.microsoft.com/graph/api/subscription-post-subscriptions, …/change-notifications-lifecycle-events
 */
import { Clock, Effect, Redacted } from "effect"
import {
  AlreadySubscribed,
  type ProviderCalendarId,
  type GrantedSubscription,
  type ListedSubscription,
  NotSubscribable,
  type RenewedSubscription,
  SubscriptionGone,
  Unavailable
} from "@punctual/core"
import { randomBytes } from "node:crypto"
import { type GraphReply, refusalOf } from "../client/GraphReply.ts"
import type { Reason } from "../client/GraphClient.ts"
import { graphUrl } from "../client/GraphUrl.ts"
import { items } from "../client/Pages.ts"
import { type GraphContext, send, succeeded } from "../client/GraphContext.ts"
import { readInstant, writeInstant } from "../mapping/DateTimeTimeZone.ts"
import { readId } from "../client/Ids.ts"
import { isDuplicate, minutesAllowed, subscriptionErrorOf } from "./SubscriptionErrors.ts"
import { resourceOf, toListed } from "./Resource.ts"

/** Where Graph sends what. */
export interface Addresses {
  readonly notificationUrl: string
  readonly lifecycleUrl: string
}

export const subscribe = (
  context: GraphContext,
  addresses: Addresses | null,
  calendarId: ProviderCalendarId
): Effect.Effect<GrantedSubscription, Reason> => {
  if (addresses === null) {
    const message = "This server has no public address at which Microsoft could reach it."
    return new NotSubscribable({ code: "no_public_url", message })
  }
  return Effect.gen(function* () {
    const clientState = Redacted.make(newClientState())
    const create = createRequest(context, addresses, calendarId, clientState)
    const reply = yield* withAllowedLife(context, create)
    // Whose it is only a store can tell: another user of the same mailbox may live by it.
    if (isDuplicate(reply)) return yield* new AlreadySubscribed({ held: yield* heldFor(context, calendarId) })
    if (reply.failure !== null) return yield* subscriptionErrorOf(reply)
    const id = readId(reply.json)
    const expiresAt = readInstant(reply.json, "expirationDateTime")
    if (id === null || expiresAt === null) return yield* new Unavailable({ message: unreadable })
    return { id, clientState, expiresAt }
  })
}

export const renew = (context: GraphContext, subscriptionId: string): Effect.Effect<RenewedSubscription, Reason> =>
  Effect.gen(function* () {
    const url = subscriptionUrl(context, subscriptionId)
    const patch = (expirationDateTime: string) => send(context, { method: "PATCH", url, body: { expirationDateTime } })
    const reply = yield* withAllowedLife(context, patch)
    if (reply.status === 404 || reply.status === 410) return yield* new SubscriptionGone()
    const { json } = yield* succeeded(reply)
    const expiresAt = readInstant(json, "expirationDateTime")
    if (expiresAt === null) return yield* new Unavailable({ message: unreadable })
    return { id: subscriptionId, clientState: null, expiresAt }
  })

export const unsubscribe = (context: GraphContext, subscriptionId: string): Effect.Effect<void, Reason> =>
  send(context, { method: "DELETE", url: subscriptionUrl(context, subscriptionId) }).pipe(
    Effect.flatMap((reply) =>
      reply.status === 404 || reply.status === 410 ? Effect.void : Effect.asVoid(succeeded(reply))
    )
  )

/** The app's subscriptions for this account, those of other deployments among them. */
export const subscriptions = (context: GraphContext): Effect.Effect<ReadonlyArray<ListedSubscription>, Reason> =>
  Effect.map(items(context, graphUrl(context.service, ["subscriptions"]), refusalOf), (found) =>
    found.flatMap((json) => toListed(json) ?? [])
  )

const unreadable = "Microsoft Graph answered about a subscription without its id or its end."

/** 256 random bits, 43 characters; Graph takes 128. */
const newClientState = (): string => randomBytes(32).toString("base64url")

const subscriptionUrl = (context: GraphContext, id: string): URL => graphUrl(context.service, ["subscriptions", id])

const createRequest =
  (
    context: GraphContext,
    addresses: Addresses,
    calendarId: ProviderCalendarId,
    clientState: Redacted.Redacted<string>
  ) =>
  (expirationDateTime: string): Effect.Effect<GraphReply, Reason> =>
    send(context, {
      method: "POST",
      url: graphUrl(context.service, ["subscriptions"]),
      body: {
        changeType: "created,updated,deleted",
        notificationUrl: addresses.notificationUrl,
        lifecycleNotificationUrl: addresses.lifecycleUrl,
        resource: resourceOf(calendarId),
        expirationDateTime,
        clientState: Redacted.value(clientState)
      }
    })

/** Asks for the life we want; where Graph names a shorter limit, once more for that. */
const withAllowedLife = (
  context: GraphContext,
  ask: (expirationDateTime: string) => Effect.Effect<GraphReply, Reason>
): Effect.Effect<GraphReply, Reason> =>
  Effect.gen(function* () {
    const expiry = (minutes: number) =>
      Effect.map(Clock.currentTimeMillis, (now) => writeInstant(now + minutes * 60_000))
    const reply = yield* ask(yield* expiry(context.limits.subscriptionMinutes))
    const allowed = minutesAllowed(reply)
    if (allowed === null || allowed >= context.limits.subscriptionMinutes) return reply
    // A minute less: the limit is measured by Graph's clock, and a little later.
    return yield* ask(yield* expiry(allowed - 1))
  })

const heldFor = (
  context: GraphContext,
  calendarId: ProviderCalendarId
): Effect.Effect<ReadonlyArray<Pick<ListedSubscription, "id" | "notificationUrl">>, Reason> =>
  Effect.map(subscriptions(context), (listed) =>
    listed.filter((each) => each.calendarId === calendarId).map(({ id, notificationUrl }) => ({ id, notificationUrl }))
  )

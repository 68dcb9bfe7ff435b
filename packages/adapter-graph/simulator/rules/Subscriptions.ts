/**
 * /subscriptions: create, read, renew, reauthorize, delete.
 *
 * Decides which subscriptions Graph grants, for how long, and that an address must answer a validation request first:
 * that comes back as data, because only a server can ask. Everything refused here is refused by real Graph with the
 * same words; the sources stand in the README.
 */
import { guidFrom, hexFrom } from "../world/Chance.ts"
import { graphInstant } from "../world/Dates.ts"
import {
  type Call,
  type Outcome,
  type Reply,
  type ValidationResult,
  accessDenied,
  bareRefusal,
  hasScope,
  jsonObject,
  notFound,
  ok,
  refusal,
  replied
} from "../wire/Exchange.ts"
import { type Subscription, type World, without } from "../world/World.ts"
import { contextOf } from "./Listing.ts"
import { type Draft, expirationOf, readDraft } from "./SubscriptionDraft.ts"

export const subscriptions = (call: Call): Outcome => {
  if (!hasScope(call.token, "Calendars.Read", "Calendars.ReadWrite")) return replied(call.world, accessDenied(call))
  const [, id, action] = call.segments
  const { method } = call.request
  if (id === undefined && method === "POST") return create(call)
  if (id === undefined && method === "GET") return list(call)
  if (id === undefined)
    return replied(
      call.world,
      refusal(call, 405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
    )
  const known = call.world.subscriptions[id]
  if (
    known === undefined ||
    known.clientId !== call.token.clientId ||
    known.mailbox !== call.mailbox.id ||
    known.expiresAt <= call.now
  ) {
    return replied(call.world, refusal(call, 404, "ResourceNotFound", "The object was not found."))
  }
  if (action === "reauthorize" && method === "POST")
    return renew(call, known, known.expiresAt, { status: 204, headers: {}, body: null })
  if (method === "GET") return replied(call.world, ok({ "@odata.context": context(call), ...wireOf(known) }))
  if (method === "DELETE") return remove(call, known)
  return method === "PATCH" ? patch(call, known) : replied(call.world, notFound(call))
}

const context = (call: Call): string => contextOf(call, "subscriptions/$entity")

const create = (call: Call): Outcome => {
  const draft = readDraft(call)
  if ("status" in draft) return replied(call.world, draft)
  const { options } = call.world
  const urls = [
    draft.notificationUrl,
    ...(draft.lifecycleNotificationUrl === null ? [] : [draft.lifecycleNotificationUrl])
  ]
  return {
    _tag: "Validate",
    world: call.world,
    validation: {
      urls: [...new Set(urls)],
      token: validationToken(call),
      withinMillis: options.subscriptions.validateWithinMillis,
      resume: (world, result, now) =>
        result === "ok"
          ? granted({ ...call, world, now }, draft)
          : replied(world, unvalidated({ ...call, world, now }, result))
    }
  }
}

// The checks that need other subscriptions come after validation: meanwhile some may have come or gone.
const granted = (call: Call, draft: Draft): Outcome => {
  const { world, now, mailbox } = call
  const { options } = world
  const own = live(world, now).filter((each) => each.mailbox === mailbox.id)
  const twin = own.find(
    (each) =>
      each.clientId === call.token.clientId && each.resource === draft.resource && each.changeType === draft.changeType
  )
  if (twin !== undefined && options.subscriptions.duplicates === "conflict") {
    return replied(
      world,
      refusal(call, 409, "ExtensionError", `Subscription Id ${twin.id} already exists for the requested combination`)
    )
  }
  if (own.length >= options.subscriptions.countMax) {
    const reason = `Resource 'SubscriptionCountReached' has reached limit of '${options.subscriptions.countMax}'. Please retry after '12/31/9999 11:59:59 PM'.`
    return replied(
      world,
      bareRefusal(429, "ExtensionError", `Operation: Create; Exception: [Status Code: 429; Reason: ${reason}]`)
    )
  }
  const id = guidFrom(`subscription ${world.seed} ${world.tick} ${now}`)
  const subscription: Subscription = {
    ...draft,
    id,
    mailbox: mailbox.id,
    clientId: call.token.clientId,
    immutableIds: call.prefer.immutableIds,
    paused: false,
    authorizedUntil: call.token.expiresAt
  }
  const reply = { status: 201, headers: {}, body: { "@odata.context": context(call), ...wireOf(subscription) } }
  return replied(
    { ...world, tick: world.tick + 1, subscriptions: { ...world.subscriptions, [id]: subscription } },
    reply
  )
}

const list = (call: Call): Outcome => {
  const value = live(call.world, call.now)
    .filter((each) => each.clientId === call.token.clientId && each.mailbox === call.mailbox.id)
    .map(wireOf)
  return replied(call.world, ok({ "@odata.context": contextOf(call, "subscriptions"), value }))
}

const patch = (call: Call, known: Subscription): Outcome => {
  const body = jsonObject(call.request.body)
  const text = body?.["expirationDateTime"]
  const unknown = Object.keys(body ?? {}).find(
    (name) => name !== "expirationDateTime" && name !== "notificationUrl" && !name.startsWith("@odata.")
  )
  if (body === null || typeof text !== "string" || unknown !== undefined) {
    return replied(
      call.world,
      refusal(
        call,
        400,
        "InvalidRequest",
        "Could not process subscription update payload. Only expirationDateTime can be changed."
      )
    )
  }
  const expiresAt = expirationOf(call, text)
  if (typeof expiresAt !== "number") return replied(call.world, expiresAt)
  return renew(call, known, expiresAt, null)
}

const renew = (call: Call, known: Subscription, expiresAt: number, reply: Reply | null): Outcome => {
  const done = (world: World): Outcome => {
    const renewed = { ...known, expiresAt, paused: false, authorizedUntil: call.token.expiresAt }
    const subscriptions = { ...world.subscriptions, [known.id]: renewed }
    return replied({ ...world, subscriptions }, reply ?? ok({ "@odata.context": context(call), ...wireOf(renewed) }))
  }
  if (!call.world.options.subscriptions.validateOnRenew) return done(call.world)
  return {
    _tag: "Validate",
    world: call.world,
    validation: {
      urls: [known.notificationUrl],
      token: validationToken(call),
      withinMillis: call.world.options.subscriptions.validateWithinMillis,
      resume: (world, result, now) =>
        result === "ok" ? done(world) : replied(world, unvalidated({ ...call, world, now }, result))
    }
  }
}

const remove = (call: Call, known: Subscription): Outcome => {
  const world = {
    ...call.world,
    subscriptions: without(call.world.subscriptions, known.id),
    outbox: call.world.outbox.filter((delivery) => delivery.subscriptionId !== known.id)
  }
  return replied(world, { status: 204, headers: {}, body: null })
}

const live = (world: World, now: number): ReadonlyArray<Subscription> =>
  Object.values(world.subscriptions).filter((each) => each.expiresAt > now)

// Opaque, and with characters that a client must decode before it echoes them.
const validationToken = (call: Call): string =>
  `Validation: Testing client application reachability for subscription Request-Id: ${hexFrom(`validate ${call.world.tick}`, 32)} <&+%>`

const unvalidated = (call: Call, result: ValidationResult): Reply =>
  result === "timeout"
    ? refusal(call, 400, "InvalidRequest", "Subscription validation request timed out.")
    : refusal(
        call,
        400,
        "InvalidRequest",
        "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request."
      )

const wireOf = (subscription: Subscription): Readonly<Record<string, unknown>> => ({
  id: subscription.id,
  resource: subscription.resource,
  applicationId: subscription.clientId,
  changeType: subscription.changeType,
  clientState: subscription.clientState,
  notificationUrl: subscription.notificationUrl,
  notificationQueryOptions: null,
  notificationContentType: null,
  lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
  expirationDateTime: graphInstant(subscription.expiresAt),
  creatorId: subscription.mailbox,
  includeResourceData: null,
  latestSupportedTlsVersion: "v1_2",
  encryptionCertificate: null,
  encryptionCertificateId: null,
  notificationUrlAppId: null
})

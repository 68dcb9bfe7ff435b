/**
 * Microsoft Graph and Entra as one pure function: a world and a request in, a world and an answer out.
 *
 * Decides in Graph's order: ordered failures, the access token, throttling, then the resource. It opens no socket and
 * reads no clock; where Graph would call a client back (validation of a subscription) it says so and waits as data.
 */
import { insteadOf, throttled, transportOf, unauthorized } from "./Faulted.ts"
import { strike } from "../world/Fault.ts"
import {
  type Call,
  type Outcome,
  type Reply,
  type Request,
  bareRefusal,
  parsePrefer,
  refusal,
  replied,
  requestIdOf,
  segmentsOf
} from "../wire/Exchange.ts"
import { type AccessToken, type Mailbox, type World, findMailbox } from "../world/World.ts"
import { route } from "./Routes.ts"
import { zoneOf } from "../world/Zones.ts"
import { entra, isEntraPath } from "./Entra.ts"

export const step = (world: World, request: Request, now: number): Outcome => {
  const path = `/${segmentsOf(request.path).join("/")}`
  const ticked = { ...world, tick: world.tick + 1 }
  const mailboxNames = namesOf(ticked, callerOf(ticked, request)?.mailbox ?? "")
  const struck = strike(ticked.faults, ticked.seed, { method: request.method, path, mailboxNames })
  const current = { ...ticked, faults: struck.faults, seed: struck.seed }
  const instead = struck.answer === null ? null : insteadOf(current, request, now, struck.answer)
  if (instead !== null) return stamped(current, request, replied(current, instead))
  const outcome = isEntraPath(path) ? entra(current, request, now) : graph(current, request, now)
  const transport = struck.answer === null ? null : transportOf(struck.answer)
  const spoilt = transport === null ? outcome : afterwards(outcome, (reply) => ({ ...reply, transport }))
  return stamped(current, request, spoilt)
}

/** The app and mailbox a request speaks for, or null; a server counts concurrency by them. */
export const callerOf = (world: World, request: Pick<Request, "headers">): AccessToken | null => {
  const bearer = /^Bearer\s+(.+)$/i.exec(request.headers["authorization"] ?? "")
  return bearer === null ? null : (world.accessTokens[bearer[1] ?? ""] ?? null)
}

const namesOf = (world: World, id: string): ReadonlyArray<string> => {
  const mailbox = world.mailboxes[id]
  if (mailbox === undefined) return []
  return [mailbox.id, mailbox.userPrincipalName, mailbox.mail ?? ""].map((name) => name.toLowerCase())
}

const graph = (world: World, request: Request, now: number): Outcome => {
  const refused = refuseToken(world, request, now)
  if (refused !== null) return replied(world, refused)
  const token = callerOf(world, request)
  const mailbox = token === null ? undefined : world.mailboxes[token.mailbox]
  if (token === null || mailbox === undefined) return replied(world, unauthorized(world, request, now, "malformed"))
  const counted = spent(world, token, now)
  const busy = refuseBusy(counted, request, token, now)
  if (busy !== null) return replied(counted, busy)
  const call = callOf(counted, request, now, token, mailbox)
  return "status" in call ? replied(counted, call) : route(call)
}

const refuseToken = (world: World, request: Request, now: number): Reply | null => {
  const header = request.headers["authorization"]
  if (header === undefined || header.trim() === "" || /^Bearer\s*$/i.test(header))
    return unauthorized(world, request, now, "empty")
  const token = callerOf(world, request)
  if (token === null) return unauthorized(world, request, now, "malformed")
  if (token.expiresAt > now) return null
  const isPersonal = world.mailboxes[token.mailbox]?.account === "personal"
  return unauthorized(world, request, now, isPersonal ? "80049228" : "lifetime")
}

const spent = (world: World, token: AccessToken, now: number): World => {
  const key = `${token.clientId} ${token.mailbox}`
  const before = world.budgets[key]
  const isFresh = before === undefined || now - before.since >= world.options.throttle.budgetWindowMillis
  const budget = isFresh ? { since: now, count: 1 } : { since: before.since, count: before.count + 1 }
  return { ...world, budgets: { ...world.budgets, [key]: budget } }
}

const refuseBusy = (world: World, request: Request, token: AccessToken, now: number): Reply | null => {
  const { throttle } = world.options
  if (request.inFlight > throttle.concurrencyMax) {
    const reply = throttled(world, request, now, "ApplicationThrottled")
    return { ...reply, status: throttle.concurrencyStatus }
  }
  const budget = world.budgets[`${token.clientId} ${token.mailbox}`]
  return budget !== undefined && budget.count > throttle.budget
    ? throttled(world, request, now, "TooManyRequests")
    : null
}

const callOf = (world: World, request: Request, now: number, token: AccessToken, mailbox: Mailbox): Call | Reply => {
  const [version, ...path] = segmentsOf(request.path)
  if (version !== "v1.0") return refusal({ world, request, now }, 400, "BadRequest", "Invalid version.")
  const segments = ownSegments(world, path, mailbox)
  if (segments === null)
    return refusal(
      { world, request, now },
      403,
      "ErrorAccessDenied",
      "Access is denied. Check credentials and try again."
    )
  const prefer = parsePrefer(request.headers["prefer"])
  if (zoneOf(prefer.timeZone) === null) {
    const message = `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${prefer.timeZone}'.`
    return refusal({ world, request, now }, 400, "TimeZoneNotSupportedException", message)
  }
  if (!mailbox.enabled && segments.length > 0) {
    return bareRefusal(
      404,
      "MailboxNotEnabledForRESTAPI",
      "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
    )
  }
  return { world, now, request, query: new URLSearchParams(request.query), prefer, mailbox, token, segments }
}

// What follows /me or /users/{self}. With delegated permission another user's own folders are out of reach.
const ownSegments = (world: World, path: ReadonlyArray<string>, mailbox: Mailbox): ReadonlyArray<string> | null => {
  const [head, second, ...rest] = path
  if (head === "me") return path.slice(1)
  if (head !== "users") return path
  return second !== undefined && findMailbox(world, second)?.id === mailbox.id ? rest : null
}

const afterwards = (outcome: Outcome, change: (reply: Reply) => Reply): Outcome => {
  if (outcome._tag === "Reply") return { ...outcome, reply: change(outcome.reply) }
  const { validation } = outcome
  return {
    ...outcome,
    validation: {
      ...validation,
      resume: (world, result, now) => afterwards(validation.resume(world, result, now), change)
    }
  }
}

const stamped = (world: World, request: Request, outcome: Outcome): Outcome =>
  afterwards(outcome, (reply) => ({ ...reply, headers: { ...standardHeaders(world, request), ...reply.headers } }))

const standardHeaders = (world: World, request: Request): Readonly<Record<string, string>> => {
  const requestId = requestIdOf(world)
  const diagnostic = {
    ServerInfo: { DataCenter: "Simulated", Slice: "E", Ring: "1", ScaleUnit: "000", RoleInstance: "SIMULATOR" }
  }
  return {
    "cache-control": "private",
    "request-id": requestId,
    "client-request-id": request.headers["client-request-id"] ?? requestId,
    "x-ms-ags-diagnostic": JSON.stringify(diagnostic),
    "odata-version": "4.0"
  }
}

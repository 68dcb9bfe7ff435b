/**
 * What an ordered failure looks like on the wire.
 *
 * Decides, for each kind of fault, whether the request still happens and how the answer is spoilt. Which requests it
 * strikes is decided in Fault.ts.
 */
import { entraError } from "../wire/EntraError.ts"
import { type Reply, type Request, type Transport, bareRefusal, notFound, refusal } from "../wire/Exchange.ts"
import type { FaultAnswer } from "../world/Fault.ts"
import { gone } from "./CalendarViewDelta.ts"
import type { World } from "../world/World.ts"

/** The answer given in the request's place, or null when the request goes its way and only the road is bad. */
export const insteadOf = (world: World, request: Request, now: number, answer: FaultAnswer): Reply | null => {
  const call = { world, request, now }
  switch (answer.type) {
    case "throttle":
      return throttled(world, request, now, answer.code ?? "TooManyRequests", answer.retryAfter)
    case "unavailable":
      return unavailable(world, request, now, answer)
    case "answer":
      return { status: answer.status, headers: { ...answer.headers }, body: answer.body ?? null }
    case "notFound":
      return notFound(call)
    case "unauthorized":
      return unauthorized(world, request, now, answer.message ?? "expired")
    case "gone":
      return gone(call, answer.location === true)
    case "tokenError":
      return entraError(world, now, answer.error, "")
    case "reset":
      return { status: 500, headers: {}, body: null, transport: { type: "reset" } }
    default:
      return null
  }
}

/** What the road does to the answer of a request that went its way. */
export const transportOf = (answer: FaultAnswer): Transport | null => {
  switch (answer.type) {
    case "lostAnswer":
      return { type: "reset" }
    case "hang":
      return { type: "hang" }
    case "truncated":
      return { type: "truncated" }
    case "delay":
      return { type: "delay", millis: answer.millis }
    case "slowBody":
      return { type: "slowBody", millis: answer.millis }
    default:
      return null
  }
}

export type RetryAfter = number | "integer" | "fractional" | "date" | "absent" | "zero" | "huge" | "garbage"

/** A 429, with or without innerError as the code has it, and Retry-After in the form asked for. */
export const throttled = (
  world: World,
  request: Request,
  now: number,
  code: "TooManyRequests" | "ApplicationThrottled" | "activityLimitReached",
  form: RetryAfter = world.options.throttle.retryAfter
): Reply => {
  const headers = retryAfterHeader(form, world.options.throttle.retryAfterSeconds, now)
  if (code === "ApplicationThrottled") {
    return { ...bareRefusal(429, code, "Application is over its MailboxConcurrency limit."), headers }
  }
  return { ...refusal({ world, request, now }, 429, code, "Please retry again later."), headers }
}

/** A refused access token, with the header real Graph sends beside it. */
export const unauthorized = (
  world: World,
  request: Request,
  now: number,
  why: keyof typeof unauthorizedMessages
): Reply => ({
  ...refusal({ world, request, now }, 401, "InvalidAuthenticationToken", unauthorizedMessages[why]),
  headers: {
    "www-authenticate":
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"'
  }
})

const unauthorizedMessages = {
  expired: "Access token has expired or is not yet valid.",
  lifetime: "Lifetime validation failed, the token is expired.",
  "80049228": "CompactToken validation failed with reason code: 80049228.",
  empty: "Access token is empty.",
  malformed: "CompactToken parsing failed with error code: 80049217"
} as const

const retryAfterHeader = (form: RetryAfter, seconds: number, now: number): Readonly<Record<string, string>> => {
  if (typeof form === "number") return { "retry-after": String(form) }
  switch (form) {
    case "integer":
      return { "retry-after": String(Math.ceil(seconds)) }
    case "fractional":
      return { "retry-after": `${Math.max(0, seconds - 1)}.128` }
    case "date":
      return { "retry-after": new Date(now + seconds * 1000).toUTCString() }
    case "zero":
      return { "retry-after": "0" }
    case "huge":
      return { "retry-after": "1000000" }
    case "garbage":
      return { "retry-after": "soon" }
    case "absent":
      return {}
  }
}

const unavailable = (
  world: World,
  request: Request,
  now: number,
  answer: FaultAnswer & { readonly type: "unavailable" }
): Reply => {
  const status = answer.status ?? 503
  const headers = retryAfterHeader(answer.retryAfter ?? "absent", world.options.throttle.retryAfterSeconds, now)
  if (answer.body === "html") {
    const html = `<html><head><title>${status}</title></head><body><h1>Our services aren't available right now</h1></body></html>`
    return { status, headers: { ...headers, "content-type": "text/html" }, body: html }
  }
  if (answer.body === "empty") return { status, headers, body: null }
  const code = status === 503 ? "ServiceNotAvailable" : status === 504 ? "UnknownError" : "InternalServerError"
  return { ...refusal({ world, request, now }, status, code, "The service is temporarily unavailable."), headers }
}

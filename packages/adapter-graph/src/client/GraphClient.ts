/**
 * One request to Microsoft Graph, from its turn to an answer that means something.
 *
 * Decides what is tried again, how often and when; what is a definite answer (any 2xx, and any 4xx that waiting will
 * not change) is handed back for the operation to interpret. Never follows a redirect, never sends a token anywhere but
 * to the configured service, and never repeats a request that must not happen twice unless it was surely not carried
 * out.
 */
import { Clock, Effect, Schema } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import { type CalendarError, Throttled, Unavailable } from "@punctual/core"
import {
  type AccessToken,
  type Answered,
  backoffMillis,
  BodyTooLarge,
  exchange,
  type Lesson,
  makeIdleCache,
  parseObject,
  retryAfterMillis,
  type TokenGrant
} from "@punctual/core/http"
import { readFailure } from "./Failure.ts"
import type { GraphReply } from "./GraphReply.ts"
import type { Limits } from "./Limits.ts"
import { type GraphMailbox, makeGraphMailbox } from "./Mailbox.ts"
import { noMailboxOf } from "./NoMailbox.ts"

export type Reason = CalendarError["reason"]

/** An access token, and whose mailbox it opens. */
export interface Access extends AccessToken {
  /** The app and the account: Outlook counts requests by both. */
  readonly mailbox: string
  readonly scopes: ReadonlyArray<string>
}

/** Where access tokens come from. */
export interface Account extends TokenGrant<Access, Reason> {
  /** The mailbox must not be asked before this instant. */
  readonly notBefore: number | null
}

export interface GraphRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly url: URL
  readonly body?: unknown
  readonly prefer?: ReadonlyArray<string>
  /** After so many 504 in a row no more is tried: what is asked for is more than Graph can answer in time. */
  readonly gatewayTimeoutsMax?: number
}

/** Graph's gateway gave up waiting, as often as the request allows. */
export class GatewayTimeouts extends Schema.TaggedError<GatewayTimeouts>()("GatewayTimeouts", {}) {
  override get message(): string {
    return "Microsoft Graph's gateway gave up waiting, time and again; ask for less at once"
  }
}

/** `BodyTooLarge`: the answer was not read; a smaller page may be. */
export type SendError = Reason | BodyTooLarge | GatewayTimeouts

export interface GraphClient {
  readonly send: (account: Account, request: GraphRequest) => Effect.Effect<GraphReply, SendError>
}

export const makeGraphClient = (http: HttpClient.HttpClient, limits: Limits): GraphClient => {
  const mailboxes = makeIdleCache<GraphMailbox>({
    sizeMax: limits.rememberedMax,
    idleMillis: limits.idleMillis,
    make: () => makeGraphMailbox(limits),
    mayEvict: (mailbox, now) => mailbox.isIdle(now)
  })

  const send = Effect.fnUntraced(function* (
    account: Account,
    request: GraphRequest
  ): Effect.fn.Return<GraphReply, SendError> {
    let access = yield* account.access
    let renewed = false
    let gatewayTimeouts = 0
    // No schedule: how an attempt ended says whether the next one waits in the mailbox, here, or not at all, and with
    // which token; and the mailbox learns of the last one too.
    for (let attempt = 1; ; attempt++) {
      const mailbox = mailboxes.get(access.mailbox, yield* Clock.currentTimeMillis)
      if (account.notBefore !== null) mailbox.holdUntil(account.notBefore)
      const backoff = yield* backoffMillis(limits, attempt)
      const outcome = yield* mailbox.attempt(once(http, limits, request, access, backoff), lessonOf)
      if (outcome.kind === "reply") return outcome.reply
      if (outcome.kind === "tooLarge") return yield* new BodyTooLarge({ bytesMax: limits.bodyMaxBytes })
      if (outcome.kind === "unauthorized") {
        if (renewed) return yield* new Unavailable({ message: refusedTwice })
        renewed = true
        access = yield* account.renewed(access)
        continue
      }
      gatewayTimeouts = outcome.kind === "failed" && outcome.status === 504 ? gatewayTimeouts + 1 : 0
      if (gatewayTimeouts >= (request.gatewayTimeoutsMax ?? Infinity)) return yield* new GatewayTimeouts()
      if (attempt >= limits.attemptsMax) return yield* giveUp(outcome)
      // A throttled mailbox is held by itself: the next attempt waits there, or is told how long it would.
      if (outcome.kind === "throttled") continue
      if (!outcome.mayRepeat) return yield* giveUp(outcome)
      if (outcome.waitMillis === null) yield* Effect.sleep(backoff)
    }
  })

  return { send }
}

type Outcome =
  | { readonly kind: "reply"; readonly reply: GraphReply }
  | { readonly kind: "unauthorized" }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "throttled"; readonly waitMillis: number }
  | {
      readonly kind: "failed"
      /** Null where there was no answer. */
      readonly status: number | null
      readonly waitMillis: number | null
      /** Whether sending it again can do no harm. */
      readonly mayRepeat: boolean
      readonly message: string
    }

const refusedTwice = "Microsoft Graph refused an access token that Microsoft had only just issued."

const giveUp = (outcome: Extract<Outcome, { kind: "throttled" | "failed" }>): Effect.Effect<never, Reason> =>
  outcome.kind === "throttled"
    ? new Throttled({ retryAfterMillis: outcome.waitMillis })
    : new Unavailable({ message: outcome.message })

const lessonOf = (outcome: Outcome): Lesson => {
  switch (outcome.kind) {
    case "throttled":
      return { kind: "throttled", waitMillis: outcome.waitMillis, whose: "mailbox" }
    case "failed":
      return outcome.status === null ? { kind: "unanswered" } : { kind: "failed", waitMillis: outcome.waitMillis }
    case "reply":
      return { kind: "answered" }
    case "unauthorized":
    case "tooLarge":
      return { kind: "nothing" }
  }
}

/** One sending of the request, never failing: what went wrong is an outcome, from which the mailbox learns too. */
const once = (
  http: HttpClient.HttpClient,
  limits: Limits,
  request: GraphRequest,
  access: Access,
  backoff: number
): Effect.Effect<Outcome> => {
  const isSafe = request.method !== "POST"
  return Effect.map(exchange(http, toHttp(request, access), limits, "Microsoft Graph"), (exchanged): Outcome => {
    switch (exchanged.kind) {
      case "answered":
        return interpret(exchanged, backoff, isSafe)
      case "tooLarge":
        return { kind: "tooLarge" }
      case "unanswered":
        return { kind: "failed", status: null, waitMillis: null, mayRepeat: isSafe, message: exchanged.message }
    }
  })
}

const toHttp = (request: GraphRequest, access: Access): HttpClientRequest.HttpClientRequest => {
  // The address as text: a URL object would be taken apart and its query escaped anew, and Graph's links are opaque.
  const made = HttpClientRequest.make(request.method)(request.url.href, {
    acceptJson: true,
    headers: {
      ...(request.prefer === undefined ? {} : { prefer: request.prefer.join(", ") }),
      "client-request-id": crypto.randomUUID()
    }
  }).pipe(HttpClientRequest.bearerToken(access.token))
  return request.body === undefined ? made : HttpClientRequest.bodyJsonUnsafe(made, request.body)
}

/** Graph's answer in terms of what to do next. https://learn.microsoft.com/graph/errors, …/throttling */
const interpret = ({ headers, now, status, text }: Answered, backoff: number, isSafe: boolean): Outcome => {
  const json = text.trim() === "" ? {} : parseObject(text)
  const asked = retryAfterMillis(headers["retry-after"], headers["date"], now)
  // "0" asks to come back at once, which is how a crowd stays a crowd.
  const waitMillis = asked === null ? null : Math.max(asked, backoff)
  if (status >= 200 && status < 300) {
    return json === null
      ? {
          kind: "failed",
          status,
          waitMillis,
          mayRepeat: isSafe,
          message: "Microsoft Graph answered something that is no JSON."
        }
      : { kind: "reply", reply: { status, json, failure: null } }
  }
  const failure = readFailure(json)
  // A tenant without Exchange is answered as if the token were wrong; no other one would help.
  if (status === 401 && noMailboxOf(failure) === null) return { kind: "unauthorized" }
  if (status === 429 && !failure.isLimitReached) return { kind: "throttled", waitMillis: waitMillis ?? backoff }
  const isDefinite = (status >= 400 && status < 500 && status !== 408) || status === 501
  if (isDefinite) return { kind: "reply", reply: { status, json: json ?? {}, failure } }
  return {
    kind: "failed",
    status,
    waitMillis,
    // "Service unavailable, come back later" was not carried out: such a POST may be sent again.
    mayRepeat: isSafe || (status === 503 && waitMillis !== null),
    message:
      status < 400
        ? `Microsoft Graph answered with a redirect (${status}), which is not followed.`
        : `Microsoft Graph answered ${status}${failure.code === "" ? "" : ` (${failure.code})`}.`
  }
}

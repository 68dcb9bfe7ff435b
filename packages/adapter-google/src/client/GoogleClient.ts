/**
 * One request to Google Calendar, from its turn to an answer that means something.
 *
 * Decides what is tried again, how often and when; what is a definite answer (any 2xx, and any 4xx that waiting will not
 * change) is handed back for the operation to interpret. Throttling is told by its reasons, whatever the status. Never
 * follows a redirect, never sends a token anywhere but to the configured service, and never repeats a request that must
 * not happen twice.
 */
import { Clock, Effect } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import { type CalendarError, Throttled, Unavailable } from "@punctual/core"
import {
  type AccessToken,
  type Answered,
  backoffMillis,
  BodyTooLarge,
  exchange,
  type Hold,
  type Lesson,
  makeHold,
  makeIdleCache,
  parseObject,
  retryAfterMillis,
  type TokenGrant
} from "@punctual/core/http"
import { firstReason, readFailure } from "./Failure.ts"
import type { GoogleReply } from "./GoogleReply.ts"
import type { Limits } from "./Limits.ts"
import { type GoogleMailbox, makeGoogleMailbox } from "./Mailbox.ts"

export type Reason = CalendarError["reason"]

/** An access token, and whose mailbox it opens. */
export interface Access extends AccessToken {
  /** The client: Google counts requests by its project. */
  readonly project: string
  /** The account as the client sees it. */
  readonly mailbox: string
}

/** Where access tokens come from. */
export interface Account extends TokenGrant<Access, Reason> {
  /** The mailbox must not be asked before this instant. */
  readonly notBefore: number | null
}

export interface GoogleRequest {
  readonly method: "GET" | "POST"
  readonly url: URL
  readonly body?: unknown
  /** Whether sending it again can do no harm. */
  readonly isSafe: boolean
}

/** `BodyTooLarge`: the answer was not read; a smaller page may be. */
export type SendError = Reason | BodyTooLarge

export interface GoogleClient {
  readonly send: (account: Account, request: GoogleRequest) => Effect.Effect<GoogleReply, SendError>
}

export const makeGoogleClient = (http: HttpClient.HttpClient, limits: Limits): GoogleClient => {
  const remembered = { sizeMax: limits.rememberedMax, idleMillis: limits.idleMillis }
  const projects = makeIdleCache<Hold>({
    ...remembered,
    make: () => makeHold(limits),
    mayEvict: (hold, now) => hold.until() <= now
  })
  const mailboxes = makeIdleCache<{ mailbox: GoogleMailbox | null }>({
    ...remembered,
    make: () => ({ mailbox: null }),
    mayEvict: ({ mailbox }, now) => mailbox === null || mailbox.isIdle(now)
  })
  const mailboxOf = (access: Access, now: number): GoogleMailbox => {
    const slot = mailboxes.get(access.mailbox, now)
    slot.mailbox ??= makeGoogleMailbox(limits, projects.get(access.project, now))
    return slot.mailbox
  }

  const send = Effect.fnUntraced(function* (
    account: Account,
    request: GoogleRequest
  ): Effect.fn.Return<GoogleReply, SendError> {
    let access = yield* account.access
    let isRenewed = false
    // No schedule: how an attempt ended says whether the next one waits in the mailbox, here, or not at all, and with
    // which token; and the mailbox learns of the last one too.
    for (let attempt = 1; ; attempt++) {
      const mailbox = mailboxOf(access, yield* Clock.currentTimeMillis)
      if (account.notBefore !== null) mailbox.holdUntil(account.notBefore)
      const outcome = yield* mailbox.attempt(once(http, limits, request, access), lessonOf)
      if (outcome.kind === "reply") return outcome.reply
      if (outcome.kind === "tooLarge") return yield* new BodyTooLarge({ bytesMax: limits.bodyMaxBytes })
      if (outcome.kind === "unauthorized") {
        if (isRenewed) return yield* new Unavailable({ message: refusedTwice })
        isRenewed = true
        access = yield* account.renewed(access)
        continue
      }
      if (outcome.kind === "throttled") {
        // A throttled mailbox is held by itself: the next attempt waits there, or is told how long it would.
        if (attempt < limits.attemptsMax) continue
        const left = mailbox.heldUntil() - (yield* Clock.currentTimeMillis)
        return yield* new Throttled({ retryAfterMillis: Math.max(1, left) })
      }
      if (attempt >= limits.attemptsMax || !request.isSafe) return yield* new Unavailable({ message: outcome.message })
      if (outcome.kind === "unanswered" || outcome.waitMillis === null)
        yield* Effect.sleep(yield* backoffMillis(limits, attempt))
    }
  })

  return { send }
}

type Outcome =
  | { readonly kind: "reply"; readonly reply: GoogleReply }
  | { readonly kind: "unauthorized" }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "throttled"; readonly waitMillis: number | null; readonly whose: "mailbox" | "shared" }
  | { readonly kind: "failed"; readonly waitMillis: number | null; readonly message: string }
  | { readonly kind: "unanswered"; readonly message: string }

const refusedTwice = "Google Calendar refused an access token that Google had only just issued."

const lessonOf = (outcome: Outcome): Lesson => {
  switch (outcome.kind) {
    case "throttled":
    case "failed":
    case "unanswered":
      return outcome
    case "reply":
      return { kind: "answered" }
    case "unauthorized":
    case "tooLarge":
      return { kind: "nothing" }
  }
}

const failed = (message: string, waitMillis: number | null = null): Outcome => ({ kind: "failed", waitMillis, message })

/** One sending of the request, never failing: what went wrong is an outcome, from which the mailbox learns too. */
const once = (
  http: HttpClient.HttpClient,
  limits: Limits,
  request: GoogleRequest,
  access: Access
): Effect.Effect<Outcome> =>
  Effect.map(exchange(http, toHttp(request, access), limits, "Google Calendar"), (exchanged): Outcome =>
    exchanged.kind === "answered" ? interpret(exchanged) : exchanged
  )

const toHttp = (request: GoogleRequest, access: Access): HttpClientRequest.HttpClientRequest => {
  const made = HttpClientRequest.make(request.method)(request.url.href, { acceptJson: true }).pipe(
    HttpClientRequest.bearerToken(access.token)
  )
  return request.body === undefined ? made : HttpClientRequest.bodyJsonUnsafe(made, request.body)
}

/** Google's answer in terms of what to do next. */
const interpret = ({ headers, now, status, text }: Answered): Outcome => {
  const json = text.trim() === "" ? {} : parseObject(text)
  // Not documented, and obeyed where it comes.
  const waitMillis = retryAfterMillis(headers["retry-after"], headers["date"], now)
  if (status >= 200 && status < 300) {
    return json === null
      ? failed("Google Calendar answered something that is no JSON.", waitMillis)
      : { kind: "reply", reply: { status, json, failure: null } }
  }
  const failure = readFailure(json)
  const mayWait = status === 403 || status === 429
  if (status === 429 || (mayWait && failure.throttled !== null)) {
    return { kind: "throttled", waitMillis, whose: failure.throttled === "project" ? "shared" : "mailbox" }
  }
  // The address that is to be notified is refused with this status too; no other token would help.
  const isOfAddress = [...failure.reasons].some((reason) => reason.startsWith("push."))
  if (status === 401 && !isOfAddress) return { kind: "unauthorized" }
  // 412 was seen on plain reads, where nothing was asked to hold.
  const isDefinite = status >= 400 && status < 500 && status !== 408 && status !== 412
  if (isDefinite) return { kind: "reply", reply: { status, json: json ?? {}, failure } }
  const said = firstReason(failure)
  return failed(
    status < 400
      ? `Google Calendar answered with a redirect (${status}), which is not followed.`
      : `Google Calendar answered ${status}${said === "" ? "" : ` (${said})`}.`,
    waitMillis
  )
}

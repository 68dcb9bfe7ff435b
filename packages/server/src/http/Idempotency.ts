/**
 * `Idempotency-Key`: the same request twice is done once, and answered twice.
 *
 * Decides what counts as the same (user, route, key; then address and body), what is remembered (2xx, 404, 409 and 422
 * for 24 hours), and how much of that a user may have. Without a key it stands aside. Answers may hold secrets: the store behind seals them.
 */
import { createHash } from "node:crypto"
import { Clock, Effect, Layer } from "effect"
import { HttpServerRequest, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { Accounts, type IdempotencyKey } from "@punctual/core/accounts"
import { Attempt, Caller, Idempotent } from "../api/Middleware.ts"
import { IdempotencyInProgress, IdempotencyKeyReused, QuotaExceeded } from "../api/Problems.ts"
import { adminCaller } from "../auth/Authorizing.ts"
import { answerQuota } from "./AnswerQuota.ts"
import { type Instant, type UserId, utf8Bytes } from "@punctual/core"
import { answerLimits } from "./Limits.ts"
import { isStorable } from "./JsonGuard.ts"
import { retryAfter } from "./RateLimiting.ts"
import { orStorageAway } from "./StorageAway.ts"

/** A first run that has not answered by then has died. */
const leaseMillis = 60_000

/** 24 hours. */
const keptMillis = 86_400_000

const keyLengthMax = 255

export const layer: Layer.Layer<Idempotent, never, Accounts> = Layer.effect(
  Idempotent,
  Effect.gen(function* () {
    const accounts = yield* Accounts
    const quota = answerQuota(accounts)
    return Idempotent.of((handler, { endpoint }) =>
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const { userId } = yield* Caller
        const given = request.headers["idempotency-key"]
        // An empty or endless key is refused where headers are decoded.
        if (given === undefined || given === "" || given.length > keyLengthMax || !isStorable(given)) {
          return yield* Effect.provideService(handler, Attempt, { isRerun: false, key: null })
        }
        const key: IdempotencyKey = {
          userId: userId as UserId,
          route: `${endpoint.method} ${endpoint.path}`,
          key: given
        }
        const leaseUntil = (yield* Clock.currentTimeMillis) + leaseMillis
        const started = yield* begin(accounts, key, yield* digestOf(request), leaseUntil)
        if (started.kind === "mismatch") {
          return yield* new IdempotencyKeyReused({ detail: "Use a new key for another request." })
        }
        if (started.kind === "in_progress") {
          yield* retryAfter(1)
          return yield* new IdempotencyInProgress({ detail: "Wait for the first request's answer." })
        }
        if (started.kind === "done") return replay(started.status, started.body)
        if (userId !== adminCaller.userId && (yield* quota.isFull(key.userId))) {
          yield* Effect.ignore(accounts.abandon(key, leaseUntil))
          return yield* new QuotaExceeded({ detail: beyondQuota, limit: "stored_answers" })
        }
        const run = Effect.provideService(handler, Attempt, { isRerun: started.isRerun, key: given })
        return yield* recorded(accounts, key, leaseUntil, quota.note, asResponse(run))
      })
    )
  })
)

const beyondQuota = `At most ${answerLimits.storedOfOneUserMax} answers (${answerLimits.storedBytesOfOneUserMax} bytes) are kept for a user's idempotency keys. Send the request without one, or wait until answers of a day ago are gone.`

const begin = Effect.fnUntraced(function* (
  accounts: Accounts["Service"],
  key: IdempotencyKey,
  digest: string,
  leaseUntil: Instant
) {
  const now = leaseUntil - leaseMillis
  return yield* accounts.begin(key, { digest, now, leaseUntil, keepUntil: now + keptMillis })
}, orStorageAway("idempotency keys can't be looked up"))

/** Address and body: spaces and line breaks in the JSON make no other request. */
const digestOf = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest): Effect.fn.Return<string> {
  // Read and judged before: it can't fail here.
  const text = yield* Effect.orDie(request.text)
  return createHash("sha256")
    .update(`${request.method} ${request.url}\n${compact(text)}`)
    .digest("hex")
})

const compact = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

/** A problem becomes the answer that it would have become further out, so that it can be remembered. */
const asResponse = <E, R>(run: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  run.pipe(
    Effect.catch((error) =>
      HttpServerRespondable.isRespondable(error) && typeof error === "object" && "code" in error
        ? HttpServerRespondable.toResponse(error as HttpServerRespondable.Respondable).pipe(Effect.orDie)
        : Effect.fail(error)
    )
  )

/**
 * Runs to its end even when the client hangs up: what it did has to be remembered. When it dies, or the answer is not
 * one to remember, the key is free again.
 */
const recorded = <E, R>(
  accounts: Accounts["Service"],
  key: IdempotencyKey,
  leaseUntil: Instant,
  note: (userId: UserId, bytes: number) => void,
  run: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
) =>
  Effect.uninterruptible(
    run.pipe(
      Effect.onError(() => Effect.ignore(accounts.abandon(key, leaseUntil))),
      Effect.tap((response) =>
        Effect.gen(function* () {
          const body = textOf(response)
          if (!isRemembered(response.status) || body === null) return yield* accounts.abandon(key, leaseUntil)
          // As if this run had died: once its lease is over a repetition meets its own work, and answers from that.
          if (utf8Bytes(body) > answerLimits.keptBytesMax)
            return yield* Effect.logInfo("an answer is too long to be kept")
          const now = yield* Clock.currentTimeMillis
          yield* accounts.finish(key, { status: response.status, body, keepUntil: now + keptMillis, leaseUntil })
          note(key.userId, utf8Bytes(body))
        }).pipe(
          // Done but not noted: the lease runs out, and a repetition meets its own work.
          Effect.catch((error) => Effect.logWarning("an answer was not remembered", error.message))
        )
      )
    )
  )

const isRemembered = (status: number): boolean =>
  (status >= 200 && status < 300) || status === 404 || status === 409 || status === 422

const textOf = ({ body }: HttpServerResponse.HttpServerResponse): string | null => {
  if (body._tag === "Empty") return ""
  return body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : null
}

const replay = (status: number, text: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(text, {
    status,
    contentType: status < 300 ? "application/json" : "application/problem+json",
    headers: { "idempotent-replayed": "true" }
  })

/**
 * How often a key may ask, by a token bucket each, and how much of it at once.
 *
 * Decides how long a burst may be, and that a full bucket is forgotten, so that memory follows the keys in use. Each
 * process counts by itself.
 */
import { Clock, Effect, Layer } from "effect"
import { HttpEffect, HttpServerResponse } from "effect/http"
import { type Rate, type TokenBucket, isFull, reserve } from "@punctual/core/http"
import { Caller, RateLimit } from "../api/Middleware.ts"
import { keyLimits } from "./Limits.ts"
import { RateLimited } from "../api/Problems.ts"
import { lower, raise } from "./Tally.ts"

/** A burst may be this many seconds' worth. */
const burstSeconds = 4

export const rateOf = (perSecond: number): Rate => ({ perSecond, burst: perSecond * burstSeconds })

/** Beyond so many keys, those that have been quiet long enough to be full again are dropped. */
const bucketsKept = 10_000

/** 0 a second: off. */
export const layer = (perSecond: number): Layer.Layer<RateLimit> =>
  Layer.sync(RateLimit, () => {
    const rate = rateOf(perSecond)
    const buckets = new Map<string, TokenBucket>()
    const atOnce = new Map<string, number>()
    return RateLimit.of((handler) =>
      Effect.gen(function* () {
        const { keyId } = yield* Caller
        const running = atOnce.get(keyId) ?? 0
        if (running >= keyLimits.atOnceMax) return yield* refuse(1, `At most ${keyLimits.atOnceMax} requests at once.`)
        const counted = Effect.acquireUseRelease(
          Effect.sync(() => raise(atOnce, keyId)),
          () => handler,
          () => Effect.sync(() => lower(atOnce, keyId))
        )
        if (perSecond <= 0) return yield* counted
        const now = yield* Clock.currentTimeMillis
        const { bucket, waitMillis } = reserve(buckets.get(keyId), now, rate)
        if (waitMillis === 0) {
          buckets.set(keyId, bucket)
          if (buckets.size > bucketsKept) forgetFull(buckets, now, rate)
          return yield* counted
        }
        const seconds = Math.max(1, Math.ceil(waitMillis / 1_000))
        return yield* refuse(seconds, `At most ${perSecond} requests a second.`)
      })
    )
  })

const refuse = Effect.fnUntraced(function* (seconds: number, why: string) {
  yield* retryAfter(seconds)
  return yield* new RateLimited({ detail: `${why} Try again in ${seconds} s.` })
})

/** Sets `Retry-After`, in seconds, on whatever is answered. */
export const retryAfter = (seconds: number) =>
  HttpEffect.appendPreResponseHandler((_, response) =>
    Effect.succeed(HttpServerResponse.setHeader(response, "retry-after", String(seconds)))
  )

export const forgetFull = (buckets: Map<string, TokenBucket>, now: number, rate: Rate): void => {
  for (const [key, bucket] of buckets) if (isFull(bucket, now, rate)) buckets.delete(key)
}

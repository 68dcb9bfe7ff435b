/**
 * How often a key may ask: a token bucket each.
 *
 * Decides how long a burst may be, and that a full bucket is forgotten, so that memory follows the keys in use. Each
 * process counts by itself.
 */
import { Clock, Effect, Layer } from "effect"
import { HttpEffect, HttpServerResponse } from "effect/http"
import { type Rate, type TokenBucket, isFull, reserve } from "@punctual/core/http"
import { Caller, RateLimit } from "../api/Middleware.ts"
import { RateLimited } from "../api/Problems.ts"

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
    return RateLimit.of((handler) =>
      Effect.gen(function* () {
        if (perSecond <= 0) return yield* handler
        const { keyId } = yield* Caller
        const now = yield* Clock.currentTimeMillis
        const { bucket, waitMillis } = reserve(buckets.get(keyId), now, rate)
        if (waitMillis === 0) {
          buckets.set(keyId, bucket)
          if (buckets.size > bucketsKept) forgetFull(buckets, now, rate)
          return yield* handler
        }
        const seconds = Math.max(1, Math.ceil(waitMillis / 1_000))
        yield* retryAfter(seconds)
        return yield* new RateLimited({ detail: `At most ${perSecond} requests a second. Try again in ${seconds} s.` })
      })
    )
  })

/** Sets `Retry-After`, in seconds, on whatever is answered. */
export const retryAfter = (seconds: number) =>
  HttpEffect.appendPreResponseHandler((_, response) =>
    Effect.succeed(HttpServerResponse.setHeader(response, "retry-after", String(seconds)))
  )

const forgetFull = (buckets: Map<string, TokenBucket>, now: number, rate: Rate): void => {
  for (const [key, bucket] of buckets) if (isFull(bucket, now, rate)) buckets.delete(key)
}

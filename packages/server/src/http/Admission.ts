/**
 * Who is let in before anything is known of them: the budget for requests without a key, or with a wrong one.
 *
 * Decides with plain functions of address, time and what is going on: how many of them run at once and how often they
 * may come, of one address and of all, so that strangers take a bounded part of a process that has bots to launch. Never
 * holds up a notification or a probe of health: those have budgets of their own. A good key is held up only where its
 * address has shown thousands of wrong ones.
 */
import { Clock, Effect } from "effect"
import { HttpServerRequest, HttpServerRespondable, type HttpServerResponse } from "effect/http"
import { type TokenBucket, reserve } from "@punctual/core/http"
import { RateLimited } from "../api/Problems.ts"
import { TrustedProxies, clientAddress } from "./ClientAddress.ts"
import { strangerLimits } from "./Limits.ts"
import { forgetFull, retryAfter } from "./RateLimiting.ts"

type App<E, R> = Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>

/** What strangers have of this process right now. */
export interface Strangers {
  readonly running: Map<string, number>
  runningOfAll: number
  readonly buckets: Map<string, TokenBucket>
  ofAll: TokenBucket | undefined
}

export const noStrangers = (): Strangers => ({
  running: new Map(),
  runningOfAll: 0,
  buckets: new Map(),
  ofAll: undefined
})

/** Takes one request's worth from both budgets. 0: taken; otherwise come again after so many milliseconds. */
export const charge = (strangers: Strangers, address: string, now: number): number => {
  const { addressesMax, ofAll, ofOneAddress } = strangerLimits
  const own = reserve(strangers.buckets.get(address), now, ofOneAddress)
  if (own.waitMillis > 0) return own.waitMillis
  const whole = reserve(strangers.ofAll, now, ofAll)
  if (whole.waitMillis > 0) return whole.waitMillis
  strangers.ofAll = whole.bucket
  strangers.buckets.set(address, own.bucket)
  if (strangers.buckets.size > addressesMax) forgetFull(strangers.buckets, now, ofOneAddress)
  return 0
}

/** Whether one more of that address may run now. */
export const hasRoom = ({ running, runningOfAll }: Strangers, address: string): boolean =>
  runningOfAll < strangerLimits.atOnceMax && (running.get(address) ?? 0) < strangerLimits.atOnceOfOneAddressMax

const count = (strangers: Strangers, address: string, change: 1 | -1): void => {
  const left = (strangers.running.get(address) ?? 0) + change
  strangers.runningOfAll += change
  if (left === 0) strangers.running.delete(address)
  else strangers.running.set(address, left)
}

/** Notifications are bounded where they are read, and probes must be answered when it matters most. */
const isExempt = (url: string): boolean => /^\/(webhooks\/|healthz(\?|$)|readyz(\?|$)|metrics(\?|$))/.test(url)

const roomMillis = 1_000

/** Stands before the whole application. */
export const admission = Effect.map(TrustedProxies, (proxies) => {
  const strangers = noStrangers()
  return <E, R>(app: App<E, R>): App<E, R | HttpServerRequest.HttpServerRequest> =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      if (isExempt(request.url)) return yield* app
      const address = clientAddress(request, proxies)
      const now = yield* Clock.currentTimeMillis
      if ("authorization" in request.headers) {
        // Whoever showed wrong keys of late is told to wait before another is looked up.
        const guesses = `keys of ${address}`
        const { waitMillis } = reserve(strangers.buckets.get(guesses), now, strangerLimits.ofOneAddress)
        if (waitMillis > 0) return yield* refuse(waitMillis)
        const response = yield* app
        if (response.status === 401) charge(strangers, guesses, now)
        return response
      }
      if (!hasRoom(strangers, address)) return yield* refuse(roomMillis)
      const waitMillis = charge(strangers, address, now)
      if (waitMillis > 0) return yield* refuse(waitMillis)
      return yield* Effect.acquireUseRelease(
        Effect.sync(() => count(strangers, address, 1)),
        () => app,
        () => Effect.sync(() => count(strangers, address, -1))
      )
    })
})

const refuse = Effect.fnUntraced(function* (waitMillis: number) {
  const seconds = Math.max(1, Math.ceil(waitMillis / 1_000))
  yield* retryAfter(seconds)
  const problem = new RateLimited({ detail: `Too many requests without a valid key. Try again in ${seconds} s.` })
  return yield* Effect.orDie(HttpServerRespondable.toResponse(problem))
})

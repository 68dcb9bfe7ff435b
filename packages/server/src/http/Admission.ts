/**
 * Who is let in before anything is known of them: the budget of strangers, who show no key or a wrong one.
 *
 * Decides with plain functions of address, time and what is going on: how many of them run at once and how often they
 * may come, of one address and of all, so that strangers take a bounded part of a process that has bots to launch. Never
 * holds up a notification or a probe of health, which have budgets of their own, nor a good key: it is told from a wrong
 * one first. From an address that is over its budget a few keys at a time are looked up, and those found good of late
 * need no such turn.
 */
import { Clock, Effect, PartitionedSemaphore } from "effect"
import { HttpServerRequest, HttpServerRespondable, type HttpServerResponse } from "effect/http"
import { type TokenBucket, reserve } from "@punctual/core/http"
import { RateLimited } from "../api/Problems.ts"
import { digestOf } from "../auth/ApiKey.ts"
import { KeyCheck, type Shown } from "../auth/KeyCheck.ts"
import { TrustedProxies, clientAddress } from "./ClientAddress.ts"
import { strangerLimits } from "./Limits.ts"
import { forgetFull, retryAfter } from "./RateLimiting.ts"
import { lower, raise } from "./Tally.ts"

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

const { addressesMax, atOnceMax, atOnceOfOneAddressMax, ofAll, ofOneAddress } = strangerLimits

/** 0: a stranger may come; otherwise in so many milliseconds. Nothing is taken. */
const waitOf = (strangers: Strangers, address: string, now: number): number =>
  reserve(strangers.buckets.get(address), now, ofOneAddress).waitMillis ||
  reserve(strangers.ofAll, now, ofAll).waitMillis

/** Takes one request's worth from both budgets. 0: taken; otherwise come again after so many milliseconds. */
export const charge = (strangers: Strangers, address: string, now: number): number => {
  const waitMillis = waitOf(strangers, address, now)
  if (waitMillis > 0) return waitMillis
  strangers.ofAll = reserve(strangers.ofAll, now, ofAll).bucket
  strangers.buckets.set(address, reserve(strangers.buckets.get(address), now, ofOneAddress).bucket)
  if (strangers.buckets.size > addressesMax) forgetFull(strangers.buckets, now, ofOneAddress)
  return 0
}

/** Whether one more of that address may run now. */
export const hasRoom = ({ running, runningOfAll }: Strangers, address: string): boolean =>
  runningOfAll < atOnceMax && (running.get(address) ?? 0) < atOnceOfOneAddressMax

const count = (strangers: Strangers, address: string, change: 1 | -1): void => {
  strangers.runningOfAll += change
  if (change === 1) raise(strangers.running, address)
  else lower(strangers.running, address)
}

/** Notifications are bounded where they are read, and probes must be answered when it matters most. */
const isExempt = (url: string): boolean => /^\/(webhooks\/|healthz(\?|$)|readyz(\?|$)|metrics(\?|$))/.test(url)

const roomMillis = 1_000

/** Stands before the whole application. */
export const admission = Effect.gen(function* () {
  const proxies = yield* TrustedProxies
  const shownBy = yield* recognition
  const strangers = noStrangers()
  return <E, R>(app: App<E, R>): App<E, R | HttpServerRequest.HttpServerRequest> =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      if (isExempt(request.url)) return yield* app
      const address = clientAddress(request, proxies)
      const { authorization } = request.headers
      const isOver = waitOf(strangers, address, yield* Clock.currentTimeMillis) > 0
      const shown = authorization === undefined ? "wrong" : yield* shownBy(authorization, address, isOver)
      // Where keys can't be looked up, the application says so.
      if (shown !== "wrong") return yield* app
      if (!hasRoom(strangers, address)) return yield* refuse(roomMillis)
      const waitMillis = charge(strangers, address, yield* Clock.currentTimeMillis)
      if (waitMillis > 0) return yield* refuse(waitMillis)
      return yield* Effect.acquireUseRelease(
        Effect.sync(() => count(strangers, address, 1)),
        () => app,
        () => Effect.sync(() => count(strangers, address, -1))
      )
    })
})

/** What a request shows. Whoever waits in too long a line is taken for a stranger without being looked up. */
const recognition = Effect.gen(function* () {
  const { lookUpsAtOnceMax, lookUpsWaitingOfOneAddressMax, rememberedMax } = strangerLimits
  const { check } = yield* KeyCheck
  /** Fair between addresses, whoever has how many in line. */
  const turns = PartitionedSemaphore.makeUnsafe<string>({ permits: lookUpsAtOnceMax })
  const waiting = new Map<string, number>()
  /** Digests of what was good when it was last seen, the longest known first. */
  const good = new Set<string>()
  const ask = (authorization: string, digest: string): Effect.Effect<Shown> =>
    Effect.tap(check(authorization), (shown) =>
      Effect.sync(() => {
        if (shown === "wrong") return void good.delete(digest)
        if (shown === "good") good.add(digest)
        if (good.size > rememberedMax) for (const eldest of good) return void good.delete(eldest)
      })
    )
  return Effect.fnUntraced(function* (authorization: string, address: string, isOver: boolean) {
    const digest = digestOf(authorization)
    if (!isOver || good.has(digest)) return yield* ask(authorization, digest)
    if ((waiting.get(address) ?? 0) >= lookUpsWaitingOfOneAddressMax) return "wrong" satisfies Shown
    return yield* Effect.acquireUseRelease(
      Effect.sync(() => raise(waiting, address)),
      () => turns.withPermit(address)(ask(authorization, digest)),
      () => Effect.sync(() => lower(waiting, address))
    )
  })
})

const refuse = Effect.fnUntraced(function* (waitMillis: number) {
  const seconds = Math.max(1, Math.ceil(waitMillis / 1_000))
  yield* retryAfter(seconds)
  const problem = new RateLimited({ detail: `Too many requests without a valid key. Try again in ${seconds} s.` })
  return yield* Effect.orDie(HttpServerRespondable.toResponse(problem))
})

/**
 * Requests that are held until there is something to answer.
 *
 * Decides how many are held at once, of one caller and in all, and that all of them are answered when the server is asked to
 * stop: a stop waits for nobody who waits. Whoever goes away is waited for no longer, because their request is interrupted.
 */
import { Context, Deferred, Effect, Layer } from "effect"
import { HttpEffect, type HttpServerRequest, HttpServerResponse } from "effect/http"
import { RateLimited } from "../api/Problems.ts"
import { heldLimits } from "./Limits.ts"
import { retryAfter } from "./RateLimiting.ts"
import { lower, raise } from "./Tally.ts"

export class HeldRequests extends Context.Service<
  HeldRequests,
  {
    /** `read` is told how long it may wait. */
    readonly hold: <A, E, R>(
      caller: string,
      waitMillis: number,
      read: (waitMillis: number) => Effect.Effect<A, E, R>
    ) => Effect.Effect<A, E | RateLimited, R | HttpServerRequest.HttpServerRequest>
    /** Nothing is held any more. */
    readonly release: Effect.Effect<void>
  }
>()("@punctual/server/http/HeldRequests") {
  static readonly layer: Layer.Layer<HeldRequests> = Layer.effect(
    HeldRequests,
    Effect.gen(function* () {
      const stopping = yield* Deferred.make<void>()
      const ofOne = new Map<string, number>()
      let ofAll = 0
      const count = (caller: string, change: 1 | -1): void => {
        ofAll += change
        if (change === 1) raise(ofOne, caller)
        else lower(ofOne, caller)
      }
      return HeldRequests.of({
        hold: Effect.fnUntraced(function* (caller, waitMillis, read) {
          if (waitMillis === 0) return yield* read(0)
          if (yield* Deferred.isDone(stopping)) return yield* lastRead(read)
          if ((ofOne.get(caller) ?? 0) >= heldLimits.ofOneMax) {
            return yield* refuse(`At most ${heldLimits.ofOneMax} requests of one caller wait at once.`)
          }
          if (ofAll >= heldLimits.atOnceMax) return yield* refuse("As many requests wait as this server holds.")
          return yield* Effect.acquireUseRelease(
            Effect.sync(() => count(caller, 1)),
            () => Effect.raceFirst(read(waitMillis), Effect.andThen(Deferred.await(stopping), lastRead(read))),
            () => Effect.sync(() => count(caller, -1))
          )
        }),
        release: Effect.asVoid(Deferred.succeed(stopping, undefined))
      })
    })
  )

  /** Stands on what serves requests, so that it goes first: the server waits for those under way, and none of them waits. */
  static readonly releasedFirst: Layer.Layer<never, never, HeldRequests> = Layer.effectDiscard(
    Effect.flatMap(HeldRequests, ({ release }) => Effect.addFinalizer(() => release))
  )
}

/** The connection goes with it: one that is kept would be waited for as long as any request. */
const lastRead = <A, E, R>(read: (waitMillis: number) => Effect.Effect<A, E, R>) =>
  Effect.andThen(
    HttpEffect.appendPreResponseHandler((_, response) =>
      Effect.succeed(HttpServerResponse.setHeader(response, "connection", "close"))
    ),
    read(0)
  )

const againSeconds = 1

const refuse = Effect.fnUntraced(function* (why: string) {
  yield* retryAfter(againSeconds)
  return yield* new RateLimited({ detail: `${why} Ask without \`wait\`, or again in ${againSeconds} s.` })
})

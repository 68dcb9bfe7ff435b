/**
 * Optimistic concurrency for requests about a connection: run again when another request wrote first.
 * Decides how often, and how long to wait in between. Any other error is passed on.
 */
import { Effect, Schedule } from "effect"
import type { StoreError } from "../../ports/Store.ts"

/** Enough for several requests at once. With more, the last ones fail with the conflict. */
const triesMax = 8

/** From 10 ms on, doubled each time, and jittered so that colliding requests spread. */
const pauses = Schedule.jittered(Schedule.exponential("10 millis"))

/** Runs the request again while it fails with a conflict or behind a fence, `triesMax` times in all. */
export const retryOnConflict = <A, E extends { readonly _tag: string }, R>(
  request: Effect.Effect<A, E | StoreError, R>
): Effect.Effect<A, E | StoreError, R> =>
  Effect.retry(request, {
    while: (error) => isStoreError(error) && (error.isConflict || error.isFenced),
    times: triesMax - 1,
    schedule: pauses
  })

const isStoreError = (error: { readonly _tag: string }): error is StoreError => error._tag === "StoreError"

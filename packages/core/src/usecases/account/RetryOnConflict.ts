/**
 * Requests about a connection that another request changed under their hands.
 * Decides that such a request is done again by what is there now, a bounded number of times: whoever asks is told how it
 * ended, not that somebody else was there. Never repeats what failed for another reason.
 */
import { Effect, Schedule } from "effect"
import type { StoreError } from "../../ports/Store.ts"

/** Of two at once one comes through; of so many that this is too few, the last are told to come again. */
const triesMax = 8

/** From 10 ms on, doubled each time, and spread so that those who met do not meet again. */
const pauses = Schedule.jittered(Schedule.exponential("10 millis"))

/** The request, done again for as long as it fails with a conflict or behind a fence: at most eight times in all. */
export const retryOnConflict = <A, E extends { readonly _tag: string }, R>(
  request: Effect.Effect<A, E | StoreError, R>
): Effect.Effect<A, E | StoreError, R> =>
  Effect.retry(request, {
    while: (error) => isStoreError(error) && (error.isConflict || error.isFenced),
    times: triesMax - 1,
    schedule: pauses
  })

const isStoreError = (error: { readonly _tag: string }): error is StoreError => error._tag === "StoreError"

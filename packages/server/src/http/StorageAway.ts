/**
 * Storage that is out of reach, as a client is told it. Decides the sentence, which says nothing of how it failed; that
 * is in the log.
 */
import { Effect } from "effect"
import { Unavailable } from "../api/Problems.ts"

export const storageAway = (): Unavailable =>
  new Unavailable({ detail: "Storage can't be reached right now. Try again shortly." })

/** `what` failed, for the log. */
export const orStorageAway =
  (what: string) =>
  <A, E extends { readonly message: string }, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, Unavailable, R> =>
    effect.pipe(
      Effect.tapError(({ message }) => Effect.logWarning(what, message)),
      Effect.mapError(storageAway)
    )

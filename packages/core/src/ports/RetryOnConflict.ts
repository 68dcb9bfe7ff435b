/**
 * Optimistic concurrency: read, decide, write if nothing changed meanwhile, else begin again by what is there now.
 * Decides that a conflict is all that is tried again, a bounded number of times and with pauses in between; what counts as
 * one, how often and how long is said by whoever knows who collides there.
 */
import { Effect, type Schedule } from "effect"
import { StoreError } from "./StoreError.ts"

/** Who collides, and how long it is gone on. */
export interface Contention {
  /** Whether somebody else wrote first, so that another attempt may succeed. */
  readonly isConflict: (error: unknown) => boolean
  /** The first included. Whoever runs out of them is told of the conflict. */
  readonly attemptsMax: number
  /** Waited between attempts, so that those who collided spread. */
  readonly pauses: Schedule.Schedule<unknown>
}

/** `attempt` must read again each time it runs. */
export const retryOnConflict = <A, E, R>(
  attempt: Effect.Effect<A, E, R>,
  { attemptsMax, isConflict, pauses }: Contention
): Effect.Effect<A, E, R> =>
  Effect.retry(attempt, { schedule: pauses, while: (error) => isConflict(error), times: attemptsMax - 1 })

/** Someone else wrote first. */
export const isConflict = (error: unknown): boolean => error instanceof StoreError && error.isConflict

/** Someone else wrote first, or the connection that was read has been replaced since. */
export const isConflictOrFence = (error: unknown): boolean =>
  error instanceof StoreError && (error.isConflict || error.isFenced)

/**
 * Faults that a test asks an in-memory adapter for.
 *
 * Decides which call fails and whether it has done its work by then. Never decides when: chance is the test's.
 */
import { Effect } from "effect"

export interface FaultOptions {
  /** `before`: nothing was done (the default). `after`: all was done, and the answer was lost on the way. */
  readonly moment?: "before" | "after"
  /** The operation's name; left out: whichever is called next. */
  readonly operation?: string
}

/** The next `times` calls fail. */
export type FailNext = (times: number, options?: FaultOptions) => Effect.Effect<void>

export interface Faults<E> {
  readonly failNext: FailNext
  /** The operation, failing where a fault was asked for. */
  readonly guard: <A, E2, R>(operation: string, effect: Effect.Effect<A, E2, R>) => Effect.Effect<A, E | E2, R>
}

/** `failure` makes the port's own error of an operation's name. */
export const makeFaults = <E>(failure: (operation: string) => E): Faults<E> => {
  const planned: Array<FaultOptions> = []
  return {
    failNext: (times, options = {}) =>
      Effect.sync(() => {
        for (let count = 0; count < times; count++) planned.push(options)
      }),
    guard: (operation, effect) =>
      Effect.suspend(() => {
        const at = planned.findIndex((fault) => (fault.operation ?? operation) === operation)
        const [fault] = at === -1 ? [] : planned.splice(at, 1)
        if (fault === undefined) return effect
        const failed = Effect.fail(failure(operation))
        return fault.moment === "after" ? Effect.andThen(effect, failed) : failed
      })
  }
}

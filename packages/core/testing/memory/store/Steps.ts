/**
 * A module of the in-memory store as a group of a driver's operations: each is one synchronous step.
 * Decides that a step which answers with a `Result` may be refused and no other can fail. Faults that a test asks for come
 * before or after the step, never within.
 */
import { Effect, Result } from "effect"
import type { StoreUnavailable } from "../../../src/ports/Store.ts"
import type { Faults } from "../faults/Faults.ts"

/** What of the module is a function; whatever else it exports a driver has no use for. */
export type Steps<Module> = {
  readonly [Name in keyof Module]: Module[Name] extends (...args: infer Args) => infer Answer
    ? (...args: Args) => Stepped<Answer>
    : never
}

/** In brackets, so that an answer that is a union (an `Option`) is looked at as a whole. */
type Stepped<Answer> = [Answer] extends [Result.Result<infer A, infer Refused>]
  ? Effect.Effect<A, Refused | StoreUnavailable>
  : Effect.Effect<Answer, StoreUnavailable>

export const stepsOf = <Module extends object>(module: Module, { guard }: Faults<StoreUnavailable>): Steps<Module> =>
  // The cast: what `Object.entries` gives has lost which name has which function.
  Object.fromEntries(
    Object.entries(module).map(([operation, step]: [string, Step]) => [
      operation,
      (...args: ReadonlyArray<unknown>) =>
        guard(
          operation,
          Effect.suspend(() => {
            const answer = step(...args)
            return Result.isResult(answer) ? Effect.fromResult(answer) : Effect.succeed(answer)
          })
        )
    ])
  ) as Steps<Module>

type Step = (...args: ReadonlyArray<unknown>) => unknown

/**
 * A durable store against the store in memory: whatever is done to both, both answer alike.
 *
 * How: random operations over a small universe are done to both stores and the answers are compared, refusals included.
 * A failure prints a shrunk history and the seed. Decides what counts as alike; never what is done: see `Steps.ts`.
 */
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Result, type Scope } from "effect"
import * as fc from "fast-check"
import type { Slice } from "../../src/domain/Slice.ts"
import { type Claim, Store, type StoreError } from "../../src/ports/Store.ts"
import * as StoreMemory from "../memory/StoreMemory.ts"
import { everything, prelude, type Step, steps } from "./Steps.ts"

export interface Options {
  /** Histories; fewer where each takes its time. */
  readonly runs: number
  /** Operations of a history at most. */
  readonly operationsMax?: number
  /** What changed may hold more than the store in memory says: meetings whose changed row is gone since. */
  readonly mayHoldMore?: boolean
}

/** Operations that must have been answered, and not refused, at least once: in any run, and in one of many histories. */
const often = ["putMirror", "commit"]
const rarely = ["finishRound", "writeBot", "claimNext", "unseen", "erase"]
const runsMany = 200

/** Registers one test. `fresh` gives an empty store, for each history anew. */
export const suite = <E, R>(
  name: string,
  fresh: Effect.Effect<Store["Service"], E, R | Scope.Scope>,
  provided: Layer.Layer<R, E>,
  { mayHoldMore = false, operationsMax = 60, runs }: Options
): void => {
  it.live(`answers as the store in memory does (${name}), over ${runs} random histories`, () =>
    Effect.gen(function* () {
      const context = yield* Effect.context<R>()
      const met = new Map<string, number>()
      const history = (operations: ReadonlyArray<Step>) =>
        Effect.flatMap(fresh, (store) => compare(store, operations, { met, mayHoldMore })).pipe(
          Effect.scoped,
          Effect.provideContext(context)
        )
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(fc.array(steps, { maxLength: operationsMax, size: "max" }), (operations) =>
            Effect.runPromise(history(operations))
          ),
          { numRuns: runs }
        )
      )
      // Histories in which nothing succeeds would prove nothing; what is rare need not come in a few.
      for (const operation of runs < runsMany ? often : [...often, ...rarely]) {
        assert.isAbove(met.get(`${operation} answered`) ?? 0, 0, `${operation} never succeeded`)
      }
    }).pipe(Effect.provide(provided))
  )
}

const compare = Effect.fnUntraced(function* (
  store: Store["Service"],
  operations: ReadonlyArray<Step>,
  { mayHoldMore, met }: { readonly met: Map<string, number>; readonly mayHoldMore: boolean }
) {
  const inMemory = Context.get(yield* Layer.build(Layer.fresh(StoreMemory.layer)), Store)
  const claims: readonly [Array<Claim>, Array<Claim>] = [[], []]
  for (const operation of [prelude, ...operations, ...everything]) {
    const expected = yield* said(operation.run(inMemory, claims[0]))
    const actual = yield* said(operation.run(store, claims[1]))
    const isLoose = mayHoldMore && operation.isChanges === true && "answer" in actual && "answer" in expected
    if (isLoose) assertHolds(actual.answer as Slice, expected.answer as Slice, String(operation))
    else assert.deepStrictEqual(actual, expected, String(operation))
    const name = `${String(operation).split(" ")[0]} ${"refusal" in expected ? expected.refusal._tag : "answered"}`
    met.set(name, (met.get(name) ?? 0) + 1)
  }
})

/** What a store said: an answer, or why it refused. */
const said = (operation: Effect.Effect<unknown, StoreError>) =>
  Effect.map(Effect.result(operation), (result) =>
    Result.isSuccess(result) ? { answer: result.success } : { refusal: result.failure.reason }
  )

/** All that it should hold, and otherwise alike. */
const assertHolds = (actual: Slice, expected: Slice, message: string): void => {
  const lists = ["events", "series", "intents", "overrides", "bots"] as const
  for (const list of lists) assert.includeDeepMembers([...actual[list]], [...expected[list]], `${message}: ${list}`)
  const emptied = Object.fromEntries(lists.map((list) => [list, []]))
  assert.deepStrictEqual({ ...actual, ...emptied }, { ...expected, ...emptied }, message)
}

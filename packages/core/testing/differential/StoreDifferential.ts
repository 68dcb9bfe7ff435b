/**
 * A durable store against the store in memory: whatever is done to both, both answer alike.
 *
 * How: random operations over a small universe are done to both stores and the answers are compared, refusals included.
 * A failure prints a shrunk history and the seed. Decides what counts as alike; never what is done: see `Steps.ts`.
 */
import { assert } from "@effect/vitest"
import { Context, Effect, Layer, Result, type Scope } from "effect"
import * as fc from "fast-check"
import type { Slice } from "../../src/domain/Slice.ts"
import { type Claim, Store, type StoreError } from "../../src/ports/Store.ts"
import * as StoreMemory from "../memory/StoreMemory.ts"
import { type Step, everything, prelude, steps } from "./Steps.ts"

export interface Options {
  /** How often what was answered or refused, over all histories. */
  readonly met: Map<string, number>
  /** What changed may hold more than the store in memory says: meetings whose changed row is gone since. */
  readonly mayHoldMore?: boolean
}

/** What is done to both, for fast-check to draw and to shrink. */
export const histories = (operationsMax = 60): fc.Arbitrary<ReadonlyArray<Step>> =>
  fc.array(steps, { maxLength: operationsMax, size: "max" })

/** Operations that must have been answered, and not refused, at least once: in any run, and in one of many histories. */
const often = ["putMirror", "commit"]
const rarely = ["finishPass", "writeBot", "claimNext", "unseen", "erase"]
const historiesMany = 200

/** Histories in which nothing succeeds would prove nothing; what is rare need not come in a few. */
export const assertMet = (met: ReadonlyMap<string, number>, count: number): void => {
  for (const operation of count < historiesMany ? often : [...often, ...rarely]) {
    assert.isAbove(met.get(`${operation} answered`) ?? 0, 0, `${operation} never succeeded`)
  }
}

/** Does a history to the store, which is empty, and to one in memory. Dies where their answers differ. */
export const compare = Effect.fnUntraced(function* (
  store: Store["Service"],
  operations: ReadonlyArray<Step>,
  { mayHoldMore = false, met }: Options
): Effect.fn.Return<void, never, Scope.Scope> {
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
}, Effect.scoped)

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

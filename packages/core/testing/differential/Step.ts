/**
 * One operation of a random history.
 * Decides what of it is shown when a history fails. Never which there are: see `Steps.ts`.
 */
import type { Effect } from "effect"
import type * as fc from "fast-check"
import type { Claim, Store, StoreError } from "../../src/ports/Store.ts"

export type Shape = Store["Service"]
export type Answer = Effect.Effect<unknown, StoreError>

/** An operation that says what it is when a history fails. It is done to a store that has given out `claims` so far. */
export interface Step {
  readonly toString: () => string
  /** Its answer is what changed: a store may hold a meeting for changed that lost what had changed. */
  readonly isChanges?: boolean
  readonly run: (store: Shape, claims: Array<Claim>) => Answer
}

export const step = <A>(
  name: string,
  parts: fc.Arbitrary<A>,
  run: (store: Shape, given: A, claims: Array<Claim>) => Answer
): fc.Arbitrary<Step> =>
  parts.map((given) => ({
    toString: () => `${name} ${JSON.stringify(given)}`,
    run: (store, claims) => run(store, given, claims)
  }))

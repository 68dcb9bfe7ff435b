/**
 * Optimistic concurrency about one item or transaction.
 * Decides how often it is begun again. Contention and lost answers are the business of `DynamoRetry.ts`: here a
 * condition was really false.
 */
import { type Contention, retryOnConflict } from "@punctual/core"
import { Effect, Schedule } from "effect"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import { TableError } from "../table/TableError.ts"

const contention: Contention = {
  isConflict: (error) => error instanceof TableError && error.kind === "condition",
  // Each failure means that somebody else got through, so it takes a crowd to run out of them.
  attemptsMax: 40,
  pauses: Schedule.min([Schedule.jittered(Schedule.exponential("2 millis", 1.5)), Schedule.spaced("100 millis")])
}

/** `attempt` must read again each time it runs. */
export const optimisticRetry = <A, E>(attempt: Effect.Effect<A, E | TableError>): Effect.Effect<A, E | TableError> =>
  retryOnConflict(attempt, contention)

/** Writes one item over what was read, or fails with a false condition if another writer was there meanwhile. */
export const putIfUnchanged = (table: Table, item: Item & Key, known: Item | null): Effect.Effect<void, TableError> =>
  Effect.flatMap(table.putIf(item, unchanged(known)), (isWritten) =>
    isWritten ? Effect.void : Effect.fail(changedMeanwhile)
  )

/** What was read is not what is there. */
export const changedMeanwhile = new TableError({
  kind: "condition",
  detail: "written by another meanwhile",
  reasons: [],
  writer: null
})

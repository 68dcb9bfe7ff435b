/**
 * Optimistic concurrency: read, decide, write if nothing changed meanwhile, else begin again.
 * Decides how often that is begun again. Contention and lost answers are the business of `DynamoRetry.ts`: here a
 * condition was really false.
 */
import { Effect, Schedule } from "effect"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import { TableError } from "../table/TableError.ts"

/** The first included. Each failure means that somebody else got through, so it takes a crowd to run out of them. */
const attemptsMax = 40

/** From 2 ms on, with chance in it, so that those who collide spread. */
const pause = Schedule.min([Schedule.jittered(Schedule.exponential("2 millis", 1.5)), Schedule.spaced("100 millis")])

/** `attempt` must read again each time it runs. */
export const optimisticRetry = <A, E>(attempt: Effect.Effect<A, E | TableError>): Effect.Effect<A, E | TableError> =>
  Effect.retry(attempt, {
    times: attemptsMax - 1,
    schedule: pause,
    while: (error) => error instanceof TableError && error.kind === "condition"
  })

/** Writes one item over what was read, or fails with a false condition if another writer was there meanwhile. */
export const putIfUnchanged = (table: Table, item: Item & Key, known: Item | null): Effect.Effect<void, TableError> =>
  Effect.flatMap(table.putIf(item, unchanged(known)), (isWritten) =>
    isWritten ? Effect.void : Effect.fail(changedMeanwhile)
  )

const changedMeanwhile = new TableError({
  kind: "condition",
  detail: "written by another meanwhile",
  reasons: [],
  writer: null
})

/**
 * Reading, deciding and writing without a lock.
 * Decides how often that is begun anew when what was read is no more what is there. Contention and lost answers are
 * seen to below, by `Asking.ts`: here a condition was really false.
 */
import { Effect, Schedule } from "effect"
import { type Item, type Key, unchanged } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import { TableError } from "../table/TableError.ts"

/** The first included. Each time somebody else got through. */
const attemptsMax = 40

/** From 2 ms on, with chance in it, so that those who collide spread. */
const pause = Schedule.min([Schedule.jittered(Schedule.exponential("2 millis", 1.5)), Schedule.spaced("100 millis")])

/** `attempt` reads anew each time. */
export const untilUndisturbed = <A, E>(attempt: Effect.Effect<A, E | TableError>): Effect.Effect<A, E | TableError> =>
  Effect.retry(attempt, {
    times: attemptsMax - 1,
    schedule: pause,
    while: (error) => error instanceof TableError && error.kind === "condition"
  })

/** Writes one item over what was read, or is disturbed. */
export const putOver = (table: Table, item: Item & Key, known: Item | null): Effect.Effect<void, TableError> =>
  Effect.flatMap(table.putIf(item, unchanged(known)), (isWritten) => (isWritten ? Effect.void : Effect.fail(disturbed)))

const disturbed = new TableError({
  kind: "condition",
  message: "written by another meanwhile",
  reasons: [],
  writer: null
})

/**
 * DynamoDB's clock, as the `Date` of its answers tells it: it has no other.
 * Decides that an answer without one tells no time, as a local engine's may.
 */
import type { StoreTime } from "@punctual/core"
import { Effect, Option } from "effect"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"

/** `Date` has whole seconds, down. https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats */
const precisionMillis = 1_000

export const clock = (table: Table): Effect.Effect<Option.Option<StoreTime>, TableError> =>
  Effect.map(table.date, (date) => {
    const at = date === null ? Number.NaN : Date.parse(date)
    return Number.isNaN(at) ? Option.none() : Option.some({ at, precisionMillis })
  })

/**
 * The database's clock, for processes that compare theirs with it.
 * Decides that the embedded engine has none: it is a part of the process and goes by its clock.
 */
import type { StoreTime } from "@punctual/core"
import { Effect, Option } from "effect"
import { sql } from "kysely"
import type { Database } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"

export const clock = (db: Database["Service"]): Effect.Effect<Option.Option<StoreTime>, DatabaseError> =>
  db.engine === "pglite"
    ? Effect.succeedNone
    : Effect.map(
        // Not `now()`, which is when the transaction began. Whole milliseconds, down.
        db.rows<{ readonly at: string }>(
          sql`select floor(extract(epoch from clock_timestamp()) * 1000)::bigint::text as at`
        ),
        ([row]) => Option.map(Option.fromUndefinedOr(row), ({ at }) => ({ at: Number(at), precisionMillis: 1 }))
      )

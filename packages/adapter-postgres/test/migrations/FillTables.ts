/**
 * Rows in every table of the schema, as many as are asked for, whatever its columns are by now.
 *
 * Decides values by type alone: what a migration costs is told by how many rows there are, not by what stands in them. The
 * tables that grow with use hold the full number, the others enough for a lock to matter.
 */
import { Effect } from "effect"
import { sql } from "kysely"
import type { Database } from "../../src/database/Database.ts"
import type { DatabaseError } from "../../src/database/DatabaseError.ts"

/** Those of which a busy deployment has most. */
const large: ReadonlySet<string> = new Set(["bots", "events"])

/** More than anyone may touch under a lock (`WatchedDatabase.ts`). */
const smallRows = 5_000

/** Its own bookkeeping. */
const left: ReadonlySet<string> = new Set(["migrations", "migration_steps"])

interface Column {
  readonly table: string
  readonly name: string
  readonly type: string
}

export const fillTables = Effect.fnUntraced(function* (
  db: Database["Service"],
  rows: number
): Effect.fn.Return<void, DatabaseError> {
  const columns = yield* db.rows<Column>(sql`
    select table_name as "table", column_name as name, data_type as type from information_schema.columns
    where table_schema = ${db.schema}::text and is_nullable = 'NO' and column_default is null
      and is_generated = 'NEVER' order by table_name, ordinal_position`)
  const tables = [...new Set(columns.map(({ table }) => table))].filter((table) => !left.has(table))
  // Others refer to users, by values made the same way.
  for (const table of tables.toSorted((a, b) => Number(b === "users") - Number(a === "users"))) {
    const needed = columns.filter((column) => column.table === table)
    const names = needed.map(({ name }) => `"${name}"`).join(", ")
    const values = needed.map(({ type }) => valueOf(type)).join(", ")
    const count = large.has(table) ? rows : Math.min(rows, smallRows)
    yield* db.rows(
      sql.raw(`insert into punctual."${table}" (${names}) select ${values} from generate_series(1, ${count}) i`)
    )
    yield* db.rows(sql.raw(`analyze punctual."${table}"`))
  }
})

const valueOf = (type: string): string => {
  switch (type) {
    case "text":
      return "'x' || i"
    case "boolean":
      return "false"
    case "json":
    case "jsonb":
      return "'{}'"
    case "bytea":
      return "'\\x00'::bytea"
    default:
      return "i"
  }
}

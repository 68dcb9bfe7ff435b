/**
 * The migrations as a script, for whoever changes a database by hand.
 * Decides its form: one transaction, then what PostgreSQL wants outside of one. What fills rows stands in code and is done
 * by the first process that starts afterwards.
 */
import { quoted, namingSchema, schemaDefault } from "./database/SchemaName.ts"
import { transactionOf } from "./Migrate.ts"
import { creating } from "./migrations/AfterStart.ts"
import { migrations as all } from "./migrations/index.ts"
import type { Migration } from "./migrations/Migration.ts"

export interface ScriptOptions {
  /** Where everything lies; `punctual` unless named. */
  readonly schema?: string
  /** The version there is already; 0: an empty database. */
  readonly from?: number
}

/** SQL for `psql`, to be run as a role that may create what is in it. */
export const migrationsSql = (options: ScriptOptions = {}, migrations: ReadonlyArray<Migration> = all): string => {
  const schema = options.schema ?? schemaDefault
  const from = options.from ?? 0
  const outstanding = migrations.filter(({ number }) => number > from)
  const named = namingSchema(schema)
  const lines = (statements: ReadonlyArray<string>) => statements.map((statement) => `${named(statement)};`)
  const indexes = outstanding.flatMap(({ afterStart }) =>
    (afterStart ?? []).flatMap((step) => (step.kind === "index" ? [creating(step)] : []))
  )
  return [
    `-- Punctual, versions ${from + 1} to ${migrations.length}, in the schema ${quoted(schema)}.`,
    "-- Run twice it changes nothing: the second time it fails at what is there already, and is undone.",
    "-- The role that Punctual connects as needs:",
    `--   grant usage on schema ${quoted(schema)} to ROLE;`,
    `--   grant select, insert, update, delete on all tables in schema ${quoted(schema)} to ROLE;`,
    ...(outstanding.length === 0 ? [] : ["begin;", ...lines(transactionOf(schema, outstanding)), "commit;"]),
    ...(indexes.length === 0 ? [] : ["-- Built beside reads and writes, outside of a transaction:", ...lines(indexes)]),
    ""
  ].join("\n")
}

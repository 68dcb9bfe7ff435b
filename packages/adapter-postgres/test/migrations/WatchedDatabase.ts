/**
 * A database that looks at what a migration does to those who work beside it.
 *
 * Decides by what PostgreSQL itself counts, not by a clock: the locks a transaction holds at its end, the rows it read and
 * wrote, and whether a table got new files. A lock that keeps writers out is no harm while the work under it does not grow
 * with the table; so many rows, and it is.
 */
import { Effect, Exit, Fiber, Schedule, Schema } from "effect"
import { sql } from "kysely"
import { Database, type Queries } from "../../src/database/Database.ts"
import type { DatabaseError } from "../../src/database/DatabaseError.ts"

/** Rows of one table that a transaction may read or write while nobody else can write there, and write in any case. */
const rowsMax = 1_000

/** Modes that an insert, update or delete waits for. */
const blockingModes: ReadonlySet<string> = new Set([
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock"
])

/** What is wrong with a migration: it is undone, and the message says what to do in its place. */
export class MigrationBlocks extends Schema.TaggedError<MigrationBlocks>()("MigrationBlocks", {
  findings: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return this.findings.join("\n")
  }
}

interface Table {
  readonly table: string
  readonly file: number
  readonly touched: number
  readonly written: number
  readonly modes: ReadonlyArray<string>
}

/** As this transaction sees it, of tables alone. */
const tables = (db: Queries, schema: string): Effect.Effect<ReadonlyArray<Table>, DatabaseError> =>
  db.rows<Table>(sql`
    select c.relname as "table", pg_relation_filenode(c.oid)::int8 as file,
      coalesce(s.seq_tup_read + s.idx_tup_fetch + s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)::int8 as touched,
      coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)::int8 as written,
      (select coalesce(json_agg(l.mode), '[]') from pg_locks l where l.relation = c.oid and l.granted
        and l.pid = pg_backend_pid()) as modes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_xact_user_tables s on s.relid = c.oid
    where n.nspname = ${schema}::text and c.relkind = 'r' order by 1`)

const findingsOf = (before: ReadonlyArray<Table>, after: ReadonlyArray<Table>): ReadonlyArray<string> =>
  after.flatMap(({ file, modes, table, ...counts }) => {
    const known = before.find((each) => each.table === table)
    // A table that is made here has nobody beside.
    if (known === undefined) return []
    // A connection counts on from what it did before, until PostgreSQL collects it.
    const touched = counts.touched - known.touched
    const written = counts.written - known.written
    const mode = modes.find((each) => blockingModes.has(each))
    if (known.file !== file) return [`${table} is rewritten: add a nullable column, and fill it after the start`]
    if (mode !== undefined && touched > rowsMax) {
      return [`${touched} rows of ${table} are gone through under ${mode}: an index belongs into \`afterStart\``]
    }
    return written > rowsMax ? [`${written} rows of ${table} are written at once: fill them after the start`] : []
  })

interface Watch {
  /** Runs beside what waits: the rest of the system at work. */
  readonly beside: Effect.Effect<void>
  /** A transaction that is open while an index is built, so that the build can be looked at. */
  readonly holding: <A, E>(use: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

/** Transactions are looked at before they end, and fail (undone) where they would hold others up. */
export const watched = (db: Database["Service"], { beside, holding }: Watch): Database["Service"] => {
  const failing = (findings: ReadonlyArray<string>): Effect.Effect<void> =>
    findings.length === 0 ? Effect.void : Effect.die(new MigrationBlocks({ findings }))
  return Database.of({
    ...db,
    transaction: (body) =>
      db.transaction((tx) =>
        Effect.flatMap(Effect.orDie(tables(tx, db.schema)), (before) =>
          Effect.tap(body(tx), () =>
            Effect.flatMap(Effect.orDie(tables(tx, db.schema)), (after) => failing(findingsOf(before, after)))
          )
        )
      ),
    unlimited: (query) =>
      holding(
        Effect.gen(function* () {
          const building = yield* Effect.forkChild(db.unlimited(query))
          const modes = yield* Effect.raceFirst(locksOfBuilder(db), Effect.map(Fiber.await(building), locksOfEnded))
          yield* failing(modes.filter((mode) => blockingModes.has(mode)).map((mode) => `an index is built in ${mode}`))
          yield* beside
          return building
        })
      ).pipe(Effect.flatMap((building) => Fiber.join(building)))
  })
}

/** A build beside writes waits for the open transaction. One that ended did not: it kept writers out meanwhile. */
const locksOfEnded = (exit: Exit.Exit<void, DatabaseError>): ReadonlyArray<string> =>
  Exit.isSuccess(exit) ? ["ShareLock"] : []

/** Asked again until the build waits for the transaction that is held open. */
const locksOfBuilder = (db: Database["Service"]): Effect.Effect<ReadonlyArray<string>, DatabaseError> =>
  db
    .rows<{ readonly mode: string }>(sql`
      select distinct l.mode from pg_locks l join pg_stat_progress_create_index p on p.pid = l.pid
      where l.relation = p.relid and l.granted and p.phase like 'waiting for%'`)
    .pipe(
      Effect.flatMap((rows) => (rows.length === 0 ? Effect.fail("none" as const) : Effect.succeed(rows))),
      Effect.retry({ while: (error) => error === "none", schedule: Schedule.spaced(10) }),
      Effect.catchIf(
        (error) => error === "none",
        () => Effect.succeed([])
      ),
      Effect.map((rows) => rows.map(({ mode }) => mode))
    )

/**
 * The steps of migrations that take as long as there are rows, done while the system works.
 *
 * Decides how far a step has come and what its next bit is. Any number of processes may call it: a bit of a fill is done
 * under a lock that lasts for its transaction, and how far it came is saved in the same one, so that a process that dies
 * loses nothing and the next goes on where it was.
 */
import { Effect, Option, Result } from "effect"
import { sql } from "kysely"
import type { Database, Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { quoted } from "../database/SchemaName.ts"
import { migrations as all } from "./index.ts"
import type { BuildIndex, Fill, FillKey, FillRow, Filling, Migration } from "./Migration.ts"

/** Rows that one transaction fills, and so keeps locked. */
export const batchRowsMax = 500

/** Between batches, so that a fill takes a small share of what the database can do. */
const pauseMillis = 50

/** Another process is at it: looked at again so often. */
const busyPauseMillis = 5_000

/** Any number of our own; another than that of `Migrate.ts`, which must not wait for fills. */
const advisoryLock = 78628826

/** What a bit of work came to: `busy` when another process is at it. */
export type Bit = "finished" | "more" | "busy"

export interface StepProgress {
  readonly number: number
  readonly step: number
  readonly filled: number
  /** Rows that their own content kept from being filled. */
  readonly bad: number
  readonly isFinished: boolean
}

/** Does all that is left, with pauses. Succeeds when nothing is. */
export const finishMigrations = Effect.fnUntraced(function* (
  db: Database["Service"],
  migrations: ReadonlyArray<Migration> = all
): Effect.fn.Return<void, DatabaseError> {
  if (migrations.every(({ afterStart }) => afterStart === undefined)) return
  for (;;) {
    const bit = yield* nextBit(db, migrations)
    if (bit === "finished") return
    yield* Effect.sleep(bit === "busy" ? busyPauseMillis : pauseMillis)
  }
})

/** One bit of the first step that is not finished: an index, or a batch of rows. */
export const nextBit = Effect.fnUntraced(function* (
  db: Database["Service"],
  migrations: ReadonlyArray<Migration> = all
): Effect.fn.Return<Bit, DatabaseError> {
  const done = yield* progress(db)
  for (const { afterStart, number } of migrations) {
    for (const [step, work] of (afterStart ?? []).entries()) {
      if (done.some((row) => row.number === number && row.step === step && row.isFinished)) continue
      return work.kind === "index"
        ? yield* buildIndex(db, work, number, step)
        : yield* fillBatch(db, work, number, step)
    }
  }
  return "finished"
})

export const progress = (db: Queries): Effect.Effect<ReadonlyArray<StepProgress>, DatabaseError> =>
  db.rows<StepProgress>(sql`select number, step, filled, bad, finished_at is not null as "isFinished"
    from punctual.migration_steps order by number, step`)

// ---- indexes

/** The statement that builds it. */
export const creating = ({ isUnique, name, on }: BuildIndex): string =>
  `create ${isUnique === true ? "unique " : ""}index concurrently if not exists ${quoted(name)} on ${on}`

const buildIndex = Effect.fnUntraced(function* (
  db: Database["Service"],
  index: BuildIndex,
  number: number,
  step: number
): Effect.fn.Return<Bit, DatabaseError> {
  const before = yield* stateOf(db, index)
  if (before === "building") return "busy"
  // One whose builder died holds up writes and helps nobody.
  if (before === "invalid") {
    yield* db.unlimited(sql.raw(`drop index concurrently if exists punctual.${quoted(index.name)}`))
  }
  if (before !== "valid") yield* db.unlimited(sql.raw(creating(index)))
  if ((yield* stateOf(db, index)) !== "valid") return "busy"
  yield* db.rows(sql`insert into punctual.migration_steps (number, step, finished_at)
    values (${number}::int, ${step}::int, now()) on conflict (number, step) do update set finished_at = now()`)
  return "more"
})

type IndexState = "absent" | "building" | "invalid" | "valid"

const stateOf = (db: Database["Service"], index: BuildIndex): Effect.Effect<IndexState, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly state: IndexState }>(sql`
      select case when i.indisvalid then 'valid'
        when exists (select from pg_locks l where l.relation = i.indrelid and l.granted
          and l.database = (select oid from pg_database where datname = current_database())
          and l.mode = 'ShareUpdateExclusiveLock') then 'building'
        else 'invalid' end as state
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${db.schema}::text and c.relname = ${index.name}::text`),
    ([row]) => row?.state ?? "absent"
  )

// ---- rows

interface Saved {
  readonly after: FillKey | null
}

const fillBatch = (
  db: Database["Service"],
  fill: Fill,
  number: number,
  step: number
): Effect.Effect<Bit, DatabaseError> =>
  db.transaction(
    Effect.fnUntraced(function* (tx) {
      const [lock] = yield* tx.rows<{ readonly isOurs: boolean }>(
        sql`select pg_try_advisory_xact_lock(${sql.lit(advisoryLock)}) as "isOurs"`
      )
      if (lock?.isOurs !== true) return "busy" as const
      const [saved] = yield* tx.rows<Saved>(sql`select after_key as after from punctual.migration_steps
        where number = ${number}::int and step = ${step}::int`)
      const rows = yield* tx.rows(fill.rows(saved?.after ?? null, batchRowsMax))
      const bad = yield* fillRows(tx, fill, rows)
      const last = rows.at(-1)
      const after = last === undefined ? null : JSON.stringify(fill.keyOf(last))
      yield* tx.rows(sql`insert into punctual.migration_steps as t (number, step, after_key, filled, bad, finished_at)
        values (${number}::int, ${step}::int, ${after}::json, ${rows.length - bad}::int, ${bad}::int,
          case when ${rows.length < batchRowsMax}::boolean then now() end)
        on conflict (number, step) do update set after_key = coalesce(excluded.after_key, t.after_key),
          filled = t.filled + excluded.filled, bad = t.bad + excluded.bad, finished_at = excluded.finished_at`)
      return "more" as const
    })
  )

/** Answers how many could not be filled. */
const fillRows = Effect.fnUntraced(function* (
  tx: Queries,
  fill: Fill,
  rows: ReadonlyArray<FillRow>
): Effect.fn.Return<number, DatabaseError> {
  const judged = rows.map((row) => ({ row, value: valueFor(fill, row) }))
  const fillings = judged.flatMap(({ row, value }) => (Result.isSuccess(value) ? [{ row, value: value.success }] : []))
  const odd = judged.flatMap(({ row, value }) => (Result.isFailure(value) ? [{ row, reason: value.failure }] : []))
  const refused = (yield* isWritten(tx, fill, fillings)) ? [] : yield* writeEach(tx, fill, fillings)
  const bad = [...odd, ...refused]
  const [first] = bad
  if (first !== undefined) {
    // Where the first of them is, and why; nothing of what stands in it.
    const { name: step } = fill
    const about = { step, rows: bad.length, first: fill.keyOf(first.row), reason: first.reason }
    yield* Effect.logWarning("a migration left rows as they are", about)
  }
  return bad.length
})

/** Code that meets a row nobody thought of may throw. */
const valueFor = (fill: Fill, row: FillRow): Result.Result<unknown, string> => {
  const made = Result.try(() => fill.valueOf(row))
  return Result.isFailure(made) ? Result.fail("reading it threw") : made.success
}

interface Refused {
  readonly row: FillRow
  readonly reason: string
}

const writeEach = Effect.fnUntraced(function* (
  tx: Queries,
  fill: Fill,
  fillings: ReadonlyArray<Filling>
): Effect.fn.Return<ReadonlyArray<Refused>, DatabaseError> {
  const refused: Array<Refused> = []
  for (const filling of fillings) {
    const isDone = yield* isWritten(tx, fill, [filling])
    if (!isDone) refused.push({ row: filling.row, reason: "the database refused the value" })
  }
  return refused
})

/** False: the database refused it, and the transaction is as it was before. A lost race is the transaction's to repeat. */
const isWritten = Effect.fnUntraced(function* (
  tx: Queries,
  fill: Fill,
  fillings: ReadonlyArray<Filling>
): Effect.fn.Return<boolean, DatabaseError> {
  if (fillings.length === 0) return true
  yield* tx.rows(sql`savepoint filling`)
  const refused = yield* Effect.flip(tx.rows(fill.write(fillings))).pipe(Effect.option)
  if (Option.isNone(refused)) {
    yield* tx.rows(sql`release savepoint filling`)
    return true
  }
  if (refused.value.isRace) return yield* refused.value
  yield* tx.rows(sql`rollback to savepoint filling`)
  return false
})

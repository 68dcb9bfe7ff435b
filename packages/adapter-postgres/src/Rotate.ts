/**
 * Brings everything that rests sealed under the first master key, so that the others can be retired.
 *
 * Decides what is behind: every row whose key is not the first. It may be stopped and started again at any time, and run
 * beside a working server: a row that was written meanwhile is left as it is. What does not open is counted, left alone
 * and never handed on.
 */
import { Effect, Option, Redacted, Result, Stream } from "effect"
import { type RawBuilder, sql } from "kysely"
import type { Queries } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import { seal, unseal } from "./sealing/Envelope.ts"
import type { MasterKeys } from "./sealing/MasterKey.ts"
import { type SealedColumn, type SealedRow, sealedColumns } from "./sealing/SealedColumns.ts"

export interface Rotated {
  readonly resealed: number
  /** Rows that none of the keys opens. Retiring a key now changes nothing for them; they are lost already. */
  readonly failed: number
}

/** Rows read at once. */
const batchRows = 100

export const rotate = (db: Queries, keys: MasterKeys): Effect.Effect<Rotated, DatabaseError> =>
  Stream.fromIterable(sealedColumns).pipe(
    Stream.flatMap((table) => Stream.mapEffect(rowsBehind(db, keys, table), (row) => reseal(db, keys, table, row))),
    Stream.runFold((): Rotated => ({ resealed: 0, failed: 0 }), plus)
  )

const rowsBehind = (db: Queries, keys: MasterKeys, table: SealedColumn): Stream.Stream<SealedRow, DatabaseError> =>
  Stream.paginate(null as ReadonlyArray<string | number> | null, (after) =>
    Effect.map(
      db.rows(behind(table, keys, after)),
      (rows) =>
        [
          rows,
          rows.length < batchRows ? Option.none() : Option.map(Option.fromUndefinedOr(rows.at(-1)), keyOf(table))
        ] as const
    )
  )

/** The cast: a key's columns hold nothing else. */
const keyOf =
  (table: SealedColumn) =>
  (row: SealedRow): ReadonlyArray<string | number> =>
    table.keys.map((column) => row[column] as string | number)

const columns = (names: ReadonlyArray<string>): RawBuilder<unknown> => sql.join(names.map((name) => sql.ref(name)))

const behind = (
  table: SealedColumn,
  [first]: MasterKeys,
  after: ReadonlyArray<string | number> | null
): RawBuilder<SealedRow> => sql`
  select ${columns([...table.keys, ...table.others])}, sealed from ${sql.table(table.name)}
  where key_id <> ${first.id} ${after === null ? sql`` : sql`and (${columns(table.keys)}) > (${sql.join(after)})`}
  order by ${columns(table.keys)} limit ${batchRows}::int`

const reseal = Effect.fnUntraced(function* (
  db: Queries,
  keys: MasterKeys,
  table: SealedColumn,
  row: SealedRow
): Effect.fn.Return<Rotated, DatabaseError> {
  const place = table.placeOf(row)
  const opened = unseal(keys, place, row.sealed)
  if (Result.isFailure(opened)) return { resealed: 0, failed: 1 }
  const sealed = seal(keys, place, Redacted.value(opened.success))
  const isRow = sql.join(
    table.keys.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
    sql` and `
  )
  const written = yield* db.rows(sql`
    update ${sql.table(table.name)} set key_id = ${sealed.keyId}::text, sealed = ${sealed.bytes}::bytea
    where ${isRow} and sealed = ${row.sealed}::bytea returning 1`)
  return { resealed: written.length, failed: 0 }
})

const plus = (a: Rotated, b: Rotated): Rotated => ({ resealed: a.resealed + b.resealed, failed: a.failed + b.failed })

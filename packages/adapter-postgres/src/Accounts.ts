/**
 * The reference server's Accounts port on one database.
 * Decides nothing itself: users and keys, idempotency records and consent states are seen to in `accounts/`.
 */
import type { Instant } from "@punctual/core"
import { Accounts, revokedKeptMillis } from "@punctual/core/accounts"
import { Effect, Layer } from "effect"
import { type RawBuilder, sql } from "kysely"
import { idempotency } from "./accounts/Idempotency.ts"
import { consents } from "./accounts/Consents.ts"
import { asPortError } from "./accounts/PortError.ts"
import { usersAndKeys } from "./accounts/Users.ts"
import { Database } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import { toInstant } from "./rows/Column.ts"
import type { MasterKeys } from "./sealing/MasterKey.ts"

/** Over a database whose schema is up to date. */
export const layer = (keys: MasterKeys): Layer.Layer<Accounts, never, Database> =>
  Layer.effect(
    Accounts,
    Effect.map(Database, (db) => make(db, keys))
  )

export const make = (db: Database["Service"], keys: MasterKeys): Accounts["Service"] =>
  Accounts.of({
    ...usersAndKeys(db, asPortError),
    ...idempotency(db, keys, asPortError),
    ...consents(db, keys, asPortError),
    purge: (now) =>
      Effect.forEach(overAt(now), (over) => removeAll(db, over), { discard: true }).pipe(asPortError("purge"))
  })

interface Over {
  readonly table: RawBuilder<unknown>
  readonly isOver: RawBuilder<unknown>
}

/** Of each table the rows whose time is over. */
const overAt = (now: Instant): ReadonlyArray<Over> => [
  { table: sql.table("punctual.idempotency_keys"), isOver: sql`keep_until <= ${toInstant(now)}::bigint` },
  { table: sql.table("punctual.consents"), isOver: sql`expires_at <= ${toInstant(now)}::bigint` },
  { table: sql.table("punctual.api_keys"), isOver: sql`revoked_at <= ${toInstant(now - revokedKeptMillis)}::bigint` }
]

/** Rows removed by one statement. */
const batchMax = 5_000

const removeAll = (db: Database["Service"], { isOver, table }: Over): Effect.Effect<unknown, DatabaseError> => {
  const some = db.rows(sql`
    delete from ${table} where ctid = any(array(select ctid from ${table} where ${isOver} limit ${batchMax}::int))
    returning 1`)
  return Effect.repeat(some, { while: ({ length }) => length >= batchMax })
}

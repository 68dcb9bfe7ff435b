/**
 * The reference server's Accounts port on one database.
 * Decides nothing itself: users and keys, idempotency records and consent states are seen to in `accounts/`.
 */
import { Accounts } from "@punctual/core/accounts"
import { Effect, Layer } from "effect"
import { sql } from "kysely"
import { idempotency } from "./accounts/Idempotency.ts"
import { consents } from "./accounts/Consents.ts"
import { asPortError } from "./accounts/PortError.ts"
import { usersAndKeys } from "./accounts/Users.ts"
import { Database } from "./database/Database.ts"
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
      db
        .rows(
          sql`with keys as (delete from punctual.idempotency_keys where keep_until <= ${toInstant(now)}::bigint)
            delete from punctual.consents where expires_at <= ${toInstant(now)}::bigint`
        )
        .pipe(Effect.asVoid, asPortError("purge"))
  })

/**
 * Which master keys something rests under, and how much. Reads no secret.
 */
import type { Effect } from "effect"
import { sql } from "kysely"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"

export interface KeyInUse {
  readonly keyId: string
  readonly secrets: number
}

export const keysInUse = (db: Queries): Effect.Effect<ReadonlyArray<KeyInUse>, DatabaseError> =>
  db.rows<KeyInUse>(sql`
    select key_id as "keyId", count(*)::int as secrets from (
      select key_id from punctual.secrets
      union all select key_id from punctual.idempotency_keys where key_id is not null
      union all select key_id from punctual.consents
    ) sealed group by key_id order by key_id`)

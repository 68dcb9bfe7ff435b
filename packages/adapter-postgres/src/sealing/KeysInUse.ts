/**
 * Which master keys something rests under, and how much. Reads no secret.
 */
import { Effect } from "effect"
import { sql } from "kysely"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"

export interface KeyInUse {
  readonly keyId: string
  /** Credentials and what else rests sealed. */
  readonly secrets: number
  /** Of these. */
  readonly credentials: number
}

export const keysInUse = (db: Queries): Effect.Effect<ReadonlyArray<KeyInUse>, DatabaseError> =>
  db.rows<KeyInUse>(sql`
    select key_id as "keyId", count(*)::int as secrets, count(*) filter (where is_credential)::int as credentials from (
      select key_id, true as is_credential from punctual.secrets
      union all select key_id, false from punctual.idempotency_keys where key_id is not null
      union all select key_id, false from punctual.consents
    ) sealed group by key_id order by key_id`)

/** Takes out what rests under keys that are lost, and counts the credentials among it. */
export const forgetKeys = (db: Queries, keyIds: ReadonlyArray<string>): Effect.Effect<number, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly credentials: number }>(sql`
      with forgotten as (delete from punctual.secrets where key_id = any(${keyIds}::text[]) returning 1),
        answers as (delete from punctual.idempotency_keys where key_id = any(${keyIds}::text[])),
        sign_ins as (delete from punctual.consents where key_id = any(${keyIds}::text[]))
      select count(*)::int as credentials from forgotten`),
    ([row]) => row?.credentials ?? 0
  )

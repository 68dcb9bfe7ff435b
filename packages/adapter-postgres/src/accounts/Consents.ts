/**
 * Sign-ins under way: states that one caller alone may take.
 */
import type { UserId } from "@punctual/core"
import { type Accounts, AccountsUnavailable } from "@punctual/core/accounts"
import { Effect, Option, Redacted, Result } from "effect"
import { sql } from "kysely"
import type { Queries } from "../database/Database.ts"
import { fromText, toInstant, toText } from "../rows/Column.ts"
import { seal, unseal } from "../sealing/Envelope.ts"
import type { MasterKeys } from "../sealing/MasterKey.ts"
import { placeOfVerifier } from "../sealing/SealedColumns.ts"
import type { AsPortError } from "./PortError.ts"

type Shape = Accounts["Service"]

interface ConsentRow {
  readonly user_id: string
  readonly expires_at: number
  readonly sealed: Uint8Array
}

export const consents = (db: Queries, keys: MasterKeys, asPortError: AsPortError) =>
  ({
    putConsent: ({ digest, expiresAt, userId, verifier }) => {
      const sealed = seal(keys, placeOfVerifier(digest, userId), verifier)
      return db
        .rows(
          sql`insert into punctual.consents (digest, user_id, expires_at, key_id, sealed)
            values (${toText(digest)}, ${toText(userId)}, ${toInstant(expiresAt)}::bigint, ${sealed.keyId},
              ${sealed.bytes}::bytea)
            on conflict (digest) do update set user_id = excluded.user_id, expires_at = excluded.expires_at,
              key_id = excluded.key_id, sealed = excluded.sealed`
        )
        .pipe(Effect.asVoid, asPortError("putConsent"))
    },
    takeConsent: Effect.fnUntraced(function* (digest: string, now: number) {
      const [row] = yield* db.rows<ConsentRow>(
        sql`delete from punctual.consents where digest = ${toText(digest)} returning user_id, expires_at, sealed`
      )
      if (row === undefined || row.expires_at <= now) return Option.none()
      const userId = fromText(row.user_id) as UserId
      const verifier = unseal(keys, placeOfVerifier(digest, userId), row.sealed)
      if (Result.isFailure(verifier)) {
        const detail = "a stored verifier does not open with the present master keys"
        return yield* new AccountsUnavailable({ operation: "takeConsent", detail })
      }
      return Option.some({ userId, verifier: Redacted.value(verifier.success) })
    }, asPortError("takeConsent"))
  }) satisfies Partial<Shape>

/**
 * The columns that rest sealed.
 *
 * Decides which there are, and the place that each text is bound to: one opens in its own row alone.
 */
import type { ConnectionId, ConnectionRef, UserId } from "@punctual/core"
import type { IdempotencyKey } from "@punctual/core/accounts"
import { fromText } from "../rows/Column.ts"
import type { Place } from "./Envelope.ts"

/** The instant is part of the place: whoever turns it back in the row, to let an older token in, spoils the entry. */
export const placeOfCredentials = (ref: ConnectionRef, obtainedAt: number): Place => [
  "credentials",
  ref.userId,
  ref.connectionId,
  ref.generation,
  ref.version,
  obtainedAt
]

export const placeOfAnswer = ({ key, route, userId }: IdempotencyKey): Place => ["answer", userId, route, key]

export const placeOfVerifier = (digest: string, userId: UserId): Place => ["verifier", digest, userId]

/** A row with a sealed text, as it is read to be sealed again. */
export interface SealedRow {
  readonly [column: string]: string | number | Uint8Array
  readonly sealed: Uint8Array
}

/** The column `sealed` of one table. */
export interface SealedColumn {
  readonly name: string
  /** The columns of its primary key. */
  readonly keys: ReadonlyArray<string>
  /** Columns that the place is made from besides. */
  readonly others: ReadonlyArray<string>
  readonly placeOf: (row: SealedRow) => Place
}

export const sealedColumns: ReadonlyArray<SealedColumn> = [
  {
    name: "punctual.secrets",
    keys: ["user_id", "connection_id", "generation", "version"],
    others: ["obtained_at"],
    placeOf: (row) =>
      placeOfCredentials(
        {
          userId: text(row, "user_id") as UserId,
          connectionId: text(row, "connection_id") as ConnectionId,
          generation: Number(row["generation"]),
          version: Number(row["version"])
        },
        Number(row["obtained_at"])
      )
  },
  {
    name: "punctual.idempotency_keys",
    keys: ["user_id", "route", "key"],
    others: [],
    placeOf: (row) =>
      placeOfAnswer({ userId: text(row, "user_id") as UserId, route: text(row, "route"), key: text(row, "key") })
  },
  {
    name: "punctual.consents",
    keys: ["digest"],
    others: ["user_id"],
    placeOf: (row) => placeOfVerifier(text(row, "digest"), text(row, "user_id") as UserId)
  }
]

const text = (row: SealedRow, column: string): string => fromText(String(row[column]))

/**
 * The Secrets port on one database: credentials sealed in rows.
 *
 * Decides what replaces what. An entry of a generation that the connection has left behind is not written any more: a
 * token that was refreshed while its connection was disconnected leaves nothing behind. Never logs, and hands out
 * credentials wrapped only.
 */
import {
  type ConnectionRef,
  type Credentials,
  DecryptFailed,
  Secrets,
  SecretsError,
  SecretsUnavailable,
  TooLarge
} from "@punctual/core"
import { Effect, Layer, Option, Redacted, Result } from "effect"
import { sql } from "kysely"
import { Database, type Queries } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import { toInstant, toJson, toText } from "./rows/Column.ts"
import { seal, unseal } from "./sealing/Envelope.ts"
import type { MasterKeys } from "./sealing/MasterKey.ts"
import { placeOfCredentials } from "./sealing/SealedColumns.ts"

/** Refresh tokens have no promised length; the longest seen are some kilobytes. */
const credentialsBytesMax = 65_536

/** Over a database whose schema is up to date. */
export const layer = (keys: MasterKeys): Layer.Layer<Secrets, never, Database> =>
  Layer.effect(
    Secrets,
    Effect.map(Database, (db) => make(db, keys))
  )

export const make = (db: Queries, keys: MasterKeys): Secrets["Service"] =>
  Secrets.of({
    put: (ref, credentials) => put(db, keys, ref, Redacted.value(credentials)),
    get: (ref) => get(db, keys, ref),
    erase: (ref) => erase(db.rows(sql`delete from punctual.secrets where ${isAt(ref)}`)),
    eraseAll: ({ generation, id, userId }) =>
      erase(
        db.rows(sql`
          delete from punctual.secrets where user_id = ${toText(userId)} and connection_id = ${toText(id)}
            and generation <= ${generation}::bigint`)
      )
  })

const isAt = ({ connectionId, generation, userId, version }: ConnectionRef) => sql`(
  user_id = ${toText(userId)} and connection_id = ${toText(connectionId)} and generation = ${generation}::bigint
  and version = ${version}::bigint)`

const put = Effect.fnUntraced(function* (
  db: Queries,
  keys: MasterKeys,
  ref: ConnectionRef,
  credentials: Credentials
): Effect.fn.Return<void, SecretsError> {
  const text = toJson(credentials)
  const bytes = Buffer.byteLength(text)
  if (bytes > credentialsBytesMax) {
    return yield* new SecretsError({ operation: "put", reason: new TooLarge({ bytes, bytesMax: credentialsBytesMax }) })
  }
  const obtainedAt = toInstant(credentials.obtainedAt)
  const sealed = seal(keys, placeOfCredentials(ref, obtainedAt), text)
  const user = sql`${toText(ref.userId)}::text`
  const connection = sql`${toText(ref.connectionId)}::text`
  const generation = sql`${ref.generation}::bigint`
  yield* unavailable(
    "put",
    db.rows(sql`
      insert into punctual.secrets as t (user_id, connection_id, generation, version, obtained_at, key_id, sealed)
      select ${user}, ${connection}, ${generation}, ${ref.version}::bigint, ${obtainedAt}::bigint, ${sealed.keyId}::text,
        ${sealed.bytes}::bytea
      where not exists (
        select 1 from punctual.connections k
        where k.user_id = ${user} and k.id = ${connection} and k.generation > ${generation})
      on conflict (user_id, connection_id, generation, version) do update
      set obtained_at = excluded.obtained_at, key_id = excluded.key_id, sealed = excluded.sealed
      where t.obtained_at <= excluded.obtained_at`)
  )
})

interface SecretRow {
  readonly obtained_at: number
  readonly sealed: Uint8Array
}

const get = Effect.fnUntraced(function* (
  db: Queries,
  keys: MasterKeys,
  ref: ConnectionRef
): Effect.fn.Return<Option.Option<Redacted.Redacted<Credentials>>, SecretsError> {
  const [row] = yield* unavailable(
    "get",
    db.rows<SecretRow>(sql`
      select obtained_at, sealed from punctual.secrets where ${isAt(ref)}`)
  )
  if (row === undefined) return Option.none()
  const opened = Result.flatMap(unseal(keys, placeOfCredentials(ref, row.obtained_at), row.sealed), parse)
  if (Result.isFailure(opened)) return yield* new SecretsError({ operation: "get", reason: opened.failure })
  return Option.some(opened.success)
})

/** What opened is what `put` sealed; the parse can fail only if that was no JSON, and then it was not ours. */
const parse = (text: Redacted.Redacted<string>): Result.Result<Redacted.Redacted<Credentials>, DecryptFailed> =>
  Result.try({
    try: () => Redacted.make(JSON.parse(Redacted.value(text)) as Credentials),
    catch: () => new DecryptFailed()
  })

const erase = (deletion: Effect.Effect<unknown, DatabaseError>): Effect.Effect<void, SecretsError> =>
  unavailable("erase", Effect.asVoid(deletion))

const unavailable = <A>(
  operation: SecretsError["operation"],
  effect: Effect.Effect<A, DatabaseError>
): Effect.Effect<A, SecretsError> =>
  Effect.mapError(
    effect,
    (cause) => new SecretsError({ operation, reason: new SecretsUnavailable({ message: cause.message, cause }) })
  )

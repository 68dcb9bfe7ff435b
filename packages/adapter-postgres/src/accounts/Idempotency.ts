/**
 * Idempotency records: who runs a request, and what was answered before.
 * Decides who begins where several race. Answers rest sealed, since some of them hold a new key.
 */
import {
  type Accounts,
  AccountsUnavailable,
  type IdempotencyKey,
  type IdempotencyStart,
  type StoredAnswers
} from "@punctual/core/accounts"
import { Effect, Redacted, Result } from "effect"
import { type RawBuilder, sql } from "kysely"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { toInstant, toText } from "../rows/Column.ts"
import { seal, unseal } from "../sealing/Envelope.ts"
import type { MasterKeys } from "../sealing/MasterKey.ts"
import type { AsPortError } from "./PortError.ts"
import { placeOfAnswer } from "../sealing/SealedColumns.ts"

type Shape = Accounts["Service"]

export const idempotency = (db: Queries, keys: MasterKeys, asPortError: AsPortError) =>
  ({
    begin: (key, request) => begin(db, keys, key, request).pipe(asPortError("begin")),
    finish: (key, { body, keepUntil, leaseUntil, status }) => {
      const sealed = seal(keys, placeOfAnswer(key), body)
      return db
        .rows(
          sql`update punctual.idempotency_keys set status = ${status}::int, key_id = ${sealed.keyId}::text,
            sealed = ${sealed.bytes}::bytea, keep_until = ${toInstant(keepUntil)}::bigint
            where ${isKey(key)} and lease_until = ${toInstant(leaseUntil)}::bigint`
        )
        .pipe(Effect.asVoid, asPortError("finish"))
    },
    storedAnswers: (userId, now) =>
      db
        .rows<StoredAnswers>(
          sql`select count(sealed)::int as count, coalesce(sum(octet_length(sealed)), 0)::int as bytes
            from punctual.idempotency_keys
            where user_id = ${toText(userId)} and keep_until > ${toInstant(now)}::bigint`
        )
        .pipe(
          Effect.map(([row]) => row ?? { count: 0, bytes: 0 }),
          asPortError("storedAnswers")
        ),
    abandon: (key, leaseUntil) =>
      db
        .rows(
          sql`delete from punctual.idempotency_keys
            where ${isKey(key)} and lease_until = ${toInstant(leaseUntil)}::bigint`
        )
        .pipe(Effect.asVoid, asPortError("abandon"))
  }) satisfies Partial<Shape>

type Request = Parameters<Shape["begin"]>[1]

interface Begun {
  readonly digest: string
  readonly status: number | null
  readonly sealed: Uint8Array | null
}

/** Between taking and looking the record may go, when its owner abandons it: then there is something to take. */
const looksMax = 5

const begin = Effect.fnUntraced(function* (
  db: Queries,
  keys: MasterKeys,
  key: IdempotencyKey,
  request: Request
): Effect.fn.Return<IdempotencyStart, DatabaseError | AccountsUnavailable> {
  for (let looks = 0; looks < looksMax; looks++) {
    const [taken] = yield* db.rows<{ readonly is_rerun: boolean }>(takeQuery(key, request))
    if (taken !== undefined) return { kind: "started", isRerun: taken.is_rerun }
    const [begun] = yield* db.rows<Begun>(sql`
      select digest, status, sealed from punctual.idempotency_keys
      where ${isKey(key)} and keep_until > ${toInstant(request.now)}::bigint`)
    if (begun === undefined) continue
    if (begun.digest !== toText(request.digest)) return { kind: "mismatch" }
    if (begun.status === null || begun.sealed === null) return { kind: "in_progress" }
    const body = unseal(keys, placeOfAnswer(key), begun.sealed)
    if (Result.isFailure(body)) return yield* unavailable("a stored answer does not open with the present master keys")
    return { kind: "done", status: begun.status, body: Redacted.value(body.success) }
  }
  return yield* unavailable("an idempotency key changed hands too often")
})

/** New, expired, or begun for the same request by somebody whose lease is over. */
const takeQuery = (
  key: IdempotencyKey,
  { digest, keepUntil, leaseUntil, now }: Request
): RawBuilder<{ readonly is_rerun: boolean }> => sql`
  insert into punctual.idempotency_keys as t (user_id, route, key, digest, lease_until, keep_until)
  values (${toText(key.userId)}, ${toText(key.route)}, ${toText(key.key)}, ${toText(digest)},
    ${toInstant(leaseUntil)}::bigint, ${toInstant(keepUntil)}::bigint)
  on conflict (user_id, route, key) do update set digest = excluded.digest, lease_until = excluded.lease_until,
    keep_until = excluded.keep_until, is_rerun = t.keep_until > ${toInstant(now)}::bigint, status = null,
    key_id = null, sealed = null
  where t.keep_until <= ${toInstant(now)}::bigint
    or (t.status is null and t.lease_until <= ${toInstant(now)}::bigint and t.digest = excluded.digest)
  returning is_rerun`

const isKey = ({ key, route, userId }: IdempotencyKey): RawBuilder<unknown> =>
  sql`user_id = ${toText(userId)} and route = ${toText(route)} and key = ${toText(key)}`

const unavailable = (detail: string): Effect.Effect<never, AccountsUnavailable> =>
  Effect.fail(new AccountsUnavailable({ operation: "begin", detail }))

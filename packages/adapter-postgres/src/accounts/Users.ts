/**
 * Users and their API keys.
 * Decides who a key belongs to, by its digest alone. Never sees a key.
 */
import type { UserId } from "@punctual/core"
import type { Accounts, ApiKey, User } from "@punctual/core/accounts"
import { Effect, Option } from "effect"
import { sql } from "kysely"
import type { Database, Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { fromText, toInstant, toInstantOrNull, toText } from "../rows/Column.ts"
import type { AsPortError } from "./PortError.ts"

type Shape = Accounts["Service"]

export const usersAndKeys = (db: Database["Service"], asPortError: AsPortError) => ({
  ...users(db, asPortError),
  ...keys(db, asPortError)
})

const users = (db: Database["Service"], asPortError: AsPortError) =>
  ({
    createUser: (user, key) =>
      db
        .transaction((tx) => Effect.andThen(putUser(tx, user), key === null ? Effect.void : putKey(tx, key)))
        .pipe(
          Effect.as(true),
          // A key's digest is unique too: which of the two it was, the rows tell.
          Effect.catch((error) =>
            error.isTaken ? Effect.flatMap(isNameTaken(db, user), stillFailing(error)) : Effect.fail(error)
          ),
          asPortError("createUser")
        ),
    // What has expired of stored answers and sign-ins goes by itself; what has not goes here.
    eraseUser: (userId) =>
      db
        .transaction(
          Effect.fnUntraced(function* (tx) {
            for (const table of ["api_keys", "idempotency_keys", "consents"]) {
              yield* tx.rows(sql`delete from ${sql.table(`punctual.${table}`)} where user_id = ${toText(userId)}`)
            }
            return yield* tx.rows(sql`delete from punctual.users where id = ${toText(userId)} returning id`)
          })
        )
        .pipe(
          Effect.map((rows) => rows.length > 0),
          asPortError("eraseUser")
        ),
    user: (userId) =>
      db.rows<UserRow>(sql`select ${userColumns} from punctual.users u where u.id = ${toText(userId)}`).pipe(
        Effect.map(([row]) => Option.map(Option.fromUndefinedOr(row), toUser)),
        asPortError("user")
      ),
    users: (after, limit) =>
      db
        .rows<UserRow>(
          sql`select ${userColumns} from punctual.users u where u.id > ${toText(after ?? "")}
            order by u.id limit ${limit}::int`
        )
        .pipe(
          Effect.map((rows) => rows.map(toUser)),
          asPortError("users")
        )
  }) satisfies Partial<Shape>

const keys = (db: Database["Service"], asPortError: AsPortError) =>
  ({
    addKey: (key) => putKey(db, key).pipe(Effect.asVoid, asPortError("addKey")),
    keys: (userId) =>
      db
        .rows<KeyRow>(
          sql`select ${keyColumns} from punctual.api_keys k where k.user_id = ${toText(userId)}
            order by k.created_at, k.id`
        )
        .pipe(
          Effect.map((rows) => rows.map(toKey)),
          asPortError("keys")
        ),
    revokeKey: (userId, keyId, now) =>
      db
        .rows(
          sql`update punctual.api_keys set revoked_at = coalesce(revoked_at, ${toInstant(now)}::bigint)
            where id = ${toText(keyId)} and user_id = ${toText(userId)} returning id`
        )
        .pipe(
          Effect.map((rows) => rows.length > 0),
          asPortError("revokeKey")
        ),
    findKey: (digest) =>
      db
        .rows<KeyRow & UserRow>(
          sql`select ${keyColumns}, ${userColumns} from punctual.api_keys k
            join punctual.users u on u.id = k.user_id
            where k.digest = ${toText(digest)} and k.revoked_at is null`
        )
        .pipe(
          Effect.map(([row]) =>
            Option.map(Option.fromUndefinedOr(row), (found) => ({ key: toKey(found), user: toUser(found) }))
          ),
          asPortError("findKey")
        )
  }) satisfies Partial<Shape>

interface UserRow {
  readonly user_id: string
  readonly workspace_id: string
  readonly user_name: string | null
  readonly external_id: string | null
  readonly user_created_at: number
}

const userColumns = sql.raw(`u.id as user_id, u.workspace_id, u.name as user_name, u.external_id,
  u.created_at as user_created_at`)

const toUser = (row: UserRow): User => ({
  id: fromText(row.user_id) as UserId,
  workspaceId: fromText(row.workspace_id),
  name: row.user_name === null ? null : fromText(row.user_name),
  externalId: row.external_id === null ? null : fromText(row.external_id),
  createdAt: row.user_created_at
})

interface KeyRow {
  readonly key_id: string
  readonly key_user_id: string
  readonly digest: string
  readonly prefix: string
  readonly key_created_at: number
  readonly revoked_at: number | null
}

const keyColumns = sql.raw(
  `k.id as key_id, k.user_id as key_user_id, k.digest, k.prefix, k.created_at as key_created_at, k.revoked_at`
)

const toKey = (row: KeyRow): ApiKey => ({
  id: fromText(row.key_id),
  userId: fromText(row.key_user_id) as UserId,
  digest: fromText(row.digest),
  prefix: fromText(row.prefix),
  createdAt: row.key_created_at,
  revokedAt: row.revoked_at
})

const putUser = (db: Queries, user: User): Effect.Effect<unknown, DatabaseError> =>
  db.rows(sql`
    insert into punctual.users (id, workspace_id, name, external_id, created_at)
    values (${toText(user.id)}, ${toText(user.workspaceId)}, ${toText(user.name)}, ${toText(user.externalId)},
      ${toInstant(user.createdAt)}::bigint)
    on conflict (id) do update set workspace_id = excluded.workspace_id, name = excluded.name,
      external_id = excluded.external_id, created_at = excluded.created_at`)

const isNameTaken = (db: Queries, user: User): Effect.Effect<boolean, DatabaseError> =>
  user.externalId === null
    ? Effect.succeed(false)
    : Effect.map(
        db.rows(sql`select 1 from punctual.users where workspace_id = ${toText(user.workspaceId)}
          and external_id = ${toText(user.externalId)}::text and id <> ${toText(user.id)}`),
        (rows) => rows.length > 0
      )

const stillFailing =
  (error: DatabaseError) =>
  (isTaken: boolean): Effect.Effect<boolean, DatabaseError> =>
    isTaken ? Effect.succeed(false) : Effect.fail(error)

const putKey = (db: Queries, key: ApiKey): Effect.Effect<unknown, DatabaseError> =>
  db.rows(sql`
    insert into punctual.api_keys (id, user_id, digest, prefix, created_at, revoked_at)
    values (${toText(key.id)}, ${toText(key.userId)}, ${toText(key.digest)}, ${toText(key.prefix)},
      ${toInstant(key.createdAt)}::bigint, ${toInstantOrNull(key.revokedAt)}::bigint)
    on conflict (id) do update set user_id = excluded.user_id, digest = excluded.digest, prefix = excluded.prefix,
      created_at = excluded.created_at, revoked_at = excluded.revoked_at`)

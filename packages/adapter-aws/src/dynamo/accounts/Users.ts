/**
 * Users and their API keys.
 * Decides who a key belongs to, by its digest alone. Never sees a key.
 *
 * A digest leads to a key's row, and the row has the last word: one that was revoked, or given another digest since, is
 * not found by it. Users lie in shards that are asked one by one, so that their list needs no index and is consistent.
 */
import type { UserId } from "@punctual/core"
import { type Accounts, type ApiKey, type User, revokedKeptMillis } from "@punctual/core/accounts"
import { Effect, Option } from "effect"
import { createHash } from "node:crypto"
import type { Item, Key } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import { shardOf, shards } from "../table/TableDefinition.ts"
import { keysOf, pointerKey, waiting } from "./Expiry.ts"
import { asPortError } from "./PortError.ts"

type Shape = Accounts["Service"]

export const usersAndKeys = (table: Table) =>
  ({
    createUser: (user, key) =>
      table.transact([...nameClaims(user), { put: userItem(user) }, ...(key === null ? [] : keyPuts(key))]).pipe(
        Effect.as(true),
        Effect.catchIf(
          ({ kind }) => kind === "condition",
          () => Effect.succeed(false)
        ),
        asPortError("createUser")
      ),
    // The user last: until then it is found, and erasing it can be asked for again.
    eraseUser: Effect.fnUntraced(function* (userId: UserId) {
      const item = yield* table.get(userKey(userId))
      if (item === null) return false
      const keys = (yield* table.partition(keysOf(userId), null, Infinity)).map(toKey)
      yield* table.writeMany(keys.flatMap((key) => keyItems(key).map(({ pk, sk }) => ({ remove: { pk, sk } }))))
      for (const claim of nameClaims(toUser(item))) yield* table.deleteIf(nameKey(claim.put), claim.condition)
      yield* table.deleteIf(userKey(userId), null)
      return true
    }, asPortError("eraseUser")),
    user: (userId) =>
      table.get(userKey(userId)).pipe(
        Effect.map((item) => Option.map(Option.fromNullishOr(item), toUser)),
        asPortError("user")
      ),
    users: (after, limit) =>
      Effect.forEach(
        Array.from({ length: shards }, (_, shard) => `USERS#${shard}`),
        (pk) => table.partition(pk, after, limit),
        { concurrency: shards }
      ).pipe(
        Effect.map((found) => found.flat().map(toUser).toSorted(byId).slice(0, limit)),
        asPortError("users")
      ),
    addKey: (key) => table.transact(keyPuts(key)).pipe(asPortError("addKey")),
    keys: (userId) =>
      table.partition(keysOf(userId), null, Infinity).pipe(
        Effect.map((found) => found.map(toKey).toSorted((a, b) => a.createdAt - b.createdAt || byId(a, b))),
        asPortError("keys")
      ),
    // The first instant of revoking stays, so that asking again changes nothing.
    revokeKey: (userId, keyId, now) => {
      const pk = keysOf(userId)
      const { ipk, isk } = waiting(pk, now + revokedKeptMillis)
      const first = (...names: ReadonlyArray<string>) =>
        names.map((name) => `${name} = if_not_exists(${name}, :${name})`).join(", ")
      return table
        .updateIf({ pk, sk: keyId }, first("revokedAt", "ipk", "isk"), {
          expression: "attribute_exists(pk)",
          values: { ":revokedAt": now, ":ipk": ipk, ":isk": isk }
        })
        .pipe(
          Effect.map((item) => item !== null),
          asPortError("revokeKey")
        )
    },
    findKey: Effect.fnUntraced(function* (digest: string) {
      const pointer = digest === "" ? null : yield* table.get(pointerKey(digest))
      if (pointer === null) return Option.none()
      const userId = pointer["userId"] as UserId
      const [item = null, user = null] = yield* table.getMany([
        { pk: keysOf(userId), sk: pointer["keyId"] as string },
        userKey(userId)
      ])
      const key = item === null ? null : toKey(item)
      if (key === null || key.digest !== digest || key.revokedAt !== null) return Option.none()
      return Option.map(Option.fromNullishOr(user), (found) => ({ key, user: toUser(found) }))
    }, asPortError("findKey"))
  }) satisfies Partial<Shape>

const userKey = (userId: UserId): Key => ({ pk: `USERS#${shardOf(userId)}`, sk: userId })

/**
 * Holds a workspace's external id for one user. A name of any length, and with any characters, makes a key of one length.
 */
const nameClaims = ({ externalId, id, workspaceId }: User) => {
  if (externalId === null) return []
  const name = createHash("sha256")
    .update(JSON.stringify([workspaceId, externalId]))
    .digest("hex")
  const condition = { expression: "attribute_not_exists(pk) or userId = :user", values: { ":user": id } }
  return [{ put: { pk: `EXTERNAL#${name}`, sk: "-", userId: id }, condition }]
}

const nameKey = ({ pk, sk }: Key): Key => ({ pk, sk })

const userItem = (user: User) => ({
  ...userKey(user.id),
  workspaceId: user.workspaceId,
  name: user.name,
  ...(user.externalId === null ? {} : { externalId: user.externalId }),
  createdAt: user.createdAt
})

const toUser = (item: Item): User => ({
  id: item["sk"] as UserId,
  workspaceId: item["workspaceId"] as string,
  name: item["name"] as string | null,
  externalId: (item["externalId"] as string | undefined) ?? null,
  createdAt: item["createdAt"] as number
})

const keyItems = (key: ApiKey) => [
  { ...pointerKey(key.digest), userId: key.userId, keyId: key.id },
  {
    pk: keysOf(key.userId),
    sk: key.id,
    userId: key.userId,
    digest: key.digest,
    prefix: key.prefix,
    createdAt: key.createdAt,
    ...(key.revokedAt === null ? {} : { revokedAt: key.revokedAt })
  }
]

const keyPuts = (key: ApiKey) => keyItems(key).map((put) => ({ put }))

const toKey = (item: Item): ApiKey => ({
  id: item["sk"] as string,
  userId: item["userId"] as UserId,
  digest: item["digest"] as string,
  prefix: item["prefix"] as string,
  createdAt: item["createdAt"] as number,
  revokedAt: (item["revokedAt"] as number | undefined) ?? null
})

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0

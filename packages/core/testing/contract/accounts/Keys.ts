/**
 * What accounts promise about users and their keys. Uses the port alone.
 */
import { assert, type Vitest } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Accounts, type ApiKey, type User, revokedKeptMillis } from "../../../accounts/Accounts.ts"
import type { UserId } from "../../../src/domain/Ids.ts"
import { freshName, freshUserId } from "../../rows/Fresh.ts"

const now = 1_795_000_000_000

/** More than any suite leaves behind. */
const everyone = 100_000

export const cases = (it: Vitest.MethodsNonLive<Accounts>): void => {
  it.effect("MUST find a user and the first key as they were made", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const user = yield* freshUser
      const key = yield* freshKey(user.id)
      assert.deepStrictEqual(yield* accounts.user(user.id), Option.none())
      yield* accounts.createUser(user, key)
      assert.deepStrictEqual(yield* accounts.user(user.id), Option.some(user))
      assert.deepStrictEqual(yield* accounts.keys(user.id), [key])
      assert.deepStrictEqual(yield* accounts.findKey(key.digest), Option.some({ key, user }))
    })
  )

  it.effect("MUST make a user without a name and without a key", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const user = { ...(yield* freshUser), name: null }
      yield* accounts.createUser(user, null)
      assert.deepStrictEqual(yield* accounts.user(user.id), Option.some(user))
      assert.deepStrictEqual(yield* accounts.keys(user.id), [])
    })
  )

  it.effect("MUST list users by id, page by page", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const made = yield* Effect.all(Array.from({ length: 4 }, () => freshUser))
      for (const user of made) yield* accounts.createUser(user, null)
      const all = (yield* accounts.users(null, everyone)).map(({ id }) => id)
      assert.deepStrictEqual(all, all.toSorted())
      assert.includeMembers(
        all,
        made.map(({ id }) => id)
      )
      const page = yield* accounts.users(all[0] ?? null, 2)
      assert.deepStrictEqual(
        page.map(({ id }) => id),
        all.slice(1, 3)
      )
    })
  )

  it.effect("H4: MUST keep an external id to one user of a workspace, and write nothing of a second", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const externalId = `crm ${yield* freshName} ü`
      const first = { ...(yield* freshUser), externalId }
      const second = { ...(yield* freshUser), externalId }
      const key = yield* freshKey(second.id)
      assert.isTrue(yield* accounts.createUser(first, null))
      assert.isFalse(yield* accounts.createUser(second, key))
      assert.deepStrictEqual(yield* accounts.user(second.id), Option.none())
      assert.deepStrictEqual(yield* accounts.keys(second.id), [])
      assert.deepStrictEqual(yield* accounts.user(first.id), Option.some(first))
      // Made again it is the same user; another workspace, other names and no name at all are free.
      assert.isTrue(yield* accounts.createUser(first, null))
      assert.isTrue(yield* accounts.createUser({ ...second, workspaceId: `wsp_${second.id}` }, key))
      const third = { ...(yield* freshUser), externalId: externalId.toUpperCase() }
      assert.isTrue(yield* accounts.createUser(third, null))
      assert.isTrue(yield* accounts.createUser(yield* freshUser, null))
      assert.isTrue(yield* accounts.createUser(yield* freshUser, null))
    })
  )

  it.effect("H4: MUST erase a user with its keys, leave others, and free its external id", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const user = { ...(yield* freshUser), externalId: yield* freshName }
      const other = yield* freshUser
      const [one, two, theirs] = [yield* freshKey(user.id), yield* freshKey(user.id), yield* freshKey(other.id)]
      yield* accounts.createUser(user, one)
      yield* accounts.addKey(two)
      yield* accounts.createUser(other, theirs)
      assert.isTrue(yield* accounts.eraseUser(user.id))
      assert.isTrue(Option.isNone(yield* accounts.user(user.id)))
      assert.deepStrictEqual(yield* accounts.keys(user.id), [])
      for (const { digest } of [one, two]) assert.isTrue(Option.isNone(yield* accounts.findKey(digest)))
      assert.isFalse((yield* accounts.users(null, everyone)).some(({ id }) => id === user.id))
      assert.isTrue(Option.isSome(yield* accounts.findKey(theirs.digest)))
      assert.isFalse(yield* accounts.eraseUser(user.id))
      assert.isTrue(yield* accounts.createUser({ ...other, externalId: user.externalId }, null))
    })
  )

  it.effect("MUST find a key by its whole digest alone", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const user = yield* freshUser
      const key = yield* freshKey(user.id)
      yield* accounts.createUser(user, key)
      const others = ["", key.id, key.prefix, key.digest.slice(0, -1), `${key.digest}0`, key.digest.toUpperCase()]
      for (const other of others) assert.isTrue(Option.isNone(yield* accounts.findKey(other)), other)
    })
  )

  it.effect("MUST hold several keys of a user, each of its own", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const user = yield* freshUser
      const [first, second] = [yield* freshKey(user.id), yield* freshKey(user.id)]
      yield* accounts.createUser(user, first)
      yield* accounts.addKey(second)
      assert.sameDeepMembers([...(yield* accounts.keys(user.id))], [first, second])
      yield* accounts.revokeKey(user.id, first.id, now)
      assert.isTrue(Option.isNone(yield* accounts.findKey(first.digest)))
      assert.deepStrictEqual(yield* accounts.findKey(second.digest), Option.some({ key: second, user }))
    })
  )

  it.effect("MUST revoke a key once and for all; again is harmless", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const user = yield* freshUser
      const key = yield* freshKey(user.id)
      yield* accounts.createUser(user, key)
      assert.isTrue(yield* accounts.revokeKey(user.id, key.id, now + 5))
      assert.isTrue(yield* accounts.revokeKey(user.id, key.id, now + 9))
      assert.isTrue(Option.isNone(yield* accounts.findKey(key.digest)))
      assert.deepStrictEqual(yield* accounts.keys(user.id), [{ ...key, revokedAt: now + 5 }])
    })
  )

  it.effect("MUST list a key for 30 days after it was revoked, and no longer", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const user = yield* freshUser
      const [key, other] = [yield* freshKey(user.id), yield* freshKey(user.id)]
      yield* accounts.createUser(user, key)
      yield* accounts.addKey(other)
      yield* accounts.revokeKey(user.id, key.id, now)
      yield* accounts.revokeKey(user.id, key.id, now + 9)
      yield* accounts.purge(now + revokedKeptMillis - 1)
      assert.lengthOf(yield* accounts.keys(user.id), 2)
      yield* accounts.purge(now + revokedKeptMillis)
      assert.deepStrictEqual(yield* accounts.keys(user.id), [other])
      assert.isTrue(Option.isNone(yield* accounts.findKey(key.digest)))
      assert.isTrue(Option.isSome(yield* accounts.findKey(other.digest)))
      // One that is made anew is no revoked one.
      yield* accounts.addKey(key)
      assert.isTrue(Option.isSome(yield* accounts.findKey(key.digest)))
    })
  )

  it.effect("MUST revoke no key of another user, and none that is not there", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const [mine, theirs] = [yield* freshUser, yield* freshUser]
      const key = yield* freshKey(theirs.id)
      yield* accounts.createUser(mine, null)
      yield* accounts.createUser(theirs, key)
      assert.isFalse(yield* accounts.revokeKey(mine.id, key.id, now))
      assert.isFalse(yield* accounts.revokeKey(theirs.id, `${key.id}x`, now))
      assert.isTrue(Option.isSome(yield* accounts.findKey(key.digest)))
      assert.deepStrictEqual(yield* accounts.keys(mine.id), [])
    })
  )
}

const freshUser: Effect.Effect<User> = Effect.map(freshUserId, (id) => ({
  id,
  workspaceId: "wsp_1",
  name: "Zoë 🚀",
  externalId: null,
  createdAt: now
}))

const freshKey = (userId: UserId): Effect.Effect<ApiKey> =>
  Effect.map(freshName, (name) => ({
    id: `key_${name}`,
    userId,
    digest: Array.from(name, (letter) => letter.codePointAt(0)?.toString(16))
      .join("")
      .padEnd(64, "a"),
    prefix: `pk_${name.slice(0, 4)}`,
    createdAt: now,
    revokedAt: null
  }))

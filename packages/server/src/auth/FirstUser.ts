/**
 * The first user, for the key that the configuration names.
 *
 * Decides that there is one such user whatever the key is: a changed key is given to the same user, and the key that
 * stood in the configuration before stops working.
 */
import { Clock, Effect, Option, Redacted } from "effect"
import { Punctual, type StoreError, type UserId, type WorkspaceId } from "@punctual/core"
import { Accounts, type AccountsUnavailable } from "@punctual/core/accounts"
import { digestOf, makeKey } from "./ApiKey.ts"
import { nameFrom } from "./RandomId.ts"

/** Always the same. */
export const firstUserId = nameFrom("usr", "the first user") as UserId

/** What keys of the configuration are called, so that they are told from those made by hand. */
const keyPrefix = "key_env_"

export const ensureFirstUser = Effect.fnUntraced(function* (
  configured: Redacted.Redacted
): Effect.fn.Return<void, AccountsUnavailable | StoreError, Accounts | Punctual> {
  const accounts = yield* Accounts
  const now = yield* Clock.currentTimeMillis
  const text = Redacted.value(configured)
  const id = `${keyPrefix}${digestOf(text).slice(0, 20)}`
  if (Option.isSome(yield* accounts.findKey(digestOf(text)))) return yield* revokeOthers(accounts, id, now)
  const { key } = makeKey(firstUserId, now, { text, id })
  if (Option.isSome(yield* accounts.user(firstUserId))) yield* accounts.addKey(key)
  else {
    const workspaceId = nameFrom("wsp", "the first workspace")
    // Before it is known, as every user: see `Administration.ts`.
    yield* Punctual.use(({ joinWorkspace }) => joinWorkspace(firstUserId, workspaceId as WorkspaceId))
    yield* accounts.createUser(
      {
        id: firstUserId,
        workspaceId,
        name: "First user",
        externalId: null,
        createdAt: now
      },
      key
    )
  }
  yield* revokeOthers(accounts, id, now)
})

const revokeOthers = Effect.fnUntraced(function* (
  accounts: Accounts["Service"],
  current: string,
  now: number
): Effect.fn.Return<void, AccountsUnavailable> {
  const keys = yield* accounts.keys(firstUserId)
  const former = keys.filter(({ id, revokedAt }) => id.startsWith(keyPrefix) && id !== current && revokedAt === null)
  yield* Effect.forEach(former, ({ id }) => accounts.revokeKey(firstUserId, id, now), { discard: true })
})

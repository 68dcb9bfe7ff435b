/**
 * Users, keys and jobs, as whoever runs the server sees them: what the admin endpoints and the command line share.
 *
 * Decides the ids of what it makes: from the request's key where there is one, so that a request repeated after a crash
 * meets its own work instead of doing it twice. Who may ask is decided elsewhere.
 */
import { Clock, Context, Effect, Layer, Option } from "effect"
import { Punctual, type SecretsError, type StoreError, type UserId, type WorkspaceId } from "@punctual/core"
import { Accounts, type AccountsUnavailable, type ApiKey, type User } from "@punctual/core/accounts"
import type { JobName } from "../api/AdminApi.ts"
import { ExternalIdTaken } from "../api/Problems.ts"
import { type Counts, runJob } from "../workers/Jobs.ts"
import { type ErasedUser, eraseUser } from "./EraseUser.ts"
import { makeKey } from "./ApiKey.ts"
import { nameFrom, randomId } from "./RandomId.ts"

/** A key as it is told once. */
export interface GivenKey {
  readonly userId: string
  readonly keyId: string
  readonly apiKey: string
}

export interface GivenUser extends GivenKey {
  readonly workspaceId: string
}

/** Which request asks: `key` is its idempotency key; `isRerun` when an earlier run died before it answered. */
export interface Asking {
  readonly key: string | null
  readonly isRerun: boolean
}

/** A user to be made; null: none, or one of its own. */
export interface UserIntent {
  readonly name: string | null
  readonly workspace: string | null
  /** The host's own name for the user. */
  readonly externalId: string | null
}

type Failure = AccountsUnavailable | SecretsError | StoreError

export interface AdministrationShape<E> {
  readonly createUser: (intent: UserIntent, asking: Asking) => Effect.Effect<GivenUser, E | ExternalIdTaken>
  /** Everything of the user's, for good. */
  readonly eraseUser: (userId: string) => Effect.Effect<Option.Option<ErasedUser>, E>
  readonly users: (after: string | null, limit: number) => Effect.Effect<ReadonlyArray<User>, E>
  /** None: no such user; likewise above and below. */
  readonly createKey: (userId: string) => Effect.Effect<Option.Option<GivenKey>, E>
  readonly keys: (userId: string) => Effect.Effect<Option.Option<ReadonlyArray<ApiKey>>, E>
  /** False: no such key of that user. */
  readonly revokeKey: (userId: string, keyId: string) => Effect.Effect<boolean, E>
  readonly runJob: (job: JobName) => Effect.Effect<Counts, E>
}

export class Administration extends Context.Service<Administration, AdministrationShape<Failure>>()(
  "@punctual/server/auth/Administration"
) {}

export const layer: Layer.Layer<Administration, never, Accounts | Punctual> = Layer.effect(
  Administration,
  Effect.gen(function* () {
    const accounts = yield* Accounts
    const punctual = yield* Punctual
    const ifUser = <A, E>(userId: string, then: (id: UserId) => Effect.Effect<A, E>) =>
      Effect.flatMap(accounts.user(userId as UserId), (user) =>
        Option.isNone(user) ? Effect.succeedNone : Effect.asSome(then(user.value.id))
      )
    return Administration.of({
      createUser: (intent, asking) => createUser(accounts, punctual, intent, asking),
      eraseUser: (userId) => ifUser(userId, (id) => eraseUser(accounts, punctual, id)),
      users: (after, limit) => accounts.users(after as UserId | null, limit),
      createKey: (userId) => ifUser(userId, (id) => addKey(accounts, id)),
      keys: (userId) => ifUser(userId, accounts.keys),
      revokeKey: (userId, keyId) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => accounts.revokeKey(userId as UserId, keyId, now)),
      runJob: (job) => runJob(punctual, job)
    })
  })
)

/** In its workspace first, whose policy holds from the first meeting on: a user who is known has one. */
const createUser = Effect.fnUntraced(function* (
  accounts: Accounts["Service"],
  punctual: Punctual["Service"],
  { externalId, name, workspace }: UserIntent,
  asking: Asking
): Effect.fn.Return<GivenUser, AccountsUnavailable | ExternalIdTaken | StoreError> {
  const id = idFor("usr", asking) as UserId
  const existing = asking.isRerun ? yield* accounts.user(id) : Option.none()
  if (Option.isSome(existing)) {
    // The first run died after this: its key was never told to anyone, so another is given.
    return { ...(yield* addKey(accounts, id)), workspaceId: existing.value.workspaceId }
  }
  const createdAt = yield* Clock.currentTimeMillis
  const { key, text } = makeKey(id, createdAt)
  const workspaceId = workspace ?? idFor("wsp", asking)
  yield* punctual.joinWorkspace(id, workspaceId as WorkspaceId)
  const isMade = yield* accounts.createUser({ id, workspaceId, name, externalId, createdAt }, key)
  if (!isMade) {
    yield* punctual.joinWorkspace(id, null)
    return yield* new ExternalIdTaken({
      detail: "Another user of the workspace has this external_id: use that user, or choose another one."
    })
  }
  return { userId: id, workspaceId, keyId: key.id, apiKey: text }
})

const addKey = Effect.fnUntraced(function* (
  accounts: Accounts["Service"],
  userId: UserId
): Effect.fn.Return<GivenKey, AccountsUnavailable> {
  const { key, text } = makeKey(userId, yield* Clock.currentTimeMillis)
  yield* accounts.addKey(key)
  return { userId, keyId: key.id, apiKey: text }
})

const idFor = (kind: "usr" | "wsp", { key }: Asking): string =>
  key === null ? randomId(kind) : nameFrom(kind, `create user\n${key}`)

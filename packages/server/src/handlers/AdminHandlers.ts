/**
 * Users, keys and jobs, for the holder of the admin key. Translates between HTTP and accounts, and decides only the ids
 * of what it makes: from the idempotency key where there is one, so that a request repeated after a crash meets its own
 * work instead of doing it twice.
 */
import { Clock, Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Punctual, type UserId } from "@punctual/core"
import { Accounts, type AccountsUnavailable } from "@punctual/core/accounts"
import { Api } from "../api/Api.ts"
import { Attempt } from "../api/Middleware.ts"
import { NotFound, Unavailable } from "../api/Problems.ts"
import { makeKey } from "../auth/ApiKey.ts"
import { nameFrom, randomId } from "../auth/RandomId.ts"
import { runJob } from "../workers/Jobs.ts"
import { refusing } from "./Refusing.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "admin",
  Effect.fnUntraced(function* (handlers) {
    const accounts = yield* Accounts
    const punctual = yield* Punctual
    return handlers.handleAll({
      createUser: Effect.fnUntraced(function* ({ payload }) {
        const attempt = yield* Attempt
        const now = yield* Clock.currentTimeMillis
        const id = idFor("usr", attempt.key) as UserId
        const existing = attempt.isRerun ? yield* storing(accounts.user(id)) : Option.none()
        const { key, text } = makeKey(id, now)
        if (Option.isSome(existing)) {
          // The first run died after this: its key was never told to anyone, so another is given.
          yield* storing(accounts.addKey(key))
          return { user_id: id, workspace_id: existing.value.workspaceId, key_id: key.id, api_key: text }
        }
        const workspaceId = payload.workspace ?? idFor("wsp", attempt.key)
        yield* storing(accounts.createUser({ id, workspaceId, name: payload.name ?? null, createdAt: now }, key))
        return { user_id: id, workspace_id: workspaceId, key_id: key.id, api_key: text }
      }),
      createKey: Effect.fnUntraced(function* ({ params }) {
        const userId = params.user_id as UserId
        const user = yield* storing(accounts.user(userId))
        if (Option.isNone(user)) return yield* noSuchUser
        const { key, text } = makeKey(userId, yield* Clock.currentTimeMillis)
        yield* storing(accounts.addKey(key))
        return { user_id: userId, key_id: key.id, api_key: text }
      }),
      revokeKey: Effect.fnUntraced(function* ({ params }) {
        const now = yield* Clock.currentTimeMillis
        const isRevoked = yield* storing(accounts.revokeKey(params.user_id as UserId, params.key_id, now))
        if (!isRevoked) return yield* new NotFound({ detail: "No such key of that user." })
        return { user_id: params.user_id, key_id: params.key_id, revoked: true as const }
      }),
      runJob: ({ params }) =>
        runJob(punctual, params.job).pipe(
          refusing([]),
          Effect.map((counts) => ({ job: params.job, counts }))
        )
    })
  })
)

const noSuchUser = Effect.fail(new NotFound({ detail: "No such user." }))

const idFor = (kind: "usr" | "wsp", idempotencyKey: string | null): string =>
  idempotencyKey === null ? randomId(kind) : nameFrom(kind, `create user\n${idempotencyKey}`)

const storing = <A>(effect: Effect.Effect<A, AccountsUnavailable>): Effect.Effect<A, Unavailable> =>
  effect.pipe(
    Effect.tapError((error) => Effect.logWarning("accounts failed", error.operation, error.message)),
    Effect.mapError(() => new Unavailable({ detail: "Storage can't be reached right now. Try again shortly." }))
  )

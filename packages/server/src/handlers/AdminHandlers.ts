/**
 * Users, keys and jobs, for the holder of the admin key. Translates between HTTP and administration, and decides
 * nothing.
 */
import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { SecretsError, StoreError } from "@punctual/core"
import type { AccountsUnavailable } from "@punctual/core/accounts"
import { Api } from "../api/Api.ts"
import { Attempt } from "../api/Middleware.ts"
import { ExternalIdTaken, NotFound } from "../api/Problems.ts"
import { Administration, type GivenKey } from "../auth/Administration.ts"
import { orStorageAway } from "../http/StorageAway.ts"

/** Users listed at once. */
const usersPageSize = 100

export const layer = HttpApiBuilder.group(
  Api,
  "admin",
  Effect.fnUntraced(function* (handlers) {
    const administration = yield* Administration
    return handlers.handleAll({
      createUser: Effect.fnUntraced(function* ({ payload }) {
        const intent = {
          name: payload.name ?? null,
          workspace: payload.workspace ?? null,
          externalId: payload.external_id ?? null
        }
        const made = administration.createUser(intent, yield* Attempt)
        const user = yield* storing(Effect.catchTag(made, "external_id_taken", Effect.succeed))
        if (user instanceof ExternalIdTaken) return yield* user
        return { workspace_id: user.workspaceId, ...given(user) }
      }),
      listUsers: Effect.fnUntraced(function* ({ query }) {
        const users = yield* storing(administration.users(query.after ?? null, query.limit ?? usersPageSize))
        return {
          users: users.map(({ createdAt, externalId, id, name, workspaceId }) => ({
            user_id: id,
            workspace_id: workspaceId,
            name,
            external_id: externalId,
            created_at: createdAt
          }))
        }
      }),
      deleteUser: Effect.fnUntraced(function* ({ params }) {
        const erased = yield* found(administration.eraseUser(params.user_id))
        return {
          user_id: erased.userId,
          erased: true as const,
          events_deleted: erased.eventsDeleted,
          schedules_cancelled: erased.schedulesCancelled,
          subscription_stopped: erased.subscriptionsStopped
        }
      }),
      createKey: Effect.fnUntraced(function* ({ params }) {
        return given(yield* found(administration.createKey(params.user_id)))
      }),
      listKeys: Effect.fnUntraced(function* ({ params }) {
        const keys = yield* found(administration.keys(params.user_id))
        return {
          keys: keys.map(({ createdAt, id, prefix, revokedAt }) => ({
            key_id: id,
            prefix,
            created_at: createdAt,
            revoked_at: revokedAt
          }))
        }
      }),
      revokeKey: Effect.fnUntraced(function* ({ params }) {
        const isRevoked = yield* storing(administration.revokeKey(params.user_id, params.key_id))
        if (!isRevoked) return yield* new NotFound({ detail: "No such key of that user." })
        return { user_id: params.user_id, key_id: params.key_id, revoked: true as const }
      }),
      runJob: ({ params }) =>
        Effect.map(storing(administration.runJob(params.job)), (counts) => ({ job: params.job, counts }))
    })
  })
)

const given = ({ apiKey, keyId, userId }: GivenKey) => ({ user_id: userId, key_id: keyId, api_key: apiKey })

const found = <A>(effect: Effect.Effect<Option.Option<A>, Stored>) =>
  Effect.flatMap(storing(effect), (option) =>
    Option.isNone(option) ? Effect.fail(new NotFound({ detail: "No such user." })) : Effect.succeed(option.value)
  )

type Stored = AccountsUnavailable | SecretsError | StoreError

const storing = orStorageAway("storage failed")

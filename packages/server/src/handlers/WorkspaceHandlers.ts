/**
 * Policies of workspaces, for the holder of the admin key. Translates between HTTP and `rules/`, and decides nothing.
 */
import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Punctual, type StoreError } from "@punctual/core"
import { Api } from "../api/Api.ts"
import { WorkspaceNotFound } from "../api/Problems.ts"
import { orStorageAway } from "../http/StorageAway.ts"
import { policyPreviewOfUsers } from "./PolicyPreviewOfUsers.ts"
import { workspacePolicies } from "../rules/WorkspacePolicies.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "workspace",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const policies = workspacePolicies(punctual)
    return handlers.handleAll({
      policy: ({ params }) => found(policies.policy(params.workspace_id)),
      setPolicy: ({ params, payload }) =>
        policies.setPolicy(params.workspace_id, payload).pipe(
          // As a defect: the problem is declared by what validates requests, and not by each endpoint.
          Effect.catchTag("invalid_request", Effect.die),
          found
        ),
      previewPolicy: Effect.fnUntraced(function* ({ params, payload, query }) {
        const read = policies.read(params.workspace_id, payload)
        const asked = yield* found(Effect.catchTag(read, "invalid_request", Effect.die))
        return yield* storing(policyPreviewOfUsers({ punctual, ...asked }, query))
      })
    })
  })
)

const found = <A>(effect: Effect.Effect<Option.Option<A>, StoreError>) =>
  Effect.flatMap(storing(effect), (option) =>
    Option.isNone(option)
      ? Effect.fail(new WorkspaceNotFound({ detail: "No user is of such a workspace, and it has no policy." }))
      : Effect.succeed(option.value)
  )

const storing = orStorageAway("storage failed")

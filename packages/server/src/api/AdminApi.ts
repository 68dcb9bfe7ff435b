/**
 * What only the holder of the admin key may do: make users and keys, and run jobs now.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { IdempotencyHeader, KeyIdField, LimitParameter, UserIdField } from "./Fields.ts"
import { AdminOnly, Idempotent, WellFormed } from "./Middleware.ts"
import { bodyMayBeLeftOut } from "./Optional.ts"
import { ExternalIdField, UserErasedAnswer, WorkspaceIdField } from "./UserFields.ts"
import { ExternalIdTaken, NotFound, Unavailable } from "./Problems.ts"
import { Instant } from "./Time.ts"

const nameLengthMax = 256

const Name = Schema.NonEmptyString.check(Schema.isMaxLength(nameLengthMax))

export const jobs = ["auto-schedule", "renew-subscriptions", "sync", "sweep", "prune"] as const
export type JobName = (typeof jobs)[number]

/** Shown this once; only its digest is kept. */
const ApiKeyField = Schema.String.annotate({ description: "Shown this once" })

const UserAnswer = Schema.Struct({
  user_id: Schema.String,
  workspace_id: Schema.String,
  key_id: Schema.String,
  api_key: ApiKeyField
}).annotate({ identifier: "UserAnswer" })

const KeyAnswer = Schema.Struct({ user_id: Schema.String, key_id: Schema.String, api_key: ApiKeyField }).annotate({
  identifier: "KeyAnswer"
})

const UsersAnswer = Schema.Struct({
  users: Schema.Array(
    Schema.Struct({
      user_id: Schema.String,
      workspace_id: Schema.String,
      name: Schema.NullOr(Schema.String),
      external_id: Schema.NullOr(Schema.String),
      created_at: Instant
    })
  )
}).annotate({ identifier: "UsersAnswer" })

const KeysAnswer = Schema.Struct({
  keys: Schema.Array(
    Schema.Struct({
      key_id: Schema.String,
      /** Its first characters. */
      prefix: Schema.String,
      created_at: Instant,
      revoked_at: Schema.NullOr(Instant)
    })
  )
}).annotate({ identifier: "KeysAnswer" })

const RevokedAnswer = Schema.Struct({
  user_id: Schema.String,
  key_id: Schema.String,
  revoked: Schema.Literal(true)
}).annotate({ identifier: "RevokedAnswer" })

const JobAnswer = Schema.Struct({
  job: Schema.Literals(jobs),
  /** What it did. */
  counts: Schema.Record(Schema.String, Schema.Int)
}).annotate({ identifier: "JobAnswer" })

export class AdminApi extends HttpApiGroup.make("admin")
  .add(
    HttpApiEndpoint.post("createUser", "/users", {
      headers: IdempotencyHeader,
      payload: Schema.Struct({
        name: Schema.optionalKey(Name),
        workspace: Schema.optionalKey(WorkspaceIdField),
        external_id: Schema.optionalKey(ExternalIdField)
      }),
      success: UserAnswer,
      error: [ExternalIdTaken, Unavailable]
    })
      .annotateMerge(OpenApi.annotations({ summary: "Make a user with a key" }))
      .annotateMerge(bodyMayBeLeftOut)
      .middleware(Idempotent),
    HttpApiEndpoint.get("listUsers", "/users", {
      query: { after: Schema.optionalKey(UserIdField), limit: Schema.optionalKey(LimitParameter) },
      success: UsersAnswer,
      error: Unavailable
    }).annotateMerge(OpenApi.annotations({ summary: "Users by id, after the one named" })),
    HttpApiEndpoint.delete("deleteUser", "/users/:user_id", {
      params: { user_id: UserIdField },
      success: UserErasedAnswer,
      error: [NotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Erase a user with everything" })),
    HttpApiEndpoint.get("listKeys", "/users/:user_id/keys", {
      params: { user_id: UserIdField },
      success: KeysAnswer,
      error: [NotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "A user's keys, without what is secret of them" })),
    HttpApiEndpoint.post("createKey", "/users/:user_id/keys", {
      params: { user_id: UserIdField },
      headers: IdempotencyHeader,
      success: KeyAnswer,
      error: [NotFound, Unavailable]
    })
      .annotateMerge(OpenApi.annotations({ summary: "Make another key for a user" }))
      .middleware(Idempotent),
    HttpApiEndpoint.delete("revokeKey", "/users/:user_id/keys/:key_id", {
      params: { user_id: UserIdField, key_id: KeyIdField },
      success: RevokedAnswer,
      error: [NotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Revoke a key" })),
    HttpApiEndpoint.post("runJob", "/jobs/:job/run", {
      params: { job: Schema.Literals(jobs) },
      headers: IdempotencyHeader,
      success: JobAnswer,
      error: Unavailable
    })
      .annotateMerge(OpenApi.annotations({ summary: "Run a job now" }))
      .middleware(Idempotent)
  )
  .middleware(WellFormed)
  .middleware(AdminOnly)
  .prefix("/api/v1/admin")
  .annotateMerge(OpenApi.annotations({ title: "Administration" })) {}

/**
 * What an administrator decides for all users of a workspace.
 * Decides shapes, limits and addresses alone. A policy may be sent back as it was answered: what the server writes itself is
 * taken and not looked at.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { policyLimits } from "@punctual/core"
import { PolicyPreviewAnswer } from "./DecisionSchemas.ts"
import { IdempotencyHeader, LimitParameter, UserIdField } from "./Fields.ts"
import { AdminOnly, Idempotent, WellFormed } from "./Middleware.ts"
import { Unavailable, WorkspaceNotFound } from "./Problems.ts"
import { PolicyRule, PolicyRulesField } from "./RuleSchemas.ts"
import { Instant } from "./Time.ts"
import { WorkspaceIdField } from "./UserFields.ts"

const { domainCharactersMax, internalDomainsMax } = policyLimits

const Domain = Schema.String.check(
  Schema.makeFilter((text) =>
    text.length <= domainCharactersMax && /^[^\s@*.]+(?:\.[^\s@*.]+)+$/.test(text)
      ? undefined
      : `Expected a domain such as contoso.com of at most ${domainCharactersMax} characters, without @ and *`
  )
)

const BotsPerMeeting = Schema.Literals(["user", "workspace"])

/** Whole: what is left out takes its default. */
export const PolicyBody = Schema.Struct({
  internal_domains: Schema.optionalKey(Schema.Array(Domain).check(Schema.isMaxLength(internalDomainsMax))),
  rules: Schema.optionalKey(PolicyRulesField),
  bots_per_meeting: Schema.optionalKey(BotsPerMeeting),
  paused_until: Schema.optionalKey(Schema.NullOr(Instant)),
  updated_at: Schema.optionalKey(Schema.NullOr(Instant)),
  pending_users: Schema.optionalKey(Schema.Int)
})

export const PolicyAnswer = Schema.Struct({
  internal_domains: Schema.Array(Schema.String),
  rules: Schema.Array(PolicyRule),
  bots_per_meeting: BotsPerMeeting,
  paused_until: Schema.NullOr(Instant),
  /** Null: nobody has written one. */
  updated_at: Schema.NullOr(Instant),
  pending_users: Schema.Int
}).annotate({ identifier: "WorkspacePolicy" })

export class WorkspaceApi extends HttpApiGroup.make("workspace")
  .add(
    HttpApiEndpoint.get("policy", "/policy", {
      params: { workspace_id: WorkspaceIdField },
      success: PolicyAnswer,
      error: [WorkspaceNotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "A workspace's policy" })),
    HttpApiEndpoint.put("setPolicy", "/policy", {
      params: { workspace_id: WorkspaceIdField },
      payload: PolicyBody,
      success: PolicyAnswer,
      error: [WorkspaceNotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "Replace a workspace's policy" })),
    HttpApiEndpoint.post("previewPolicy", "/policy/preview", {
      params: { workspace_id: WorkspaceIdField },
      query: { after: Schema.optionalKey(UserIdField), limit: Schema.optionalKey(LimitParameter) },
      headers: IdempotencyHeader,
      payload: PolicyBody,
      success: PolicyPreviewAnswer,
      error: [WorkspaceNotFound, Unavailable]
    })
      .annotateMerge(OpenApi.annotations({ summary: "What a policy would do to a page of users" }))
      .middleware(Idempotent)
  )
  .middleware(WellFormed)
  .middleware(AdminOnly)
  .prefix("/api/v1/admin/workspaces/:workspace_id")
  .annotateMerge(OpenApi.annotations({ title: "Workspace policies" })) {}

/**
 * What the operator's page shows: a user with the state of the connection, workspaces, the daily jobs, launches by hour, and
 * the forecast of all users.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { ForecastOfUsers } from "./DecisionSchemas.ts"
import { LimitParameter, UserIdField } from "./Fields.ts"
import { AdminOnly, WellFormed } from "./Middleware.ts"
import { NotFound, Unavailable } from "./Problems.ts"
import { Instant, InstantParameter } from "./Time.ts"
import { WorkspaceIdField } from "./UserFields.ts"

const UserOverview = Schema.Struct({
  user_id: Schema.String,
  workspace_id: Schema.String,
  name: Schema.NullOr(Schema.String),
  created_at: Instant,
  external_id: Schema.NullOr(Schema.String),
  /** Empty: no calendar is connected. */
  connections: Schema.Array(
    Schema.Struct({
      calendar_id: Schema.String,
      platform: Schema.String,
      status: Schema.Literals(["active", "reauthorization_required", "error"]),
      status_reason: Schema.NullOr(Schema.String),
      status_message: Schema.NullOr(Schema.String),
      user_email: Schema.NullOr(Schema.String),
      calendars_selected: Schema.Int,
      /** Those that are not watched, and those whose last look failed. */
      calendars_polled: Schema.Int,
      calendars_failing: Schema.Int
    }).annotate({ identifier: "ConnectionOverview" })
  )
}).annotate({ identifier: "UserOverview" })

const WorkspacesAnswer = Schema.Struct({
  workspaces: Schema.Array(Schema.Struct({ workspace_id: Schema.String, users: Schema.Int }))
}).annotate({ identifier: "WorkspacesAnswer" })

const JobsAnswer = Schema.Struct({
  jobs: Schema.Array(
    Schema.Struct({
      job: Schema.String,
      /** Of the latest run that was due: its day in UTC, and when. */
      date: Schema.String,
      due_at: Instant,
      status: Schema.Literals(["waiting", "running", "done"]),
      /** When something of it was noted last. */
      noted_at: Schema.NullOr(Instant),
      /** Users whose share failed and is tried again, 500 at most. */
      shares_left: Schema.Int
    })
  )
}).annotate({ identifier: "JobsAnswer" })

const LaunchesAnswer = Schema.Struct({
  /** Of this process alone, from its start on. */
  since: Instant,
  hours: Schema.Array(
    Schema.Struct({
      hour: Instant,
      accepted: Schema.Int,
      rejected: Schema.Int,
      /** Calls that were put again later. */
      retried: Schema.Int,
      unconfigured: Schema.Int,
      /** Of those accepted, from the join time on. */
      late_seconds_max: Schema.Finite,
      late_seconds_mean: Schema.Finite
    })
  )
}).annotate({ identifier: "LaunchesAnswer" })

export class OverviewApi extends HttpApiGroup.make("overview")
  .add(
    HttpApiEndpoint.get("user", "/users/:user_id", {
      params: { user_id: UserIdField },
      success: UserOverview,
      error: [NotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "A user, and the state of each connection" })),
    HttpApiEndpoint.get("workspaces", "/workspaces", { success: WorkspacesAnswer, error: Unavailable }).annotateMerge(
      OpenApi.annotations({ summary: "Workspaces, and how many users each has" })
    ),
    HttpApiEndpoint.get("jobs", "/jobs", { success: JobsAnswer, error: Unavailable }).annotateMerge(
      OpenApi.annotations({ summary: "The daily jobs: their latest runs" })
    ),
    HttpApiEndpoint.get("launches", "/launches", { success: LaunchesAnswer }).annotateMerge(
      OpenApi.annotations({ summary: "What became of this process's launches, and how late they were, by hour" })
    ),
    HttpApiEndpoint.get("forecast", "/forecast", {
      query: {
        after: Schema.optionalKey(UserIdField),
        limit: Schema.optionalKey(LimitParameter),
        workspace_id: Schema.optionalKey(WorkspaceIdField),
        time_max: Schema.optionalKey(InstantParameter)
      },
      success: ForecastOfUsers,
      error: Unavailable
    }).annotateMerge(OpenApi.annotations({ summary: "The forecast of a page of users, of all or of a workspace" }))
  )
  .middleware(WellFormed)
  .middleware(AdminOnly)
  .prefix("/api/v1/admin")
  .annotateMerge(OpenApi.annotations({ title: "Operation" })) {}

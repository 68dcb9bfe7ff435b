/**
 * What happened: a user's own log, everybody's, and the stories of a meeting and of a bot.
 * Decides parameters and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { ChangesAnswer, TimelineAnswer, TypesParameter, WaitParameter } from "./ChangeSchemas.ts"
import { BotIdField, CursorParameter, EventIdField, LimitParameter } from "./Fields.ts"
import { AdminOnly, Authorization, RateLimit, WellFormed } from "./Middleware.ts"
import {
  BotNotFound,
  CursorExpired,
  EventNotFound,
  InvalidCursor,
  RateLimited,
  Unavailable,
  WorkspaceNotFound
} from "./Problems.ts"
import { WorkspaceIdField } from "./UserFields.ts"

const logQuery = {
  cursor: Schema.optionalKey(CursorParameter),
  limit: Schema.optionalKey(LimitParameter),
  types: Schema.optionalKey(TypesParameter),
  wait: Schema.optionalKey(WaitParameter)
}

const storyQuery = { cursor: Schema.optionalKey(CursorParameter), limit: Schema.optionalKey(LimitParameter) }

export class ChangesApi extends HttpApiGroup.make("changes")
  .add(
    HttpApiEndpoint.get("list", "/changes", {
      query: logQuery,
      success: ChangesAnswer,
      error: [InvalidCursor, CursorExpired, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "What happened, oldest first, or is to happen" })),
    HttpApiEndpoint.get("eventTimeline", "/events/:event_id/timeline", {
      params: { event_id: EventIdField },
      query: storyQuery,
      success: TimelineAnswer,
      error: [InvalidCursor, EventNotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "What happened to the bots of a meeting, newest first" })),
    HttpApiEndpoint.get("botTimeline", "/scheduled_bots/:bot_id/timeline", {
      params: { bot_id: BotIdField },
      query: storyQuery,
      success: TimelineAnswer,
      error: [InvalidCursor, BotNotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "What happened to a bot, newest first" }))
  )
  .middleware(WellFormed)
  .middleware(RateLimit)
  .middleware(Authorization)
  .prefix("/api/v1/calendar")
  .annotateMerge(OpenApi.annotations({ title: "Changes" })) {}

export class AllChangesApi extends HttpApiGroup.make("allChanges")
  .add(
    HttpApiEndpoint.get("list", "/changes", {
      query: { ...logQuery, workspace_id: Schema.optionalKey(WorkspaceIdField) },
      success: ChangesAnswer,
      error: [InvalidCursor, CursorExpired, RateLimited, WorkspaceNotFound, Unavailable]
    }).annotateMerge(OpenApi.annotations({ summary: "What happened to everybody, or to a workspace's users" }))
  )
  .middleware(WellFormed)
  .middleware(AdminOnly)
  .prefix("/api/v1/admin")
  .annotateMerge(OpenApi.annotations({ title: "Changes of everybody" })) {}

/**
 * The whole HTTP contract in one value: what is served, documented and called through a typed client.
 * Decides how strictly requests are read: unknown members are refused, and every mistake is named at once.
 */
import { HttpApi, OpenApi } from "effect/http-api"
import { AdminApi } from "./AdminApi.ts"
import { LaunchesAheadApi } from "./LaunchesAheadApi.ts"
import { OverviewApi } from "./OverviewApi.ts"
import { AutoScheduleApi } from "./AutoScheduleApi.ts"
import { BotsApi } from "./BotsApi.ts"
import { CalendarsApi } from "./CalendarsApi.ts"
import { AllChangesApi, ChangesApi } from "./ChangesApi.ts"
import { ConnectionApi } from "./ConnectionApi.ts"
import { EventsApi } from "./EventsApi.ts"
import { RecurrenceApi } from "./RecurrenceApi.ts"
import { StatusApi } from "./StatusApi.ts"
import { transformOpenApi } from "./OpenApiTransform.ts"
import { WebhooksApi } from "./WebhooksApi.ts"
import { WorkspaceApi } from "./WorkspaceApi.ts"

const strict = { onExcessProperty: "error", errors: "all" } as const

export class Api extends HttpApi.make("punctual")
  .add(
    ConnectionApi,
    CalendarsApi,
    EventsApi,
    BotsApi,
    ChangesApi,
    AutoScheduleApi,
    RecurrenceApi,
    LaunchesAheadApi,
    AdminApi,
    OverviewApi,
    AllChangesApi,
    WorkspaceApi,
    WebhooksApi,
    StatusApi
  )
  .annotate(HttpApi.PayloadParseOptions, strict)
  .annotate(HttpApi.QueryParseOptions, strict)
  .annotateMerge(
    OpenApi.annotations({
      title: "Punctual",
      version: "1.0.0",
      description: "Keeps meeting bots in step with people's calendars.",
      transform: transformOpenApi
    })
  ) {}

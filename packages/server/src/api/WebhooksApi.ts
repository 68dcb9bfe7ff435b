/**
 * Where Microsoft Graph sends change and lifecycle notifications, and Google its channel messages.
 * Decides shapes and addresses alone.
 *
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
 * https://developers.google.com/workspace/calendar/api/guides/push
 */
import { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { WellFormed } from "./Middleware.ts"
import { Unavailable } from "./Problems.ts"

/** The handler reads the body itself: a handshake has none. */
const takesBatch = OpenApi.annotations({
  transform: (operation) => ({
    ...operation,
    requestBody: {
      required: false,
      content: {
        "application/json": {
          schema: { type: "object", properties: { value: { type: "array", items: {} } }, required: ["value"] }
        }
      }
    }
  })
})

const received = {
  query: { validationToken: Schema.optionalKey(Schema.String) },
  /** The token that Microsoft wants back; 202 for notifications. */
  success: [Schema.String.pipe(HttpApiSchema.asText()), HttpApiSchema.Accepted],
  error: Unavailable
} as const

export class WebhooksApi extends HttpApiGroup.make("webhooks")
  .add(
    HttpApiEndpoint.post("changes", "/microsoft", received)
      .annotateMerge(OpenApi.annotations({ summary: "Change notifications" }))
      .annotateMerge(takesBatch),
    HttpApiEndpoint.post("lifecycle", "/microsoft/lifecycle", received)
      .annotateMerge(OpenApi.annotations({ summary: "Lifecycle notifications" }))
      .annotateMerge(takesBatch),
    HttpApiEndpoint.post("channel", "/google", {
      success: Schema.Void,
      error: Unavailable
    }).annotateMerge(OpenApi.annotations({ summary: "Channel messages" }))
  )
  .middleware(WellFormed)
  .prefix("/webhooks")
  // A provider may add parameters of its own.
  .annotate(HttpApi.QueryParseOptions, {})
  .annotateMerge(OpenApi.annotations({ title: "Webhooks" })) {}

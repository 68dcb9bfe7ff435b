/**
 * Whether the process lives, whether it can work, and what it counted. For probes, without a key.
 * Decides shapes and addresses alone.
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Unavailable } from "./Problems.ts"

export class StatusApi extends HttpApiGroup.make("status", { topLevel: true })
  .add(
    HttpApiEndpoint.get("healthz", "/healthz", {
      success: Schema.Struct({ status: Schema.Literal("ok") }).annotate({ identifier: "HealthAnswer" })
    }).annotateMerge(OpenApi.annotations({ summary: "The process lives" })),
    HttpApiEndpoint.get("readyz", "/readyz", {
      success: Schema.Struct({
        status: Schema.Literal("ready"),
        /** Stable words for what works but should not stay as it is. */
        warnings: Schema.Array(Schema.String)
      }).annotate({ identifier: "ReadyAnswer" }),
      error: Unavailable
    }).annotateMerge(OpenApi.annotations({ summary: "The process can work" })),
    HttpApiEndpoint.get("metrics", "/metrics", {
      success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/plain; version=0.0.4; charset=utf-8" }))
    }).annotateMerge(OpenApi.annotations({ summary: "Counters in Prometheus' text format" }))
  )
  .annotateMerge(OpenApi.annotations({ title: "Status" })) {}

/**
 * Traces, metrics and logs by OTLP, when an endpoint is configured.
 * Decides nothing else; without an endpoint nothing is loaded and nothing is sent.
 */
import { Effect, Layer, Option } from "effect"

export const layer = (endpoint: Option.Option<URL>): Layer.Layer<never> =>
  Option.match(endpoint, {
    onNone: () => Layer.empty,
    onSome: (url) =>
      Layer.unwrap(
        Effect.promise(async () => {
          const [{ Otlp }, { FetchHttpClient }] = await Promise.all([
            import("effect/observability"),
            import("effect/http")
          ])
          return Otlp.layerJson({ baseUrl: url.href.replace(/\/$/, ""), resource: { serviceName: "punctual" } }).pipe(
            Layer.provide(FetchHttpClient.layer)
          )
        })
      )
  })

/**
 * The HTTP client for calls to bot services and to providers' token endpoints.
 * Decides one thing: a redirect is handed back as the answer it is, and never followed.
 */
import { Layer } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"

export const layer: Layer.Layer<HttpClient.HttpClient> = Layer.fresh(FetchHttpClient.layer).pipe(
  Layer.provide(Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" }))
)

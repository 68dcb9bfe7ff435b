/**
 * The contract as a page to browse, at `/docs`.
 * Decides that its script (some megabytes) is loaded when somebody first looks, not when the server starts.
 */
import { Effect, type Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { Api } from "../api/Api.ts"

export const docsPath = "/docs"

export const layer: Layer.Layer<never, never, HttpRouter.HttpRouter> = HttpRouter.use((router) =>
  Effect.flatMap(Effect.cached(page), (cached) => router.add("GET", docsPath, cached))
)

const page = Effect.gen(function* () {
  // Effect keeps the script behind the layer that serves it: a router of its own gives it out.
  const { HttpApiScalar } = yield* Effect.promise(() => import("effect/http-api"))
  const serve = yield* HttpRouter.toHttpEffect(HttpApiScalar.layer(Api, { path: docsPath }))
  const response = yield* serve
  return HttpServerResponse.setHeaders(response, {
    // The page is a script of its own: it may talk to this server and to nobody else.
    "content-security-policy":
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data: blob:; " +
      "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "public, max-age=3600"
  })
}).pipe(Effect.scoped, Effect.orDie)

/**
 * The contract as a document and as a page to browse, at `/openapi.json` and `/docs`.
 * Decides that both are made when somebody first looks, not when the server starts (the page's script is some megabytes),
 * and once; and that a host may leave them out.
 */
import { Context, Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { OpenApi } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { type StaticFile, answerWith, makeStaticFile } from "./StaticFile.ts"

export const docsPath = "/docs"
export const openApiPath = "/openapi.json"
export const indexPath = "/"

/** Whether this server tells its contract. */
export const DocsServed = Context.Reference<boolean>("@punctual/server/http/DocsServed", { defaultValue: () => true })

export const layer: Layer.Layer<never, never, HttpRouter.HttpRouter> = Layer.unwrap(
  Effect.map(DocsServed, (isServed) =>
    isServed
      ? HttpRouter.use(
          Effect.fnUntraced(function* (router) {
            yield* router.add("GET", docsPath, Effect.flatMap(yield* Effect.cached(page), answerWith))
            yield* router.add("GET", openApiPath, Effect.flatMap(yield* Effect.cached(contract), answerWith))
            yield* router.add("GET", indexPath, Effect.flatMap(yield* Effect.cached(index), answerWith))
          })
        )
      : Layer.empty
  )
)

/** Where somebody lands who was given the address alone. */
const index: Effect.Effect<StaticFile> = Effect.suspend(() =>
  makeStaticFile(
    "text/html; charset=utf-8",
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Punctual</title><h1>Punctual</h1><ul>
<li><a href="${docsPath}">The API, to browse and to try</a>
<li><a href="${openApiPath}">The API as OpenAPI 3.1</a>
<li><a href="/readyz">Whether this server can work</a>
<li><a href="/metrics">Its counters</a>
</ul></html>`,
    { "content-security-policy": "default-src 'none'; frame-ancestors 'none'", "referrer-policy": "no-referrer" }
  )
)

const contract: Effect.Effect<StaticFile> = Effect.suspend(() =>
  makeStaticFile("application/json", JSON.stringify(OpenApi.fromApi(Api)))
)

/**
 * What the page leaves out: fonts of another host, and buttons that hand the contract to the cloud of whoever made the
 * page. Options past the first three are Scalar's own, which Effect's type does not list.
 */
const pageOptions = {
  theme: "default" as const,
  withDefaultFonts: false,
  authentication: { preferredSecurityScheme: "bearer" },
  hideClientButton: true,
  showDeveloperTools: "never",
  telemetry: false,
  agent: { disabled: true, hideAddApi: true },
  mcp: { disabled: true }
}

const page = Effect.gen(function* () {
  // Effect keeps the script behind the layer that serves it: a router of its own gives it out.
  const { HttpApiScalar } = yield* Effect.promise(() => import("effect/http-api"))
  const serve = yield* HttpRouter.toHttpEffect(HttpApiScalar.layer(Api, { path: docsPath, scalar: pageOptions }))
  const { body } = yield* serve
  const text = body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""
  return yield* makeStaticFile("text/html; charset=utf-8", text, {
    // The page is a script of its own: it may talk to this server and to nobody else.
    "content-security-policy":
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data: blob:; " +
      "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer"
  })
}).pipe(Effect.scoped, Effect.orDie)

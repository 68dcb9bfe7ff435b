/**
 * The page a browser ends on after a sign-in with this server's own app.
 * Decides its words. Nothing runs on it, and no token is ever shown.
 */
import { Effect, type Layer } from "effect"
import { HttpRouter, HttpServerRequest } from "effect/http"
import { browserOf } from "./Browser.ts"
import { Consent, type Ending } from "./Consent.ts"
import { type Html, type Page, html, nothing, respond } from "./Page.ts"

export const callbackPath = "/api/microsoft/oauth-callback"

/** The route. */
export const layer: Layer.Layer<never, never, HttpRouter.HttpRouter | Consent> = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const consent = yield* Consent
    yield* router.add(
      "GET",
      callbackPath,
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const browser = browserOf(request, consent.address)
        return respond(pageFor(yield* consent.finish({ ...(yield* returned), browser })))
      })
    )
  })
)

/** What Microsoft sends along. It may send more than is read; what comes twice is none. */
export const returned: Effect.Effect<
  {
    readonly state: string | null
    readonly code: string | null
    readonly error: string | null
    readonly errorDescription: string | null
  },
  never,
  HttpServerRequest.ParsedSearchParams
> = Effect.map(HttpServerRequest.ParsedSearchParams, (parameters) => {
  const one = (name: string): string | null => {
    const value = parameters[name]
    return typeof value === "string" ? value : null
  }
  return { state: one("state"), code: one("code"), error: one("error"), errorDescription: one("error_description") }
})

/** What went wrong, and below it what Microsoft said about it. */
export const trouble = (detail: string, said: string | null): Html =>
  html`<p>${detail}</p>
    ${
      said === null
        ? nothing
        : html`<p class="soft">Microsoft said:</p>
            <blockquote>${said}</blockquote>`
    }`

const notConnected = { title: "Not connected", mood: "bad" } as const

const pageFor = (ending: Ending): Page => {
  switch (ending.kind) {
    case "connected":
      return {
        status: 200,
        title: "Calendar connected",
        mood: "good",
        body: html`<p><strong>${ending.email ?? "The account"}</strong> is connected. You can close this window.</p>`
      }
    case "declined":
      return { ...notConnected, status: 400, body: trouble(ending.detail, ending.said) }
    case "unknown":
      return { ...notConnected, status: 400, body: html`<p>${expired}</p>` }
    case "failed":
      return { ...notConnected, status: 502, body: trouble(ending.detail, ending.said) }
  }
}

export const expired = "This sign-in has expired, was used already, or was started in another browser. Start it again."

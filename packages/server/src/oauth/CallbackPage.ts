/**
 * The page a browser ends on after a sign-in with this server's own app.
 * Decides its words. Nothing runs on it, and no token is ever shown.
 */
import { Effect, type Layer } from "effect"
import { HttpRouter, HttpServerRequest } from "effect/http"
import { browserOf } from "./Browser.ts"
import { Consent, type Ending } from "./Consent.ts"
import { type Html, type Page, html, nothing, respond } from "./Page.ts"
import { type SignInProvider, signInProviders } from "../api/SignInProvider.ts"
import { callbackPathOf } from "./services/SignInService.ts"

/** Where each provider sends browsers back to, whether there is an app for it or not. */
export const callbackPaths = signInProviders.map(callbackPathOf)

/** The routes. */
export const layer: Layer.Layer<never, never, HttpRouter.HttpRouter | Consent> = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const consent = yield* Consent
    yield* Effect.forEach(signInProviders, (provider) =>
      router.add(
        "GET",
        callbackPathOf(provider),
        Effect.gen(function* () {
          const request = yield* HttpServerRequest.HttpServerRequest
          const browser = browserOf(request, consent.address)
          return respond(
            pageFor(companyOf(provider), yield* consent.finish(provider, { ...(yield* returned), browser }))
          )
        })
      )
    )
  })
)

/** What a provider sends along. It may send more than is read; what comes twice is none. */
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

/** What went wrong, and below it what the provider said about it. */
export const trouble = (company: string, detail: string, said: string | null): Html =>
  html`<p>${detail}</p>
    ${
      said === null
        ? nothing
        : html`<p class="soft">${company} said:</p>
            <blockquote>${said}</blockquote>`
    }`

const notConnected = { title: "Not connected", mood: "bad" } as const

const companyOf = (provider: SignInProvider): string => (provider === "google" ? "Google" : "Microsoft")

const pageFor = (company: string, ending: Ending): Page => {
  switch (ending.kind) {
    case "connected":
      return {
        status: 200,
        title: "Calendar connected",
        mood: "good",
        body: html`<p><strong>${ending.email ?? "The account"}</strong> is connected. You can close this window.</p>`
      }
    case "declined":
      return { ...notConnected, status: 400, body: trouble(company, ending.detail, ending.said) }
    case "unknown":
      return { ...notConnected, status: 400, body: html`<p>${expired}</p>` }
    case "failed":
      return { ...notConnected, status: 502, body: trouble(company, ending.detail, ending.said) }
  }
}

export const expired = "This sign-in has expired, was used already, or was started in another browser. Start it again."

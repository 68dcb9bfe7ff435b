/**
 * The page a browser ends on after a sign-in.
 * Decides its words. Everything that came from outside is escaped; nothing on it runs, and no token is ever shown.
 */
import { Effect, type Layer } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Consent, type Ending } from "./Consent.ts"

export const callbackPath = "/api/microsoft/oauth-callback"

/** The route. Microsoft may send more parameters than are read. */
export const layer: Layer.Layer<never, never, HttpRouter.HttpRouter | Consent> = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const consent = yield* Consent
    yield* router.add(
      "GET",
      callbackPath,
      Effect.gen(function* () {
        const parameters = yield* HttpServerRequest.ParsedSearchParams
        const one = (name: string) => {
          const value = parameters[name]
          return typeof value === "string" ? value : null
        }
        return page(yield* consent.finish({ state: one("state"), code: one("code"), error: one("error") }))
      })
    )
  })
)

const headers = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store"
}

const page = (ending: Ending): HttpServerResponse.HttpServerResponse => {
  const { status, text, title } = wordsFor(ending)
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title></head>
<body><h1>${escape(title)}</h1><p>${escape(text)}</p></body></html>
`
  return HttpServerResponse.text(body, { status, contentType: "text/html; charset=utf-8", headers })
}

const wordsFor = (ending: Ending): { readonly status: number; readonly title: string; readonly text: string } => {
  switch (ending.kind) {
    case "connected":
      return {
        status: 200,
        title: "Calendar connected",
        text: `${ending.email ?? "The account"} is connected. You can close this window.`
      }
    case "declined":
      return { status: 400, title: "Not connected", text: `The sign-in was not completed (${ending.error}).` }
    case "unknown":
      return {
        status: 400,
        title: "Not connected",
        text: "This sign-in has expired or was used already. Start it again."
      }
    case "failed":
      return { status: 502, title: "Not connected", text: ending.detail }
  }
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter)

/**
 * The app that the configuration names for sign-ins, ready to be used; none where it names none.
 * Decides the address that Microsoft sends the browser back to.
 */
import { Effect, Option } from "effect"
import { HttpClient } from "effect/http"
import type { ServerConfig } from "../config/Config.ts"
import * as RedirectFree from "../http/client/RedirectFree.ts"
import { callbackPath } from "./CallbackPage.ts"
import { type App, type Exchange, makeExchange } from "./CodeFlow.ts"

export const consentApp = ({
  app,
  loginUrl,
  port,
  publicUrl
}: ServerConfig): Option.Option<{ readonly app: App; readonly exchange: Exchange }> =>
  Option.map(app, ({ clientId, clientSecret }) => {
    const base = Option.match(publicUrl, {
      onNone: () => `http://localhost:${port}`,
      onSome: (url) => url.href.replace(/\/$/, "")
    })
    const whole: App = { loginUrl, clientId, clientSecret, redirectUri: `${base}${callbackPath}` }
    const exchange: Exchange = (code, verifier) =>
      Effect.flatMap(HttpClient.HttpClient, (client) => makeExchange(client, whole)(code, verifier)).pipe(
        Effect.provide(RedirectFree.layer)
      )
    return { app: whole, exchange }
  })

/**
 * The apps that the configuration names for sign-ins, ready to be used; the first one is meant where none is named.
 * Decides the address that a provider sends the browser back to.
 */
import { Effect, Option } from "effect"
import { HttpClient } from "effect/http"
import type { AppConfig } from "../config/AppConfig.ts"
import type { ServerConfig } from "../config/Config.ts"
import * as RedirectFree from "../http/client/RedirectFree.ts"
import { type App, type Exchange, makeExchange } from "./CodeFlow.ts"
import type { SignInApp } from "./Consent.ts"
import { googleSignIn } from "./services/Google.ts"
import { microsoftSignIn } from "./services/Microsoft.ts"
import { type SignInService, callbackPathOf } from "./services/SignInService.ts"

export const consentApps = (config: ServerConfig): ReadonlyArray<SignInApp> => [
  ...signInApp(config, microsoftSignIn(config.loginUrl), config.apps.microsoft),
  ...signInApp(config, googleSignIn(config.google), config.apps.google)
]

const signInApp = (
  { port, publicUrl }: ServerConfig,
  service: SignInService,
  configured: Option.Option<AppConfig>
): ReadonlyArray<SignInApp> =>
  Option.toArray(configured).map(({ clientId, clientSecret }) => {
    const base = Option.match(publicUrl, {
      onNone: () => `http://localhost:${port}`,
      onSome: (url) => url.href.replace(/\/$/, "")
    })
    const app: App = { service, clientId, clientSecret, redirectUri: `${base}${callbackPathOf(service.provider)}` }
    const exchange: Exchange = (code, verifier) =>
      Effect.flatMap(HttpClient.HttpClient, (client) => makeExchange(client, app)(code, verifier)).pipe(
        Effect.provide(RedirectFree.layer)
      )
    return { app, exchange }
  })

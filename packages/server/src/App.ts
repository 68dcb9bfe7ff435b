/**
 * The whole HTTP application as one effect: contract, documentation, the way back from a sign-in, and the error
 * boundary around them. What serves it, a socket or a test, is decided elsewhere.
 */
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "./api/Api.ts"
import * as AdminHandlers from "./handlers/AdminHandlers.ts"
import * as AutoScheduleHandlers from "./handlers/AutoScheduleHandlers.ts"
import * as BotsHandlers from "./handlers/BotsHandlers.ts"
import * as CalendarsHandlers from "./handlers/CalendarsHandlers.ts"
import * as ChangesHandlers from "./handlers/ChangesHandlers.ts"
import * as ConnectionHandlers from "./handlers/ConnectionHandlers.ts"
import * as EventsHandlers from "./handlers/EventsHandlers.ts"
import * as LaunchesAheadHandlers from "./handlers/LaunchesAheadHandlers.ts"
import * as OverviewHandlers from "./handlers/OverviewHandlers.ts"
import * as RecurrenceHandlers from "./handlers/RecurrenceHandlers.ts"
import * as StatusHandlers from "./handlers/StatusHandlers.ts"
import * as WebhooksHandlers from "./handlers/WebhooksHandlers.ts"
import * as WorkspaceHandlers from "./handlers/WorkspaceHandlers.ts"
import * as CallbackPage from "./oauth/CallbackPage.ts"
import * as Docs from "./http/Docs.ts"
import { admission } from "./http/Admission.ts"
import { errorBoundary } from "./http/ErrorBoundary.ts"
import * as RequestValidation from "./http/RequestValidation.ts"
import { makeRoutes, routerConfig } from "./http/Routes.ts"

/** Every route, still asking for what it needs. */
const routes = Layer.mergeAll(HttpApiBuilder.layer(Api), Docs.layer, CallbackPage.layer).pipe(
  Layer.provide([
    AdminHandlers.layer,
    AutoScheduleHandlers.layer,
    BotsHandlers.layer,
    CalendarsHandlers.layer,
    ChangesHandlers.layer,
    ChangesHandlers.layerOfAll,
    ConnectionHandlers.layer,
    EventsHandlers.layer,
    LaunchesAheadHandlers.layer,
    OverviewHandlers.layer,
    RecurrenceHandlers.layer,
    StatusHandlers.layer,
    WebhooksHandlers.layer,
    WorkspaceHandlers.layer
  ]),
  Layer.provide(RequestValidation.layer)
)

const beside = (isTold: boolean) =>
  makeRoutes(Api, [
    ...(isTold
      ? ([
          ["GET", Docs.indexPath],
          ["GET", Docs.openApiPath],
          ["GET", Docs.docsPath]
        ] as const)
      : []),
    ...CallbackPage.callbackPaths.map((path) => ["GET", path] as const)
  ])

/** Succeeds with the application; what it holds is let go with the scope. */
export const app = Effect.gen(function* () {
  const known = beside(yield* Docs.DocsServed)
  const admit = yield* admission
  const routed = yield* HttpRouter.toHttpEffect(routes).pipe(
    Effect.provideService(HttpRouter.RouterConfig, routerConfig)
  )
  return errorBoundary(known)(admit(routed))
})

/**
 * The reference server: the one place that knows every adapter and puts them together.
 *
 * Decides what is built from the configuration, in which order, and how it ends: on SIGTERM no new request is taken,
 * those under way get eight seconds, then loops, launches and storage are let go. A start that fails says why in one
 * line and ends with code 1.
 */
import { createServer } from "node:http"
import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Cause, Effect, Exit, Layer, Logger, Option, type Redacted } from "effect"
import { HttpServer } from "effect/http"
import * as Graph from "@punctual/adapter-graph"
import * as Postgres from "@punctual/adapter-postgres"
import { CurrentPolicy, Punctual } from "@punctual/core"
import * as Authorizing from "./auth/Authorizing.ts"
import { ensureFirstUser } from "./auth/FirstUser.ts"
import { makeSigning, type SigningKeys } from "./auth/Signing.ts"
import { load, type ServerConfig } from "./Config.ts"
import { Cursors } from "./handlers/CursorService.ts"
import { NotificationReader } from "./handlers/WebhooksHandlers.ts"
import { app } from "./http/App.ts"
import * as Idempotency from "./http/Idempotency.ts"
import * as RateLimiting from "./http/RateLimiting.ts"
import * as Launchers from "./launchers/index.ts"
import * as Consent from "./oauth/Consent.ts"
import { consentApp } from "./oauth/ConsentApp.ts"
import * as Telemetry from "./Telemetry.ts"
import * as Working from "./workers/Working.ts"

/** A client that sends its headers or body slower than this is cut off (A11 of the project's attack table). */
const headersMillisMax = 5_000
const requestMillisMax = 15_000
/** Node looks every 30 s by default, which would make the limits above thrice as long. */
const connectionsLookMillis = 500
const headersMax = 100
const connectionsMax = 4_096
/** Requests under way when the process is asked to stop; the rest of the ten seconds is for storage to close. */
const drainMillisMax = 8_000

const nodeServer = () => {
  const server = createServer({
    connectionsCheckingInterval: connectionsLookMillis,
    headersTimeout: headersMillisMax,
    requestTimeout: requestMillisMax,
    // Two keys are no key, not the first of them.
    joinDuplicateHeaders: true
  })
  server.maxHeadersCount = headersMax
  server.maxConnections = connectionsMax
  return server
}

const storage = ({ databaseUrl, dataDir }: ServerConfig, masterKeys: Postgres.MasterKeys) =>
  Option.match(databaseUrl, {
    onNone: () => Layer.orDie(Postgres.layerPGlite({ dataDir, masterKeys })),
    onSome: (url: Redacted.Redacted) => Layer.orDie(Postgres.layer({ url, masterKeys }))
  })

const masterKeysOf = ({ dataDir, masterKey }: ServerConfig) =>
  Option.match(masterKey, {
    onNone: () => Postgres.masterKeysFromFile(Postgres.masterKeyFile(dataDir)),
    onSome: Postgres.parseMasterKeys
  })

const provider = ({ graphUrl, loginUrl, publicUrl }: ServerConfig) => {
  const address = (path: string) => Option.getOrNull(Option.map(publicUrl, (url) => new URL(path, withSlash(url)).href))
  return Graph.layer({
    graphUrl: graphUrl.href,
    loginUrl: loginUrl.href,
    notificationUrl: address("webhooks/microsoft"),
    lifecycleUrl: address("webhooks/microsoft/lifecycle")
  })
}

const withSlash = (url: URL): URL => new URL(url.pathname.endsWith("/") ? url : `${url.href}/`)

/** The core over its ports, and what the HTTP side shares with it. */
const system = (config: ServerConfig, masterKeys: Postgres.MasterKeys) =>
  Punctual.layer.pipe(
    Layer.provideMerge(Layer.mergeAll(storage(config, masterKeys), provider(config), Launchers.layer(config.launcher))),
    Layer.provide(Layer.succeed(CurrentPolicy, config.policy))
  )

const serving = (config: ServerConfig, keys: SigningKeys) =>
  Layer.unwrap(Effect.map(app, (whole) => HttpServer.serve(whole))).pipe(
    HttpServer.withLogAddress,
    Layer.provide([
      Authorizing.layerAuthorization,
      Authorizing.layerAdmin(config.adminKey),
      Idempotency.layer,
      RateLimiting.layer(config.rateLimit),
      Consent.layer(consentApp(config)),
      Cursors.layer(makeSigning(keys)),
      Layer.succeed(NotificationReader, { read: Graph.parseNotifications, validate: Graph.validate })
    ]),
    Layer.provide(
      NodeHttpServer.layer(nodeServer, {
        host: config.host,
        port: config.port,
        gracefulShutdownTimeout: drainMillisMax
      })
    )
  )

const bootstrap = ({ apiKey, launcher }: ServerConfig) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      if (Option.isSome(apiKey)) yield* ensureFirstUser(apiKey.value)
      if (launcher.kind === "none") yield* Effect.logWarning("no launcher is configured: due bots will fail")
    })
  )

const server = Effect.gen(function* () {
  const config = yield* load
  const masterKeys = yield* masterKeysOf(config)
  const [first, ...rest] = masterKeys
  const keys: SigningKeys = [first.key, ...rest.map(({ key }) => key)]
  const whole = Layer.mergeAll(serving(config, keys), Working.layer).pipe(
    Layer.provide(bootstrap(config)),
    Layer.provide(system(config, masterKeys)),
    Layer.provide(Telemetry.layer(config.otlpEndpoint))
  )
  return yield* Layer.launch(whole)
})

/** One line for whoever started it; the rest is in the cause's own words. */
const sayWhy = (cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Effect.sync(() => {
    const problem = Cause.squash(cause)
    const words =
      typeof problem === "object" && problem !== null && "variable" in problem
        ? `${String(problem.variable)}: ${String((problem as { message?: unknown }).message)}`
        : problem instanceof Error
          ? problem.message
          : Cause.pretty(cause)
    process.stderr.write(`punctual: ${words.split("\n", 1)[0]}\n`)
  })

server.pipe(
  Effect.provide(Logger.layer([Logger.consoleLogFmt])),
  Effect.tapCause((cause) => (Cause.hasInterruptsOnly(cause) ? Effect.void : sayWhy(cause))),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    // Asked to stop and stopped is success.
    teardown: (exit, onExit) => onExit(Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? 1 : 0)
  })
)

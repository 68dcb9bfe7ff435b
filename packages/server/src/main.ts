/**
 * The reference server, started and stopped.
 *
 * Decides what is built in which order, and how it ends: on SIGTERM no new request is taken, those under way get eight
 * seconds (those that only wait are answered at once), then loops, launches and storage are let go. A start that fails says
 * why in one line and ends with code 1.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Effect, Exit, Layer, Logger, Option, References } from "effect"
import { HttpServer, UrlParams } from "effect/http"
import { keepReadingShortLived } from "@punctual/adapter-ics/feed"
import type { MasterKeys } from "@punctual/adapter-postgres"
import { makeStorageWatch, quietLogger } from "@punctual/core"
import * as Authorizing from "./auth/Authorizing.ts"
import * as Administration from "./auth/Administration.ts"
import * as KeyCache from "./auth/KeyCache.ts"
import { ensureFirstUser } from "./auth/FirstUser.ts"
import { type SigningKeys, makeSigning } from "./auth/Signing.ts"
import { type ServerConfig, load } from "./config/Config.ts"
import { lineOf } from "./config/ConfigFault.ts"
import { readRecord } from "./config/Environment.ts"
import { Cursors } from "./handlers/CursorService.ts"
import { app } from "./App.ts"
import { TrustedProxies } from "./http/ClientAddress.ts"
import { DocsServed } from "./http/Docs.ts"
import { HeldRequests } from "./http/HeldRequests.ts"
import * as Idempotency from "./http/Idempotency.ts"
import * as RateLimiting from "./http/RateLimiting.ts"
import { useProxy } from "./http/client/Proxy.ts"
import { boundedServer } from "./http/Sockets.ts"
import { sayOpening, sayStart } from "./logs/StartLines.ts"
import * as Consent from "./oauth/Consent.ts"
import { consentApps } from "./oauth/ConsentApp.ts"
import { checkMasterKeys } from "./MasterKeyCheck.ts"
import * as System from "./System.ts"
import * as Telemetry from "./Telemetry.ts"
import * as BackgroundLoops from "./workers/BackgroundLoops.ts"

/** Requests under way when the process is asked to stop; the rest of the ten seconds is for storage to close. */
const drainMillisMax = 8_000

const serving = (config: ServerConfig, keys: SigningKeys) =>
  HeldRequests.releasedFirst.pipe(
    Layer.provide(HttpServer.withLogAddress(Layer.unwrap(Effect.map(app, (whole) => HttpServer.serve(whole))))),
    Layer.provide([
      Administration.layer,
      Authorizing.layer(config.adminKey),
      HeldRequests.layer,
      Idempotency.layer,
      RateLimiting.layer(config.rateLimit),
      Consent.layer(consentApps(config)),
      Cursors.layer(makeSigning(keys)),
      System.notificationReader
    ]),
    Layer.provide(
      NodeHttpServer.layer(() => boundedServer(config), {
        host: config.host,
        port: config.port,
        gracefulShutdownTimeout: drainMillisMax
      })
    )
  )

const bootstrap = (config: ServerConfig, masterKeys: MasterKeys) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      yield* checkMasterKeys(masterKeys)
      if (Option.isSome(config.apiKey)) yield* ensureFirstUser(config.apiKey.value)
      yield* sayStart(config)
    })
  )

/** Traces tell addresses without what stands in their queries: codes of a sign-in, cursors, the providers' sync tokens. */
const everyName = [/^/]

const watch = makeStorageWatch()

const server = Effect.gen(function* () {
  const config = yield* load
  if (useProxy(readRecord()) === "unsupported") {
    yield* Effect.logWarning("HTTPS_PROXY is set, and this Node.js heeds it only with NODE_USE_ENV_PROXY=1 beside it")
  }
  const masterKeys = yield* System.masterKeysOf(config)
  const whole = Layer.mergeAll(serving(config, System.signingKeysOf(masterKeys)), BackgroundLoops.layer).pipe(
    Layer.provide(bootstrap(config, masterKeys)),
    Layer.provide(KeyCache.layer),
    Layer.provide(System.layer(config, masterKeys, watch)),
    Layer.provide(Telemetry.layer(config.otlpEndpoint))
  )
  return yield* sayOpening(config).pipe(
    Effect.andThen(Layer.launch(whole)),
    Effect.provideService(References.MinimumLogLevel, config.logLevel),
    Effect.provideService(UrlParams.CurrentRedactedNames, everyName),
    Effect.provideService(DocsServed, config.docs),
    Effect.provideService(TrustedProxies, config.trustedProxies)
  )
})

const sayWhy = (cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Cause.hasInterruptsOnly(cause)
    ? Effect.void
    : Effect.sync(() => process.stderr.write(`punctual: ${whyNotStarted(lineOf(Cause.squash(cause)))}\n`))

/** Node.js says it without the setting that is to be changed. */
const whyNotStarted = (line: string): string => {
  const taken = /\bEADDRINUSE\b.* (\S+)$/.exec(line)?.[1]
  return taken === undefined
    ? line
    : `PUNCTUAL_PORT: ${taken} is taken by another process; stop that one first, or set another port`
}

keepReadingShortLived()

server.pipe(
  Effect.provide(Logger.layer([quietLogger(watch, Logger.consoleLogFmt)])),
  Effect.tapCause(sayWhy),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    // Asked to stop and stopped is success.
    teardown: (exit, onExit) => onExit(Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? 1 : 0)
  })
)

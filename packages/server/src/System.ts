/**
 * The system behind the HTTP server and the command line: the core over its adapters, as the configuration names them.
 * The one place, with Storage.ts, that knows every adapter. Decides nothing about requests.
 */
import { Effect, Layer, Option } from "effect"
import * as Google from "@punctual/adapter-google"
import * as Graph from "@punctual/adapter-graph"
import * as Feeds from "@punctual/adapter-ics/feed"
import * as Postgres from "@punctual/adapter-postgres"
import {
  CalendarProviders,
  CurrentInstance,
  CurrentLauncherState,
  CurrentPolicy,
  makeStorageWatch,
  Punctual,
  type StorageWatch
} from "@punctual/core"
import type { SigningKeys } from "./auth/Signing.ts"
import type { ServerConfig } from "./config/Config.ts"
import { ConfigFault } from "./config/ConfigFault.ts"
import { icsAllow } from "./config/IcsAllow.ts"
import { NotificationReader } from "./handlers/WebhooksHandlers.ts"
import { instanceOf } from "./Instance.ts"
import * as Launchers from "./launchers/index.ts"
import { makeLauncherHealth } from "./launchers/LauncherHealth.ts"
import * as WorkspaceOf from "./launchers/WorkspaceOf.ts"
import { StorageGauges } from "./metrics/StorageGauges.ts"
import { WriteProbe } from "./metrics/WriteProbe.ts"
import * as StorageOutage from "./logs/StorageOutage.ts"
import { LaunchHours } from "./metrics/LaunchHours.ts"
import * as LaunchCounts from "./metrics/LaunchCounts.ts"
import * as SecretsWatch from "./metrics/SecretsWatch.ts"
import * as SyncCounts from "./metrics/SyncCounts.ts"
import { storage } from "./Storage.ts"

/** The keys of the configuration, or of the file in the data directory, which is made where there is none. */
export const masterKeysOf = ({ dataDir, masterKey }: ServerConfig) =>
  Option.match(masterKey, {
    onNone: () => Postgres.masterKeysFromFile(Postgres.masterKeyFile(dataDir)),
    onSome: (text) =>
      Postgres.parseMasterKeys(text).pipe(
        Effect.mapError(({ message }) => new ConfigFault({ variable: "PUNCTUAL_MASTER_KEY", message }))
      )
  })

export const signingKeysOf = ([first, ...rest]: Postgres.MasterKeys): SigningKeys => [
  first.key,
  ...rest.map(({ key }) => key)
]

/** The core over its five ports, and what the HTTP side shares with it. */
export const layer = (
  config: ServerConfig,
  masterKeys: Postgres.MasterKeys,
  watch: StorageWatch = makeStorageWatch()
) =>
  Layer.mergeAll(Punctual.layer, StorageGauges.layer, WriteProbe.layer).pipe(
    Layer.provideMerge(Layer.merge(SyncCounts.layer, SecretsWatch.layer)),
    Layer.provide(Layer.effect(CurrentLauncherState, makeLauncherHealth)),
    Layer.provideMerge(Layer.mergeAll(launcher(config), providers(config))),
    Layer.provideMerge(StorageOutage.layer(watch)),
    Layer.provideMerge(LaunchHours.layer),
    Layer.provideMerge(storage(config, masterKeys)),
    Layer.provide(Layer.succeed(CurrentPolicy, config.policy)),
    Layer.provide(Layer.succeed(CurrentInstance, instanceOf(config)))
  )

/** The bot service, counted. */
const launcher = (config: ServerConfig) =>
  LaunchCounts.layer.pipe(Layer.provide(Launchers.layer(config.launcher)), Layer.provide(WorkspaceOf.layer))

/** The providers' wire formats of notifications. */
export const notificationReader: Layer.Layer<NotificationReader> = Layer.succeed(NotificationReader, {
  read: Graph.parseNotifications,
  validate: Graph.validate,
  readChannel: Google.parseNotification
})

const providers = ({ feedsAllowed, google, graphUrl, loginUrl, publicUrl }: ServerConfig) => {
  const address = (path: string) => Option.getOrNull(Option.map(publicUrl, (url) => new URL(path, withSlash(url)).href))
  return CalendarProviders.layer(
    Graph.layer({
      graphUrl: graphUrl.href,
      loginUrl: loginUrl.href,
      notificationUrl: address("webhooks/microsoft"),
      lifecycleUrl: address("webhooks/microsoft/lifecycle")
    }),
    Google.layer({
      apiUrl: google.apiUrl.href,
      tokenUrl: google.tokenUrl.href,
      notificationUrl: address("webhooks/google")
    }),
    Feeds.layer({ allowed: feedsAllowed, allowedBy: icsAllow })
  )
}

/** Paths are relative to the whole public address. */
const withSlash = (url: URL): URL => new URL(url.pathname.endsWith("/") ? url : `${url.href}/`)

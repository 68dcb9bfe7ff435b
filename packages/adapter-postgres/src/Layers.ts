/**
 * The four ports on one database, in one layer: what a host asks for.
 * Decides where the embedded engine's key lies when none is given. Never opens more than one database.
 */
import type { Scheduler, Secrets, Store } from "@punctual/core"
import type { Accounts } from "@punctual/core/accounts"
import { Config, Effect, Layer, Option } from "effect"
import { join } from "node:path"
import * as AccountsPort from "./Accounts.ts"
import type { Database } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import type { DirectoryInUse } from "./database/DirectoryLock.ts"
import type { SchemaOutdated } from "./Migrate.ts"
import * as Open from "./Open.ts"
import type { PGliteOptions } from "./database/PGlite.ts"
import type { PostgresOptions } from "./database/Postgres.ts"
import * as SchedulerPort from "./Scheduler.ts"
import { type MasterKeyInvalid, type MasterKeys, masterKeysFromFile, parseMasterKeys } from "./sealing/MasterKey.ts"
import * as SecretsPort from "./Secrets.ts"
import * as StorePort from "./Store.ts"

/** `Database` stands among them for its `health`, for rotating keys and for hosts that take only some of the ports. */
export type Ports = Store | Scheduler | Secrets | Accounts | Database

export interface PortOptions {
  readonly masterKeys: MasterKeys
  readonly scheduler?: Partial<SchedulerPort.Options>
}

/** All ports over a database that is open already. */
export const layerPorts = (
  options: PortOptions
): Layer.Layer<Store | Scheduler | Secrets | Accounts, never, Database> =>
  Layer.mergeAll(
    StorePort.layer,
    SchedulerPort.layer(options.scheduler),
    SecretsPort.layer(options.masterKeys),
    AccountsPort.layer(options.masterKeys)
  )

/** On a PostgreSQL server. */
export const layer = (
  options: PostgresOptions & Open.MigrateOption & PortOptions
): Layer.Layer<Ports, DatabaseError | SchemaOutdated> =>
  Layer.provideMerge(layerPorts(options), Open.layerPostgres(options))

/** On the embedded engine. */
export const layerPGlite = (
  options: PGliteOptions & Open.MigrateOption & PortOptions
): Layer.Layer<Ports, DatabaseError | DirectoryInUse | SchemaOutdated> =>
  Layer.provideMerge(layerPorts(options), Open.layerPGlite(options))

/** Where the key lies that a host without one is given. */
export const masterKeyFile = (dataDir: string): string => join(dataDir, "master.key")

/** By `DATABASE_URL`, `PUNCTUAL_DATA_DIR` and `PUNCTUAL_MASTER_KEY`. */
export const layerConfig: Layer.Layer<
  Ports,
  Config.ConfigError | DatabaseError | DirectoryInUse | MasterKeyInvalid | SchemaOutdated
> = Layer.unwrap(
  Effect.gen(function* () {
    const { dataDir, masterKey, url } = yield* config
    const masterKeys = yield* Option.match(masterKey, {
      onNone: () => masterKeysFromFile(masterKeyFile(dataDir)),
      onSome: parseMasterKeys
    })
    return Option.match(url, {
      onNone: () => layerPGlite({ dataDir, masterKeys }),
      onSome: (given) => layer({ url: given, masterKeys })
    })
  })
)

const config = Config.all({
  url: Config.option(Config.Redacted("DATABASE_URL")),
  dataDir: Config.withDefault(Config.String("PUNCTUAL_DATA_DIR"), "./.punctual"),
  masterKey: Config.option(Config.Redacted("PUNCTUAL_MASTER_KEY"))
})

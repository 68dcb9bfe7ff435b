/**
 * Storage for the four ports that keep something: on a database, on AWS, or some here and some there.
 * Decides which adapter stands behind which port, as the configuration says. What can't be opened ends the start.
 */
import { Context, Effect, Layer, Option, type Redacted } from "effect"
import * as Postgres from "@punctual/adapter-postgres"
import { Scheduler, Secrets, type Store } from "@punctual/core"
import type { Accounts } from "@punctual/core/accounts"
import type { ServerConfig } from "./config/Config.ts"
import { ConfigFault } from "./config/ConfigFault.ts"

type Ports = Accounts | Scheduler | Secrets | Store
type Given = Pick<ServerConfig, "databaseUrl" | "dataDir" | "poolSize" | "storage">

export const storage = (config: Given, masterKeys: Postgres.MasterKeys): Layer.Layer<Ports> => {
  const { scheduler, secrets, store } = config.storage
  const choices = [store, scheduler, secrets]
  if (choices.every(({ kind }) => kind === "postgres")) return database(config, masterKeys)
  const aws = Layer.unwrap(
    Effect.map(
      Effect.promise(() => import("./AwsStorage.ts")),
      (loaded) => Layer.orDie(loaded.layer(config.storage, masterKeys))
    )
  )
  if (choices.every(({ kind }) => kind !== "postgres")) return aws
  // Of two that offer the same port the later one is taken.
  return Layer.mergeAll(
    store.kind === "postgres" ? database(config, masterKeys) : withoutStore(database(config, masterKeys)),
    aws
  )
}

/** The database itself stands among what it gives: a store on it can be counted. */
export const database = (
  { databaseUrl, dataDir, poolSize }: Pick<Given, "databaseUrl" | "dataDir" | "poolSize">,
  masterKeys: Postgres.MasterKeys
): Layer.Layer<Postgres.Ports> =>
  Option.match(databaseUrl, {
    onNone: () => opened("PUNCTUAL_DATA_DIR", "", Postgres.layerPGlite({ dataDir, masterKeys })),
    onSome: (url: Redacted.Redacted) =>
      opened(
        "DATABASE_URL",
        "the database can't be opened: ",
        Postgres.layer({ url, masterKeys, connectionsMax: poolSize })
      )
  })

/** What can't be opened is told by the setting that names it: it ends the start. */
const opened = <A>(variable: string, what: string, layer: Layer.Layer<A, Error>): Layer.Layer<A> =>
  layer.pipe(
    Layer.catch((error) =>
      Layer.effectContext(Effect.fail(new ConfigFault({ variable, message: `${what}${error.message}` })))
    ),
    Layer.orDie
  )

/** Nobody shall take the database for the place where events and bots are. */
const withoutStore = (all: Layer.Layer<Postgres.Ports>): Layer.Layer<Scheduler | Secrets> =>
  Layer.effectContext(Effect.map(Layer.build(all), Context.pick(Scheduler, Secrets)))

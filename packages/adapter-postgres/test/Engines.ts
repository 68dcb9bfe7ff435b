/**
 * The databases that every test of this package runs on.
 *
 * Decides how each is opened, fresh for each layer that is built. Embedded ones start from a template, which spares them
 * the seconds of a cold start; `Migrate.integration.test.ts` and `Layers.integration.test.ts` make theirs from nothing.
 */
import { Effect, Layer } from "effect"
import { hostPool } from "./HostPool.ts"
import type { Database } from "../src/database/Database.ts"
import { layerPGlite, layerPostgres } from "../src/Open.ts"
import { filledDirectory } from "./Directory.ts"
import { templateDump } from "./PGliteTemplate.ts"
import { freshDatabase } from "./PostgresEngine.ts"

export interface Engine {
  readonly name: string
  readonly database: Layer.Layer<Database>
}

export const pgliteInMemory: Engine = {
  name: "PGlite in memory",
  database: Layer.unwrap(
    Effect.map(Effect.promise(templateDump), (loadDataDir) => Layer.orDie(layerPGlite({ dataDir: null, loadDataDir })))
  )
}

const pgliteOnDisk: Engine = {
  name: "PGlite on disk",
  database: Layer.unwrap(Effect.map(filledDirectory, (dataDir) => Layer.orDie(layerPGlite({ dataDir }))))
}

export const postgres: Engine = {
  name: "PostgreSQL",
  database: Layer.unwrap(Effect.map(freshDatabase, (url) => Layer.orDie(layerPostgres({ url }))))
}

/** A name that has to be quoted, and holds what statements are written for. */
export const schemaOfHost = `Host's "punctual.x"`

/** A host's own pool and schema. What the host reads `int8` as is its own business. */
export const poolOfHost: Engine = {
  name: "a host's pool and schema",
  database: Layer.unwrap(
    Effect.map(Effect.flatMap(freshDatabase, hostPool), (pool) =>
      Layer.orDie(layerPostgres({ pool, schema: schemaOfHost }))
    )
  )
}

export const engines: ReadonlyArray<Engine> = [pgliteInMemory, pgliteOnDisk, postgres]

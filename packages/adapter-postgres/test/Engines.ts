/**
 * The databases that every test of this package runs on.
 *
 * Decides how each is opened, fresh for each layer that is built. In-memory databases start from one dump a worker, which
 * spares them the seconds of a cold start.
 */
import { Effect, Layer, type Scope } from "effect"
import { PGlite } from "@electric-sql/pglite"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Database } from "../src/database/Database.ts"
import { layerPGlite, layerPostgres } from "../src/database/Open.ts"
import { freshDatabase } from "./PostgresEngine.ts"

export interface Engine {
  readonly name: string
  readonly database: Layer.Layer<Database>
}

let dump: Promise<Blob> | undefined

const takeDump = async (): Promise<Blob> => {
  const pglite = await PGlite.create()
  const blob = await pglite.dumpDataDir("none")
  await pglite.close()
  return blob
}

export const pgliteInMemory: Engine = {
  name: "PGlite in memory",
  database: Layer.unwrap(
    Effect.map(
      Effect.promise(() => (dump ??= takeDump())),
      (loadDataDir) => Layer.orDie(layerPGlite({ dataDir: null, loadDataDir }))
    )
  )
}

/** A directory of its own, removed with the scope. */
export const freshDirectory: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "punctual-pglite-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
)

export const pgliteOnDisk: Engine = {
  name: "PGlite on disk",
  database: Layer.unwrap(Effect.map(freshDirectory, (dataDir) => Layer.orDie(layerPGlite({ dataDir }))))
}

export const postgres: Engine = {
  name: "PostgreSQL",
  database: Layer.unwrap(Effect.map(freshDatabase, (url) => Layer.orDie(layerPostgres({ url }))))
}

export const engines: ReadonlyArray<Engine> = [pgliteInMemory, pgliteOnDisk, postgres]

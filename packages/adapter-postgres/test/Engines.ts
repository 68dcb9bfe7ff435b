/**
 * The databases that every test of this package runs on.
 *
 * Decides how each is opened, fresh for each layer that is built. In-memory databases start from one dump a worker, which
 * spares them the seconds of a cold start.
 */
import { Effect, Layer } from "effect"
import { PGlite } from "@electric-sql/pglite"
import { mkdtempSync, rmSync } from "node:fs"
import { cp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Database } from "../src/database/Database.ts"
import { layerPGlite, layerPostgres } from "../src/Open.ts"
import { freshDirectory } from "./Directory.ts"
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

let template: Promise<string> | undefined

/** An empty database's files, made once a worker: copying them takes a tenth of the time. */
const takeTemplate = async (): Promise<string> => {
  const directory = mkdtempSync(join(tmpdir(), "punctual-template-"))
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }))
  const pglite = await PGlite.create(join(directory, "db"))
  await pglite.close()
  return directory
}

const pgliteOnDisk: Engine = {
  name: "PGlite on disk",
  database: Layer.unwrap(
    Effect.gen(function* () {
      const from = yield* Effect.promise(() => (template ??= takeTemplate()))
      const dataDir = yield* freshDirectory
      yield* Effect.promise(() => cp(from, dataDir, { recursive: true }))
      return Layer.orDie(layerPGlite({ dataDir }))
    })
  )
}

export const postgres: Engine = {
  name: "PostgreSQL",
  database: Layer.unwrap(Effect.map(freshDatabase, (url) => Layer.orDie(layerPostgres({ url }))))
}

export const engines: ReadonlyArray<Engine> = [pgliteInMemory, pgliteOnDisk, postgres]

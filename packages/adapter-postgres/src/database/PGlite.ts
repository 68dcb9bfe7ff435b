/**
 * Opens the embedded database: PostgreSQL inside this process, its files in a directory or in memory.
 * Decides where the files lie and that one process alone has them open. Never runs a statement.
 */
import { Effect, type Scope } from "effect"
import { PGliteDialect } from "kysely"
import { mkdir } from "node:fs/promises"
import { join, resolve } from "node:path"
import { type Database, attempt, fromDialect } from "./Database.ts"
import type { DatabaseError } from "./DatabaseError.ts"
import { type DirectoryInUse, holdDirectory } from "./DirectoryLock.ts"

export interface PGliteOptions {
  /** The database lies in `<dataDir>/db`; null: in memory, gone with the layer. */
  readonly dataDir: string | null
  /** A dump to start from instead of an empty database, in memory alone. Spares tests the cold start. */
  readonly loadDataDir?: Blob
}

/** Only the owner may look into it. */
const directoryMode = 0o700

export const openPGlite = Effect.fnUntraced(function* (
  options: PGliteOptions
): Effect.fn.Return<Database["Service"], DatabaseError | DirectoryInUse, Scope.Scope> {
  const directory = options.dataDir === null ? null : join(resolve(options.dataDir), "db")
  if (directory !== null) {
    yield* attempt(() => mkdir(directory, { recursive: true, mode: directoryMode }))
    yield* holdDirectory(directory)
  }
  // Loaded here, so that a host on PostgreSQL never pays for its 10 MB of WebAssembly.
  const { PGlite } = yield* attempt(() => import("@electric-sql/pglite"))
  const { loadDataDir } = options
  const pglite = yield* Effect.acquireRelease(
    attempt(() => PGlite.create(directory ?? "memory://", loadDataDir === undefined ? {} : { loadDataDir })),
    (opened) => (opened.closed ? Effect.void : Effect.ignore(attempt(() => opened.close())))
  )
  return yield* fromDialect("pglite", new PGliteDialect({ pglite }))
})

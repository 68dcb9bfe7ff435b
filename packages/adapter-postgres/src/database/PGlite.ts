/**
 * Opens the embedded database: PostgreSQL inside this process, its files in a directory or in memory.
 * Decides where the files lie and that one process alone has them open. Never runs a statement.
 */
import { Effect, type Scope } from "effect"
import { Kysely, PGliteDialect } from "kysely"
import { mkdir } from "node:fs/promises"
import { join, resolve } from "node:path"
import { type Database, attempt, fromKysely } from "./Database.ts"
import { DatabaseError } from "./DatabaseError.ts"
import { type DirectoryInUse, holdDirectory } from "./DirectoryLock.ts"
import { checkSchemaName, schemaDefault } from "./SchemaName.ts"

export interface PGliteOptions {
  /** The database lies in `<dataDir>/db`; null: in memory, gone with the layer. */
  readonly dataDir: string | null
  /** A dump to start from instead of an empty database, in memory alone. Spares tests the cold start. */
  readonly loadDataDir?: Blob
  /** Where everything lies; `punctual` unless named. */
  readonly schema?: string
}

/** Only the owner may look into it. */
const directoryMode = 0o700

export const openPGlite = Effect.fnUntraced(function* (
  options: PGliteOptions
): Effect.fn.Return<Database["Service"], DatabaseError | DirectoryInUse, Scope.Scope> {
  const schema = yield* checkSchemaName(options.schema ?? schemaDefault)
  const directory = options.dataDir === null ? null : join(resolve(options.dataDir), "db")
  if (directory !== null) {
    yield* attempt(() => mkdir(directory, { recursive: true, mode: directoryMode }))
    yield* holdDirectory(directory)
  }
  // Loaded here, so that a host on PostgreSQL never pays for its 10 MB of WebAssembly, nor has to install it.
  const { PGlite } = yield* loadEngine(() => import("@electric-sql/pglite"))
  const { loadDataDir } = options
  const pglite = yield* Effect.acquireRelease(
    attempt(() => PGlite.create(directory ?? "memory://", loadDataDir === undefined ? {} : { loadDataDir })),
    (opened) => (opened.closed ? Effect.void : Effect.ignore(attempt(() => opened.close())))
  )
  const kysely = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) })
  return yield* fromKysely({ engine: "pglite", kysely, isOwned: true, schema })
})

/** Node's and bundlers' words for a package that is not there. */
const notInstalled: ReadonlySet<string> = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"])

/** The engine is an optional peer: who asks for it without having installed it is told what to install. */
export const loadEngine = <A>(load: () => Promise<A>): Effect.Effect<A, DatabaseError> =>
  Effect.mapError(attempt(load), (error) =>
    error.code !== null && notInstalled.has(error.code)
      ? new DatabaseError({
          code: error.code,
          detail:
            "the embedded database needs the package @electric-sql/pglite: install it beside @punctual/adapter-postgres, or give the `url` of a PostgreSQL server"
        })
      : error
  )

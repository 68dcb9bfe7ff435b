/**
 * A copy of the embedded database as one file: what a directory is restored from.
 * Decides that the copy is a compressed tar of the database's own files, taken while nobody writes. Holds no master key.
 */
import { Effect } from "effect"
import { writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { attempt } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import { type DirectoryInUse, holdDirectory } from "./database/DirectoryLock.ts"
import { loadEngine } from "./database/PGlite.ts"

/** Its owner alone reads it: it holds digests of keys, and what credentials are sealed as. */
const fileMode = 0o600

/** Succeeds with the bytes written. Refused while another process has the directory; an existing file is not written over. */
export const backup = (dataDir: string, file: string): Effect.Effect<number, DatabaseError | DirectoryInUse> =>
  Effect.scoped(
    Effect.gen(function* () {
      const directory = join(resolve(dataDir), "db")
      yield* holdDirectory(directory)
      const { PGlite } = yield* loadEngine(() => import("@electric-sql/pglite"))
      const pglite = yield* Effect.acquireRelease(
        attempt(() => PGlite.create(directory)),
        (opened) => Effect.ignore(attempt(() => opened.close()))
      )
      const dump = yield* attempt(() => pglite.dumpDataDir("gzip"))
      const bytes = new Uint8Array(yield* attempt(() => dump.arrayBuffer()))
      yield* attempt(() => writeFile(resolve(file), bytes, { flag: "wx", mode: fileMode }))
      return bytes.length
    })
  )

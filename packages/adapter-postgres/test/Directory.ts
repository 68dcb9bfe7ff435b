/**
 * A directory for a test alone: an empty one, or one with a database in it that is made and migrated already.
 */
import { Effect, type Scope } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fillDataDir } from "./PGliteTemplate.ts"

/** Removed with the scope. */
export const freshDirectory: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "punctual-test-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
)

/** As if a host had been started there before. */
export const filledDirectory: Effect.Effect<string, never, Scope.Scope> = Effect.tap(freshDirectory, (directory) =>
  Effect.promise(() => fillDataDir(directory))
)

/**
 * A database of the embedded engine that is made and migrated already, for tests that are about something else: making
 * one takes 5 to 14 seconds, loading one takes one or two.
 *
 * Decides where it lies and when it is made anew: once for each checkout, version of PGlite and set of migrations, in a
 * folder that git ignores. Never leaves half of one: it is made under another name and renamed, by one process at a time.
 */
import { PGlite } from "@electric-sql/pglite"
import { Effect, Layer, Schedule } from "effect"
import { createHash } from "node:crypto"
import { cpSync, existsSync, openAsBlob, readFileSync } from "node:fs"
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { holdDirectory } from "../src/database/DirectoryLock.ts"
import { layerPGlite } from "../src/Open.ts"
import { migrationsSql } from "../src/MigrationSql.ts"

const folder = join(import.meta.dirname, "../node_modules/.cache/punctual")

/** In `<folder>/<name>`: the data directory of a host as `data`, and a dump of its database. */
interface Template {
  readonly data: string
  readonly dump: string
}

const templateAt = (path: string): Template => ({ data: join(path, "data"), dump: join(path, "dump.tar") })

/** For a database in memory. */
export const templateDump = async (): Promise<Blob> => openAsBlob((await template()).dump)

/** Fills an empty data directory, as if a host had been started there before. */
export const fillDataDir = async (dataDir: string): Promise<void> =>
  cpSync((await template()).data, dataDir, { recursive: true })

let found: Promise<Template> | undefined

const template = (): Promise<Template> => (found ??= Effect.runPromise(findOrMake))

const pgliteVersion = (): string => {
  // The package does not export its own description, which lies beside the folder of its entry.
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite")
  const text = readFileSync(join(dirname(entry), "../package.json"), "utf8")
  return (JSON.parse(text) as { readonly version: string }).version
}

const digest = createHash("sha256").update(migrationsSql()).digest("hex").slice(0, 16)
const path = join(folder, `pglite-${pgliteVersion()}-${digest}`)

/** Whoever waits for another process to make it looks so often, for as long as a very busy machine needs. */
const lookMillis = 100
const looksMax = 3_000

const findOrMake = Effect.suspend(() =>
  existsSync(path) ? Effect.succeed(templateAt(path)) : Effect.scoped(makeAlone)
).pipe(
  Effect.retry({
    while: (error) => error._tag === "DirectoryInUse",
    schedule: Schedule.spaced(lookMillis),
    times: looksMax
  })
)

const makeAlone = Effect.gen(function* () {
  const held = join(folder, "lock", "db")
  yield* Effect.promise(() => mkdir(held, { recursive: true }))
  yield* holdDirectory(held)
  // Another one may have made it between the look and the hold.
  if (!existsSync(path)) yield* make
  return templateAt(path)
})

const make = Effect.gen(function* () {
  const half = yield* Effect.promise(() => mkdtemp(join(folder, "half-")))
  const { data, dump } = templateAt(half)
  yield* Effect.scoped(Layer.build(layerPGlite({ dataDir: data })))
  yield* Effect.promise(async () => {
    const opened = await PGlite.create(join(data, "db"))
    const blob = await opened.dumpDataDir("none")
    await opened.close()
    await writeFile(dump, blob.stream())
    await removeHalves(half)
    await rename(half, path)
  })
})

/** Those that a killed process left: nobody makes one meanwhile. */
const removeHalves = async (own: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const each = join(folder, name)
    if (name.startsWith("half-") && each !== own) await rm(each, { recursive: true, force: true })
  }
}

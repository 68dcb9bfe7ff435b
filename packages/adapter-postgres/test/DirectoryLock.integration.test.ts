/**
 * A data directory belongs to one process at a time, and is free as soon as that process is gone, however it went.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Scope } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, symlinkSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import { holdDirectory } from "../src/database/DirectoryLock.ts"
import { layerPGlite } from "../src/Open.ts"
import { filledDirectory, freshDirectory } from "./Directory.ts"

/** Opens the directory in another process; answers what it said first. */
const openElsewhere = (dataDir: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const child = spawn(process.execPath, [fileURLToPath(new URL("process/Opener.ts", import.meta.url)), dataDir], {
        stdio: ["ignore", "pipe", "inherit"]
      })
      const [said] = (await once(child.stdout, "data")) as [Buffer]
      return { child, said: said.toString().trim() }
    }),
    ({ child }) => Effect.promise(() => killed(child))
  )

type Child = ReturnType<typeof spawn>

/** Proves that the process is gone. */
const killed = async (child: Child): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, "exit")
  child.kill("SIGKILL")
  await gone
}

const openHere = (dataDir: string) => Effect.scoped(Effect.result(Layer.build(layerPGlite({ dataDir }))))

describe("a data directory", () => {
  it.live("is refused to a second process and to a second opener in the same one, by name", () =>
    Effect.gen(function* () {
      const dataDir = yield* filledDirectory
      yield* Layer.build(layerPGlite({ dataDir }))
      const refused = yield* Effect.flip(Layer.build(layerPGlite({ dataDir })))
      assert.strictEqual(refused._tag, "DirectoryInUse")
      assert.include(refused.message, join(dataDir, "db"))
      const { said } = yield* openElsewhere(dataDir)
      assert.match(said, /^DirectoryInUse: /)
      assert.include(said, join(dataDir, "db"))
    })
  )

  it.live("is taken over after SIGKILL, with everything that was committed", () =>
    Effect.gen(function* () {
      const dataDir = yield* filledDirectory
      const scope = yield* Scope.make()
      const first = yield* Layer.buildWithScope(layerPGlite({ dataDir }), scope)
      yield* first.pipe((context) =>
        Effect.provideContext(
          Database.use((db) => db.rows(sql`insert into punctual.user_states (user_id) values ('usr_1')`)),
          context
        )
      )
      yield* Scope.close(scope, Exit.void)

      const { child, said } = yield* openElsewhere(dataDir)
      assert.strictEqual(said, "opened")
      assert.strictEqual((yield* openHere(dataDir))._tag, "Failure")
      yield* Effect.promise(() => killed(child))

      const rows = yield* Database.use((db) => db.rows(sql`select user_id from punctual.user_states`)).pipe(
        Effect.provide(layerPGlite({ dataDir }))
      )
      assert.deepStrictEqual(rows, [{ user_id: "usr_1" }])
    })
  )

  it.live("is the same by another name", () =>
    Effect.gen(function* () {
      const directory = yield* freshDirectory
      mkdirSync(join(directory, "real"))
      symlinkSync(join(directory, "real"), join(directory, "alias"))
      yield* holdDirectory(join(directory, "real"))
      const refused = yield* Effect.flip(holdDirectory(join(directory, "alias")))
      assert.strictEqual(refused._tag, "DirectoryInUse")
    })
  )

  it.live("is free again once its scope closed", () =>
    Effect.gen(function* () {
      const directory = yield* freshDirectory
      mkdirSync(join(directory, "db"))
      for (let times = 0; times < 3; times++) yield* Effect.scoped(holdDirectory(join(directory, "db")))
      yield* holdDirectory(join(directory, "db"))
    })
  )

  it.live("is refused where only the socket file tells, as across containers, and taken where nobody answers it", () =>
    Effect.gen(function* () {
      const directory = yield* freshDirectory
      mkdirSync(join(directory, "db"))
      const path = join(directory, "db.lock")
      const other = createServer((socket) => socket.destroy())
      yield* Effect.promise(() => new Promise<void>((done) => other.listen(path, () => done())))
      const refused = yield* Effect.flip(Effect.scoped(holdDirectory(join(directory, "db"))))
      assert.strictEqual(refused._tag, "DirectoryInUse")
      yield* Effect.promise(() => new Promise<void>((done) => other.close(() => done())))
      yield* holdDirectory(join(directory, "db"))
    })
  )

  it.live("goes to one of many that open it at once", () =>
    Effect.gen(function* () {
      const directory = yield* freshDirectory
      mkdirSync(join(directory, "db"))
      const results = yield* Effect.all(
        Array.from({ length: 50 }, () => Effect.result(holdDirectory(join(directory, "db")))),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(
        results.filter(({ _tag }) => _tag === "Success"),
        1
      )
    })
  )
})

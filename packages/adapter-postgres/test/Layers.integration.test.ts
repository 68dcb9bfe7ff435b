/**
 * All ports over one database, as a host builds them; and that what they acknowledged survives SIGKILL.
 */
import { Scheduler, Secrets, Store } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Option, Redacted, Stream } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Database } from "../src/database/Database.ts"
import { layer, layerConfig, layerPGlite, masterKeyFile } from "../src/Layers.ts"
import { filledDirectory, freshDirectory } from "./Directory.ts"
import { keysOf } from "./MasterKeys.ts"
import { templateDump } from "./PGliteTemplate.ts"
import { freshDatabase } from "./PostgresEngine.ts"
import { botOf, now, refOf, userOf } from "./StoreRows.ts"

const credentials = Redacted.make({ clientId: "c", clientSecret: "s", refreshToken: "t", obtainedAt: 1 })

/** One call of each port. */
const used = Effect.gen(function* () {
  const ref = refOf(userOf(1))
  yield* Database.use(({ health }) => health)
  yield* Secrets.use((secrets) => secrets.put(ref, credentials))
  const found = yield* Secrets.use((secrets) => secrets.get(ref))
  const user = yield* Accounts.use((accounts) => accounts.user(userOf(1)))
  const held = yield* Scheduler.use((scheduler) => Stream.runCollect(scheduler.list))
  const bots = yield* Store.use((store) => store.dueBots(now, 1))
  return [Option.isSome(found), Option.isSome(user), held.length, bots.length]
})

const answers = [true, false, 0, 0]

const configured = (env: Record<string, string>) =>
  Layer.provide(layerConfig, ConfigProvider.layer(ConfigProvider.fromEnv({ env })))

describe("one layer", () => {
  it.live("gives every port on the embedded engine", () =>
    Effect.gen(function* () {
      const loadDataDir = yield* Effect.promise(templateDump)
      const embedded = layerPGlite({ dataDir: null, loadDataDir, masterKeys: keysOf("a") })
      assert.deepStrictEqual(yield* Effect.provide(used, embedded), answers)
    })
  )

  it.live("gives every port on a server", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      assert.deepStrictEqual(yield* Effect.provide(used, layer({ url, masterKeys: keysOf("a") })), answers)
    })
  )

  it.live("finds the server by its address and takes the keys it is given", () =>
    Effect.gen(function* () {
      const url = Redacted.value(yield* freshDatabase)
      const directory = yield* freshDirectory
      const given = { PUNCTUAL_MASTER_KEY: Buffer.alloc(32, "a").toString("base64"), PUNCTUAL_DATA_DIR: directory }
      assert.deepStrictEqual(yield* Effect.provide(used, configured({ ...given, DATABASE_URL: url })), answers)
      assert.isFalse(existsSync(masterKeyFile(directory)))
    })
  )

  it.live("makes a database and a key where there is none, and finds it and everything else again", () =>
    Effect.gen(function* () {
      const directory = join(yield* freshDirectory, "data")
      const env = { PUNCTUAL_DATA_DIR: directory }
      assert.deepStrictEqual(yield* Effect.provide(used, configured(env)), answers)
      assert.strictEqual(statSync(masterKeyFile(directory)).mode & 0o777, 0o600)
      assert.deepStrictEqual(yield* Effect.provide(used, configured(env)), answers)
    })
  )

  it.live("refuses a bad key in one line that does not show it", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Layer.build(configured({ PUNCTUAL_MASTER_KEY: "MARKER" })))
      assert.strictEqual(error._tag, "MasterKeyInvalid")
      assert.notInclude(String(error.message), "MARKER")
    })
  )
})

/** Kills; the documentation claims a thousand with `PROVE=1`. */
const kills = process.env["PROVE"] === "1" ? 1000 : 3
const acknowledgedBeforeKill = 10

/** Each kill starts a process and opens the database twice: a second on a machine at rest, ten on a busy one. */
const killTimeoutMillis = kills * 30_000

/** Writes in another process, kills it in the middle, and answers how many writes it had been told were done. */
const writeAndKill = async (dataDir: string, from: number): Promise<number> => {
  const writer = fileURLToPath(new URL("process/Writer.ts", import.meta.url))
  const child = spawn(process.execPath, [writer, dataDir, String(from)], { stdio: ["ignore", "pipe", "inherit"] })
  let said = ""
  child.stdout.on("data", (data: Buffer) => {
    said += data.toString()
    if (said.split("\n").length > acknowledgedBeforeKill) child.kill("SIGKILL")
  })
  const [code, signal] = (await once(child, "close")) as [number | null, string | null]
  assert.deepStrictEqual([code, signal], [null, "SIGKILL"])
  return said.split("\n").length - 1
}

describe("what was acknowledged", () => {
  it.live(
    `survives SIGKILL, ${kills} times`,
    () =>
      Effect.gen(function* () {
        const dataDir = yield* filledDirectory
        let acknowledged = 0
        for (let kill = 0; kill < kills; kill++) {
          // A write that was under way may have been done: its number is not used again.
          const from = kill * 1000
          acknowledged = yield* Effect.promise(() => writeAndKill(dataDir, from))
          const numbers = Array.from({ length: acknowledged }, (_, n) => from + n)
          yield* Effect.gen(function* () {
            const schedules = yield* Scheduler.use((scheduler) => Stream.runCollect(scheduler.list))
            const held = new Set(schedules.map(({ botId }) => botId))
            for (const n of numbers) {
              const bot = yield* Store.use((store) => store.bot(userOf(n), botOf(`n${n}`).id))
              const ref = refOf(userOf(n))
              const secret = yield* Secrets.use((secrets) => secrets.get(ref))
              assert.isTrue(Option.isSome(bot) && Option.isSome(secret) && held.has(bot.value.id), `write ${n} is lost`)
            }
          }).pipe(Effect.provide(layerPGlite({ dataDir, masterKeys: keysOf("a") })))
        }
        assert.isAtLeast(acknowledged, acknowledgedBeforeKill)
      }),
    killTimeoutMillis
  )
})

/** O: a start whose storage is not there names the setting. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer } from "effect"
import { parse } from "../src/config/Config.ts"
import { lineOf } from "../src/config/ConfigFault.ts"
import { storage } from "../src/Storage.ts"
import { masterKeysOf } from "../src/System.ts"

const masterKey = Buffer.alloc(32, 7).toString("base64")

const lineWith = Effect.fnUntraced(function* (env: Readonly<Record<string, string>>) {
  const config = yield* parse({ PUNCTUAL_MASTER_KEY: masterKey, ...env })
  const exit = yield* Effect.exit(Effect.scoped(Layer.build(storage(config, yield* masterKeysOf(config)))))
  return Exit.isFailure(exit) ? lineOf(Cause.squash(exit.cause)) : "it opened"
})

describe("O: a start without its storage", () => {
  it.live("names DATABASE_URL, and why the server can't be reached, without the password", () =>
    Effect.gen(function* () {
      const line = yield* lineWith({ DATABASE_URL: "postgres://punctual:a-password@127.0.0.1:1/punctual" })
      assert.match(line, /^DATABASE_URL: the database can't be opened: .*ECONNREFUSED/)
      assert.notInclude(line, "a-password")
    })
  )

  it.live("names PUNCTUAL_DATA_DIR where the directory can't be made", () =>
    Effect.gen(function* () {
      const folder = yield* Effect.promise(() => mkdtemp(join(tmpdir(), "punctual-")))
      yield* Effect.promise(() => writeFile(join(folder, "file"), ""))
      const line = yield* lineWith({ PUNCTUAL_DATA_DIR: join(folder, "file") })
      yield* Effect.promise(() => rm(folder, { recursive: true }))
      assert.match(line, /^PUNCTUAL_DATA_DIR: .*ENOTDIR/)
    })
  )
})

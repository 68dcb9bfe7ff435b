/**
 * Which texts are master keys, and the file that holds one where a host gave none.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { masterKeysFromFile, parseMasterKeys } from "../../src/sealing/MasterKey.ts"
import { freshDirectory } from "../Directory.ts"

const keyText = (letter: string): string => Buffer.alloc(32, letter).toString("base64")
const parse = (text: string) => parseMasterKeys(Redacted.make(text))

describe("a text of master keys", () => {
  it.effect("names the first for sealing, and takes base64 of either alphabet with or without its padding", () =>
    Effect.gen(function* () {
      const keys = yield* parse(` ${keyText("a")} , ${keyText("\u00ff").replaceAll("/", "_").replace("=", "")}`)
      assert.lengthOf(keys, 2)
      assert.deepStrictEqual(Redacted.value(keys[0].key), Buffer.alloc(32, "a"))
      assert.match(keys[0].id, /^[0-9a-f]{16}$/)
      assert.strictEqual((yield* parse(keyText("a")))[0].id, keys[0].id)
    })
  )

  it.effect("is refused with one line that says which, and never what", () =>
    Effect.gen(function* () {
      const short = Buffer.alloc(31, "s").toString("base64")
      for (const bad of ["", short, `${keyText("a")},`, `${keyText("a")},${keyText("a")}`, `${keyText("a")}!`]) {
        const { message } = yield* Effect.flip(parse(bad))
        assert.match(message, /^master key [12] /)
        assert.notInclude(message, short.slice(0, 8))
        assert.notInclude(message, keyText("a").slice(0, 8))
      }
    })
  )

  it.effect("does not show itself", () =>
    Effect.gen(function* () {
      const keys = yield* parse(keyText("a"))
      assert.notInclude(`${String(keys[0].key)} ${JSON.stringify(keys)}`, "97")
      assert.notInclude(JSON.stringify(keys), keyText("a").slice(0, 8))
    })
  )
})

describe("a key file", () => {
  it.effect("is made once, for its owner alone, and read ever after", () =>
    Effect.gen(function* () {
      const path = join(yield* freshDirectory, "data", "master.key")
      const [first, ...others] = yield* Effect.all(
        Array.from({ length: 8 }, () => masterKeysFromFile(path)),
        { concurrency: "unbounded" }
      )
      assert.isTrue(others.every((keys) => keys[0].id === first?.[0].id))
      assert.strictEqual(statSync(path).mode & 0o777, 0o600)
      assert.deepStrictEqual(readdirSync(join(path, "..")), ["master.key"])
      assert.strictEqual(Buffer.from(readFileSync(path, "utf8").trim(), "base64").length, 32)
    })
  )

  it.effect("is refused when others can read it, or when it holds no key", () =>
    Effect.gen(function* () {
      const path = join(yield* freshDirectory, "master.key")
      writeFileSync(path, keyText("a"), { mode: 0o600 })
      chmodSync(path, 0o644)
      assert.include((yield* Effect.flip(masterKeysFromFile(path))).message, "chmod 600")
      chmodSync(path, 0o600)
      assert.lengthOf(yield* masterKeysFromFile(path), 1)
      writeFileSync(path, "")
      assert.include((yield* Effect.flip(masterKeysFromFile(path))).message, path)
      assert.isTrue(existsSync(path))
    })
  )
})

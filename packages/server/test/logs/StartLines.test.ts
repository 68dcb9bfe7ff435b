/** O: what a start says: version, where everything rests, how changes come, the launcher, and what to do next. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import type { UserId } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import { AccountsMemory } from "@punctual/core/testing"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { typed } from "../../src/config/CommandLine.ts"
import { parse } from "../../src/config/Config.ts"
import { sayOpening, sayStart, startFacts } from "../../src/logs/StartLines.ts"
import { version } from "../../src/config/Version.ts"

const masterKey = Buffer.alloc(32, 7).toString("base64")

describe("O: a start", () => {
  it.effect("with nothing set tells the embedded database, polling and that there is no launcher", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(startFacts(yield* parse({})), {
        version,
        storage: "embedded database in ./.punctual",
        calendars: "polled every 5 min: PUNCTUAL_PUBLIC_URL is not set",
        launcher: "none: due bots will fail until PUNCTUAL_LAUNCHER is set"
      })
      assert.match(version, /^\d+\.\d+\.\d+/)
    })
  )

  it.effect("tells where a database is without who may in, and whom bots are handed to", () =>
    Effect.gen(function* () {
      const config = yield* parse({
        DATABASE_URL: "postgres://punctual:a-password@db.internal:5432/punctual",
        PUNCTUAL_MASTER_KEY: masterKey,
        PUNCTUAL_PUBLIC_URL: "https://punctual.example",
        PUNCTUAL_LAUNCHER: "webhook",
        PUNCTUAL_LAUNCHER_URL: "https://bots.example/launch?token=a-token",
        PUNCTUAL_LAUNCHER_SECRET: `whsec_${masterKey}`
      })
      assert.deepStrictEqual(startFacts(config), {
        version,
        storage: "PostgreSQL at db.internal:5432/punctual",
        calendars: "subscribed, providers post to https://punctual.example/",
        launcher: "webhook at https://bots.example"
      })
    })
  )

  it.effect("says before a long wait what is waited for: an embedded database, and no other", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.map(Logger.formatLogFmt, (line) => void lines.push(line))
      const server = { DATABASE_URL: "postgres://db.internal/punctual", PUNCTUAL_MASTER_KEY: masterKey }
      for (const record of [{}, server]) {
        yield* Effect.provide(sayOpening(yield* parse(record)), Logger.layer([logger]))
      }
      assert.lengthOf(lines, 1)
      assert.include(lines[0], "opening the embedded database in ./.punctual; a first start makes it")
    })
  )

  it.effect("says what to do next: the command that makes a user, until there is one", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.map(Logger.formatLogFmt, (line) => void lines.push(line))
      const config = yield* parse({})
      const accounts = yield* Accounts
      const said = sayStart(config).pipe(
        Effect.provideService(Accounts, accounts),
        Effect.provide(Logger.layer([logger]))
      )
      yield* said
      assert.match(lines[0] ?? "", /message="punctual starts" version=.*storage="embedded database/)
      // The server holds the embedded database, and takes no orders without an admin key.
      assert.include(
        lines.at(-1),
        `stop this server, make one, and start it again: ${typed("users create --name Ada")}`
      )
      lines.splice(0)
      const keyed = yield* parse({ PUNCTUAL_ADMIN_KEY: "an-admin-key-of-16" })
      yield* sayStart(keyed).pipe(Effect.provideService(Accounts, accounts), Effect.provide(Logger.layer([logger])))
      assert.include(lines.at(-1), `no user yet; make one: ${typed("users create --name Ada")}`)
      lines.splice(0)
      yield* accounts.createUser(
        { id: "usr_1" as UserId, workspaceId: "wsp_1", name: null, externalId: null, createdAt: 0 },
        null
      )
      yield* said
      assert.isFalse(
        lines.some((line) => line.includes("users create")),
        lines.join("\n")
      )
    }).pipe(Effect.provide(AccountsMemory.layer))
  )
})

describe("O: a hint", () => {
  it("is a command as it is typed: on the path by its name, elsewhere through pnpm", () => {
    const folder = mkdtempSync(join(tmpdir(), "path-"))
    try {
      assert.strictEqual(typed("doctor", folder), "npx --yes pnpm@12 punctual doctor")
      writeFileSync(join(folder, "punctual"), "")
      assert.strictEqual(typed("doctor", `/nowhere:${folder}`), "punctual doctor")
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

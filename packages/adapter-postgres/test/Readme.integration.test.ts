/** The README's example, which does what it says. */
import { assert, it } from "@effect/vitest"
import { filledDirectory } from "./Directory.ts"
// The example begins here.
import { Effect, Layer, Redacted } from "effect"
import { Scheduler, Store, type UserId } from "@punctual/core"
import { layerPGlite, parseMasterKeys } from "@punctual/adapter-postgres"

// 32 bytes, kept apart from the database: they seal credentials at rest.
const masterKey = Redacted.make(Buffer.alloc(32, "k").toString("base64"))

// Files in a directory; null keeps all in memory, and `layer({ url, masterKeys })` asks a server.
const portsIn = (dataDir: string | null) =>
  Layer.unwrap(Effect.map(parseMasterKeys(masterKey), (masterKeys) => layerPGlite({ dataDir, masterKeys })))

const program = Effect.gen(function* () {
  const store = yield* Store
  const scheduler = yield* Scheduler
  return {
    calendars: yield* store.calendars("usr_ada" as UserId),
    commitMax: store.capabilities.commitOperationsMax,
    putMax: scheduler.capabilities.putMax
  }
})

const run = (dataDir: string | null) => program.pipe(Effect.provide(portsIn(dataDir)))

it.live("opens the database and answers", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* run(yield* filledDirectory), { calendars: [], commitMax: 1_000, putMax: 1_000 })
  })
)

/** O: a setting that is none is refused by its name, with the one that was probably meant. */
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { parse } from "../../src/config/Config.ts"
import { knownVariables, unknownVariable } from "../../src/config/KnownVariables.ts"

const folders = ["src", "demo"].map((name) => join(import.meta.dirname, "../..", name))

describe("O: unknown settings", () => {
  it.effect.each([
    ["PUNCTUAL_PUBLC_URL", "PUNCTUAL_PUBLIC_URL"],
    ["PUNCTUAL_POLL_INTERVALL", "PUNCTUAL_POLL_INTERVAL"],
    ["PUNCTUAL_KEEPALIVE", "PUNCTUAL_KEEP_ALIVE"],
    ["PUNCTUAL_ADMINKEY", "PUNCTUAL_ADMIN_KEY"]
  ] as const)("%s is refused, and %s is named", ([name, nearest]) =>
    Effect.gen(function* () {
      const fault = yield* Effect.flip(parse({ [name]: "x" }))
      assert.strictEqual(fault.variable, name)
      assert.strictEqual(fault.message, `There is no such setting; the nearest is ${nearest}`)
    })
  )

  it("are not those that orchestrators set for a service of our name, nor others' names", () => {
    for (const name of [
      "PUNCTUAL_SERVICE_HOST",
      "PUNCTUAL_SERVICE_PORT_HTTP",
      "PUNCTUAL_PORT_8080_TCP_ADDR",
      "PUNCTUAL_SERVER_PORT_8080_TCP",
      "MY_PUNCTUAL_URL",
      "POSTGRES_PASSWORD"
    ]) {
      assert.isNull(unknownVariable([name]), name)
    }
  })

  it.effect("are not the addresses that orchestrators name like our ports", () =>
    Effect.gen(function* () {
      const ofOthers = { PUNCTUAL_PORT: "tcp://10.0.171.239:8080", PUNCTUAL_SERVER_PORT: "udp://10.0.171.239:8080" }
      assert.strictEqual((yield* parse(ofOthers)).port, 8_080)
      const fault = yield* Effect.flip(parse({ PUNCTUAL_SERVER_PORT: "8080" }))
      assert.strictEqual(fault.variable, "PUNCTUAL_SERVER_PORT")
    })
  )

  it("are all but those that the server, its commands and the demo name", () => {
    const named = folders
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)))
      .filter((file) => file.endsWith(".ts") && !file.endsWith("KnownVariables.ts"))
      .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/(["'`])(PUNCTUAL_[A-Z_]+)\1/g)])
      .map(([, , name = ""]) => name)
    assert.deepStrictEqual([...new Set(named)].toSorted(), [...knownVariables].toSorted())
  })
})

/** O: a setting that is none is refused by its name, with the one that was probably meant. */
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { parse } from "../../src/config/Config.ts"
import { knownVariables, unknownVariable } from "../../src/config/KnownVariables.ts"

const folder = join(import.meta.dirname, "../../src/config")

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

  it("are all but those that the configuration reads", () => {
    const read = readdirSync(folder)
      .filter((file) => file !== "KnownVariables.ts")
      .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(/"(PUNCTUAL_[A-Z_]+)"/g)])
      .map(([, name = ""]) => name)
    assert.deepStrictEqual([...new Set(read)].toSorted(), [...knownVariables].toSorted())
  })
})

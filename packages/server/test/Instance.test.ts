/** B3: the name under which a server that comes back lets go of what its former life held. */
import { assert, describe, it } from "@effect/vitest"
import { Option, Redacted } from "effect"
import type { ServerConfig } from "../src/config/Config.ts"
import { instanceOf } from "../src/Instance.ts"

const shared: Parameters<typeof instanceOf>[0] = {
  databaseUrl: Option.some(Redacted.make("postgres://db.example/punctual")),
  host: "0.0.0.0",
  port: 8080,
  storage: { store: { kind: "postgres" } } as ServerConfig["storage"]
}

describe("B3 a server's name", () => {
  it("is the same after a restart, and another's on another machine or port", () => {
    const name = instanceOf(shared, "one")
    assert.strictEqual(instanceOf(shared, "one"), name)
    const others = [instanceOf(shared, "two"), instanceOf({ ...shared, port: 8081 }, "one")]
    assert.strictEqual(new Set([name, ...others]).size, 3)
  })

  it("is the database's where that has one server at a time, and none where the port is any", () => {
    const embedded = { ...shared, databaseUrl: Option.none() }
    assert.strictEqual(instanceOf(embedded, "one"), instanceOf({ ...embedded, port: 0 }, "two"))
    assert.isNull(instanceOf({ ...shared, port: 0 }, "one"))
  })
})

/**
 * The Store port's contract, on every engine, and over a host's pool in a schema of its own (H3).
 */
import { StoreContract } from "@punctual/core/testing"
import { Layer } from "effect"
import * as Store from "../src/Store.ts"
import { engines, poolOfHost } from "./Engines.ts"

for (const { database, name } of [...engines, { ...poolOfHost, name: `H3: ${poolOfHost.name}` }]) {
  StoreContract.suite(name, Layer.provide(Store.layer, database), {
    time: "live",
    // The embedded engine has the clock of its process.
    tellsTime: !name.startsWith("PGlite")
  })
}

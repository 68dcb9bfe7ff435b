/**
 * The Store port's contract, on every engine.
 */
import { StoreContract } from "@punctual/core/testing"
import { Layer } from "effect"
import * as Store from "../src/Store.ts"
import { engines } from "./Engines.ts"

for (const { database, name } of engines) {
  StoreContract.suite(name, Layer.provide(Store.layer, database), { time: "live" })
}

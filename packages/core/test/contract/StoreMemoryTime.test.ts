/** The in-memory store passes the contract also where it tells the time. */
import * as StoreContract from "../../testing/contract/StoreContract.ts"
import * as StoreMemory from "../../testing/memory/StoreMemory.ts"

StoreContract.suite(
  "memory that tells the time",
  StoreMemory.layerWith({ commitOperationsMax: 1_000, tellsTime: true }),
  { tellsTime: true }
)

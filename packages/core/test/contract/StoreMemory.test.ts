/** The in-memory store passes the contract that every store passes. */
import * as StoreContract from "../../testing/contract/StoreContract.ts"
import * as StoreMemory from "../../testing/memory/StoreMemory.ts"

StoreContract.suite("memory", StoreMemory.layer)

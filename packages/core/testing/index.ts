/**
 * What proves a host and its adapters: in-memory adapters and contract suites.
 * Decides what is published of them; the files it names decide the rest.
 */
export * as StoreContract from "./contract/StoreContract.ts"
export * as StoreMemory from "./memory/StoreMemory.ts"

/**
 * What proves a host and its adapters: in-memory adapters and contract suites.
 * Decides what is published of them; the files it names decide the rest.
 */

// Adapters over nothing but memory and Effect's clock, each with a probe beside its port.
export * as AccountsMemory from "./memory/AccountsMemory.ts"
export * as CalendarMemory from "./memory/CalendarMemory.ts"
export * as LauncherMemory from "./memory/LauncherMemory.ts"
export * as SchedulerMemory from "./memory/SchedulerMemory.ts"
export * as SecretsMemory from "./memory/SecretsMemory.ts"
export * as StoreMemory from "./memory/StoreMemory.ts"

// What every adapter of a port passes.
export * as AccountsContract from "./contract/AccountsContract.ts"
export * as CalendarContract from "./contract/CalendarContract.ts"
export * as LauncherContract from "./contract/LauncherContract.ts"
export * as SchedulerContract from "./contract/SchedulerContract.ts"
export * as SecretsContract from "./contract/SecretsContract.ts"
export * as StoreContract from "./contract/StoreContract.ts"

// A durable store against the one in memory, over random histories.
export * as StoreDifferential from "./differential/StoreDifferential.ts"

// Whole rows that say their defaults, for examples and benchmarks.
export * as Rows from "./rows/index.ts"

// Values, rows and states for property tests.
export * as Arbitraries from "./Arbitraries.ts"

// The simulated world: the production use cases on a virtual clock, with everything that can go wrong, from one seed.
export { type Report, type WorldOptions, simulate } from "./world/World.ts"

/**
 * The in-memory adapters by themselves, for hosts and demonstrations that do not bring a test runner.
 * Decides nothing: it names them.
 */
export * as AccountsMemory from "./AccountsMemory.ts"
export * as CalendarMemory from "./CalendarMemory.ts"
export * as LauncherMemory from "./LauncherMemory.ts"
export * as SchedulerMemory from "./SchedulerMemory.ts"
export * as SecretsMemory from "./SecretsMemory.ts"
export * as StoreMemory from "./StoreMemory.ts"

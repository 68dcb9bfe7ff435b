/**
 * PostgreSQL, a server or embedded, behind Punctual's ports.
 */

// ---- all ports on one database
export { layer, layerConfig, layerPGlite, layerPorts, masterKeyFile, type PortOptions, type Ports } from "./Layers.ts"

// ---- one port at a time, over a database opened once
export { layer as layerAccounts } from "./Accounts.ts"
export { layer as layerScheduler, type Options as SchedulerOptions } from "./Scheduler.ts"
export { layer as layerSecrets } from "./Secrets.ts"
export { layer as layerStore } from "./Store.ts"

// ---- the database itself
export { Database, type Queries } from "./database/Database.ts"
export { DatabaseError } from "./database/DatabaseError.ts"
export { DirectoryInUse } from "./database/DirectoryLock.ts"
export { layerPGlite as layerDatabasePGlite, layerPostgres as layerDatabasePostgres } from "./database/Open.ts"
export type { PGliteOptions } from "./database/PGlite.ts"
export type { PostgresOptions } from "./database/Postgres.ts"

// ---- how things stand
export { census, type Census, type CensusOptions } from "./Census.ts"

// ---- master keys
export {
  type MasterKey,
  MasterKeyInvalid,
  type MasterKeys,
  masterKeysFromFile,
  parseMasterKeys
} from "./sealing/MasterKey.ts"
export { keysInUse, type KeyInUse } from "./sealing/KeysInUse.ts"
export { rotate, type Rotated } from "./sealing/Rotate.ts"

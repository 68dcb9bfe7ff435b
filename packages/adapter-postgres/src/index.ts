/**
 * PostgreSQL, a server or embedded, behind Punctual's ports.
 */

// ---- all ports on one database
export { type PortOptions, type Ports, layer, layerConfig, layerPGlite, layerPorts, masterKeyFile } from "./Layers.ts"

// ---- one port at a time, over a database opened once
export { layer as layerAccounts } from "./Accounts.ts"
export { type Options as SchedulerOptions, layer as layerScheduler } from "./Scheduler.ts"
export { layer as layerSecrets } from "./Secrets.ts"
export { layer as layerStore } from "./Store.ts"

// ---- the database itself
export { Database, type Queries } from "./database/Database.ts"
export { DatabaseError } from "./database/DatabaseError.ts"
export { DirectoryInUse } from "./database/DirectoryLock.ts"
export {
  type MigrateOption,
  layerPGlite as layerDatabasePGlite,
  layerPostgres as layerDatabasePostgres
} from "./Open.ts"
export type { PGliteOptions } from "./database/PGlite.ts"
export type { HostKysely, HostPool, PostgresAddress, PostgresLimits, PostgresOptions } from "./database/Postgres.ts"

// ---- its schema, for hosts that see to migrations themselves
export { SchemaOutdated } from "./Migrate.ts"
export { type Migrated, migrateDatabase, migratePostgres } from "./MigrateDatabase.ts"
export { type ScriptOptions, migrationsSql } from "./MigrationSql.ts"

export { backup } from "./Backup.ts"

// ---- how things stand
export { type GaugeOptions, type Gauges, type RowCounts, readGauges, readRowCounts } from "./Gauges.ts"

// ---- master keys
export {
  type MasterKey,
  MasterKeyInvalid,
  type MasterKeys,
  masterKeysFromFile,
  parseMasterKeys
} from "./sealing/MasterKey.ts"
export { type KeyInUse, forgetKeys, keysInUse } from "./sealing/KeysInUse.ts"
export { type Rotated, rotate } from "./Rotate.ts"

/**
 * PostgreSQL, a server or embedded, behind Punctual's ports.
 */
export { Database, type Queries } from "./database/Database.ts"
export { DatabaseError } from "./database/DatabaseError.ts"
export { DirectoryInUse } from "./database/DirectoryLock.ts"
export { layerPGlite as layerDatabasePGlite, layerPostgres as layerDatabasePostgres } from "./database/Open.ts"
export type { PGliteOptions } from "./database/PGlite.ts"
export type { PostgresOptions } from "./database/Postgres.ts"
export { migrate } from "./Migrate.ts"
export { layer as layerStore } from "./Store.ts"

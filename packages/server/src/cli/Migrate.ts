/**
 * `punctual migrate`: brings the database's schema to this release, before servers start or in their place.
 *
 * Decides which database is meant: the one of the configuration. With `--sql` it prints what a person would run by hand
 * and asks no database. A server that finds something outstanding migrates by itself; this is for who wants it done by
 * another role, or at another time.
 */
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import type { Migrated } from "@punctual/adapter-postgres"
import { type ServerConfig, load } from "../config/Config.ts"
import { ConfigFault } from "../config/ConfigFault.ts"
import { demandReleased } from "./AdminTarget.ts"

/** Loaded where it is needed: other commands come without a database engine. */
const postgres = Effect.promise(() => import("@punctual/adapter-postgres"))

/** In the database that the configuration names, in a schema of the host's if it has one. */
export const migrateConfigured = (
  config: Pick<ServerConfig, "databaseUrl" | "dataDir" | "host" | "port" | "storage">,
  schema: string | null
): Effect.Effect<Migrated, unknown> =>
  Effect.gen(function* () {
    const { scheduler, secrets, store } = config.storage
    if ([store, scheduler, secrets].every(({ kind }) => kind !== "postgres")) {
      return yield* new ConfigFault({
        variable: "PUNCTUAL_STORE",
        message: "everything rests on AWS, where there is no schema to migrate; see docs/aws.md for the table"
      })
    }
    const { Database, layerDatabasePGlite, migrateDatabase, migratePostgres } = yield* postgres
    const named = schema === null ? {} : { schema }
    if (Option.isSome(config.databaseUrl)) return yield* migratePostgres({ url: config.databaseUrl.value, ...named })
    yield* demandReleased(config, ", which it migrated when it started")
    return yield* Effect.flatMap(Database, migrateDatabase).pipe(
      Effect.provide(layerDatabasePGlite({ dataDir: config.dataDir, ...named }))
    )
  })

export const migrate = Command.make(
  "migrate",
  {
    sql: Flag.Boolean("sql").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Print the SQL for a DBA instead; no database is asked")
    ),
    schema: Flag.String("schema").pipe(
      Flag.withDescription("The schema of a host that embeds; the server's own if absent"),
      Flag.optional
    ),
    from: Flag.Int("from").pipe(
      Flag.withDefault(0),
      Flag.withDescription("With --sql: the version there is already; 0: none")
    )
  },
  ({ from, schema, sql }) =>
    sql
      ? Effect.flatMap(postgres, ({ migrationsSql }) =>
          Console.log(migrationsSql({ from, ...(Option.isSome(schema) && { schema: schema.value }) }).trimEnd())
        )
      : Effect.flatMap(load, (config) => migrateConfigured(config, Option.getOrNull(schema))).pipe(
          Effect.flatMap(({ migrations, rowsBad, rowsFilled }) =>
            Console.log(
              migrations === 0 && rowsBad === 0
                ? "The schema is up to date."
                : `Ran ${migrations} migration(s); ${rowsFilled} row(s) filled, ${rowsBad} left as they are (see the log).`
            )
          )
        )
).pipe(Command.withDescription("Bring the database's schema to this release, or print how"))

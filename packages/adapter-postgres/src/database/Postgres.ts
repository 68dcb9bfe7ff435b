/**
 * Opens a PostgreSQL server through a pool of connections.
 * Decides how long anything may take, so that a server that hangs is noticed as one that is down. Never logs the
 * address: it may hold a password.
 */
import { Effect, Redacted, type Scope } from "effect"
import {
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
  sql
} from "kysely"
import { type Database, attempt, fromKysely } from "./Database.ts"
import { DatabaseError } from "./DatabaseError.ts"
import { checkSchemaName, schemaDefault } from "./SchemaName.ts"
import { type Named, type Statements, makeStatements, nameless } from "./Statements.ts"
import { type ValueTypes, valueTypes } from "./ValueTypes.ts"

/** How long statements may take. */
export interface PostgresLimits {
  /** A single statement is cut off by the server after this; 0: never. Of a host's own pool the host's limit counts. */
  readonly statementTimeoutMillis?: number
  /** How much later a server that has not even cut it off is taken for dead, and its connection closed. */
  readonly answerSlackMillis?: number
}

/** A server by its address: connections are opened here, and closed with the layer. */
export interface PostgresAddress extends PostgresLimits {
  /** `postgres://user:password@host:port/database?…` */
  readonly url: Redacted.Redacted<string>
  readonly connectionsMax?: number
  readonly connectTimeoutMillis?: number
}

/** A host's own connections. They are never ended here, and no setting of theirs is changed. */
export interface HostPool extends PostgresLimits {
  /** A `pg.Pool`. The host listens to its `error` events, as `pg` asks of whoever makes one. */
  readonly pool: PostgresPool
}

/** A host's own Kysely, on whatever driver. Its plugins do not apply. It is never destroyed here. */
export interface HostKysely {
  // A host's tables are its own: nothing here asks for them.
  // oxlint-disable-next-line typescript/no-explicit-any -- Kysely is invariant in its tables
  readonly kysely: Kysely<any>
}

export type PostgresOptions = (PostgresAddress | HostPool | HostKysely) & {
  /** Where everything lies; `punctual` unless named. Two hosts in one database take two. */
  readonly schema?: string
}

const connectionsMaxDefault = 10
const connectTimeoutMillisDefault = 5_000
const statementTimeoutMillisDefault = 15_000
const answerSlackMillisDefault = 5_000

/** A process stopped in the middle of a transaction must not hold its locks for ever. */
const idleInTransactionMillis = 30_000

/** Dead peers are noticed on idle connections too. */
const keepAliveDelayMillis = 10_000

export const openPostgres = Effect.fnUntraced(function* (
  options: PostgresOptions
): Effect.fn.Return<Database["Service"], DatabaseError, Scope.Scope> {
  const schema = yield* checkSchemaName(options.schema ?? schemaDefault)
  if ("kysely" in options) {
    const database = yield* fromKysely({ engine: "postgres", kysely: options.kysely, isOwned: false, schema })
    yield* readsCounters(database)
    return database
  }
  const isOwned = "url" in options
  const pool = isOwned ? yield* ownPool(options) : lent(options.pool, answerMillisMax(options))
  return yield* fromKysely({
    engine: "postgres",
    kysely: new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }),
    isOwned,
    othersAtOnceMax: isOwned ? othersAtOnceMax(options.connectionsMax ?? connectionsMaxDefault) : null,
    schema
  })
})

/** Connections that launches need wait for nobody for, of a pool that has some to spare. */
const launchConnections = 2

const othersAtOnceMax = (connectionsMax: number): number | null =>
  connectionsMax >= 2 * launchConnections ? connectionsMax - launchConnections : null

/** 0: an answer is waited for as long as it takes. */
const answerMillisMax = ({ answerSlackMillis, statementTimeoutMillis }: PostgresLimits): number => {
  const limit = statementTimeoutMillis ?? statementTimeoutMillisDefault
  return limit === 0 ? 0 : limit + (answerSlackMillis ?? answerSlackMillisDefault)
}

const ownPool = Effect.fnUntraced(function* (options: PostgresAddress): Effect.fn.Return<PostgresPool, DatabaseError> {
  // Loaded here, so that a host on PGlite, or with connections of its own, never pays for it.
  const { default: pg } = yield* attempt(() => import("pg"))
  const pool = new pg.Pool({
    connectionString: Redacted.value(options.url),
    max: options.connectionsMax ?? connectionsMaxDefault,
    connectionTimeoutMillis: options.connectTimeoutMillis ?? connectTimeoutMillisDefault,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMillis,
    application_name: "punctual"
  })
  // An idle connection that breaks is taken out of the pool; without a listener Node would end the process.
  pool.on("error", () => {})
  return prepared(pool, options)
})

/** Instants and counters are `int8`, which `pg` reads as text unless told otherwise; comparing such would go wrong. */
const readsCounters = (database: Database["Service"]): Effect.Effect<void, DatabaseError> =>
  Effect.flatMap(database.rows<{ readonly n: unknown }>(sql`select 1::int8 as n`), ([row]) =>
    row?.n === 1
      ? Effect.void
      : Effect.fail(
          new DatabaseError({
            code: null,
            detail:
              "this Kysely reads `int8` as a text: give its pool (`pool`) in its place, or make the pool with `types` that read 20 (int8) by `Number`"
          })
        )
  )

/**
 * Connections as they are wanted. Settings are made by a statement, not by the connection's parameters, which poolers
 * such as PgBouncer refuse.
 *
 * A connection whose answer was given up on is closed when it comes back: the next user of it would wait for the answer
 * that never came.
 */
const prepared = (pool: PostgresPool, limits: PostgresLimits): PostgresPool => {
  const known = new WeakMap<PostgresPoolClient, PostgresPoolClient>()
  const statements = makeStatements()
  const statementTimeout = limits.statementTimeoutMillis ?? statementTimeoutMillisDefault
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect()
      const before = known.get(client)
      if (before !== undefined) return before
      const wrapped = discarding(client, statements, answerMillisMax(limits))
      try {
        await wrapped.query(settings, [String(statementTimeout), String(idleInTransactionMillis)])
      } catch (error) {
        client.release(true)
        throw error
      }
      known.set(client, wrapped)
      return wrapped
    }
  }
}

/** A host's connections, as they are. Statements get no names: its pooler may hand connections on, and its own may clash. */
const lent = (pool: PostgresPool, answerMillis: number): PostgresPool => ({
  options: pool.options,
  end: async () => {},
  connect: async () => discarding(await pool.connect(), nameless, answerMillis)
})

/**
 * Compiling a plan takes longer than any statement here runs; the planner can't know how small its parts are. Statements
 * are parsed once but planned each time: a plan kept for all users reads everything of the one who has a thousand times
 * as much, and one made while a table was new reads all of it when it is large.
 */
const settings = `select set_config('jit', 'off', false), set_config('plan_cache_mode', 'force_custom_plan', false),
  set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false)`

const discarding = (client: PostgresPoolClient, statements: Statements, answerMillis: number): PostgresPoolClient => {
  let isBroken = false
  // The pool's client takes a statement as one object as well; Kysely's type for it knows only the form it uses.
  const ask = client.query.bind(client) as unknown as (statement: Asked) => Promise<PostgresQueryResult<never>>
  const limit = answerMillis === 0 ? {} : { query_timeout: answerMillis }
  return Object.assign(Object.create(client) as PostgresPoolClient, {
    query: async (text: string, parameters: ReadonlyArray<unknown>) => {
      try {
        return await ask({ ...statements.named(text, parameters), types: valueTypes, ...limit })
      } catch (error) {
        statements.failed(error)
        isBroken ||= error instanceof Error && error.message === "Query read timeout"
        throw error
      }
    },
    release: (destroy?: boolean) => client.release(destroy === true || isBroken)
  })
}

/** One statement as `pg` takes it. */
interface Asked extends Named {
  readonly types: ValueTypes
  readonly query_timeout?: number
}

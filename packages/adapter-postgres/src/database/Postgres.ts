/**
 * Opens a PostgreSQL server through a pool of connections.
 * Decides how long anything may take, so that a server that hangs is noticed as one that is down. Never logs the
 * address: it may hold a password.
 */
import { Effect, Redacted, type Scope } from "effect"
import { PostgresDialect, type PostgresPool, type PostgresPoolClient, type PostgresQueryResult } from "kysely"
import { type Database, attempt, fromDialect } from "./Database.ts"
import type { DatabaseError } from "./DatabaseError.ts"
import { type Named, type Statements, makeStatements } from "./Statements.ts"

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?…` */
  readonly url: Redacted.Redacted<string>
  readonly connectionsMax?: number
  readonly connectTimeoutMillis?: number
  /** A single statement is cut off by the server after this; 0: never. */
  readonly statementTimeoutMillis?: number
  /** How much later a server that has not even cut it off is taken for dead, and its connection closed. */
  readonly answerSlackMillis?: number
}

const connectionsMaxDefault = 10
const connectTimeoutMillisDefault = 5_000
const statementTimeoutMillisDefault = 15_000
const answerSlackMillisDefault = 5_000

/** A process stopped in the middle of a transaction must not hold its locks for ever. */
const idleInTransactionMillis = 30_000

/** Dead peers are noticed on idle connections too. */
const keepAliveDelayMillis = 10_000

/** PostgreSQL's `int8`; its values here are instants and counters, far below 2^53. */
const int8Oid = 20

export const openPostgres = Effect.fnUntraced(function* (
  options: PostgresOptions
): Effect.fn.Return<Database["Service"], DatabaseError, Scope.Scope> {
  // Loaded here, so that a host on PGlite never pays for it.
  const { default: pg } = yield* attempt(() => import("pg"))
  const statementTimeout = options.statementTimeoutMillis ?? statementTimeoutMillisDefault
  const pool = new pg.Pool({
    connectionString: Redacted.value(options.url),
    max: options.connectionsMax ?? connectionsMaxDefault,
    connectionTimeoutMillis: options.connectTimeoutMillis ?? connectTimeoutMillisDefault,
    query_timeout:
      statementTimeout === 0 ? 0 : statementTimeout + (options.answerSlackMillis ?? answerSlackMillisDefault),
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMillis,
    application_name: "punctual",
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === int8Oid ? Number : pg.types.getTypeParser(oid, format as "text")
    }
  })
  // An idle connection that breaks is taken out of the pool; without a listener Node would end the process.
  pool.on("error", () => {})
  return yield* fromDialect("postgres", new PostgresDialect({ pool: prepared(pool, statementTimeout) }))
})

/**
 * Connections as they are wanted. Settings are made by a statement, not by the connection's parameters, which poolers
 * such as PgBouncer refuse.
 *
 * A connection whose answer was given up on is closed when it comes back: the next user of it would wait for the answer
 * that never came.
 */
const prepared = (pool: PostgresPool, statementTimeoutMillis: number): PostgresPool => {
  const known = new WeakMap<PostgresPoolClient, PostgresPoolClient>()
  const statements = makeStatements()
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect()
      const before = known.get(client)
      if (before !== undefined) return before
      try {
        await client.query(settings, [String(statementTimeoutMillis), String(idleInTransactionMillis)])
      } catch (error) {
        client.release(true)
        throw error
      }
      const wrapped = discarding(client, statements)
      known.set(client, wrapped)
      return wrapped
    }
  }
}

/**
 * Compiling a plan takes longer than any statement here runs; the planner can't know how small its parts are. Statements
 * are parsed once but planned each time: a plan kept for all users reads everything of the one who has a thousand times
 * as much, and one made while a table was new reads all of it when it is large.
 */
const settings = `select set_config('jit', 'off', false), set_config('plan_cache_mode', 'force_custom_plan', false),
  set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false)`

const discarding = (client: PostgresPoolClient, statements: Statements): PostgresPoolClient => {
  let isBroken = false
  // The pool's client takes a statement as one object as well; Kysely's type for it knows only the form it uses.
  const ask = client.query.bind(client) as unknown as (statement: Named) => Promise<PostgresQueryResult<never>>
  return Object.assign(Object.create(client) as PostgresPoolClient, {
    query: async (text: string, parameters: ReadonlyArray<unknown>) => {
      try {
        return await ask(statements.named(text, parameters))
      } catch (error) {
        statements.failed(error)
        isBroken ||= error instanceof Error && error.message === "Query read timeout"
        throw error
      }
    },
    release: (destroy?: boolean) => client.release(destroy === true || isBroken)
  })
}

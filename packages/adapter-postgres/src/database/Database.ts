/**
 * One database, whichever engine runs it: statements and transactions as effects.
 * Decides how often a lost race is run again, and that statements are about the host's schema. Never decides what is
 * written; the SQL is its callers' and the same for both engines.
 */
import { Context, Effect, Option, type Scope, Semaphore } from "effect"
import { type ControlledTransaction, type Kysely, type QueryExecutorProvider, type RawBuilder, sql } from "kysely"
import { ForLaunch } from "@punctual/core"
import { DatabaseError, databaseError } from "./DatabaseError.ts"
import { namingSchema } from "./SchemaName.ts"

/** What can be asked of a database, in a transaction or outside one. Statements name the schema `punctual`. */
export interface Queries {
  readonly rows: <Row>(query: RawBuilder<Row>) => Effect.Effect<ReadonlyArray<Row>, DatabaseError>
}

export class Database extends Context.Service<
  Database,
  Queries & {
    readonly engine: "postgres" | "pglite"
    /** Where everything lies; whatever is sent names it in the place of `punctual`. */
    readonly schema: string
    /**
     * All or nothing. The body must ask `tx` alone: PGlite has one connection, so that any other question waits for the
     * end of the transaction. A body that lost a race runs again from its start.
     */
    readonly transaction: <A, E>(body: (tx: Queries) => Effect.Effect<A, E>) => Effect.Effect<A, E | DatabaseError>
    /**
     * One statement by itself, for as long as it takes: what PostgreSQL refuses in a transaction, such as an index that
     * is built beside writes. Its answer is still waited for no longer than the database was opened with.
     */
    readonly unlimited: (query: RawBuilder<unknown>) => Effect.Effect<void, DatabaseError>
    /** Whether the database answers. */
    readonly health: Effect.Effect<void, DatabaseError>
  }
>()("@punctual/adapter-postgres/database/Database") {}

/** Runs of a statement or transaction that keeps losing races; each loss means that another one got through. */
const raceRunsMax = 8

/** As long as a connection is waited for. */
const turnMillisMax = 5_000

export interface Opened {
  readonly engine: "postgres" | "pglite"
  readonly kysely: Kysely<unknown>
  /** Whether it is closed with the scope; a host's own is not. */
  readonly isOwned: boolean
  readonly schema: string
  /** Statements and transactions at once that are not on the way to a launch; null: as many as there are connections. */
  readonly othersAtOnceMax?: number | null
}

/** Over what was opened, or what a host has open. */
export const fromKysely = Effect.fnUntraced(function* ({
  engine,
  isOwned,
  kysely: given,
  othersAtOnceMax = null,
  schema
}: Opened): Effect.fn.Return<Database["Service"], never, Scope.Scope> {
  if (isOwned) yield* Effect.addFinalizer(() => Effect.ignore(attempt(() => given.destroy())))
  // A host's plugins (names in camel case, say) are about its own tables.
  const kysely = given.withoutPlugins()
  const named = namingSchema(schema)
  const asking = (executor: QueryExecutorProvider): Queries => ({
    rows: (query) => attempt(() => send(executor, named, query))
  })
  const plain = asking(kysely)
  const inTurn = othersAtOnceMax === null ? everybody : launchesFirst(Semaphore.makeUnsafe(othersAtOnceMax))

  const once = <A, E>(body: (tx: Queries) => Effect.Effect<A, E>): Effect.Effect<A, E | DatabaseError> =>
    Effect.acquireUseRelease(
      attempt(() => kysely.startTransaction().execute()),
      (tx) => body(asking(tx)).pipe(Effect.tap(() => Effect.uninterruptible(attempt(() => tx.commit().execute())))),
      leave
    )

  return Database.of({
    engine,
    schema,
    rows: (query) => inTurn(racing(plain.rows(query))),
    transaction: (body) => inTurn(racing(once(body))),
    unlimited: (query) => attempt(() => kysely.connection().execute((one) => withoutLimit(one, named, query))),
    health: Effect.asVoid(plain.rows(sql`select 1`))
  })
})

type InTurn = <A, E>(ask: Effect.Effect<A, E>) => Effect.Effect<A, E | DatabaseError>

const everybody: InTurn = (ask) => ask

/**
 * Launches take any connection that is free; all others together leave some to them. While anybody waits, the others
 * queue: who asks one thing after the other would take back what it gave, and who waits would never have it.
 */
const launchesFirst = (others: Semaphore.Semaphore): InTurn => {
  let waiting = 0
  /** Waits for its turn, but no longer than for a connection. */
  const queued = <A, E>(ask: Effect.Effect<A, E>): Effect.Effect<A, E | DatabaseError> =>
    Effect.acquireUseRelease(
      Effect.sync((): Wait => {
        waiting++
        return { isOver: false }
      }),
      (wait) => {
        const begun = Effect.sync(() => end(wait))
        const given = Effect.flatMap(Effect.sleep(turnMillisMax), () =>
          wait.isOver
            ? Effect.never
            : Effect.fail(new DatabaseError({ code: null, detail: "no connection was free in time" }))
        )
        return Effect.raceFirst(others.withPermits(1)(Effect.andThen(begun, ask)), given)
      },
      (wait) => Effect.sync(() => end(wait))
    )
  const end = (wait: Wait): void => {
    if (!wait.isOver) waiting--
    wait.isOver = true
  }
  const atOnce = <A, E>(ask: Effect.Effect<A, E>): Effect.Effect<A, E | DatabaseError> =>
    Effect.flatMap(others.withPermitsIfAvailable(1)(ask), (answer) =>
      Option.isSome(answer) ? Effect.succeed(answer.value) : queued(ask)
    )
  return (ask) =>
    Effect.flatMap(ForLaunch, (isForLaunch) => (isForLaunch ? ask : waiting > 0 ? queued(ask) : atOnce(ask)))
}

interface Wait {
  isOver: boolean
}

const send = async <Row>(
  executor: QueryExecutorProvider,
  named: (text: string) => string,
  query: RawBuilder<Row>
): Promise<ReadonlyArray<Row>> => {
  const compiled = query.compile(executor)
  const { rows } = await executor.getExecutor().executeQuery<Row>({ ...compiled, sql: named(compiled.sql) })
  return rows
}

/** The limit is the session's, and the connection may be a host's: what it was it is again afterwards. */
const withoutLimit = async (
  one: Kysely<unknown>,
  named: (text: string) => string,
  query: RawBuilder<unknown>
): Promise<void> => {
  const [before] = await send(
    one,
    named,
    sql<{ readonly limit: string }>`select current_setting('statement_timeout') as limit`
  )
  await send(one, named, sql`select set_config('statement_timeout', '0', false)`)
  try {
    await send(one, named, query)
  } finally {
    await send(one, named, sql`select set_config('statement_timeout', ${before?.limit ?? "0"}, false)`)
  }
}

/** One promise of a driver's as an effect. */
export const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, DatabaseError> =>
  Effect.tryPromise({ try: run, catch: databaseError })

const leave = (tx: ControlledTransaction<unknown>): Effect.Effect<void> =>
  tx.isCommitted || tx.isRolledBack ? Effect.void : Effect.ignore(attempt(() => tx.rollback().execute()))

const racing = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.retry(effect, { times: raceRunsMax - 1, while: isRace })

const isRace = (error: unknown): boolean => (error as Partial<DatabaseError> | null)?.isRace === true

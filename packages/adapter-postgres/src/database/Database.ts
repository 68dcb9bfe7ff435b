/**
 * One database, whichever engine runs it: statements and transactions as effects.
 * Decides how often a lost race is run again. Never decides what is written; the SQL is its callers' and the same for
 * both engines.
 */
import { Context, Effect, type Scope } from "effect"
import { type ControlledTransaction, type Dialect, Kysely, type RawBuilder, sql } from "kysely"
import { type DatabaseError, databaseError } from "./DatabaseError.ts"

/** What can be asked of a database, in a transaction or outside one. */
export interface Queries {
  readonly rows: <Row>(query: RawBuilder<Row>) => Effect.Effect<ReadonlyArray<Row>, DatabaseError>
}

export class Database extends Context.Service<
  Database,
  Queries & {
    readonly engine: "postgres" | "pglite"
    /**
     * All or nothing. The body must ask `tx` alone: PGlite has one connection, so that any other question waits for the
     * end of the transaction. A body that lost a race runs again from its start.
     */
    readonly transaction: <A, E>(body: (tx: Queries) => Effect.Effect<A, E>) => Effect.Effect<A, E | DatabaseError>
    /** Whether the database answers. */
    readonly health: Effect.Effect<void, DatabaseError>
  }
>()("@punctual/adapter-postgres/database/Database") {}

/** Runs of a statement or transaction that keeps losing races; each loss means that another one got through. */
const raceRunsMax = 8

/** Over an opened dialect; closes it with the scope. */
export const fromDialect = Effect.fnUntraced(function* (
  engine: "postgres" | "pglite",
  dialect: Dialect
): Effect.fn.Return<Database["Service"], never, Scope.Scope> {
  const kysely = yield* Effect.acquireRelease(
    Effect.sync(() => new Kysely<unknown>({ dialect })),
    (opened) => Effect.ignore(attempt(() => opened.destroy()))
  )
  const asking = (executor: Parameters<RawBuilder<unknown>["execute"]>[0]): Queries => ({
    rows: (query) =>
      Effect.map(
        attempt(() => query.execute(executor)),
        (result) => result.rows
      )
  })
  const plain = asking(kysely)

  const once = <A, E>(body: (tx: Queries) => Effect.Effect<A, E>): Effect.Effect<A, E | DatabaseError> =>
    Effect.acquireUseRelease(
      attempt(() => kysely.startTransaction().execute()),
      (tx) => body(asking(tx)).pipe(Effect.tap(() => Effect.uninterruptible(attempt(() => tx.commit().execute())))),
      leave
    )

  return Database.of({
    engine,
    rows: (query) => racing(plain.rows(query)),
    transaction: (body) => racing(once(body)),
    health: Effect.asVoid(plain.rows(sql`select 1`))
  })
})

/** One promise of a driver's as an effect. */
export const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, DatabaseError> =>
  Effect.tryPromise({ try: run, catch: databaseError })

const leave = (tx: ControlledTransaction<unknown>): Effect.Effect<void> =>
  tx.isCommitted || tx.isRolledBack ? Effect.void : Effect.ignore(attempt(() => tx.rollback().execute()))

const racing = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.retry(effect, { times: raceRunsMax - 1, while: isRace })

const isRace = (error: unknown): boolean => (error as Partial<DatabaseError> | null)?.isRace === true

/**
 * What an operation costs: the blocks that its statements touch. Decides nothing about what is too much.
 */
import { Effect, Schema } from "effect"
import { sql } from "kysely"
import { Database } from "../../src/database/Database.ts"
import type { DatabaseError } from "../../src/database/DatabaseError.ts"

/** What was measured, so that the transaction is not kept. */
class Measured extends Schema.TaggedError<Measured>()("Measured", { blocks: Schema.Finite }) {}

interface Explained {
  readonly "QUERY PLAN": ReadonlyArray<{
    readonly Plan: { readonly "Shared Hit Blocks": number; readonly "Shared Read Blocks": number }
  }>
}

/** Blocks that an operation's statements touch, those that write too. Nothing of it stays. */
export const blocksOf = <E>(
  db: Database["Service"],
  run: (queries: Database["Service"]) => Effect.Effect<unknown, E>
): Effect.Effect<number, E | DatabaseError> =>
  db
    .transaction((tx) =>
      Effect.gen(function* () {
        let blocks = 0
        const rows: Database["Service"]["rows"] = (query) =>
          Effect.gen(function* () {
            yield* tx.rows(sql`savepoint measured`)
            const [line] = yield* tx.rows<Explained>(sql`explain (analyze, buffers, format json) ${query}`)
            yield* tx.rows(sql`rollback to savepoint measured`)
            const plan = line?.["QUERY PLAN"][0]?.Plan
            blocks += (plan?.["Shared Hit Blocks"] ?? 0) + (plan?.["Shared Read Blocks"] ?? 0)
            return yield* tx.rows(query)
          })
        yield* run(Database.of({ ...db, rows, transaction: (body) => body({ rows }) }))
        return yield* new Measured({ blocks })
      })
    )
    .pipe(
      Effect.catchIf(
        (error): error is Measured => error instanceof Measured,
        ({ blocks }) => Effect.succeed(blocks)
      )
    )

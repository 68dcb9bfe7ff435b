/**
 * A pool as a host has one: made by the host, with its own ways of reading values, and ended by the host.
 */
import { Effect, Redacted, type Scope } from "effect"
import { Pool, types } from "pg"

const int8Oid = 20

export const hostPool = (url: Redacted.Redacted<string>): Effect.Effect<Pool, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const pool = new Pool({
        connectionString: Redacted.value(url),
        max: 10,
        types: {
          getTypeParser: (oid: number, format?: "text" | "binary") =>
            oid === int8Oid ? BigInt : types.getTypeParser(oid, format as "text")
        }
      })
      // A database that is dropped while connections to it are idle ends them.
      return pool.on("error", () => {})
    }),
    (pool) => Effect.promise(() => pool.end())
  )

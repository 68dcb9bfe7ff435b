/**
 * What keeps a store from growing for ever.
 * Decides the types alone. Each operation removes a bounded number of rows and is repeated until there are none left; one
 * that breaks off is gone on with from what is there.
 */
import type { Effect } from "effect"
import type { SeriesKey, UserId } from "../domain/Ids.ts"
import type { Instant } from "../domain/Time.ts"
import type { StoreError } from "./StoreError.ts"

type Result<A> = Effect.Effect<A, StoreError>

/** Until when what is kept. */
export interface Kept {
  /** Events that ended before go, tombstones too, with what was asked for of their meetings and with their bots. */
  readonly rowsFrom: Instant
  /** Events that ended before stay, without the provider's own item. */
  readonly itemsFrom: Instant
  /** Events of these series stay, however old: a request counts their dates. */
  readonly series: ReadonlyArray<SeriesKey>
}

export interface HistoryOperations {
  /**
   * Removes what of a user has ended, at most about so many rows of a kind, and counts what it wrote; 0: there is nothing
   * left to do. Bots that are still to come to a meeting, or on their way, stay. A series goes with its last event, if nobody
   * asks for anything of it and it has not changed since `rowsFrom`.
   */
  readonly pruneHistory: (userId: UserId, kept: Kept, limit: number) => Result<number>
  /** Removes markers of job runs claimed before the instant, and shares that were due before, as above. */
  readonly pruneJobs: (before: Instant, limit: number) => Result<number>
}

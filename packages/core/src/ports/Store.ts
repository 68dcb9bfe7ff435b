/**
 * The port to durable state: connections, calendars, the mirror, intents and bots.
 *
 * Laws. A commit is atomic and conditional on the user's version (and, for each bot, on that bot's revision), or it
 * fails with `Conflict` and changes nothing. Mirror writes are idempotent upserts, fenced: they hold only while the
 * connection's generation and the calendar's sync generation are the claimant's, or fail with `Fenced`. A batch that
 * changes rows raises the user's mirror number in the same write; one that changes nothing does not. What was
 * acknowledged survives the death of any process. No call of one user reaches another's rows.
 */
import { Context } from "effect"
import { makeStore } from "./StoreDriver.ts"
import type { StoreOperations } from "./StoreOperations.ts"

export type { BotWrite, Commit, Scope, Slice } from "../domain/Slice.ts"
export type { StoreDriver } from "./StoreDriver.ts"
export { Conflict, Fenced, StoreError, StoreUnavailable } from "./StoreError.ts"
export type * from "./StoreAnswers.ts"
export type * from "./StoreOperations.ts"

export class Store extends Context.Service<Store, StoreOperations>()("@punctual/core/ports/Store") {
  /** A store out of its driver: what a new one has to write is operations. */
  static readonly make = makeStore
}

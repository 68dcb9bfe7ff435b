/**
 * The accounts port's error for whatever the database could not do.
 */
import { AccountsUnavailable } from "@punctual/core/accounts"
import { Effect } from "effect"
import type { DatabaseError } from "../database/DatabaseError.ts"

export type Named = (
  operation: string
) => <A>(effect: Effect.Effect<A, DatabaseError | AccountsUnavailable>) => Effect.Effect<A, AccountsUnavailable>

export const named: Named = (operation) => (effect) =>
  Effect.mapError(effect, ({ message }) => new AccountsUnavailable({ operation, message }))

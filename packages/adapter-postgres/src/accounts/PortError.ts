/**
 * Turns the database's errors into the Accounts port's error.
 */
import { AccountsUnavailable } from "@punctual/core/accounts"
import { Effect } from "effect"
import type { DatabaseError } from "../database/DatabaseError.ts"

export type AsPortError = (
  operation: string
) => <A>(effect: Effect.Effect<A, DatabaseError | AccountsUnavailable>) => Effect.Effect<A, AccountsUnavailable>

export const asPortError: AsPortError = (operation) => (effect) =>
  Effect.mapError(effect, (error) =>
    error._tag === "DatabaseError" ? new AccountsUnavailable({ operation, detail: error.message, cause: error }) : error
  )

/**
 * Turns the table's errors into the Accounts port's error.
 */
import { AccountsUnavailable } from "@punctual/core/accounts"
import { Effect } from "effect"
import type { TableError } from "../table/TableError.ts"

export const asPortError =
  (operation: string) =>
  <A>(effect: Effect.Effect<A, TableError | AccountsUnavailable>): Effect.Effect<A, AccountsUnavailable> =>
    Effect.mapError(effect, (error) =>
      error._tag === "TableError" ? new AccountsUnavailable({ operation, detail: error.message, cause: error }) : error
    )

/**
 * The accounts port's error for whatever the table could not do. Decides nothing else.
 */
import { AccountsUnavailable } from "@punctual/core/accounts"
import { Effect } from "effect"
import type { TableError } from "../table/TableError.ts"

export const named =
  (operation: string) =>
  <A>(effect: Effect.Effect<A, TableError | AccountsUnavailable>): Effect.Effect<A, AccountsUnavailable> =>
    Effect.mapError(effect, (error) =>
      error._tag === "TableError"
        ? new AccountsUnavailable({ operation, message: `${error.kind}: ${error.message}` })
        : error
    )

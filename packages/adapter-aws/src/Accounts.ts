/**
 * The reference server's Accounts port on one DynamoDB table.
 * Decides nothing itself: users and keys, idempotency records and consent states are seen to in `dynamo/accounts/`.
 */
import { Accounts } from "@punctual/core/accounts"
import { Effect, Layer } from "effect"
import { consents } from "./dynamo/accounts/Consents.ts"
import { purge } from "./dynamo/accounts/Expiry.ts"
import { idempotency } from "./dynamo/accounts/Idempotency.ts"
import { usersAndKeys } from "./dynamo/accounts/Users.ts"
import { isTableOfKeys } from "./dynamo/accounts/MasterKeyCheck.ts"
import type { MasterKeys } from "./dynamo/accounts/Sealing.ts"
import { type Table, type TableOptions, makeTable, openClient } from "./dynamo/table/Table.ts"
import type { TableError } from "./dynamo/table/TableError.ts"

export interface Options extends TableOptions {
  /** Answers and verifiers rest sealed under the first; all of them open. */
  readonly masterKeys: MasterKeys
}

/** Over a table that is there: see `createTable` and `tableDefinition`. */
export const layer = (options: Options): Layer.Layer<Accounts> =>
  Layer.effect(
    Accounts,
    Effect.map(openClient(options), (client) => make(makeTable(client, options.tableName), options.masterKeys))
  )

/** Whether what rests sealed in the table opens with these keys; the first to ask settles which they are. */
export const holdsMasterKey = ({ masterKeys, ...options }: Options): Effect.Effect<boolean, TableError> =>
  Effect.scoped(
    Effect.flatMap(openClient(options), (client) => isTableOfKeys(makeTable(client, options.tableName), masterKeys))
  )

const make = (table: Table, keys: MasterKeys): Accounts["Service"] =>
  Accounts.of({
    ...usersAndKeys(table),
    ...idempotency(table, keys),
    ...consents(table, keys),
    purge: purge(table)
  })

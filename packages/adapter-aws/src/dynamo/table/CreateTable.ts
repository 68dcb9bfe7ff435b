/**
 * Brings the table into being where deployment does not: at a local endpoint and in tests.
 * Decides that a table which is there already is fine. Never changes or removes one.
 */
import { CreateTableCommand, UpdateTimeToLiveCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb"
import { Effect } from "effect"
import { type TableOptions, openClient } from "./Table.ts"
import { tableDefinition, timeToLiveAttribute } from "./TableDefinition.ts"
import { type TableError, tableError } from "./TableError.ts"

/** Seconds until a table that is being made counts as one that will not be. */
const waitSecondsMax = 60

/** True if it was made now; either way it can be used afterwards. */
export const createTable = (options: TableOptions): Effect.Effect<boolean, TableError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const client = yield* openClient(options)
      const TableName = options.tableName
      const isNew = yield* Effect.tryPromise({
        try: (abortSignal) => client.send(new CreateTableCommand(tableDefinition(TableName)), { abortSignal }),
        catch: tableError
      }).pipe(
        Effect.as(true),
        Effect.catchIf(
          ({ kind }) => kind === "in_use",
          () => Effect.succeed(false)
        )
      )
      yield* Effect.tryPromise({
        try: async () => {
          await waitUntilTableExists({ client, maxWaitTime: waitSecondsMax, minDelay: 1 }, { TableName })
          if (!isNew) return
          const TimeToLiveSpecification = { AttributeName: timeToLiveAttribute, Enabled: true }
          await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }))
        },
        catch: tableError
      })
      return isNew
    })
  )

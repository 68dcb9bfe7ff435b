/**
 * The Secrets port in the DynamoDB table: credentials sealed under the host's own master key.
 *
 * Decides what replaces what, in the condition of the write: an older token never replaces a newer one. Beside Parameter
 * Store it has no quota of a few writes a second and no price for each; the key is the host's to keep. Never logs, and
 * hands out credentials wrapped only.
 */
import {
  type ConnectionRef,
  type Credentials,
  DecryptFailed,
  Secrets,
  SecretsError,
  SecretsThrottled,
  SecretsUnavailable,
  TooLarge
} from "@punctual/core"
import { Effect, Layer, Redacted } from "effect"
import { type MasterKeys, type Place, seal, unseal } from "./dynamo/accounts/Sealing.ts"
import type { Key } from "./dynamo/table/Item.ts"
import { type Table, type TableOptions, makeTable, openClient } from "./dynamo/table/Table.ts"
import type { TableError } from "./dynamo/table/TableError.ts"

export interface Options extends TableOptions {
  /** Credentials rest sealed under the first; all of them open. */
  readonly masterKeys: MasterKeys
}

/** Far more than the largest token, far less than an item. */
const bytesMax = 65_536

/** Over a table that is there: see `createTable` and `tableDefinition`. */
export const layer = (options: Options): Layer.Layer<Secrets> =>
  Layer.effect(
    Secrets,
    Effect.map(openClient(options), (client) => make(makeTable(client, options.tableName), options.masterKeys))
  )

const make = (table: Table, keys: MasterKeys): Secrets["Service"] =>
  Secrets.of({
    put: (ref, credentials) => {
      const { obtainedAt } = Redacted.value(credentials)
      const sealed = seal(keys, placeOf(ref), JSON.stringify(Redacted.value(credentials)))
      if (sealed.length > bytesMax) {
        const reason = new TooLarge({ bytes: sealed.length, bytesMax })
        return Effect.fail(new SecretsError({ operation: "put", reason }))
      }
      const isOlder = { expression: "attribute_not_exists(pk) OR obtainedAt <= :at", values: { ":at": obtainedAt } }
      return asPortError(
        "put",
        Effect.asVoid(
          table.putIf(
            { ...secretKey(ref), connectionId: ref.connectionId, generation: ref.generation, sealed, obtainedAt },
            isOlder
          )
        )
      )
    },
    get: (ref) =>
      Effect.flatMap(asPortError("get", table.get(secretKey(ref))), (item) => {
        if (item === null) return Effect.succeedNone
        const text = unseal(keys, placeOf(ref), item["sealed"] as Uint8Array)
        return text === null
          ? Effect.fail(new SecretsError({ operation: "get", reason: new DecryptFailed() }))
          : // What opens is what was sealed.
            Effect.succeedSome(Redacted.make(JSON.parse(text) as Credentials))
      }),
    erase: (ref) => asPortError("erase", table.deleteIf(secretKey(ref), null)),
    eraseAll: ({ generation, id, userId }) =>
      asPortError(
        "erase",
        Effect.flatMap(table.partition(partitionOf(userId), null, Infinity), (items) =>
          table.writeMany(
            items
              .filter((item) => item["connectionId"] === id && (item["generation"] as number) <= generation)
              .map(({ pk, sk }) => ({ remove: { pk: String(pk), sk: String(sk) } }))
          )
        )
      )
  })

const partitionOf = (userId: string): string => `SECRET#${userId}`

/** Of its own partition: no slice, page or erasure of the user's events ever meets it. */
export const secretKey = ({ connectionId, generation, userId, version }: ConnectionRef): Key => ({
  pk: partitionOf(userId),
  sk: `${connectionId}#${generation}#${version}`
})

const placeOf = ({ connectionId, generation, userId, version }: ConnectionRef): Place => [
  "credentials",
  userId,
  connectionId,
  String(generation),
  String(version)
]

const asPortError = <A>(
  operation: SecretsError["operation"],
  effect: Effect.Effect<A, TableError>
): Effect.Effect<A, SecretsError> =>
  Effect.mapError(effect, (cause) => {
    const { kind, message } = cause
    const reason = kind === "throttled" ? new SecretsThrottled() : new SecretsUnavailable({ message, cause })
    return new SecretsError({ operation, reason })
  })

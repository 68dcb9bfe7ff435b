/**
 * Events and bots, schedules and credentials on AWS, as far as the configuration puts them there.
 * The one place that knows the AWS adapter; loaded only when something is on AWS, so that no other start pays for it.
 */
import { Effect, Layer, Option } from "effect"
import {
  type AwsConnection,
  DynamoAccounts,
  DynamoStore,
  EventBridgeScheduler,
  ParameterSecrets,
  TableSecrets,
  regionOf
} from "@punctual/adapter-aws"
import type { MasterKeys } from "@punctual/adapter-postgres"
import type { Scheduler, Secrets, Store } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import { ConfigFault } from "./config/ConfigFault.ts"
import type { AwsConfig, SchedulerConfig, SecretsConfig, StorageConfig, StoreConfig } from "./config/StorageConfig.ts"

/** Those of the ports that are on AWS. A region or a table that is not there ends the start. */
export const layer = (
  { aws, scheduler, secrets, store }: StorageConfig,
  masterKeys: MasterKeys
): Layer.Layer<Accounts | Scheduler | Secrets | Store, ConfigFault> =>
  Layer.unwrap(
    Effect.gen(function* () {
      yield* Effect.mapError(
        regionOf(connectionTo(aws, "dynamodb")),
        () => new ConfigFault({ variable: "AWS_REGION", message: "Expected the region that everything is in" })
      )
      for (const table of tablesSealed(store, secrets)) yield* checkMasterKey(aws, table, masterKeys)
      return Layer.mergeAll(
        store.kind === "dynamodb" ? storeOn(aws, store, masterKeys) : Layer.empty,
        scheduler.kind === "eventbridge" ? schedulerOn(aws, scheduler) : Layer.empty,
        secrets.kind === "ssm" ? secretsOn(aws, secrets) : Layer.empty,
        secrets.kind === "dynamodb"
          ? TableSecrets.layer({ tableName: secrets.table, ...connectionTo(aws, "dynamodb"), masterKeys })
          : Layer.empty
        // Ports that are not on AWS are left out, and come from the database instead.
      ) as Layer.Layer<Accounts | Scheduler | Secrets | Store, ConfigFault>
    })
  )

/** Tables that hold what the master keys open. */
const tablesSealed = (store: StoreConfig, secrets: SecretsConfig): ReadonlySet<string> =>
  new Set([store, secrets].flatMap((each) => (each.kind === "dynamodb" ? [each.table] : [])))

const checkMasterKey = Effect.fnUntraced(function* (aws: AwsConfig, tableName: string, masterKeys: MasterKeys) {
  const options = { tableName, ...connectionTo(aws, "dynamodb"), masterKeys }
  if (yield* Effect.mapError(DynamoAccounts.holdsMasterKey(options), unreadable(tableName))) return
  const message =
    `what rests in the table ${tableName} was sealed under another key. Put that one behind the first, or, if it is lost, ` +
    "delete the item MASTER-KEY: users whose credentials rest there connect again"
  return yield* new ConfigFault({ variable: "PUNCTUAL_MASTER_KEY", message })
})

const storeOn = (aws: AwsConfig, { table }: Extract<StoreConfig, { kind: "dynamodb" }>, masterKeys: MasterKeys) => {
  const options = { tableName: table, ...connectionTo(aws, "dynamodb") }
  return Layer.merge(
    DynamoStore.layer(options),
    Layer.tap(DynamoAccounts.layer({ ...options, masterKeys }), (context) =>
      Effect.provideContext(look(table), context)
    )
  )
}

const look = (table: string): Effect.Effect<void, ConfigFault, Accounts> =>
  Effect.flatMap(Accounts, (accounts) => Effect.asVoid(accounts.users(null, 1))).pipe(
    Effect.mapError(unreadable(table))
  )

const unreadable =
  (table: string) =>
  ({ message }: Error): ConfigFault =>
    new ConfigFault({ variable: "PUNCTUAL_AWS_TABLE", message: `the table ${table} can't be read: ${message}` })

const schedulerOn = (aws: AwsConfig, config: Extract<SchedulerConfig, { kind: "eventbridge" }>) =>
  EventBridgeScheduler.layer({
    queueUrl: config.queueUrl,
    queueArn: config.queueArn,
    roleArn: config.roleArn,
    ...(Option.isSome(config.deadLetterArn) && { deadLetterArn: config.deadLetterArn.value }),
    scheduler: connectionTo(aws, "scheduler"),
    queue: connectionTo(aws, "sqs")
  })

const secretsOn = (aws: AwsConfig, config: Extract<SecretsConfig, { kind: "ssm" }>) =>
  ParameterSecrets.layer({
    prefix: config.prefix,
    putsPerSecond: config.putsPerSecond,
    ...(Option.isSome(config.keyId) && { keyId: config.keyId.value }),
    connection: connectionTo(aws, "ssm")
  })

const connectionTo = (
  { credentials, endpoints, region }: AwsConfig,
  service: keyof AwsConfig["endpoints"]
): AwsConnection => {
  const endpoint = endpoints[service]
  return {
    ...(Option.isSome(region) && { region: region.value }),
    ...(Option.isSome(endpoint) && { endpoint: endpoint.value.href }),
    ...(Option.isSome(credentials) && {
      credentials: {
        accessKeyId: credentials.value.accessKeyId,
        secretAccessKey: credentials.value.secretAccessKey,
        ...(Option.isSome(credentials.value.sessionToken) && { sessionToken: credentials.value.sessionToken.value })
      }
    })
  }
}

/**
 * Where events and bots, schedules and credentials rest, and how that is reached.
 * Decides which settings each choice needs, and refuses a mixture that could not work. Knows settings, no client.
 */
import { Config, Effect, Option, type Redacted } from "effect"
import { ConfigFault } from "./ConfigFault.ts"
import { checked, trustedUrl } from "./ConfigValue.ts"

type Relational = { readonly kind: "postgres" }

export type StoreConfig = Relational | { readonly kind: "dynamodb"; readonly table: string }

export type SchedulerConfig =
  | Relational
  | {
      readonly kind: "eventbridge"
      readonly queueUrl: string
      readonly queueArn: string
      readonly roleArn: string
      readonly deadLetterArn: Option.Option<string>
    }

export type SecretsConfig =
  | Relational
  | { readonly kind: "dynamodb"; readonly table: string }
  | {
      readonly kind: "ssm"
      readonly prefix: string
      readonly keyId: Option.Option<string>
      readonly putsPerSecond: number
    }

/** What is not set is the SDK's own to find. */
export interface AwsConfig {
  readonly region: Option.Option<string>
  readonly credentials: Option.Option<{
    readonly accessKeyId: string
    readonly secretAccessKey: Redacted.Redacted
    readonly sessionToken: Option.Option<Redacted.Redacted>
  }>
  readonly endpoints: Readonly<Record<"dynamodb" | "scheduler" | "sqs" | "ssm", Option.Option<URL>>>
}

export interface StorageConfig {
  readonly store: StoreConfig
  readonly scheduler: SchedulerConfig
  readonly secrets: SecretsConfig
  readonly aws: AwsConfig
}

const table = checked(
  "PUNCTUAL_AWS_TABLE",
  (text) => /^[\w.-]{3,255}$/.test(text),
  "Expected the name of a DynamoDB table"
)

const inTable = Config.map(table, (name) => ({ kind: "dynamodb" as const, table: name }))

const store: Config.Config<StoreConfig> = chosen<StoreConfig>("PUNCTUAL_STORE", { dynamodb: () => inTable })

const queueArn = (name: string): Config.Config<string> =>
  checked(
    name,
    (text) => /^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]{1,80}$/.test(text),
    "Expected the ARN of a standard queue, such as arn:aws:sqs:eu-central-1:123456789012:punctual-fires"
  )

const scheduler: Config.Config<SchedulerConfig> = chosen<SchedulerConfig>("PUNCTUAL_SCHEDULER", {
  eventbridge: () =>
    Config.map(
      Config.all({
        queueUrl: trustedUrl("PUNCTUAL_AWS_QUEUE_URL"),
        queueArn: queueArn("PUNCTUAL_AWS_QUEUE_ARN"),
        roleArn: checked(
          "PUNCTUAL_AWS_ROLE_ARN",
          (text) => /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text),
          "Expected the ARN of the role that EventBridge Scheduler takes"
        ),
        deadLetterArn: Config.option(queueArn("PUNCTUAL_AWS_DEAD_LETTER_ARN"))
      }),
      ({ queueUrl, ...rest }): SchedulerConfig => ({ kind: "eventbridge", queueUrl: queueUrl.href, ...rest })
    )
})

const secrets: Config.Config<SecretsConfig> = chosen<SecretsConfig>("PUNCTUAL_SECRETS", {
  dynamodb: () => inTable,
  ssm: () =>
    Config.map(
      Config.all({
        prefix: checked(
          "PUNCTUAL_AWS_SSM_PREFIX",
          (text) => /^(\/[\w.-]+){1,10}$/.test(text) && !/^\/(aws|ssm)/i.test(text),
          "Expected a path such as /punctual, not beginning with /aws or /ssm"
        ).pipe(Config.withDefault("/punctual")),
        keyId: Config.option(
          checked("PUNCTUAL_AWS_KMS_KEY_ID", (text) => /^[\w:/-]{1,256}$/.test(text), "Expected a KMS key or alias")
        ),
        putsPerSecond: checked(
          "PUNCTUAL_AWS_SSM_PUTS_PER_SECOND",
          (text) => Number(text) > 0 && Number(text) <= 1_000,
          "Expected a number above 0"
        ).pipe(Config.withDefault("3"))
      }),
      ({ putsPerSecond, ...rest }): SecretsConfig => ({ kind: "ssm", ...rest, putsPerSecond: Number(putsPerSecond) })
    )
})

const endpoint = (service: string): Config.Config<Option.Option<URL>> =>
  Config.map(
    Config.all([
      Config.option(trustedUrl(`AWS_ENDPOINT_URL_${service}`)),
      Config.option(trustedUrl("AWS_ENDPOINT_URL"))
    ]),
    ([own, all]) => Option.orElse(own, () => all)
  )

const aws: Config.Config<AwsConfig> = Config.map(
  Config.all({
    region: Config.option(Config.NonEmptyString("AWS_REGION")),
    accessKeyId: Config.option(Config.NonEmptyString("AWS_ACCESS_KEY_ID")),
    secretAccessKey: Config.option(Config.Redacted("AWS_SECRET_ACCESS_KEY")),
    sessionToken: Config.option(Config.Redacted("AWS_SESSION_TOKEN")),
    endpoints: Config.all({
      dynamodb: endpoint("DYNAMODB"),
      scheduler: endpoint("SCHEDULER"),
      sqs: endpoint("SQS"),
      ssm: endpoint("SSM")
    })
  }),
  ({ accessKeyId, endpoints, region, secretAccessKey, sessionToken }) => ({
    region,
    endpoints,
    credentials: Option.map(Option.all({ accessKeyId, secretAccessKey }), (given) => ({ ...given, sessionToken }))
  })
)

export const storage: Config.Config<StorageConfig> = Config.all({ store, scheduler, secrets }).pipe(
  Config.flatMap((choice): Config.Config<StorageConfig> => {
    const isOnAws = Object.values(choice).some(({ kind }) => kind !== "postgres")
    // Where nothing is on AWS its variables are somebody else's.
    return Config.map(isOnAws ? aws : Config.succeed(noAws), (found) => ({ ...choice, aws: found }))
  })
)

const noAws: AwsConfig = {
  region: Option.none(),
  credentials: Option.none(),
  endpoints: { dynamodb: Option.none(), scheduler: Option.none(), sqs: Option.none(), ssm: Option.none() }
}

/**
 * An embedded database belongs to one process of one machine. Beside a table that all processes share it would keep
 * schedules or credentials that the others can't see, and lose them with the machine.
 */
export const demandSound = (
  { scheduler: schedules, secrets: credentials, store: events }: StorageConfig,
  databaseUrl: Option.Option<unknown>,
  masterKey: Option.Option<unknown>
): Effect.Effect<void, ConfigFault> => {
  const isOneMachines = events.kind === "dynamodb" && Option.isNone(databaseUrl)
  const message = (word: string): string =>
    `Expected ${word}, or DATABASE_URL: beside PUNCTUAL_STORE=dynamodb an embedded database would be one machine's alone`
  if (isOneMachines && schedules.kind === "postgres")
    return Effect.fail(new ConfigFault({ variable: "PUNCTUAL_SCHEDULER", message: message("eventbridge") }))
  if (isOneMachines && credentials.kind === "postgres")
    return Effect.fail(new ConfigFault({ variable: "PUNCTUAL_SECRETS", message: message("ssm or dynamodb") }))
  const shared = sharedBy(events, credentials, databaseUrl)
  return shared === null || Option.isSome(masterKey) ? Effect.void : Effect.fail(noMasterKey(shared))
}

/** What several processes share that rests sealed, by the variable that says so; null: nothing. */
const sharedBy = (
  events: StoreConfig,
  credentials: SecretsConfig,
  databaseUrl: Option.Option<unknown>
): string | null => {
  if (credentials.kind === "dynamodb") return "PUNCTUAL_SECRETS=dynamodb"
  if (events.kind === "dynamodb") return "PUNCTUAL_STORE=dynamodb"
  return Option.isSome(databaseUrl) ? "DATABASE_URL" : null
}

const noMasterKey = (beside: string): ConfigFault =>
  new ConfigFault({
    variable: "PUNCTUAL_MASTER_KEY",
    message:
      `Expected beside ${beside}, the same for every process (from openssl rand -base64 32): under a key of its own a ` +
      "machine could not read what others sealed, and what it sealed would go with it"
  })

/** One of several places by its word; the database if none is said. */
function chosen<A>(
  name: string,
  others: Readonly<Record<string, () => Config.Config<A>>>
): Config.Config<A | Relational> {
  const words = ["postgres", ...Object.keys(others)]
  return checked(name, (text) => words.includes(text), `Expected ${words.join(" or ")}`).pipe(
    Config.withDefault("postgres"),
    Config.flatMap(
      (kind): Config.Config<A | Relational> => others[kind]?.() ?? Config.succeed({ kind: "postgres" as const })
    )
  )
}

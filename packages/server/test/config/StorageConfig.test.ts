/**
 * Where what rests: what each choice needs, which mixtures work, and that nothing of AWS is looked at where nothing is on
 * AWS.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { parse } from "../../src/config/Config.ts"

const table = { PUNCTUAL_STORE: "dynamodb", PUNCTUAL_AWS_TABLE: "punctual" }
const schedules = {
  PUNCTUAL_SCHEDULER: "eventbridge",
  PUNCTUAL_AWS_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/punctual-fires",
  PUNCTUAL_AWS_QUEUE_ARN: "arn:aws:sqs:eu-central-1:123456789012:punctual-fires",
  PUNCTUAL_AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/punctual-scheduler"
}
const credentials = { PUNCTUAL_SECRETS: "ssm" }
const masterKey = { PUNCTUAL_MASTER_KEY: Buffer.alloc(32).toString("base64") }
const database = { DATABASE_URL: "postgres://user:hunter3@db/punctual" }

describe("storage", () => {
  it.effect("is a database unless it is said otherwise, whatever AWS variables a machine has", () =>
    Effect.gen(function* () {
      const { storage } = yield* parse({ AWS_REGION: "eu-central-1", AWS_ENDPOINT_URL: "not an address" })
      assert.deepStrictEqual(
        [storage.store.kind, storage.scheduler.kind, storage.secrets.kind],
        ["postgres", "postgres", "postgres"]
      )
      assert.isTrue(Option.isNone(storage.aws.region))
    })
  )

  it.effect("on AWS takes every setting, and shows no secret", () =>
    Effect.gen(function* () {
      const config = yield* parse({
        ...table,
        ...schedules,
        ...credentials,
        ...masterKey,
        PUNCTUAL_AWS_DEAD_LETTER_ARN: "arn:aws:sqs:eu-central-1:123456789012:punctual-dead",
        PUNCTUAL_AWS_SSM_PREFIX: "/company/punctual",
        PUNCTUAL_AWS_KMS_KEY_ID: "alias/punctual",
        PUNCTUAL_AWS_SSM_PUTS_PER_SECOND: "10",
        AWS_REGION: "eu-central-1",
        AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
        AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:8000",
        AWS_ACCESS_KEY_ID: "AKIA",
        AWS_SECRET_ACCESS_KEY: "hunter2",
        AWS_SESSION_TOKEN: "hunter4"
      })
      const { aws, scheduler, secrets, store } = config.storage
      assert.deepStrictEqual(store, { kind: "dynamodb", table: "punctual" })
      assert.strictEqual(scheduler.kind === "eventbridge" && scheduler.queueUrl, schedules.PUNCTUAL_AWS_QUEUE_URL)
      assert.strictEqual(secrets.kind === "ssm" && secrets.putsPerSecond, 10)
      assert.strictEqual(Option.getOrThrow(aws.endpoints.dynamodb).port, "8000")
      assert.strictEqual(Option.getOrThrow(aws.endpoints.sqs).port, "4566")
      assert.strictEqual(Redacted.value(Option.getOrThrow(aws.credentials).secretAccessKey), "hunter2")
      for (const secret of ["hunter2", "hunter4"]) assert.notInclude(JSON.stringify(config), secret)
    })
  )

  const mixtures: ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> = [
    ["schedules alone on AWS", schedules],
    ["credentials alone on AWS", credentials],
    ["schedules and credentials on AWS", { ...schedules, ...credentials }],
    ["events on AWS, the rest on PostgreSQL", { ...table, ...database, ...masterKey }],
    ["events and schedules on AWS, credentials on PostgreSQL", { ...table, ...schedules, ...database, ...masterKey }],
    ["A5: all in AWS's table but schedules", { ...table, ...schedules, PUNCTUAL_SECRETS: "dynamodb", ...masterKey }],
    ["all on AWS", { ...table, ...schedules, ...credentials, ...masterKey }]
  ]
  it.effect.each(mixtures)("may be mixed: %s", ([, record]) => Effect.asVoid(parse(record)))

  const wrong: ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> = [
    ["PUNCTUAL_AWS_TABLE", { PUNCTUAL_STORE: "dynamodb" }],
    ["PUNCTUAL_AWS_TABLE", { ...table, PUNCTUAL_AWS_TABLE: "a b" }],
    // An embedded database would be one machine's alone.
    ["PUNCTUAL_SCHEDULER", table],
    ["PUNCTUAL_SECRETS", { ...table, ...schedules }],
    ["PUNCTUAL_AWS_TABLE", { PUNCTUAL_SECRETS: "dynamodb", ...masterKey }],
    // Credentials sealed under a key of this machine alone would be lost with it.
    ["PUNCTUAL_MASTER_KEY", { ...table, ...schedules, PUNCTUAL_SECRETS: "dynamodb" }],
    ["PUNCTUAL_AWS_QUEUE_URL", { ...schedules, PUNCTUAL_AWS_QUEUE_URL: "" }],
    ["PUNCTUAL_AWS_QUEUE_URL", { ...schedules, PUNCTUAL_AWS_QUEUE_URL: "http://sqs.example.com/q" }],
    ["PUNCTUAL_AWS_QUEUE_ARN", { ...schedules, PUNCTUAL_AWS_QUEUE_ARN: "punctual-fires" }],
    ["PUNCTUAL_AWS_QUEUE_ARN", { ...schedules, PUNCTUAL_AWS_QUEUE_ARN: `${schedules.PUNCTUAL_AWS_QUEUE_ARN}.fifo` }],
    ["PUNCTUAL_AWS_ROLE_ARN", { ...schedules, PUNCTUAL_AWS_ROLE_ARN: "arn:aws:iam::1:role/x" }],
    ["PUNCTUAL_AWS_DEAD_LETTER_ARN", { ...schedules, PUNCTUAL_AWS_DEAD_LETTER_ARN: "dead" }],
    ["PUNCTUAL_AWS_SSM_PREFIX", { ...credentials, PUNCTUAL_AWS_SSM_PREFIX: "punctual" }],
    ["PUNCTUAL_AWS_SSM_PREFIX", { ...credentials, PUNCTUAL_AWS_SSM_PREFIX: "/aws/punctual" }],
    ["PUNCTUAL_AWS_SSM_PUTS_PER_SECOND", { ...credentials, PUNCTUAL_AWS_SSM_PUTS_PER_SECOND: "0" }],
    ["AWS_ENDPOINT_URL_SSM", { ...credentials, AWS_ENDPOINT_URL_SSM: "http://10.0.0.1" }]
  ]
  const keyless: ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> = [
    ["DATABASE_URL", database],
    ["PUNCTUAL_STORE=dynamodb", { ...table, ...schedules, ...credentials }],
    ["PUNCTUAL_SECRETS=dynamodb", { ...table, ...schedules, PUNCTUAL_SECRETS: "dynamodb" }]
  ]
  it.effect.each(keyless)("V7: beside %s a master key is required, that every process shares", ([beside, record]) =>
    Effect.gen(function* () {
      const fault = yield* Effect.flip(parse(record))
      assert.strictEqual(fault.variable, "PUNCTUAL_MASTER_KEY")
      assert.include(fault.message, beside)
      yield* parse({ ...record, ...masterKey })
    })
  )

  it.effect.each(wrong)("names %s in one line: %o", ([variable, record]) =>
    Effect.gen(function* () {
      const fault = yield* Effect.flip(parse(record))
      assert.strictEqual(fault.variable, variable)
      assert.notInclude(fault.message, "\n")
    })
  )
})

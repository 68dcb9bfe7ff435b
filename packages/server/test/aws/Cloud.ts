/**
 * AWS for the real server: the fake of Scheduler, SQS and Parameter Store, and a DynamoDB engine with a table in it.
 * Decides the settings that lead a server there. It stays up while servers are killed.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { createTable } from "@punctual/adapter-aws"
import { type FakeAws, type Options, startFakeAws } from "@punctual/adapter-aws/fake"
import { Effect, Redacted } from "effect"
import { freePort, until } from "../e2e/Processes.ts"

const binary = join(
  import.meta.dirname,
  `../../../../node_modules/@dynoxide/${process.platform}-${process.arch}/dynoxide`
)

/** Why tests on DynamoDB are skipped, or null. */
export const skipped = existsSync(binary) ? null : `no DynamoDB engine for ${process.platform}-${process.arch}`

export interface Cloud {
  readonly aws: FakeAws
  readonly env: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

const tableName = "punctual"
const upMillisMax = 60_000

export const startCloud = async (options: Partial<Options> = {}): Promise<Cloud> => {
  const aws = await startFakeAws({ options })
  const port = await freePort()
  const engine = spawn(binary, ["serve", "--port", String(port)], { stdio: "ignore" })
  const endpoint = `http://127.0.0.1:${port}`
  const isUp = await until(upMillisMax, () =>
    fetch(endpoint).then(
      () => true,
      () => null
    )
  )
  if (isUp === null) throw new Error("the DynamoDB engine did not come up")
  const credentials = { accessKeyId: "fake", secretAccessKey: Redacted.make("fake") }
  await Effect.runPromise(createTable({ tableName, region: "us-east-1", endpoint, credentials }))
  return {
    aws,
    env: {
      PUNCTUAL_STORE: "dynamodb",
      PUNCTUAL_SCHEDULER: "eventbridge",
      PUNCTUAL_SECRETS: "ssm",
      PUNCTUAL_AWS_TABLE: tableName,
      PUNCTUAL_AWS_QUEUE_URL: aws.queues.urlOf("punctual-fires"),
      PUNCTUAL_AWS_QUEUE_ARN: aws.queues.arnOf("punctual-fires"),
      PUNCTUAL_AWS_DEAD_LETTER_ARN: aws.queues.arnOf("punctual-dead"),
      PUNCTUAL_AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/punctual-scheduler",
      PUNCTUAL_AWS_SSM_PREFIX: "/punctual",
      PUNCTUAL_MASTER_KEY: randomBytes(32).toString("base64"),
      AWS_REGION: "us-east-1",
      // Temporary ones, since those need most: the fake refuses them without their token.
      AWS_ACCESS_KEY_ID: "ASIAFAKE",
      AWS_SECRET_ACCESS_KEY: "fake",
      AWS_SESSION_TOKEN: "token",
      AWS_ENDPOINT_URL: aws.url,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint
    },
    close: async () => {
      await aws.close()
      await ended(engine)
    }
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve())
    if (child.exitCode !== null || !child.kill("SIGKILL")) resolve()
  })

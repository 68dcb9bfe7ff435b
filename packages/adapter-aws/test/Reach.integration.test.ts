/**
 * How the four clients reach AWS: a socket that takes a request and never answers, and temporary credentials.
 */
import { type ConnectionRef, Scheduler, Secrets, Store } from "@punctual/core"
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Option, Redacted, Stream } from "effect"
import { type AddressInfo, type Server, type Socket, createServer } from "node:net"
import { afterAll, afterEach, beforeAll } from "vitest"
import { type FakeAws, startFakeAws } from "../fake/index.ts"
import { awsFailure } from "../src/client/AwsFailure.ts"
import { clientConfig } from "../src/client/Connection.ts"
import { type AwsConnection, DynamoStore, EventBridgeScheduler, ParameterSecrets } from "../src/index.ts"
import { type Engine, skipped, startEngine } from "./dynamo/Engine.ts"
import { scheduleOf } from "./scheduler/Kit.ts"
import { connectionId, connectionOf, userId } from "./StoreKit.ts"

const lasting = { accessKeyId: "fake", secretAccessKey: Redacted.make("fake") }
const temporary = {
  accessKeyId: "ASIAFAKE",
  secretAccessKey: Redacted.make("fake"),
  sessionToken: Redacted.make("token")
}

const schedulerAt = (connection: AwsConnection, queueUrl: string, queueArn: string) =>
  EventBridgeScheduler.layer({
    queueUrl,
    queueArn,
    roleArn: "arn:aws:iam::123456789012:role/punctual",
    scheduler: connection,
    queue: connection
  })

const secretsAt = (connection: AwsConnection) =>
  ParameterSecrets.layer({ prefix: "/punctual", putsPerSecond: Infinity, connection })

const ref: ConnectionRef = { userId, connectionId, generation: 1, version: 1 }
const credentials = Redacted.make({ clientId: "c", clientSecret: "s", refreshToken: "t", obtainedAt: 1 })

describe("A1: a socket that never answers", () => {
  let silent: Server
  const held = new Set<Socket>()
  let connection: AwsConnection

  beforeAll(async () => {
    silent = createServer((socket) => void held.add(socket.on("error", () => undefined)))
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve))
    const { port } = silent.address() as AddressInfo // listening on TCP, so the address is one
    const endpoint = `http://127.0.0.1:${port}`
    connection = { region: "us-east-1", endpoint, credentials: lasting, callMillisMax: 200 }
  })
  afterAll(() => {
    for (const socket of held) socket.destroy()
    silent.close()
  })

  /** All attempts and their pauses; a call that hangs would not end at all. */
  const endsWithinMillis = 10_000

  const ends = <A, E>(name: string, call: Effect.Effect<A, E>) =>
    it.live(`A1: ${name} ends as out of reach, within its limit`, () =>
      Effect.gen(function* () {
        const began = yield* Clock.currentTimeMillis
        const told = yield* Effect.flip(call)
        assert.match(JSON.stringify(told), /TimeoutError/)
        assert.isBelow((yield* Clock.currentTimeMillis) - began, endsWithinMillis)
      })
    )

  const scheduler = <A, E>(use: (port: Scheduler["Service"]) => Effect.Effect<A, E>) =>
    Effect.suspend(() =>
      Scheduler.use(use).pipe(Effect.provide(schedulerAt(connection, `${connection.endpoint}/1/q`, "arn")))
    )

  ends(
    "a schedule's listing",
    scheduler(({ list }) => Stream.runDrain(list))
  )
  ends(
    "a parameter's reading",
    Effect.suspend(() => Secrets.use((port) => port.get(ref)).pipe(Effect.provide(secretsAt(connection))))
  )
  ends(
    "a row's reading",
    Effect.suspend(() =>
      Store.use((port) => port.connections(userId)).pipe(
        Effect.provide(DynamoStore.layer({ ...connection, tableName: "none" }))
      )
    )
  )
  it.live("A1: the SDK's own handler gives up too: its limit is no mere line in a log", () =>
    Effect.gen(function* () {
      const client = new SchedulerClient(clientConfig(connection))
      const thrown = yield* Effect.flip(
        Effect.tryPromise({ try: () => client.send(new ListSchedulesCommand({})), catch: awsFailure })
      )
      assert.strictEqual(thrown.error, "TimeoutError")
      client.destroy()
    })
  )
})

describe("A1: a fake that falls silent for one request", () => {
  let aws: FakeAws
  let connection: AwsConnection

  beforeAll(async () => {
    aws = await startFakeAws({ options: { putParameterPerSecond: Infinity, readParametersPerSecond: Infinity } })
    connection = { region: "us-east-1", endpoint: aws.url, credentials: lasting, callMillisMax: 300 }
  })
  afterEach(() => aws.clearFaults())
  afterAll(() => aws.close())

  const ports = Layer.unwrap(
    Effect.sync(() =>
      Layer.merge(
        schedulerAt(connection, aws.queues.urlOf("punctual-fires"), aws.queues.arnOf("punctual-fires")),
        secretsAt(connection)
      )
    )
  )

  for (const operation of ["CreateSchedule", "CreateScheduleGroup", "GetParameters", "PutParameter"]) {
    it.live(`A1: ${operation} is asked again`, () =>
      Effect.gen(function* () {
        aws.addFaults({ operation, effect: { kind: "silence" } })
        const [scheduler, secrets] = [yield* Scheduler, yield* Secrets]
        const at = (yield* Clock.currentTimeMillis) + 3_600_000
        yield* scheduler.put([{ ...scheduleOf(operation, at), group: operation }])
        yield* secrets.put(ref, credentials)
        assert.isTrue(Option.isSome(yield* secrets.get(ref)))
        assert.isTrue(aws.schedules().some(({ Name }) => Name.includes(operation)))
        assert.isAtLeast(aws.asked().filter((asked) => asked.operation === operation).length, 2)
      }).pipe(Effect.provide(ports))
    )
  }
})

describe("A2: temporary credentials", () => {
  let aws: FakeAws
  beforeAll(async () => {
    aws = await startFakeAws()
  })
  afterAll(() => aws.close())

  it.live("A2: their session token reaches Scheduler, SQS and Parameter Store", () =>
    Effect.gen(function* () {
      const connection = { region: "us-east-1", endpoint: aws.url, credentials: temporary }
      const [queueUrl, queueArn] = [aws.queues.urlOf("punctual-fires"), aws.queues.arnOf("punctual-fires")]
      const ports = Layer.merge(schedulerAt(connection, queueUrl, queueArn), secretsAt(connection))
      yield* Effect.gen(function* () {
        const [scheduler, secrets] = [yield* Scheduler, yield* Secrets]
        const now = yield* Clock.currentTimeMillis
        yield* scheduler.put([scheduleOf("far", now + 3_600_000), scheduleOf("due", now)])
        const listening = yield* Effect.forkChild(Stream.runHead(scheduler.fires(0)))
        const batch = Option.getOrThrow(yield* Fiber.join(listening))
        assert.deepStrictEqual(
          batch.map(({ botId }) => botId),
          [scheduleOf("due", now).botId]
        )
        yield* secrets.put(ref, credentials)
      }).pipe(Effect.provide(ports))
    })
  )

  it.live("A2: without it, and with one beside lasting credentials, the fake refuses as AWS does", () =>
    Effect.gen(function* () {
      const { sessionToken, ...cut } = temporary
      for (const given of [cut, { ...lasting, sessionToken }]) {
        const connection = { region: "us-east-1", endpoint: aws.url, credentials: given }
        const told = yield* Effect.flip(
          Secrets.use((port) => port.get(ref)).pipe(Effect.provide(secretsAt(connection)))
        )
        assert.match(JSON.stringify(told), /UnrecognizedClientException/)
      }
    })
  )
})

describe.skipIf(skipped !== null)(`DynamoDB${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine()
  })
  afterAll(() => engine.stop())

  it.live("A2: the session token of temporary credentials reaches DynamoDB", () =>
    Effect.gen(function* () {
      const options = { ...(yield* engine.freshTable), credentials: temporary }
      const saved = Store.use((store) => store.saveConnection(connectionOf(), null))
      yield* Effect.provide(saved, DynamoStore.layer(options))
      const { sessionToken: _, ...cut } = temporary
      const told = yield* Effect.flip(Effect.provide(saved, DynamoStore.layer({ ...options, credentials: cut })))
      assert.match(JSON.stringify(told), /UnrecognizedClientException/)
    })
  )

  it.live("A1: a request to DynamoDB that is never answered is made again, and done once", () =>
    Effect.gen(function* () {
      const options = { ...(yield* engine.freshTable), callMillisMax: 300 }
      let silences = 1
      engine.onRequest(({ operation }) =>
        operation === "TransactWriteItems" && silences-- > 0 ? { kind: "silence" } : { kind: "pass" }
      )
      yield* Store.use((store) => store.saveConnection(connectionOf(), null)).pipe(
        Effect.provide(DynamoStore.layer(options))
      )
      assert.isBelow(silences, 0)
    }).pipe(Effect.ensuring(Effect.sync(() => engine.onRequest(() => ({ kind: "pass" })))))
  )
})

/**
 * The SDK's behaviour on a socket, as it was measured against AWS's error shapes: each shape by its name, what our clients
 * make of it, and how often they ask.
 */
import { type ConnectionRef, Scheduler, Secrets, allDone } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { afterAll, afterEach, beforeAll } from "vitest"
import { type FakeAws, type Fault, startFakeAws, throttling } from "../fake/index.ts"
import { EventBridgeScheduler, ParameterSecrets } from "../src/index.ts"
import { scheduleOf } from "./scheduler/Kit.ts"
import { connectionId, userId } from "./StoreKit.ts"

let aws: FakeAws

beforeAll(async () => {
  aws = await startFakeAws({ options: { putParameterPerSecond: Infinity, readParametersPerSecond: Infinity } })
})
afterEach(() => aws.clearFaults())
afterAll(() => aws.close())

const ports = Layer.unwrap(
  Effect.sync(() => {
    const connection = {
      region: "eu-central-1",
      endpoint: aws.url,
      credentials: { accessKeyId: "fake", secretAccessKey: Redacted.make("fake") }
    }
    return Layer.merge(
      EventBridgeScheduler.layer({
        queueUrl: aws.queues.urlOf("punctual-fires"),
        queueArn: aws.queues.arnOf("punctual-fires"),
        roleArn: "arn:aws:iam::123456789012:role/punctual",
        scheduler: connection,
        queue: connection
      }),
      ParameterSecrets.layer({ prefix: "/punctual", putsPerSecond: Infinity, connection })
    )
  })
)

const inAnHour = () => Date.now() + 3_600_000
const names = (from: number) =>
  aws
    .asked()
    .slice(from)
    .map(({ operation }) => operation)

interface Shape {
  readonly name: string
  readonly fault: Fault
  /** Attempts at creating, and what is told where it lasts. */
  readonly attempts: number
  readonly told: string
}

const lasting = 100
const error = (name: string, status: number): Fault => ({
  operation: "CreateSchedule",
  times: lasting,
  effect: { kind: "error", name, status }
})

const shapes: ReadonlyArray<Shape> = [
  {
    name: "429 ThrottlingException",
    fault: { operation: "CreateSchedule", times: lasting, effect: throttling },
    attempts: 5,
    told: "SchedulerThrottled"
  },
  {
    name: "500 InternalServerException",
    fault: error("InternalServerException", 500),
    attempts: 5,
    told: "SchedulerUnavailable"
  },
  {
    name: "500 with a page of HTML (a SyntaxError of the SDK's)",
    fault: { operation: "CreateSchedule", times: lasting, effect: { kind: "page" } },
    attempts: 5,
    told: "SchedulerUnavailable"
  },
  {
    name: "a socket destroyed (TimeoutError, ECONNRESET)",
    fault: { operation: "CreateSchedule", times: lasting, effect: { kind: "reset" } },
    attempts: 5,
    told: "SchedulerUnavailable"
  },
  {
    name: "402 ServiceQuotaExceededException",
    fault: error("ServiceQuotaExceededException", 402),
    attempts: 1,
    told: "SchedulerRefused"
  },
  { name: "400 ValidationException", fault: error("ValidationException", 400), attempts: 1, told: "SchedulerRefused" },
  {
    name: "403 AccessDeniedException",
    fault: error("AccessDeniedException", 403),
    attempts: 1,
    told: "SchedulerRefused"
  }
]

describe("an error of EventBridge Scheduler, named in a header with an address behind it", () => {
  for (const { attempts, fault, name, told } of shapes) {
    it.live(`${name}: ${attempts === 1 ? "told at once" : "asked five times under one token"}, then ${told}`, () =>
      Effect.gen(function* () {
        const scheduler = yield* Scheduler
        aws.addFaults(fault)
        const from = aws.asked().length
        const failed = yield* Effect.flip(allDone(scheduler.put([scheduleOf("shape", inAnHour())])))
        assert.strictEqual(failed.reason._tag, told)
        assert.strictEqual(failed.isRetryable, told !== "SchedulerRefused")
        const asked = aws.asked().slice(from)
        assert.lengthOf(asked, attempts)
        const tokens = asked.map(({ request }) => JSON.parse(request.body).ClientToken)
        assert.strictEqual(new Set(tokens).size, 1)
      }).pipe(Effect.provide(ports))
    )
  }

  it.live("409 and 404 are answers: create becomes update, and a schedule that is gone is cancelled", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const at = inAnHour()
      yield* scheduler.put([scheduleOf("conflict", at)])
      const from = aws.asked().length
      yield* scheduler.put([scheduleOf("conflict", at + 60_000)])
      assert.deepStrictEqual(names(from), ["CreateSchedule", "GetSchedule", "UpdateSchedule"])
      yield* scheduler.cancel([scheduleOf("conflict", at)])
      yield* scheduler.cancel([scheduleOf("conflict", at)])
      assert.isFalse(aws.schedules().some(({ Name }) => Name.includes("conflict")))
    }).pipe(Effect.provide(ports))
  )
})

describe("an answer that got lost", () => {
  for (const operation of [
    "CreateScheduleGroup",
    "CreateSchedule",
    "GetSchedule",
    "UpdateSchedule",
    "DeleteSchedule"
  ]) {
    it.live(`${operation}: done once, and what is held is what was wished`, () =>
      Effect.gen(function* () {
        const scheduler = yield* Scheduler
        const at = Math.floor(inAnHour() / 60_000) * 60_000
        const name = `lost-${operation}`
        const schedule = { ...scheduleOf(name, at), group: `group-${operation}` }
        aws.addFaults({ operation, effect: { kind: "lost_answer" } })
        yield* scheduler.put([schedule])
        yield* scheduler.put([{ ...schedule, at: at + 600_000, revision: 2 }])
        const [held, ...others] = aws.schedules().filter(({ Name }) => Name.includes(name))
        assert.lengthOf(others, 0)
        assert.include(held?.ScheduleExpression, new Date(at + 540_000).toISOString().slice(0, 19))
        yield* scheduler.cancel([{ ...schedule, revision: 2 }])
        assert.isFalse(aws.schedules().some(({ Name }) => Name.includes(name)))
      }).pipe(Effect.provide(ports))
    )
  }

  it.live("SendMessage: sent twice at worst", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      aws.addFaults({ operation: "SendMessage", effect: { kind: "lost_answer" } })
      yield* scheduler.put([scheduleOf("twice", Date.now())])
      const sent = aws.queues.bodies("punctual-fires").filter((body) => body.includes("twice"))
      assert.isAtLeast(sent.length, 1)
      assert.isAtMost(sent.length, 2)
    }).pipe(Effect.provide(ports))
  )
})

describe("an error of Parameter Store, named in the body", () => {
  const ref: ConnectionRef = { userId, connectionId, generation: 1, version: 1 }
  const credentials = Redacted.make({ clientId: "c", clientSecret: "s", refreshToken: "t", obtainedAt: 1 })

  for (const effect of [throttling, { kind: "page" }, { kind: "reset" }, { kind: "lost_answer" }] as const) {
    it.live(`${effect.kind}, twice for each request: put, get and erase go through`, () =>
      Effect.gen(function* () {
        const secrets = yield* Secrets
        for (const operation of ["GetParameters", "PutParameter", "DeleteParameters", "GetParametersByPath"])
          aws.addFaults({ operation, times: 2, effect })
        yield* secrets.put(ref, credentials)
        assert.strictEqual((yield* secrets.get(ref))._tag, "Some")
        yield* secrets.eraseAll({ id: connectionId, userId, generation: 1 })
        assert.strictEqual((yield* secrets.get(ref))._tag, "None")
      }).pipe(Effect.provide(ports))
    )
  }
})

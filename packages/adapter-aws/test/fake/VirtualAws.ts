/**
 * The fake AWS on Effect's own time, without a socket, so that a virtual clock drives it and an adapter alike.
 * Decides nothing; what is answered is decided by the fake.
 */
import type { Scheduler, Secrets } from "@punctual/core"
import { Clock, Context, Effect, Layer, Redacted } from "effect"
import { type Aws, type Options, type Timer, inProcess, makeAws } from "../../fake/index.ts"
import { type AwsConnection, EventBridgeScheduler, ParameterSecrets } from "../../src/index.ts"

/** The fake that a layer talks to, for tests that look behind it. */
export class FakeAws extends Context.Service<FakeAws, Aws>()("@punctual/adapter-aws/test/FakeAws") {}

export const queue = "punctual-fires"
export const deadLetters = "punctual-dead"
export const roleArn = "arn:aws:iam::123456789012:role/punctual-scheduler"

/** Temporary ones, since those need most. */
const credentials = {
  accessKeyId: "ASIAFAKE",
  secretAccessKey: Redacted.make("fake"),
  sessionToken: Redacted.make("token")
}

/** For a client that reaches the fake. */
export const connectionTo = (aws: Aws, callMillisMax = Infinity): AwsConnection => ({
  region: "us-east-1",
  endpoint: "http://127.0.0.1:1",
  credentials,
  requestHandler: inProcess(aws),
  // A clock that leaps over an hour would time out whatever is asked meanwhile, although no time passes for it.
  callMillisMax
})

/** What is given runs on the clock of whoever builds the layer. */
export const layerFakeAws = (options: Partial<Options> = {}): Layer.Layer<FakeAws> =>
  Layer.effect(
    FakeAws,
    Effect.gen(function* () {
      const timer = yield* effectTimer
      return makeAws({
        timer,
        options,
        queues: { [deadLetters]: null, [queue]: deadLetters },
        origin: () => "http://127.0.0.1:1"
      })
    })
  )

const effectTimer: Effect.Effect<Timer> = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const context = yield* Effect.context<never>()
  return {
    now: () => clock.currentTimeMillisUnsafe(),
    at: (instant, run) => {
      const wait = Math.max(1, instant - clock.currentTimeMillisUnsafe())
      const waiting = Effect.runForkWith(context)(Effect.andThen(Effect.sleep(wait), Effect.sync(run)))
      return () => waiting.interruptUnsafe()
    }
  }
})

/** The adapter's scheduler on the fake, which stays within reach. */
export const layerScheduler = (options: Partial<Options> = {}): Layer.Layer<Scheduler | FakeAws> =>
  Layer.provideMerge(Layer.unwrap(Effect.map(FakeAws, (aws) => schedulerOn(aws))), layerFakeAws(options))

/** Another process's, on the same fake. */
export const schedulerOn = (aws: Aws, name = queue): Layer.Layer<Scheduler> =>
  EventBridgeScheduler.layer({
    queueUrl: aws.queues.urlOf(name),
    queueArn: aws.queues.arnOf(name),
    deadLetterArn: aws.queues.arnOf(deadLetters),
    roleArn,
    scheduler: connectionTo(aws),
    queue: connectionTo(aws)
  })

export const prefix = "/punctual/test"

export const layerSecrets = (
  options: Partial<Options> = {},
  given: Partial<ParameterSecrets.Options> = {}
): Layer.Layer<Secrets | FakeAws> =>
  Layer.provideMerge(Layer.unwrap(Effect.map(FakeAws, (aws) => secretsOn(aws, given))), layerFakeAws(options))

export const secretsOn = (aws: Aws, given: Partial<ParameterSecrets.Options> = {}): Layer.Layer<Secrets> =>
  ParameterSecrets.layer({ prefix, connection: connectionTo(aws), ...given })

/**
 * The Scheduler port's contract on EventBridge Scheduler and SQS, against the fake, on a virtual clock: once with instants
 * minutes apart, which rest in EventBridge, and once with instants so close that the queue alone holds them back.
 */
import type { Scheduler } from "@punctual/core"
import { SchedulerContract } from "@punctual/core/testing"
import { Effect, Layer } from "effect"
import { layer } from "../src/Scheduler.ts"
import { connectionTo, FakeAws, layerFakeAws, queue, roleArn } from "./VirtualAws.ts"

const scheduler: Layer.Layer<Scheduler, never, FakeAws> = Layer.unwrap(
  Effect.map(FakeAws, (aws) =>
    layer({
      queueUrl: aws.queues.urlOf(queue),
      queueArn: aws.queues.arnOf(queue),
      roleArn,
      scheduler: connectionTo(aws),
      queue: connectionTo(aws)
    })
  )
)

const redeliversWithinMillis = 60_000

for (const [name, momentMillis] of [
  ["in EventBridge", 180_000],
  ["in the queue", 400]
] as const) {
  SchedulerContract.suite(`AWS, ${name}`, Layer.provide(scheduler, layerFakeAws()), {
    momentMillis,
    redeliversWithinMillis
  })
}

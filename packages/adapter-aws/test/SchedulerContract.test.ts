/**
 * The Scheduler port's contract on EventBridge Scheduler and SQS, against the fake, on a virtual clock: once with instants
 * minutes apart, which rest in EventBridge, and once with instants so close that the queue alone holds them back.
 */
import { SchedulerContract } from "@punctual/core/testing"
import { Effect } from "effect"
import { FakeAws, layerScheduler } from "./fake/VirtualAws.ts"

const redeliversWithinMillis = 60_000

const refuse = (isRefused: (name: string) => boolean) => Effect.map(FakeAws, (aws) => aws.refuse(isRefused))

SchedulerContract.suite("AWS, in EventBridge", layerScheduler(), {
  momentMillis: 180_000,
  redeliversWithinMillis,
  refuse
})

SchedulerContract.suite("AWS, in the queue", layerScheduler(), { momentMillis: 400, redeliversWithinMillis })

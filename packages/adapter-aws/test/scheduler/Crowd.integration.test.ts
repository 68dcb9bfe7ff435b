/**
 * Three thousand schedules due together, over a network that takes its time: how late the claims are.
 */
import { Scheduler } from "@punctual/core"
import { assert, it } from "@effect/vitest"
import { Clock, Effect, Stream } from "effect"
import { textOf } from "../../src/scheduler/Alarm.ts"
import { FakeAws, layerScheduler, queue } from "../fake/VirtualAws.ts"
import { scheduleOf } from "./Kit.ts"

const count = 3_000
const latencyMillis = 25
/** As the worker does: so many claims at once, each a transaction. */
const claimsAtOnce = 32
const claimMillis = 10
/** On a busy machine 7 s, and 20 s where nothing overlaps and each message has a request of its own. */
const latestMillisMax = 14_000

it.live(
  `A9: ${count} fires that are due together are handled while others are received, and deleted ten at a time`,
  () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const scheduler = yield* Scheduler
      const at = yield* Clock.currentTimeMillis
      for (let n = 0; n < count; n++) aws.queues.deliver(aws.queues.arnOf(queue), textOf(scheduleOf(String(n), at)))
      const began = yield* Clock.currentTimeMillis
      const late: Array<number> = []
      yield* scheduler.fires(0).pipe(
        Stream.mapEffect((batch) =>
          Effect.forEach(
            batch,
            Effect.fnUntraced(function* (fire) {
              yield* Effect.sleep(claimMillis)
              late.push((yield* Clock.currentTimeMillis) - began)
              yield* fire.done
            }),
            { concurrency: claimsAtOnce, discard: true }
          )
        ),
        Stream.takeUntil(() => late.length >= count),
        Stream.runDrain
      )
      late.sort((a, b) => a - b)
      const [half = 0, last = 0] = [late[count / 2], late.at(-1)]
      const deletes = aws.asked().filter(({ operation }) => operation === "DeleteMessageBatch").length
      yield* Effect.logInfo(
        `of ${count} fires: half ${half} ms late, the last ${last} ms; ${deletes} requests deleted them`
      )
      assert.isBelow(last, latestMillisMax)
      assert.isBelow(deletes, count / 3)
    }).pipe(Effect.provide(layerScheduler({ latencyMillis })))
)

/**
 * Schedules and listeners for the tests of the scheduler's quirks.
 * Decides nothing that a test asserts.
 */
import { type Fire, type Schedule, Scheduler, type ScheduleName, type BotId, type UserId } from "@punctual/core"
import { Clock, Effect, Queue, Stream } from "effect"

export const scheduleOf = (label: string, at: number, revision = 1): Schedule => ({
  name: `bot-usr_1-bot_${label}` as ScheduleName,
  group: "teams",
  at,
  revision,
  userId: "usr_1" as UserId,
  botId: `bot_${label}` as BotId
})

export interface Heard {
  readonly fire: Fire
  readonly at: number
}

/** Listens until the scope ends and confirms at once, unless told otherwise. */
export const listening = Effect.fnUntraced(function* (confirms = true) {
  const scheduler = yield* Scheduler
  const heard = yield* Queue.unbounded<Heard>()
  yield* scheduler.fires(0).pipe(
    Stream.runForEach(
      Effect.forEach(
        Effect.fnUntraced(function* (fire: Fire) {
          yield* Queue.offer(heard, { fire, at: yield* Clock.currentTimeMillis })
          if (confirms) yield* fire.done
        })
      )
    ),
    Effect.forkScoped
  )
  return heard
})

/** Runs on whatever is under way and waits for no time: promises among it need several turns of the loop. */
export const runPending = Effect.repeat(Effect.yieldNow, { times: 200 })

/**
 * What comes out of the queue: due schedules, each until it is confirmed.
 *
 * Decides how much is received at once, and what becomes of a message that is early: it goes back out of sight until a
 * second before its instant, so that it survives this process, and is held here for the rest. What is not understood is
 * left to the queue's dead letters. Never deletes what was not confirmed, except what is known to be stale.
 */
import type { Schedule } from "@punctual/core"
import { Clock, Effect, Stream } from "effect"
import type { AwsFailure } from "../client/AwsFailure.ts"
import { scheduleIn, textOf } from "./Alarm.ts"
import type { RecentSchedules } from "./RecentSchedules.ts"
import { type Message, type Queue, delaySecondsMax, receiveMax } from "./Queue.ts"

export interface Due {
  readonly schedule: Schedule
  readonly done: Effect.Effect<void, AwsFailure>
}

export interface Fires {
  /** Puts a schedule into the queue itself, out of sight until its instant is near. */
  readonly send: (schedule: Schedule) => Effect.Effect<void, AwsFailure>
  /** Never ends. Batches of what is due, soonest first. */
  readonly stream: Stream.Stream<ReadonlyArray<Due>, AwsFailure>
}

/** A request waits so long for a message; SQS allows no more. */
export const waitSecondsMax = 20
const batchMax = 100
const secondMillis = 1_000

interface Received extends Message {
  readonly schedule: Schedule
}

export const makeFires = (queue: Queue, recent: RecentSchedules): Fires => ({
  send: (schedule) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      queue.send(textOf(schedule), wholeSeconds(schedule.at - now, delaySecondsMax))
    ),
  stream: Stream.suspend(() => {
    // Less than a second from their instants, each for this listener alone.
    let close: ReadonlyArray<Received> = []
    const nextBatch = Effect.gen(function* () {
      for (;;) {
        const before = yield* Clock.currentTimeMillis
        if (close.length > 0)
          yield* Effect.sleep(Math.max(0, Math.min(...close.map(({ schedule }) => schedule.at - before))))
        const received = yield* receiveAll(queue, close.length > 0 ? 0 : waitSecondsMax)
        const now = yield* Clock.currentTimeMillis
        const early = received.filter(({ schedule }) => schedule.at - now >= secondMillis)
        yield* Effect.forEach(
          early,
          (each) => queue.hide(each, wholeSeconds(each.schedule.at - now, delaySecondsMax)),
          { concurrency: receiveMax, discard: true }
        )
        const held = [...close, ...received.filter((each) => !early.includes(each))]
        close = held.filter(({ schedule }) => schedule.at > now)
        const due = yield* withoutStale(
          queue,
          recent,
          held.filter(({ schedule }) => schedule.at <= now)
        )
        if (due.length > 0) return due.toSorted(bySoonest).map((each) => dueOf(queue, recent, each))
      }
    })
    return Stream.fromEffectRepeat(nextBatch)
  })
})

/** What there is, up to a batch: so that what is due together comes in order. */
const receiveAll = Effect.fnUntraced(function* (
  queue: Queue,
  waitSeconds: number
): Effect.fn.Return<ReadonlyArray<Received>, AwsFailure> {
  const all: Array<Received> = []
  for (let count = receiveMax; count === receiveMax && all.length < batchMax;) {
    const messages = yield* queue.receive(all.length === 0 ? waitSeconds : 0)
    count = messages.length
    for (const message of messages) {
      const schedule = scheduleIn(message.body)
      if (schedule === null) yield* Effect.logWarning("a message of the queue is not understood")
      else all.push({ ...message, schedule })
    }
  }
  return all
})

const withoutStale = Effect.fnUntraced(function* (
  queue: Queue,
  recent: RecentSchedules,
  due: ReadonlyArray<Received>
): Effect.fn.Return<ReadonlyArray<Received>, AwsFailure> {
  const stale = due.filter(({ schedule }) => recent.isStale(schedule))
  yield* Effect.forEach(stale, queue.remove, { concurrency: receiveMax, discard: true })
  return due.filter((each) => !stale.includes(each))
})

const dueOf = (queue: Queue, recent: RecentSchedules, received: Received): Due => ({
  schedule: received.schedule,
  done: Effect.tap(queue.remove(received), () => Effect.sync(() => recent.done(received.schedule)))
})

const bySoonest = (a: Received, b: Received): number => a.schedule.at - b.schedule.at

/** Rounded down: what is left is waited for in the process. */
const wholeSeconds = (millis: number, most: number): number =>
  Math.min(most, Math.max(0, Math.floor(millis / secondMillis)))

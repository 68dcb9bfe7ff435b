/**
 * What comes out of the queue: due schedules, each until it is confirmed.
 *
 * Decides how much is received at once, and what becomes of a message that is early: it goes back out of sight until a
 * second before its instant, so that it survives this process, and is held here for the rest. Receiving, holding back
 * and handling overlap. What goes wrong with one message is logged and is that one's alone. What is not understood is left
 * to the queue's dead letters. Never deletes what was not confirmed, except what is known to be stale.
 */
import type { Schedule } from "@punctual/core"
import { Queue as Ahead, Clock, Effect, Result, type Scope, Stream } from "effect"
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
  /** Never ends. Batches of what is due, or will be within `aheadMillis`, soonest first. */
  readonly stream: (aheadMillis: number) => Stream.Stream<ReadonlyArray<Due>, AwsFailure>
}

/** A request waits so long for a message; SQS allows no more. */
export const waitSecondsMax = 20
/** Requests for messages at once, where the first brought as many as there can be in one. */
const receiversMax = 10
/** Batches that are received and not yet taken: enough to never wait for one, few enough to be done before they come again. */
const batchesAheadMax = 4
const secondMillis = 1_000

interface Received extends Message {
  readonly schedule: Schedule
}

interface Around {
  readonly queue: Queue
  readonly recent: RecentSchedules
  readonly redeliverAfterSeconds: number
  /** What is so close counts as due: whoever takes it waits for its instant. */
  readonly aheadMillis: number
  /** What is due, for whoever listens. */
  readonly ahead: Ahead.Queue<ReadonlyArray<Received>, AwsFailure>
}

export const makeFires = (queue: Queue, recent: RecentSchedules, redeliverAfterSeconds: number): Fires => ({
  send: (schedule) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      queue.send(textOf(schedule), wholeSeconds(schedule.at - now, delaySecondsMax))
    ),
  stream: (aheadMillis) =>
    Stream.unwrap(
      Effect.gen(function* () {
        const ahead = yield* Ahead.bounded<ReadonlyArray<Received>, AwsFailure>(batchesAheadMax)
        const around: Around = { queue, recent, redeliverAfterSeconds, aheadMillis, ahead }
        // Receiving goes on while what came before is held back or handled.
        yield* Effect.forever(receiveOnce(around)).pipe(
          Effect.catch((failure) => Ahead.fail(ahead, failure)),
          Effect.forkScoped
        )
        return Stream.map(Stream.fromQueue(ahead), (batch) => batch.map((each) => dueOf(queue, recent, each)))
      })
    )
})

/** What there is, soonest first; what is due goes on, what is early goes back, what is close is held here. */
const receiveOnce = Effect.fnUntraced(function* (around: Around): Effect.fn.Return<void, AwsFailure, Scope.Scope> {
  const received = (yield* receiveAll(around.queue)).toSorted(bySoonest)
  // What is asked for ahead is due from then on.
  const now = (yield* Clock.currentTimeMillis) + around.aheadMillis
  const early = received.filter(({ schedule }) => schedule.at - now >= secondMillis)
  yield* offer(
    around,
    received.filter(({ schedule }) => schedule.at <= now)
  )
  const held = yield* hideAll(around, early, now)
  const close = received.filter((each) => each.schedule.at > now && (held.has(each) || !early.includes(each)))
  if (close.length > 0) yield* Effect.forkScoped(holdBack(around, close))
})

/** One at first; where that one was full, as many at once as make a large batch, so that what is due together comes in order. */
const receiveAll = Effect.fnUntraced(function* (queue: Queue): Effect.fn.Return<ReadonlyArray<Received>, AwsFailure> {
  const first = yield* queue.receive(waitSecondsMax)
  const more =
    first.length < receiveMax
      ? []
      : yield* Effect.forEach(
          Array.from({ length: receiversMax - 1 }),
          // What one of them could not bring is brought by the next round.
          () => queue.receive(0).pipe(Effect.catch((failure) => Effect.as(trouble("receive", failure), []))),
          { concurrency: "unbounded" }
        )
  const messages = [...first, ...more.flat()]
  const all = messages.map((message) => ({ ...message, schedule: scheduleIn(message.body) }))
  const strange = all.filter(({ schedule }) => schedule === null).length
  if (strange > 0) yield* Effect.logWarning(`${strange} messages of the queue are not understood`)
  return all.flatMap(({ schedule, ...message }) => (schedule === null ? [] : [{ ...message, schedule }]))
})

/**
 * Out of sight until a second before their instants. Those that could not be hidden and would come again too late are
 * answered: they are held in this process like what is close.
 */
const hideAll = Effect.fnUntraced(function* (
  { queue, redeliverAfterSeconds }: Around,
  early: ReadonlyArray<Received>,
  now: number
): Effect.fn.Return<ReadonlySet<Received>> {
  const held = new Set<Received>()
  const hidden = early.map(({ receipt, schedule }) => ({
    receipt,
    seconds: wholeSeconds(schedule.at - now, delaySecondsMax)
  }))
  const outcomes = yield* queue.hide(hidden)
  const soon = now + redeliverAfterSeconds * secondMillis
  for (const [at, each] of early.entries()) {
    const outcome = outcomes[at]
    if (outcome === undefined || Result.isSuccess(outcome)) continue
    if (each.schedule.at < soon) held.add(each)
    yield* trouble("hide", outcome.failure)
  }
  return held
})

/** Until each has come. */
const holdBack = Effect.fnUntraced(function* (around: Around, close: ReadonlyArray<Received>) {
  let left = close
  while (left.length > 0) {
    const soonest = Math.min(...left.map(({ schedule }) => schedule.at)) - around.aheadMillis
    yield* Effect.sleep(Math.max(0, soonest - (yield* Clock.currentTimeMillis)))
    const now = (yield* Clock.currentTimeMillis) + around.aheadMillis
    yield* offer(
      around,
      left.filter(({ schedule }) => schedule.at <= now)
    )
    left = left.filter(({ schedule }) => schedule.at > now)
  }
})

/** Without what is known to be stale, which is removed; one that can't be removed now comes again, and goes then. */
const offer = Effect.fnUntraced(function* ({ ahead, queue, recent }: Around, due: ReadonlyArray<Received>) {
  const stale = due.filter(({ schedule }) => recent.isStale(schedule))
  yield* Effect.forEach(
    stale,
    (each) => queue.remove(each).pipe(Effect.catch((failure) => trouble("delete", failure))),
    { concurrency: "unbounded", discard: true }
  )
  const fresh = due.filter((each) => !stale.includes(each))
  if (fresh.length > 0) yield* Ahead.offer(ahead, fresh)
})

const trouble = (what: string, { message }: AwsFailure): Effect.Effect<void> =>
  Effect.logWarning(`a message of the queue met trouble (${what}); it goes on`, message)

const dueOf = (queue: Queue, recent: RecentSchedules, received: Received): Due => ({
  schedule: received.schedule,
  done: Effect.tap(queue.remove(received), () => Effect.sync(() => recent.done(received.schedule)))
})

const bySoonest = (a: Received, b: Received): number => a.schedule.at - b.schedule.at

/** Rounded down: what is left is waited for in the process. */
const wholeSeconds = (millis: number, most: number): number =>
  Math.min(most, Math.max(0, Math.floor(millis / secondMillis)))

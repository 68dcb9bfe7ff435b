/**
 * A listener on a scheduler and a clock to move, for the cases of the scheduler's contract.
 *
 * Decides how a case waits: on a virtual clock by moving it, on a real one by listening. Never sleeps.
 */
import { Clock, Duration, Effect, Option, Queue, type Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { BotId, ScheduleName, UserId } from "../../../src/domain/Ids.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import { type Fire, type Schedule, Scheduler, type SchedulerError } from "../../../src/ports/Scheduler.ts"
import { freshUserId } from "../../rows/Fresh.ts"

/**
 * Whose time the adapter keeps. `test`: Effect's clock, which a case moves, so that no case waits. `live`: the machine's, as
 * of whatever sets timers of its own or asks a server; a case then waits a second or so.
 */
export type Time = "test" | "live"

export interface Pace {
  /** Whose time the adapter keeps; `test` unless said. Live needs a precision of a second or better. */
  readonly time: Time
  /** How far apart instants lie; 400 is long enough to work in and short enough to wait for. */
  readonly momentMillis: number
  /** Is told how long each of the adapter's writes took. */
  readonly note?: (millis: number) => void
}

export interface Received {
  readonly fire: Fire
  readonly at: Instant
}

export interface Bench {
  readonly time: Time
  readonly scheduler: Scheduler["Service"]
  readonly userId: UserId
  /** The first instant of the case. */
  readonly start: Instant
  /** An instant that the scheduler can keep exactly, a moment after the start; `moments` are equally long. */
  readonly after: (moments: number) => Instant
  readonly schedule: (label: string, at: Instant, revision?: number) => Schedule
  /** Lets the time come. */
  readonly reach: (at: Instant) => Effect.Effect<void>
}

export interface Listener {
  /** The next fire of the case's own. Dies when none comes. */
  readonly next: Effect.Effect<Received>
  /** Every fire up to and including the first of this schedule. */
  readonly until: (schedule: Schedule) => Effect.Effect<ReadonlyArray<Received>>
  /** What is there already. */
  readonly received: Effect.Effect<ReadonlyArray<Received>>
}

/** How long a fire that is due may take on a busy machine. */
const patienceMillis = 15_000

/** How often other fibers are let go on before a virtual moment counts as over. */
const yieldsMax = 1000

export const bench = Effect.fnUntraced(function* ({
  momentMillis,
  note = () => {},
  time
}: Pace): Effect.fn.Return<Bench, never, Scheduler> {
  const adapter = yield* Scheduler
  const timed = <A, E>(write: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.flatMap(Clock.currentTimeMillis, (began) =>
      Effect.tap(write, () => Effect.map(Clock.currentTimeMillis, (ended) => note(ended - began)))
    )
  const scheduler = Scheduler.of({
    ...adapter,
    put: (schedules) => timed(adapter.put(schedules)),
    cancel: (schedules) => timed(adapter.cancel(schedules))
  })
  const userId = yield* freshUserId
  const start = yield* Clock.currentTimeMillis
  const { precisionMillis } = scheduler.capabilities
  const exactly = (millis: number): number => Math.ceil(millis / precisionMillis) * precisionMillis
  const after = (moments: number): Instant => exactly(start) + moments * exactly(momentMillis)
  return {
    time,
    scheduler,
    userId,
    start,
    after,
    schedule: (label, at, revision = 1) => ({
      name: `bot-${userId}-${label}` as ScheduleName,
      group: "zoom",
      at,
      revision,
      userId,
      botId: `bot_${label}` as BotId
    }),
    reach: (at) =>
      time === "live"
        ? Effect.void
        : Effect.flatMap(Clock.currentTimeMillis, (now) => (at > now ? TestClock.setTime(at) : Effect.void))
  }
})

/**
 * Listens until the scope ends. What belongs to other cases is confirmed, so that it does not come again; so is what
 * belongs to this one, unless it confirms by itself.
 */
export const listen = Effect.fnUntraced(function* (
  { scheduler, time, userId }: Bench,
  confirms: "at once" | "by itself" = "at once",
  aheadMillis = 0
): Effect.fn.Return<Listener, never, Scope.Scope> {
  const queue = yield* Queue.unbounded<Received>()
  let wrongClock: Error | null = null
  const receive = Effect.fnUntraced(function* (fire: Fire): Effect.fn.Return<void, SchedulerError> {
    const isOurs = fire.userId === userId
    if (isOurs) {
      const at = yield* Clock.currentTimeMillis
      if (time === "test" && fire.at - aheadMillis - scheduler.capabilities.precisionMillis > at)
        wrongClock ??= yield* earlyBy(fire, at)
      yield* Queue.offer(queue, { fire, at })
    }
    if (!isOurs || confirms === "at once") yield* fire.done
  })
  yield* Effect.forkScoped(Stream.runForEach(scheduler.fires(aheadMillis), Effect.forEach(receive)))
  const onTime = <A>(effect: Effect.Effect<A>): Effect.Effect<A> =>
    Effect.tap(effect, () => Effect.suspend(() => (wrongClock === null ? Effect.void : Effect.die(wrongClock))))
  const next = time === "live" ? nextLive(queue) : onTime(nextVirtual(queue))
  const until = (schedule: Schedule, before: ReadonlyArray<Received> = []): Effect.Effect<ReadonlyArray<Received>> =>
    Effect.flatMap(next, (received) => {
      const all = [...before, received]
      return received.fire.name === schedule.name ? Effect.succeed(all) : until(schedule, all)
    })
  return {
    next,
    until: (schedule) => until(schedule),
    received: onTime(Effect.andThen(time === "live" ? Effect.void : settle, Queue.clear(queue).pipe(Effect.orDie)))
  }
})

const toldLive =
  "The suite runs on a virtual clock (Effect's TestClock). " +
  'An adapter that keeps the machine\'s time is given to it with { time: "live" }.'

/** An error where it is the machine's clock by which a fire was due; null: the adapter is early by any clock. */
const earlyBy = (fire: Fire, at: Instant): Effect.Effect<Error | null> =>
  Effect.map(TestClock.withLive(Clock.currentTimeMillis), (machine) =>
    machine < fire.at
      ? null
      : new Error(`${fire.name} fired by the machine's clock, ${fire.at - at} ms early by the test's. ${toldLive}`)
  )

const nextLive = (queue: Queue.Queue<Received>): Effect.Effect<Received> =>
  Queue.take(queue).pipe(
    Effect.timeoutOrElse({
      duration: Duration.millis(patienceMillis),
      orElse: () => Effect.die(new Error(`nothing fired within ${patienceMillis} ms`))
    })
  )

const nextVirtual = Effect.fnUntraced(function* (queue: Queue.Queue<Received>) {
  for (let count = 0; count < yieldsMax; count++) {
    const received = yield* Queue.poll(queue)
    if (Option.isSome(received)) return received.value
    yield* Effect.yieldNow
  }
  return yield* Effect.die(new Error(`Nothing fired, though its time has come. ${toldLive}`))
})

const settle = Effect.repeat(Effect.yieldNow, { times: 50 })

/** Without what makes it a fire. */
export const scheduleOf = ({ at, botId, group, name, revision, userId }: Schedule): Schedule => ({
  name,
  group,
  at,
  revision,
  userId,
  botId
})

/** What is held of the case's own. */
export const listOf = (desk: Bench) =>
  Effect.map(Stream.runCollect(desk.scheduler.list), (all) =>
    all.filter(({ userId }) => userId === desk.userId).map(scheduleOf)
  )

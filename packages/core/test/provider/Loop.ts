/**
 * The loop that whole worlds of this package run on: a clock and a scheduler for Effect that move without real time.
 *
 * Decides which of the tasks that are ready runs next (any, by chance) and that time moves only when none is and no
 * promise is under way: MSAL speaks in promises. A process that is killed loses its tasks and timers at once.
 */
import { Clock, Context, Duration, Effect, Exit, Random, References, Scheduler } from "effect"

/** Everything that one simulated process runs, and loses when it is killed. */
export interface Process {
  /** Runs to its end, and time with it. Never resolves once the process was killed. */
  readonly run: <A, E>(effect: Effect.Effect<A, E>) => Promise<Exit.Exit<A, E>>
  /** Runs beside whatever else runs. */
  readonly fork: (effect: Effect.Effect<unknown, unknown>) => void
  readonly kill: () => void
}

export interface Loop {
  readonly now: () => number
  readonly spawn: () => Process
  /** A number in `[0, 1)` from the seed. */
  readonly chance: () => number
  /** Lets everything happen that happens until then. */
  readonly advance: (millis: number) => Promise<void>
}

interface Owner {
  isAlive: boolean
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly wake: () => void
}

/** More tasks than this without time moving: something spins. */
const tasksAtOnceMax = 2_000_000

export const makeLoop = (seed: number, start: number): Loop => {
  const chance = chanceFrom(seed)
  const ready: Array<{ readonly owner: Owner; readonly task: () => void }> = []
  const timers: Array<Timer> = []
  let now = start
  let order = 0

  const runReady = (): void => {
    for (let count = 0; ready.length > 0; count++) {
      if (count > tasksAtOnceMax) throw new Error("the world spins: no task waits for time")
      const index = Math.floor(chance() * ready.length)
      const [found] = ready.splice(index, 1)
      if (found?.owner.isAlive === true) found.task()
    }
  }

  /** Until nothing is left to do at this instant. */
  const runUntilIdle = async (): Promise<void> => {
    do {
      runReady()
      // Promises of MSAL and of streams go on in here.
      await new Promise((resolve) => setImmediate(resolve))
    } while (ready.length > 0)
  }

  const nextTimer = (): Timer | undefined =>
    timers.reduce<Timer | undefined>(
      (least, each) => (least === undefined || isBefore(each, least) ? each : least),
      undefined
    )

  const pass = (timer: Timer): void => {
    now = Math.max(now, timer.at)
    timers.splice(timers.indexOf(timer), 1)
    timer.wake()
  }

  const clockFor = (owner: Owner): Clock.Clock => ({
    currentTimeMillisUnsafe: () => now,
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanosUnsafe: () => BigInt(now) * 1_000_000n,
    currentTimeNanos: Effect.sync(() => BigInt(now) * 1_000_000n),
    monotonicTimeNanosUnsafe: () => BigInt(now) * 1_000_000n,
    monotonicTimeNanos: Effect.sync(() => BigInt(now) * 1_000_000n),
    sleep: (duration) =>
      Effect.callback<void>((resume) => {
        const timer: Timer = {
          at: now + Math.max(0, Duration.toMillis(duration)),
          order: order++,
          wake: () => {
            if (owner.isAlive) resume(Effect.void)
          }
        }
        timers.push(timer)
        return Effect.sync(() => {
          const index = timers.indexOf(timer)
          if (index >= 0) timers.splice(index, 1)
        })
      })
  })

  const schedulerFor = (owner: Owner): Scheduler.Scheduler => ({
    executionMode,
    shouldYield: (fiber) => fiber.currentOpCount >= yieldAfter && chance() < 0.3,
    makeDispatcher: () => ({
      scheduleTask: (task) => {
        if (owner.isAlive) ready.push({ owner, task })
      },
      flush: () => {}
    })
  })

  const spawn = (): Process => {
    const owner: Owner = { isAlive: true }
    const context = Context.make(Clock.Clock, clockFor(owner)).pipe(
      Context.add(Scheduler.Scheduler, schedulerFor(owner)),
      Context.add(Random.Random, { nextDoubleUnsafe: chance, nextIntUnsafe: () => Math.floor(chance() * 2 ** 32) }),
      Context.add(References.MinimumLogLevel, "None"),
      Context.add(References.TracerEnabled, false),
      Context.add(References.UnhandledLogLevel, undefined)
    )
    return {
      run: async <A, E>(effect: Effect.Effect<A, E>) => {
        const fiber = Effect.runForkWith(context)(effect)
        for (;;) {
          await runUntilIdle()
          const exit = fiber.pollUnsafe()
          if (exit !== undefined) return exit
          const timer = nextTimer()
          if (timer === undefined || !owner.isAlive) return Exit.die(new Error("nothing more will happen"))
          pass(timer)
        }
      },
      fork: (effect) => void Effect.runForkWith(context)(effect),
      kill: () => {
        owner.isAlive = false
      }
    }
  }

  return {
    now: () => now,
    chance,
    spawn,
    advance: async (millis) => {
      const until = now + millis
      for (;;) {
        await runUntilIdle()
        const timer = nextTimer()
        if (timer === undefined || timer.at > until) break
        pass(timer)
      }
      now = until
    }
  }
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

/** As Effect's own scheduler has it: tasks are queued, never run in the call that schedules them. */
const { executionMode } = new Scheduler.MixedScheduler()

/** Operations that a fiber does before another may go first. */
const yieldAfter = 16

/** mulberry32: https://github.com/bryc/code/blob/master/jshash/PRNGs.md, public domain. */
const chanceFrom = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

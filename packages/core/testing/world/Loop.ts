/**
 * The loop that a simulated world runs on: a scheduler and a clock for Effect, without a real timer or promise.
 *
 * Decides which of the tasks that are ready runs next (any, by chance), and that time moves only when none is. A process
 * that is killed loses its tasks and timers at once: nothing of it runs any more, finalizers neither, as with SIGKILL.
 */
import { Clock, Context, Duration, Effect, type Exit, Random, References, Scheduler } from "effect"
import type { Instant } from "../../src/domain/Time.ts"
import type { Chance } from "./Chance.ts"
import { makeHeap } from "./Heap.ts"

/** One simulated process: all fibers that it started, and theirs. */
export interface Process {
  readonly name: string
  readonly isAlive: () => boolean
  /** Runs an effect in this process. `onEnd` is never called once the process was killed. */
  readonly fork: <A, E>(effect: Effect.Effect<A, E>, onEnd?: (exit: Exit.Exit<A, E>) => void) => Forked
  readonly kill: () => void
  /** Nothing of it runs until that instant; then all that was due meanwhile is ready at once. Its state is as it was. */
  readonly stall: (until: Instant) => void
  /** How long its last stall was, where that ended less than a minute ago; else 0. */
  readonly stalledMillis: () => number
  /** How much its machine's clock is fast. */
  readonly fastMillis: number
}

export interface Forked {
  /** Asks it to end, with its finalizers. */
  readonly interrupt: () => void
}

export interface Loop {
  readonly now: () => Instant
  readonly spawn: (name: string, fastMillis?: number) => Process
  /** Runs a step of the world itself at an instant. */
  readonly at: (instant: Instant, step: () => void) => void
  /** Runs everything that happens up to the instant. */
  readonly runUntil: (instant: Instant) => void
  /** Runs an effect that waits for nothing. */
  readonly sync: <A, E>(effect: Effect.Effect<A, E>) => A
  /** The same, with its end as a value. */
  readonly syncExit: <A, E>(effect: Effect.Effect<A, E>) => Exit.Exit<A, E>
  /** Tasks run so far. */
  readonly tasks: () => number
}

interface Owner {
  isAlive: boolean
  /** Null: it runs. Otherwise what waits for it to go on. */
  held: Array<() => void> | null
  stalledMillis: number
  wokenAt: Instant
  readonly fastMillis: number
}

interface Ready {
  readonly owner: Owner
  readonly task: () => void
}

/** More tasks than this without time moving: something spins. */
const tasksAtOnceMax = 2_000_000

/** `onTask` is told after each task whose it was: there a process may be killed. */
export const makeLoop = (chance: Chance, start: Instant, onTask: () => void): Loop => {
  const ready: Array<Ready> = []
  const timers = makeHeap<() => void>()
  let now = start
  let tasks = 0

  const contextFor = (owner: Owner) =>
    Context.make(Clock.Clock, clockFor(owner)).pipe(
      Context.add(Scheduler.Scheduler, schedulerFor(owner)),
      Context.add(Random.Random, chance.service),
      Context.add(References.MinimumLogLevel, "None"),
      Context.add(References.TracerEnabled, false),
      Context.add(References.UnhandledLogLevel, undefined)
    )

  const clockFor = (owner: Owner): Clock.Clock => ({
    currentTimeMillisUnsafe: () => now + owner.fastMillis,
    currentTimeMillis: Effect.sync(() => now + owner.fastMillis),
    currentTimeNanosUnsafe: () => BigInt(now + owner.fastMillis) * 1_000_000n,
    currentTimeNanos: Effect.sync(() => BigInt(now + owner.fastMillis) * 1_000_000n),
    monotonicTimeNanosUnsafe: () => BigInt(now) * 1_000_000n,
    monotonicTimeNanos: Effect.sync(() => BigInt(now) * 1_000_000n),
    sleep: (duration) =>
      Effect.callback<void>((resume) => {
        let isWanted = true
        timers.push(now + Math.max(0, Duration.toMillis(duration)), () => {
          const wake = (): void => {
            if (isWanted && owner.isAlive) resume(Effect.void)
          }
          if (owner.held === null) wake()
          else owner.held.push(wake)
        })
        return Effect.sync(() => {
          isWanted = false
        })
      })
  })

  const schedulerFor = (owner: Owner): Scheduler.Scheduler => ({
    executionMode,
    shouldYield: (fiber) => fiber.currentOpCount >= yieldAfter && chance.hits(0.3),
    makeDispatcher: () => ({
      scheduleTask: (task) => {
        if (owner.isAlive) ready.push({ owner, task })
      },
      flush: () => {}
    })
  })

  const runReady = (): void => {
    let atOnce = 0
    while (ready.length > 0) {
      const index = chance.int(0, ready.length - 1)
      const found = ready[index]
      const last = ready.pop()
      if (last !== undefined && index < ready.length) ready[index] = last
      if (found === undefined || !found.owner.isAlive) continue
      if (found.owner.held !== null) {
        found.owner.held.push(found.task)
        continue
      }
      tasks += 1
      if (++atOnce > tasksAtOnceMax) throw new Error("the world spins: no task waits for time")
      found.task()
      onTask()
    }
  }

  const spawn = (name: string, fastMillis = 0): Process => {
    const owner = newOwner(fastMillis)
    const context = contextFor(owner)
    return {
      name,
      isAlive: () => owner.isAlive,
      fork: (effect, onEnd) => {
        const fiber = Effect.runForkWith(context)(effect, { scheduler: Context.get(context, Scheduler.Scheduler) })
        if (onEnd !== undefined) {
          fiber.addObserver((exit) => {
            if (owner.isAlive) onEnd(exit)
          })
        }
        return { interrupt: () => fiber.interruptUnsafe() }
      },
      kill: () => {
        owner.isAlive = false
      },
      stall: (until) => {
        if (owner.held !== null) return
        owner.held = []
        owner.stalledMillis = until - now
        owner.wokenAt = until
        timers.push(until, () => {
          for (const task of owner.held ?? []) ready.push({ owner, task })
          owner.held = null
        })
      },
      stalledMillis: () => (now <= owner.wokenAt + stallShownMillis ? owner.stalledMillis : 0),
      fastMillis
    }
  }

  const nature = contextFor(newOwner())
  return {
    now: () => now,
    spawn,
    at: (instant, step) => timers.push(Math.max(now, instant), step),
    runUntil: (instant) => {
      for (;;) {
        runReady()
        const next = timers.least()
        if (next === null || next > instant) break
        now = Math.max(now, next)
        timers.pop()?.()
      }
      now = Math.max(now, instant)
    },
    sync: (effect) => Effect.runSyncWith(nature)(effect),
    syncExit: (effect) => Effect.runSyncExitWith(nature)(effect),
    tasks: () => tasks
  }
}

const newOwner = (fastMillis = 0): Owner => ({ isAlive: true, held: null, stalledMillis: 0, wokenAt: 0, fastMillis })

const stallShownMillis = 60_000

/** As Effect's own scheduler has it: tasks are queued, never run in the call that schedules them. */
const { executionMode } = new Scheduler.MixedScheduler()

/** Operations that a fiber does before another may go first. */
const yieldAfter = 16

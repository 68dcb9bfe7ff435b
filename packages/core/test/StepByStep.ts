/**
 * Fibers that go on by an operation or two a step, and only when told: so that something may happen nearly anywhere.
 * Decides nothing about what happens.
 */
import { Clock, Context, Effect, type Fiber, Scheduler } from "effect"

export interface StepByStep {
  readonly fork: <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>
  /** Fewer, where nothing is left to do. */
  readonly run: (steps: number) => void
}

/** Whoever never rests is at it for ever. */
const stepsMax = 5_000

export const everyStep = Number.POSITIVE_INFINITY

export const stepByStep = (): StepByStep => {
  const ready: Array<() => void> = []
  const scheduler: Scheduler.Scheduler = {
    executionMode: new Scheduler.MixedScheduler().executionMode,
    shouldYield: ({ currentOpCount }) => currentOpCount > 2,
    makeDispatcher: () => ({ scheduleTask: (task) => void ready.push(task), flush: () => {} })
  }
  let now = 0
  const millis = (): number => now
  const nanos = (): bigint => BigInt(now) * 1_000_000n
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    // Whoever sleeps wakes once the others have done what they could.
    sleep: () =>
      Effect.callback<void>((resume) => void ready.push(() => resume(Effect.sync(() => void (now += 1_000)))))
  }
  const context = Context.make(Scheduler.Scheduler, scheduler).pipe(Context.add(Clock.Clock, clock))
  return {
    fork: (effect) => Effect.runForkWith(context)(effect, { scheduler }),
    run: (steps) => {
      for (let step = 0; step < Math.min(steps, stepsMax) && ready.length > 0; step++) ready.shift()?.()
    }
  }
}

/**
 * A story at every step of which somebody is interrupted: told for each, with fresh fibers, until the one who was to be
 * interrupted was done before. `makeStory` answers who that is and what is looked at afterwards.
 */
export const interruptedAtEveryStep = (
  makeStory: (steps: StepByStep) => {
    readonly victim: Effect.Effect<unknown>
    readonly afterwards: (step: number) => void
  }
): number => {
  for (let step = 0; ; step++) {
    const steps = stepByStep()
    const { afterwards, victim } = makeStory(steps)
    const fiber = steps.fork(victim)
    steps.run(step)
    if (fiber.pollUnsafe() !== undefined) return step
    fiber.interruptUnsafe()
    steps.run(everyStep)
    afterwards(step)
  }
}

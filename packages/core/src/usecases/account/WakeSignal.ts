/**
 * Wakes the worker of this process when a calendar becomes due, so that it need not poll often.
 * A wake-up is a hint: a lost one costs time until the next poll, never correctness. It does not reach other processes.
 */
import { Clock, Context, Effect, Layer, Option, Queue } from "effect"
import type { Instant } from "../../domain/Time.ts"

export class WakeSignal extends Context.Service<
  WakeSignal,
  {
    /** Says that a calendar is due at that instant. A waiter that looks by then anyway is not disturbed. */
    readonly notify: (dueAt: Instant) => Effect.Effect<void>
    /** Waits until the instant, or a sooner one that was notified since the last wait. */
    readonly wait: (until: Instant) => Effect.Effect<void>
  }
>()("@punctual/core/usecases/WakeSignal") {
  static readonly layer: Layer.Layer<WakeSignal> = Layer.effect(
    WakeSignal,
    Effect.gen(function* () {
      // One slot: any number of notifications make one wake-up.
      const sooner = yield* Queue.sliding<void>(1)
      let soonest = Infinity
      const notify = (dueAt: Instant): Effect.Effect<void> =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          // Whoever waits past its instant was paused with the process, or the clock was set: it is not by its timer that
          // it looks in time.
          const isOverdue = soonest <= now
          if (dueAt >= soonest && !isOverdue) return Effect.void
          soonest = Math.min(soonest, dueAt)
          return Effect.asVoid(Queue.offer(sooner, undefined))
        })
      /** Whether it ended because there may be a sooner instant. */
      const untilSoonest = Effect.gen(function* () {
        const left = soonest - (yield* Clock.currentTimeMillis)
        return left > 0 && Option.isSome(yield* Effect.timeoutOption(Queue.take(sooner), left))
      })
      const wait = Effect.fnUntraced(function* (until: Instant) {
        soonest = Math.min(soonest, until)
        yield* Effect.repeat(untilSoonest, { while: (isSooner) => isSooner })
        // Whatever was notified of is durable by now: who waits again has looked for when to wait until.
        soonest = Infinity
      })
      return WakeSignal.of({ notify, wait })
    })
  )
}

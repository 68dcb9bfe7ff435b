/**
 * How one part of a process tells another that there is work, so that nobody has to poll often.
 * A wake-up is a hint: a lost one costs time until the next poll, never correctness. It reaches this process alone.
 */
import { Context, Effect, Layer, Option, Queue } from "effect"

export class Wake extends Context.Service<
  Wake,
  {
    /** A calendar is due. */
    readonly poke: Effect.Effect<void>
    /** Until poked, at most so long. */
    readonly wait: (millisMax: number) => Effect.Effect<void>
  }
>()("@punctual/core/usecases/Wake") {
  static readonly layer: Layer.Layer<Wake> = Layer.effect(
    Wake,
    Effect.gen(function* () {
      // One slot: any number of pokes before a wait make one wake-up.
      const queue = yield* Queue.sliding<void>(1)
      return Wake.of({
        poke: Effect.asVoid(Queue.offer(queue, undefined)),
        wait: (millisMax) => Effect.asVoid(Effect.timeoutOption(Queue.take(queue), millisMax))
      })
    })
  )
}

/** The two instants' distance, never negative. */
export const untilMillis = (now: number, due: Option.Option<number>, millisMax: number): number =>
  Option.match(due, { onNone: () => millisMax, onSome: (at) => Math.min(millisMax, Math.max(0, at - now)) })

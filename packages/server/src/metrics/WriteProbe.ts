/**
 * Whether storage takes writes: what a process can work by.
 * Decides by a write of its own, at most every few seconds whoever asks: a database that answers and takes none (read
 * only, or full) is no place to launch from. Never counts how much is there: that may take long and says nothing.
 */
import { Clock, Context, Effect, Layer, Metric, Schedule, Semaphore } from "effect"
import { Store } from "@punctual/core"

/** A write that was taken speaks for this long. */
const freshMillis = 5_000
/** A probe is answered quickly or not at all. */
const writeMillisMax = 2_000

/** One row for all processes: each writes over it. */
const row = { job: "write-probe", date: "always" } as const

const storageUp = Metric.gauge("punctual_storage_up", {
  description: "1 if storage took a write when one was last tried, every few seconds"
})

export class WriteProbe extends Context.Service<
  WriteProbe,
  {
    /** Whether a write was taken in the last seconds, or one is now. */
    readonly isWritable: Effect.Effect<boolean>
  }
>()("@punctual/server/metrics/WriteProbe") {
  static readonly layer: Layer.Layer<WriteProbe, never, Store> = Layer.effect(
    WriteProbe,
    Effect.gen(function* () {
      const store = yield* Store
      const turn = yield* Semaphore.make(1)
      /** The last write that ended, and how many have. */
      let last = { count: 0, at: -Infinity, isTaken: false }
      const write = Effect.fnUntraced(function* (countBefore: number) {
        const now = yield* Clock.currentTimeMillis
        // Whoever waited for a write is told by that one: a line of askers must not become a line of failing writes.
        if (last.count > countBefore) return last.isTaken
        if (last.isTaken && now - last.at < freshMillis) return true
        const isTaken = yield* store.claimJob(row.job, row.date, { now, staleBefore: now }).pipe(
          Effect.timeout(writeMillisMax),
          Effect.as(true),
          Effect.catch((error) =>
            Effect.as(Effect.logWarning("storage takes no writes", "message" in error ? error.message : ""), false)
          )
        )
        last = { count: last.count + 1, at: now, isTaken }
        yield* Metric.update(storageUp, isTaken ? 1 : 0)
        return isTaken
      })
      return WriteProbe.of({ isWritable: Effect.suspend(() => turn.withPermits(1)(write(last.count))) })
    })
  )
}

/** Tried also when nobody asks, for who gets the gauge by OTLP. */
const refreshMillis = 15_000

/** Never ends. */
export const keepProbed: Effect.Effect<unknown, never, WriteProbe> = Effect.flatMap(WriteProbe, ({ isWritable }) =>
  Effect.repeat(isWritable, Schedule.spaced(refreshMillis))
)

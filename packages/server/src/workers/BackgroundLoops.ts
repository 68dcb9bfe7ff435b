/**
 * The loops that a process runs without being asked: the core's standing work, removing what has expired, gauges.
 * Decides that a loop which dies of a defect is started again, and that the defect is in the log.
 */
import { Cause, Clock, Effect, Layer, Schedule } from "effect"
import { Punctual } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import * as ClockGauge from "../metrics/ClockGauge.ts"
import { type StorageGauges, keepFresh } from "../metrics/StorageGauges.ts"
import { type WriteProbe, keepProbed } from "../metrics/WriteProbe.ts"

/** A loop that died rests so long, so that a lasting defect does not burn the machine. */
const restMillis = 1_000

/** What has expired is removed this often: an hour. */
const purgeMillis = 3_600_000

type Requirements = Accounts | StorageGauges | Punctual | WriteProbe

export const layer: Layer.Layer<never, never, Requirements> = Layer.effectDiscard(
  Effect.gen(function* () {
    const punctual = yield* Punctual
    yield* Effect.forkScoped(restarting("work", punctual.run))
    yield* Effect.forkScoped(restarting("purge", purging))
    yield* Effect.forkScoped(restarting("gauges", keepFresh))
    yield* Effect.forkScoped(restarting("clock gauge", ClockGauge.keepClockFresh))
    yield* Effect.forkScoped(restarting("write probe", keepProbed))
  })
)

/** Never ends. */
const purging = Effect.gen(function* () {
  const accounts = yield* Accounts
  yield* accounts
    .purge(yield* Clock.currentTimeMillis)
    .pipe(Effect.catch((error) => Effect.logWarning("what has expired was not removed", error.message)))
}).pipe(Effect.schedule(Schedule.spaced(purgeMillis)))

const restarting = <R>(name: string, loop: Effect.Effect<unknown, never, R>): Effect.Effect<unknown, never, R> =>
  loop.pipe(
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.failCause(cause)
        : Effect.logError("a loop died and starts again", name, Cause.pretty(cause))
    ),
    Effect.repeat(Schedule.spaced(restMillis))
  )

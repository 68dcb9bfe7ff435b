/**
 * Everything that a process does without being asked: syncing, launching, sweeping, daily and hourly jobs,
 * and calling bots back.
 * Decides that a loop which dies of a defect is started again, and that the defect is in the log.
 */
import { Cause, Effect, Layer } from "effect"
import { type Launcher, Punctual, type Store } from "@punctual/core"
import type { Accounts } from "@punctual/core/accounts"
import { daily, dailyJobs, hourly, makingUp, nothingLeft } from "./Daily.ts"
import { type Census, keepingFresh } from "../metrics/Census.ts"
import { lateChanges } from "./LateChanges.ts"

/** A loop that died rests so long, so that a lasting defect does not burn the machine. */
const restMillis = 1_000

type Requirements = Accounts | Census | Launcher | Punctual | Store

export const layer: Layer.Layer<never, never, Requirements> = Layer.effectDiscard(
  Effect.gen(function* () {
    const punctual = yield* Punctual
    const left = nothingLeft()
    yield* Effect.forkScoped(lasting("work", punctual.run))
    yield* Effect.forkScoped(lasting("daily", daily(dailyJobs(punctual, left))))
    yield* Effect.forkScoped(lasting("hourly", hourly(punctual, left)))
    yield* Effect.forkScoped(lasting("making up", makingUp(punctual, left)))
    yield* Effect.forkScoped(lasting("late changes", lateChanges))
    yield* Effect.forkScoped(lasting("census", keepingFresh))
  })
)

const lasting = <R>(name: string, loop: Effect.Effect<never, never, R>): Effect.Effect<never, never, R> =>
  loop.pipe(
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.failCause(cause)
        : Effect.andThen(
            Effect.logError("a loop died and starts again", name, Cause.pretty(cause)),
            Effect.sleep(restMillis)
          )
    ),
    Effect.forever
  )

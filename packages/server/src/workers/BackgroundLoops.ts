/**
 * The loops that a process runs without being asked: syncing, launching, sweeping, daily and hourly jobs, withdrawing
 * bots, gauges.
 * Decides that a loop which dies of a defect is started again, and that the defect is in the log.
 */
import { Cause, Effect, Layer, Schedule } from "effect"
import { type Launcher, Punctual, type Store } from "@punctual/core"
import type { Accounts } from "@punctual/core/accounts"
import { daily, dailyJobs, hourly, makingUp, nothingLeft } from "./Daily.ts"
import { type StorageGauges, keepFresh } from "../metrics/StorageGauges.ts"
import { withdrawBots } from "./WithdrawBots.ts"

/** A loop that died rests so long, so that a lasting defect does not burn the machine. */
const restMillis = 1_000

type Requirements = Accounts | StorageGauges | Launcher | Punctual | Store

export const layer: Layer.Layer<never, never, Requirements> = Layer.effectDiscard(
  Effect.gen(function* () {
    const punctual = yield* Punctual
    const left = nothingLeft()
    yield* Effect.forkScoped(restarting("work", punctual.run))
    yield* Effect.forkScoped(restarting("daily", daily(dailyJobs(punctual, left))))
    yield* Effect.forkScoped(restarting("hourly", hourly(punctual, left)))
    yield* Effect.forkScoped(restarting("making up", makingUp(punctual, left)))
    yield* Effect.forkScoped(restarting("withdraw bots", withdrawBots))
    yield* Effect.forkScoped(restarting("gauges", keepFresh))
  })
)

const restarting = <R>(name: string, loop: Effect.Effect<unknown, never, R>): Effect.Effect<unknown, never, R> =>
  loop.pipe(
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.failCause(cause)
        : Effect.logError("a loop died and starts again", name, Cause.pretty(cause))
    ),
    Effect.repeat(Schedule.spaced(restMillis))
  )

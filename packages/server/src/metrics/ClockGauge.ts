/**
 * How far this machine's clock is from the store's, as gauges.
 * Decides names, and that they are kept up to date also when nobody looks, for who gets them by OTLP.
 */
import { Effect, Metric, Schedule } from "effect"
import { type ClockState, Punctual } from "@punctual/core"

const offset = Metric.gauge("punctual_clock_offset_seconds", {
  description: "What this machine's clock lacks to the store's, by which it is corrected; less than 0: it is fast"
})

const refused = Metric.gauge("punctual_launches_refused_by_clock", {
  description: "Launches left to other processes since this one started, its clock being too far from the store's"
})

export const refresh = (clock: Effect.Effect<ClockState>): Effect.Effect<void> =>
  Effect.flatMap(clock, ({ launchesRefused, offsetMillis }) =>
    Effect.andThen(Metric.update(offset, offsetMillis / 1_000), Metric.update(refused, launchesRefused))
  )

const refreshMillis = 15_000

/** Never ends. */
export const keepClockFresh: Effect.Effect<unknown, never, Punctual> = Effect.flatMap(Punctual, ({ clock }) =>
  Effect.repeat(refresh(clock), Schedule.spaced(refreshMillis))
)

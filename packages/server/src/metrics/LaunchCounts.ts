/**
 * Launches counted on their way: what became of them, and how late they were.
 * Decides names and labels. A launch's outcome is passed on as it is.
 */
import { Clock, Effect, Layer, Metric, Option } from "effect"
import { Launcher, type LaunchOutcome, type LaunchRequest } from "@punctual/core"
import { LaunchHours } from "./LaunchHours.ts"

const launches = Metric.counter("punctual_launches_total", {
  description: "Calls to the bot service by what became of them; one that is tried again counts each time",
  incremental: true
})

const lateness = Metric.histogram("punctual_launch_lateness_seconds", {
  description: "From the join time to the moment at which the bot service had the bot",
  boundaries: [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800]
})

const latest = Metric.gauge("punctual_launch_last_lateness_seconds", {
  description: "How late the bot handed over last was"
})

const withdrawals = Metric.counter("punctual_withdrawals_total", {
  description: "Bots called back from the bot service, by what it said",
  incremental: true
})

/** The launcher, counting. */
export const layer: Layer.Layer<Launcher, never, Launcher> = Layer.effect(
  Launcher,
  Effect.map(Effect.all([Launcher, Effect.serviceOption(LaunchHours)]), ([launcher, hours]) =>
    Launcher.of({
      ...launcher,
      launch: (request) =>
        Effect.tap(launcher.launch(request), (outcome) =>
          Effect.andThen(
            count(launcher.name, request, outcome),
            Option.isNone(hours) ? Effect.void : hours.value.note(outcome.kind, request.joinAt)
          )
        ),
      withdraw: (...asked) =>
        Effect.tap(launcher.withdraw(...asked), (outcome) =>
          Metric.update(Metric.withAttributes(withdrawals, { launcher: launcher.name, outcome }), 1)
        )
    })
  )
)

const count = Effect.fnUntraced(function* (launcher: string, { joinAt }: LaunchRequest, { kind }: LaunchOutcome) {
  yield* Metric.update(Metric.withAttributes(launches, { launcher, outcome: kind }), 1)
  if (kind !== "accepted") return
  const late = Math.max(0, (yield* Clock.currentTimeMillis) - joinAt) / 1_000
  yield* Metric.update(lateness, late)
  yield* Metric.update(latest, late)
})

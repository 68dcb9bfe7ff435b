/**
 * Probes and counters. Decides that a process can work when its storage takes writes, and what it should be warned of.
 */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { PrometheusMetrics } from "effect/observability"
import { Launcher, Punctual } from "@punctual/core"
import { Api } from "../api/Api.ts"
import { Unavailable } from "../api/Problems.ts"
import * as ClockGauge from "../metrics/ClockGauge.ts"
import { WriteProbe } from "../metrics/WriteProbe.ts"
import { StorageGauges } from "../metrics/StorageGauges.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "status",
  Effect.fnUntraced(function* (handlers) {
    const probe = yield* WriteProbe
    const launcher = yield* Launcher
    const gauges = yield* StorageGauges
    const { clock } = yield* Punctual
    const always = launcher.name === "none" ? ["launcher_not_configured"] : []
    const ready = Effect.map(clock, ({ isSkewed }) => ({
      status: "ready" as const,
      warnings: isSkewed ? [...always, "clock_skewed"] : always
    }))
    const notReady = Effect.fail(new Unavailable({ detail: "Storage takes no writes." }))
    return handlers.handleAll({
      healthz: () => Effect.succeed({ status: "ok" as const }),
      readyz: () => Effect.flatMap(probe.isWritable, (isWritable) => (isWritable ? ready : notReady)),
      metrics: () =>
        Effect.andThen(
          Effect.all([probe.isWritable, gauges.refresh, ClockGauge.refresh(clock)]),
          PrometheusMetrics.format()
        )
    })
  })
)

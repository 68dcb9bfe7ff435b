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
import { SecretsWatch } from "../metrics/SecretsWatch.ts"
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
    const watch = yield* SecretsWatch
    const warnings = Effect.map(Effect.all([watch.isAnyUnreadable, clock]), ([isAnyUnreadable, { isSkewed }]) => [
      ...(launcher.name === "none" ? ["launcher_not_configured"] : []),
      ...(isAnyUnreadable ? ["credentials_unreadable"] : []),
      ...(isSkewed ? ["clock_skewed"] : [])
    ])
    const notReady = Effect.fail(new Unavailable({ detail: "Storage takes no writes." }))
    return handlers.handleAll({
      healthz: () => Effect.succeed({ status: "ok" as const }),
      readyz: () =>
        Effect.flatMap(probe.isWritable, (isWritable) =>
          isWritable ? Effect.map(warnings, (all) => ({ status: "ready" as const, warnings: all })) : notReady
        ),
      metrics: () =>
        Effect.andThen(
          Effect.all([probe.isWritable, gauges.refresh, ClockGauge.refresh(clock)]),
          PrometheusMetrics.format()
        )
    })
  })
)

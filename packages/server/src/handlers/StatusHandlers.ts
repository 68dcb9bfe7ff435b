/**
 * Probes and counters. Decides that a process can work when its storage answers, and what it should be warned of.
 */
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { PrometheusMetrics } from "effect/observability"
import { Launcher } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import { Api } from "../api/Api.ts"
import { Unavailable } from "../api/Problems.ts"
import { StorageGauges } from "../metrics/StorageGauges.ts"

/** A probe is answered quickly or not at all. */
const probeMillisMax = 2_000

export const layer = HttpApiBuilder.group(
  Api,
  "status",
  Effect.fnUntraced(function* (handlers) {
    const accounts = yield* Accounts
    const launcher = yield* Launcher
    const gauges = yield* StorageGauges
    const warnings = launcher.name === "none" ? ["launcher_not_configured"] : []
    const notReady = Effect.fail(new Unavailable({ detail: "Storage does not answer." }))
    return handlers.handleAll({
      healthz: () => Effect.succeed({ status: "ok" as const }),
      readyz: () =>
        accounts.users(null, 1).pipe(
          Effect.timeoutOrElse({ duration: probeMillisMax, orElse: () => notReady }),
          Effect.catch(() => notReady),
          Effect.as({ status: "ready" as const, warnings })
        ),
      metrics: () => Effect.andThen(gauges.refresh, PrometheusMetrics.format())
    })
  })
)

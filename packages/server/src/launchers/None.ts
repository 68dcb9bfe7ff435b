/**
 * No bot service: what there is until one is configured. Every launch says so, and nothing is ever sent.
 */
import { Effect, Layer } from "effect"
import { Launcher } from "@punctual/core"

export const layer: Layer.Layer<Launcher> = Layer.succeed(
  Launcher,
  Launcher.of({
    name: "none",
    capabilities: { replays: true, lookup: false, withdraw: false },
    launch: () => Effect.succeed({ kind: "unconfigured" }),
    lookUp: () => Effect.succeed({ kind: "absent" }),
    withdraw: () => Effect.succeed("unsupported")
  })
)

/**
 * B12: a machine whose clock is wrong is told of: by readiness, and by gauges.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { LauncherMemory } from "@punctual/core/testing"
import { serve } from "../Kit.ts"

const told = Effect.fnUntraced(function* (offsetMillis: number, isSkewed: boolean, launchesRefused: number) {
  const { call } = yield* serve({
    launcher: LauncherMemory.layer,
    core: { clock: Effect.succeed({ offsetMillis, isSkewed, launchesRefused }) }
  })
  const { json, status } = yield* call("GET", "/readyz", { key: null })
  const { text } = yield* call("GET", "/metrics", { key: null })
  const gaugeOf = (name: string) => new RegExp(`^${name} ([^ \\n]+)`, "m").exec(text)?.[1]
  return {
    status,
    warnings: json.warnings,
    offset: gaugeOf("punctual_clock_offset_seconds"),
    refused: gaugeOf("punctual_launches_refused_by_clock")
  }
})

describe("B12: the clock", () => {
  it.effect("B12: is warned of where it is wrong, and counted what was not launched for it", () =>
    Effect.gen(function* () {
      const expected = { status: 200, warnings: ["clock_skewed"], offset: "-90.5", refused: "3" }
      assert.deepStrictEqual(yield* told(-90_500, true, 3), expected)
    })
  )

  it.effect("B12: is not warned of where it is right", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* told(2, false, 0), { status: 200, warnings: [], offset: "0.002", refused: "0" })
    })
  )
})

/**
 * The contract of the calendar port: what every provider's adapter passes.
 *
 * States the laws of the port's docstring as cases. The layer brings the adapter and, beside it, a stage on which
 * meetings are made and moved at the provider: a simulator's, or the mailbox in memory.
 */
import { describe, it } from "@effect/vitest"
import type { Duration, Layer } from "effect"
import type { CalendarProvider } from "../../src/ports/CalendarProvider.ts"
import * as ById from "./calendar/ById.ts"
import * as Facts from "./calendar/Facts.ts"
import { type Need, needingOf } from "./calendar/Needs.ts"
import * as Rounds from "./calendar/Rounds.ts"
import type { CalendarStage } from "./calendar/Stage.ts"

export type { Need } from "./calendar/Needs.ts"
export { CalendarStage, type StagedAccount, type StagedFacts } from "./calendar/Stage.ts"

export interface Options {
  /** `live` for an adapter that needs a clock that runs; the contract itself never waits. */
  readonly time?: "test" | "live"
  readonly setupTimeout?: Duration.Input
  /** How often random edits are tried. */
  readonly runs?: number
  /** What the stage cannot do: cases that need it are skipped. */
  readonly without?: ReadonlyArray<Need>
}

export const suite = <E>(
  name: string,
  layer: Layer.Layer<CalendarProvider | CalendarStage, E>,
  options: Options = {}
): void => {
  const { runs = 25, setupTimeout = "1 minute", time = "test", without = [] } = options
  it.layer(layer, { timeout: setupTimeout, excludeTestServices: time === "live" })(
    `Calendar contract (${name})`,
    (nested) => {
      describe("rounds", () => {
        Rounds.cases(nested, needingOf(nested, without), runs)
      })
      describe("what rules look at", () => {
        Facts.cases(needingOf(nested, without), !without.includes("categories"))
      })
      describe("by id", () => {
        ById.cases(nested, needingOf(nested, without))
      })
    }
  )
}

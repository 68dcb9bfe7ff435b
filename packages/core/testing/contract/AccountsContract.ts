/**
 * The contract of the reference server's Accounts port: what every implementation beside a store passes.
 *
 * States the laws of the port's docstring as cases. Time is always an argument here, so nothing waits.
 */
import { describe, it, type Vitest } from "@effect/vitest"
import type { Duration, Layer } from "effect"
import type { Accounts } from "../../accounts/Accounts.ts"
import * as Consents from "./accounts/Consents.ts"
import * as Idempotency from "./accounts/Idempotency.ts"
import * as Keys from "./accounts/Keys.ts"

export interface Options {
  /** `live` for an adapter that needs a clock that runs; the contract itself never waits. */
  readonly time?: "test" | "live"
  readonly setupTimeout?: Duration.Input
}

const parts: ReadonlyArray<readonly [string, (it: Vitest.MethodsNonLive<Accounts>) => void]> = [
  ["users and keys", Keys.cases],
  ["idempotency", Idempotency.cases],
  ["consents", Consents.cases]
]

/** Registers the whole contract; one layer serves it. */
export const suite = <E>(name: string, layer: Layer.Layer<Accounts, E>, options: Options = {}): void => {
  const { setupTimeout = "1 minute", time = "test" } = options
  it.layer(layer, { timeout: setupTimeout, excludeTestServices: time === "live" })(
    `Accounts contract (${name})`,
    (nested) => {
      for (const [part, cases] of parts) {
        describe(`${part}`, () => {
          cases(nested)
        })
      }
    }
  )
}

/**
 * The contract of the Store port: what every adapter passes, whatever it is built on.
 *
 * Decides nothing about storage: each part states the laws of the port's docstrings as cases, with users of its own, so
 * that the cases may share one store. What an adapter cannot do stands in its `capabilities`.
 */
import { describe, it } from "@effect/vitest"
import type { Duration, Layer } from "effect"
import type { Store } from "../../src/ports/Store.ts"
import * as Bots from "./store/Bots.ts"
import * as BotsInSlices from "./store/BotsInSlices.ts"
import * as GroupedLaunches from "./store/GroupedLaunches.ts"
import * as HeldLaunches from "./store/HeldLaunches.ts"
import * as Calendars from "./store/Calendars.ts"
import * as Changes from "./store/Changes.ts"
import * as ChangesInOrder from "./store/ChangesInOrder.ts"
import * as ChangesKept from "./store/ChangesKept.ts"
import * as Claims from "./store/Claims.ts"
import * as Clocks from "./store/Clocks.ts"
import * as Closure from "./store/Closure.ts"
import * as Commits from "./store/Commits.ts"
import * as Connections from "./store/Connections.ts"
import * as Erasing from "./store/Erasing.ts"
import * as Decided from "./store/Decided.ts"
import * as Families from "./store/Families.ts"
import * as FairClaims from "./store/FairClaims.ts"
import * as History from "./store/History.ts"
import * as IntendedSlices from "./store/IntendedSlices.ts"
import * as Jobs from "./store/Jobs.ts"
import * as Mirror from "./store/Mirror.ts"
import * as MirrorFacts from "./store/MirrorFacts.ts"
import * as MirrorLists from "./store/MirrorLists.ts"
import * as Pages from "./store/Pages.ts"
import * as SeveralConnections from "./store/SeveralConnections.ts"
import * as Slices from "./store/Slices.ts"
import * as Tenants from "./store/Tenants.ts"
import type { It } from "./store/Users.ts"
import * as Workspaces from "./store/Workspaces.ts"

export interface Options {
  /** `live` for an adapter that needs a clock that runs (sockets, retries); the contract itself never waits. */
  readonly time?: "test" | "live"
  /** How long the layer may take to be built. */
  readonly setupTimeout?: Duration.Input
  /** Whether the store has a clock of its own (`Store.clock`). Default: it has none. */
  readonly tellsTime?: boolean
}

/** Claims come early: they look for their own calendars among all that earlier cases left behind. */
const parts: ReadonlyArray<readonly [string, (it: It, options: Options) => void]> = [
  ["connections", Connections.cases],
  ["erasing", Erasing.cases],
  ["several connections", SeveralConnections.cases],
  ["calendars", Calendars.cases],
  ["claims", Claims.cases],
  ["claims that are fair", FairClaims.cases],
  ["mirror", Mirror.cases],
  ["what is compared in the mirror", MirrorFacts.cases],
  ["what is read of the mirror", MirrorLists.cases],
  ["families of events", Families.cases],
  ["slices", Slices.cases],
  ["slices of what is asked for", IntendedSlices.cases],
  ["bots in slices", BotsInSlices.cases],
  ["slices of any state", Closure.cases],
  ["commits", Commits.cases],
  ["what is decided", Decided.cases],
  ["bots", Bots.cases],
  ["launches in groups", GroupedLaunches.cases],
  ["launches that a process holds", HeldLaunches.cases],
  ["the log of changes", Changes.cases],
  ["the log in order", ChangesInOrder.cases],
  ["the log as it is kept", ChangesKept.cases],
  ["what is past", History.cases],
  ["pages", Pages.cases],
  ["jobs", Jobs.cases],
  ["tenants", Tenants.cases],
  ["workspaces", Workspaces.cases],
  ["clocks", Clocks.cases]
]

/** Registers the whole contract; one layer serves it. */
export const suite = <E>(name: string, layer: Layer.Layer<Store, E>, options: Options = {}): void => {
  const { setupTimeout = "1 minute", time = "test" } = options
  it.layer(layer, { timeout: setupTimeout, excludeTestServices: time === "live" })(
    `Store contract (${name})`,
    (nested) => {
      for (const [part, cases] of parts) {
        describe(`${part}`, () => {
          cases(nested, options)
        })
      }
    }
  )
}

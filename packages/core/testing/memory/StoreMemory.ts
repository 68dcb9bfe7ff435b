/**
 * The in-memory store: the reference implementation of the port, and the one that simulated worlds run on.
 *
 * Decides nothing itself: each operation is one synchronous step over the state of `store/Tenant.ts`, made elsewhere in
 * that folder. Here they become a driver, with the faults that tests ask for. Nothing is durable beyond the layer: a simulated process dies and comes back over the same layer.
 */
import { Clock, Context, Effect, Layer, Option } from "effect"
import type { UserId } from "../../src/domain/Ids.ts"
import { Store, StoreUnavailable } from "../../src/ports/Store.ts"
import { type FailNext, makeFaults } from "./faults/Faults.ts"
import * as Bots from "./store/Bots.ts"
import * as Calendars from "./store/Calendars.ts"
import * as Changes from "./store/Changes.ts"
import * as Claims from "./store/Claims.ts"
import * as Commits from "./store/Commits.ts"
import * as Connections from "./store/Connections.ts"
import * as History from "./store/History.ts"
import * as Jobs from "./store/Jobs.ts"
import * as Mirror from "./store/Mirror.ts"
import * as Pages from "./store/Pages.ts"
import * as Slices from "./store/Slices.ts"
import * as Workspaces from "./store/Workspaces.ts"
import { stepsOf } from "./store/Steps.ts"
import { type Tenant, Tenants } from "./store/Tenant.ts"

export type { Mirrored, Tenant } from "./store/Tenant.ts"

/** What a test may see and turn that no use case may. */
export class StoreProbe extends Context.Service<
  StoreProbe,
  {
    /** Every user's whole state, by id; not to be written to. */
    readonly tenants: Effect.Effect<ReadonlyMap<UserId, Readonly<Tenant>>>
    /** The next `times` operations fail with `StoreUnavailable`. */
    readonly failNext: FailNext
  }
>()("@punctual/core/testing/memory/StoreMemory/StoreProbe") {}

export interface Options {
  /** Bot writes taken by one commit: a smaller one makes use cases commit in chunks. */
  readonly commitOperationsMax: number
  /** Whether the store tells the time, by the clock of who makes the layer; else each process goes by its own. */
  readonly tellsTime?: boolean
}

/** No limit that a test meets by accident. */
const commitOperationsMax = 1000

/** The store and its probe, sharing one state. */
export const layerWith = (options: Options): Layer.Layer<Store | StoreProbe> =>
  Layer.effectContext(Effect.map(Clock.Clock, (clock) => make(options, clock)))

export const layer: Layer.Layer<Store | StoreProbe> = layerWith({ commitOperationsMax })

const make = (options: Options, clock: Clock.Clock): Context.Context<Store | StoreProbe> => {
  const tenants = new Tenants()
  const faults = makeFaults((operation) => new StoreUnavailable({ message: `${operation}: asked to fail by a test` }))
  const store = Store.make({
    handle: tenants,
    commitOperationsMax: options.commitOperationsMax,
    clock: () =>
      Effect.sync(() =>
        options.tellsTime === true
          ? Option.some({ at: clock.currentTimeMillisUnsafe(), precisionMillis: 0 })
          : Option.none()
      ),
    connections: stepsOf(Connections, faults),
    calendars: { ...stepsOf(Calendars, faults), ...stepsOf(Claims, faults) },
    mirror: { ...stepsOf(Mirror, faults), ...stepsOf(Pages, faults) },
    decisions: { ...stepsOf(Slices, faults), ...stepsOf(Commits, faults) },
    workspaces: stepsOf(Workspaces, faults),
    bots: { ...stepsOf(Bots, faults), ...stepsOf(Pages, faults) },
    changes: stepsOf(Changes, faults),
    history: { ...stepsOf(History, faults), ...stepsOf(Jobs, faults) },
    jobs: stepsOf(Jobs, faults)
  })
  const probe = StoreProbe.of({ tenants: Effect.sync(() => tenants), failNext: faults.failNext })
  return Context.make(Store, store).pipe(Context.add(StoreProbe, probe))
}

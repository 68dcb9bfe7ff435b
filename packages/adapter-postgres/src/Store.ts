/**
 * The Store port on one database.
 *
 * Decides nothing itself: each operation is a statement or a transaction made in `store/`. Here they become a driver.
 */
import { Effect, Layer } from "effect"
import { Store } from "@punctual/core"
import { Database } from "./database/Database.ts"
import * as Bots from "./store/Bots.ts"
import * as Calendars from "./store/Calendars.ts"
import * as Changes from "./store/Changes.ts"
import * as Claims from "./store/Claims.ts"
import * as Commits from "./store/Commits.ts"
import * as Connections from "./store/Connections.ts"
import * as GroupedWrites from "./store/GroupedWrites.ts"
import * as History from "./store/History.ts"
import * as Jobs from "./store/Jobs.ts"
import * as Mirror from "./store/Mirror.ts"
import * as Numbers from "./store/Numbers.ts"
import * as Pages from "./store/Pages.ts"
import * as Slices from "./store/Slices.ts"
import { clock } from "./store/StoreClock.ts"
import * as Updates from "./store/Updates.ts"
import * as Workspaces from "./store/Workspaces.ts"

/** Bot writes taken by one commit. One statement writes them all; this bounds how long it holds the user's row. */
const commitOperationsMax = 1000

const calendars = { ...Calendars, ...Claims }
const mirror = { ...Mirror, ...Pages, ...Updates }
const decisions = { ...Slices, ...Numbers, ...Commits }
const bots = { ...Bots, ...GroupedWrites, ...Pages }

export const make = (db: Database["Service"]): Store["Service"] =>
  Store.make({
    handle: db,
    commitOperationsMax,
    clock,
    connections: Connections,
    calendars,
    mirror,
    decisions,
    workspaces: Workspaces,
    bots,
    changes: Changes,
    history: History,
    jobs: Jobs
  })

/** Over a database whose schema is up to date. */
export const layer: Layer.Layer<Store, never, Database> = Layer.effect(Store, Effect.map(Database, make))

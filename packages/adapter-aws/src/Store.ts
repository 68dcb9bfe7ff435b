/**
 * The Store port on one DynamoDB table.
 *
 * Decides nothing itself: each operation is seen to in `dynamo/store/`. Here they become a driver.
 */
import { Store } from "@punctual/core"
import { Effect, Layer } from "effect"
import * as Bots from "./dynamo/store/Bots.ts"
import * as Calendars from "./dynamo/store/Calendars.ts"
import * as Changes from "./dynamo/store/Changes.ts"
import * as Claims from "./dynamo/store/Claims.ts"
import * as Commits from "./dynamo/store/Commits.ts"
import * as Connections from "./dynamo/store/Connections.ts"
import { dropMirror } from "./dynamo/store/Dropping.ts"
import * as EverybodysChanges from "./dynamo/store/EverybodysChanges.ts"
import { erase } from "./dynamo/store/Erasure.ts"
import * as Jobs from "./dynamo/store/Jobs.ts"
import { putMirror } from "./dynamo/store/Mirror.ts"
import { pruneHistory } from "./dynamo/store/History.ts"
import { updatedEvents } from "./dynamo/store/Updates.ts"
import * as MirrorLists from "./dynamo/store/MirrorLists.ts"
import * as Numbers from "./dynamo/store/Numbers.ts"
import * as Pages from "./dynamo/store/Pages.ts"
import * as Slices from "./dynamo/store/Slices.ts"
import { clock } from "./dynamo/store/StoreClock.ts"
import * as Subscriptions from "./dynamo/store/Subscriptions.ts"
import * as Workspaces from "./dynamo/store/Workspaces.ts"
import { type Table, type TableOptions, makeTable, openClient } from "./dynamo/table/Table.ts"

/**
 * Bot writes taken by one commit. Each brings an entry of the log, and may come to bring a seat in its meeting and whoever waits
 * for that: 80 items, with the state, the log's head and a few intents in one transaction of 100.
 */
const commitOperationsMax = 20

/** Over a table that is there: see `createTable` and `tableDefinition`. */
export const layer = (options: TableOptions): Layer.Layer<Store> =>
  Layer.effect(
    Store,
    Effect.map(openClient(options), (client) => make(makeTable(client, options.tableName)))
  )

export const make = (table: Table): Store["Service"] =>
  Store.make({
    handle: table,
    commitOperationsMax,
    clock,
    connections,
    calendars,
    mirror,
    decisions,
    workspaces: Workspaces,
    bots,
    changes,
    history: { ...Jobs, pruneHistory },
    jobs: Jobs
  })

const connections = { ...Connections, account: Calendars.account, erase }
const calendars = { ...Calendars, ...Claims, ...Subscriptions }
const mirror = { ...MirrorLists, ...Pages, putMirror, dropMirror, updatedEvents }
const decisions = { ...Slices, ...Commits, ...Numbers }
const changes = { ...Changes, ...EverybodysChanges }
const bots = { ...Bots, ...Pages }

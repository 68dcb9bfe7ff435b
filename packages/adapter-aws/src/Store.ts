/**
 * The Store port on one DynamoDB table.
 *
 * Decides nothing itself: each operation is seen to in `dynamo/store/`. Here they are given their names and the port's error.
 */
import {
  type Conflict,
  type Fenced,
  Store,
  StoreError,
  StoreUnavailable,
  accountByParts,
  botListingByParts,
  listingByParts
} from "@punctual/core"
import { Effect, Layer } from "effect"
import * as Bots from "./dynamo/store/Bots.ts"
import * as Calendars from "./dynamo/store/Calendars.ts"
import * as Claims from "./dynamo/store/Claims.ts"
import * as Commits from "./dynamo/store/Commits.ts"
import * as Connections from "./dynamo/store/Connections.ts"
import { dropMirror } from "./dynamo/store/Dropping.ts"
import { erase } from "./dynamo/store/Erasure.ts"
import { putMirror } from "./dynamo/store/Mirror.ts"
import * as MirrorLists from "./dynamo/store/MirrorLists.ts"
import * as Pages from "./dynamo/store/Pages.ts"
import * as Slices from "./dynamo/store/Slices.ts"
import * as Subscriptions from "./dynamo/store/Subscriptions.ts"
import { type Table, type TableOptions, makeTable, openClient } from "./dynamo/table/Table.ts"
import type { TableError } from "./dynamo/table/TableError.ts"

/** Bot writes taken by one commit: with what goes along with them they fit one transaction of 100 items. */
const commitOperationsMax = 25

type Shape = Store["Service"]

/** Over a table that is there: see `createTable` and `tableDefinition`. */
export const layer = (options: TableOptions): Layer.Layer<Store> =>
  Layer.effect(
    Store,
    Effect.map(openClient(options), (client) => make(makeTable(client, options.tableName)))
  )

export const make = (table: Table): Shape => {
  const parts = { ...accounts(table), ...rounds(table), ...decisions(table), ...bots(table), ...reading(table) }
  return Store.of({
    capabilities: { commitOperationsMax },
    ...parts,
    account: accountByParts(parts),
    botListing: botListingByParts(parts),
    listing: listingByParts(parts)
  })
}

const asPortError =
  (operation: string) =>
  <A>(effect: Effect.Effect<A, TableError | Conflict | Fenced>): Effect.Effect<A, StoreError> =>
    Effect.mapError(effect, (error) =>
      error._tag === "TableError"
        ? new StoreError({ operation, reason: new StoreUnavailable({ message: `${error.kind}: ${error.message}` }) })
        : new StoreError({ operation, reason: error })
    )

const accounts = (table: Table) =>
  ({
    connection: (userId) => Connections.connection(table, userId).pipe(asPortError("connection")),
    saveConnection: (row, expected) =>
      Connections.saveConnection(table, row, expected).pipe(asPortError("saveConnection")),
    connections: (after, limit) => Connections.connections(table, after, limit).pipe(asPortError("connections")),
    disconnecting: (limit) => Connections.disconnecting(table, limit).pipe(asPortError("disconnecting")),
    erase: (userId, limit) => erase(table, userId, limit).pipe(asPortError("erase")),
    calendars: (userId) => Calendars.calendars(table, userId).pipe(asPortError("calendars")),
    listCalendars: (userId, generation, listings, now) =>
      Calendars.listCalendars(table, userId, generation, listings, now).pipe(asPortError("listCalendars")),
    patchCalendar: (userId, generation, calendarId, patch) =>
      Calendars.patchCalendar(table, userId, generation, calendarId, patch).pipe(asPortError("patchCalendar")),
    subscriptions: (ids) => Subscriptions.subscriptions(table, ids).pipe(asPortError("subscriptions")),
    subscriptionsEnding: (before, limit) =>
      Subscriptions.subscriptionsEnding(table, before, limit).pipe(asPortError("subscriptionsEnding")),
    markChanged: (marks, now) => Calendars.markChanged(table, marks, now).pipe(asPortError("markChanged"))
  }) satisfies Partial<Shape>

const rounds = (table: Table) =>
  ({
    claimNext: (now, leaseUntil) => Claims.claimNext(table, now, leaseUntil).pipe(asPortError("claimNext")),
    claimCalendar: (userId, calendarId, now, leaseUntil) =>
      Claims.claimCalendar(table, userId, calendarId, now, leaseUntil).pipe(asPortError("claimCalendar")),
    nextDue: Claims.nextDue(table).pipe(asPortError("nextDue")),
    extendLease: (claim, leaseUntil) => Claims.extendLease(table, claim, leaseUntil).pipe(asPortError("extendLease")),
    finishPass: (claim, round) => Claims.finishPass(table, claim, round).pipe(asPortError("finishPass")),
    failPass: (claim, failure) => Claims.failPass(table, claim, failure).pipe(asPortError("failPass")),
    mirrored: (userId, calendarId, ids) =>
      MirrorLists.mirrored(table, userId, calendarId, ids).pipe(asPortError("mirrored")),
    putMirror: (claim, rows) => putMirror(table, claim, rows).pipe(asPortError("putMirror")),
    unseen: (claim, span, after, limit) =>
      MirrorLists.unseen(table, claim, span, after, limit).pipe(asPortError("unseen")),
    occurrencesOf: (userId, series) =>
      MirrorLists.occurrencesOf(table, userId, series).pipe(asPortError("occurrencesOf")),
    dropMirror: (...given) => dropMirror(table, ...given).pipe(asPortError("dropMirror"))
  }) satisfies Partial<Shape>

const decisions = (table: Table) =>
  ({
    slice: (userId, scope, now) => Slices.slice(table, userId, scope, now).pipe(asPortError("slice")),
    commit: (decision) => {
      const wrong = Commits.wrongWith(decision, commitOperationsMax)
      return wrong === null ? Commits.commit(table, decision).pipe(asPortError("commit")) : Effect.die(new Error(wrong))
    },
    lagging: (now, after, limit) => Slices.lagging(table, now, after, limit).pipe(asPortError("lagging")),
    autoUsers: (after, limit) => Slices.autoUsers(table, after, limit).pipe(asPortError("autoUsers"))
  }) satisfies Partial<Shape>

const bots = (table: Table) =>
  ({
    bot: (userId, botId) => Bots.bot(table, userId, botId).pipe(asPortError("bot")),
    liveBots: (userId) => Bots.liveBots(table, userId).pipe(asPortError("liveBots")),
    writeBot: (userId, row, expected) => Bots.writeBot(table, userId, row, expected).pipe(asPortError("writeBot")),
    dueBots: (before, limit) => Bots.dueBots(table, before, limit).pipe(asPortError("dueBots")),
    handedOver: (...query) => Bots.handedOver(table, ...query).pipe(asPortError("handedOver")),
    unapplied: (limit) => Bots.unapplied(table, limit).pipe(asPortError("unapplied")),
    markApplied: (applied) => Bots.markApplied(table, applied).pipe(asPortError("markApplied")),
    botsOf: (userId, meetings) => Bots.botsOf(table, userId, meetings).pipe(asPortError("botsOf"))
  }) satisfies Partial<Shape>

const reading = (table: Table) =>
  ({
    event: (userId, eventId) => Pages.event(table, userId, eventId).pipe(asPortError("event")),
    series: (userId, seriesId) => Pages.series(table, userId, seriesId).pipe(asPortError("series")),
    events: (query) => Pages.events(table, query).pipe(asPortError("events")),
    bots: (query) => Pages.bots(table, query).pipe(asPortError("bots"))
  }) satisfies Partial<Shape>

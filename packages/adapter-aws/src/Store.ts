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

const named =
  (operation: string) =>
  <A>(effect: Effect.Effect<A, TableError | Conflict | Fenced>): Effect.Effect<A, StoreError> =>
    Effect.mapError(effect, (error) =>
      error._tag === "TableError"
        ? new StoreError({ operation, reason: new StoreUnavailable({ message: `${error.kind}: ${error.message}` }) })
        : new StoreError({ operation, reason: error })
    )

const accounts = (table: Table) =>
  ({
    connection: (userId) => Connections.connection(table, userId).pipe(named("connection")),
    saveConnection: (row, expected) => Connections.saveConnection(table, row, expected).pipe(named("saveConnection")),
    connections: (after, limit) => Connections.connections(table, after, limit).pipe(named("connections")),
    disconnecting: (limit) => Connections.disconnecting(table, limit).pipe(named("disconnecting")),
    erase: (userId) => erase(table, userId).pipe(named("erase")),
    calendars: (userId) => Calendars.calendars(table, userId).pipe(named("calendars")),
    listCalendars: (userId, generation, listings, now) =>
      Calendars.listCalendars(table, userId, generation, listings, now).pipe(named("listCalendars")),
    patchCalendar: (userId, generation, calendarId, patch) =>
      Calendars.patchCalendar(table, userId, generation, calendarId, patch).pipe(named("patchCalendar")),
    subscriptions: (ids) => Subscriptions.subscriptions(table, ids).pipe(named("subscriptions")),
    subscriptionsEnding: (before, limit) =>
      Subscriptions.subscriptionsEnding(table, before, limit).pipe(named("subscriptionsEnding")),
    markChanged: (marks, now) => Calendars.markChanged(table, marks, now).pipe(named("markChanged"))
  }) satisfies Partial<Shape>

const rounds = (table: Table) =>
  ({
    claimNext: (now, leaseUntil) => Claims.claimNext(table, now, leaseUntil).pipe(named("claimNext")),
    claimCalendar: (userId, calendarId, now, leaseUntil) =>
      Claims.claimCalendar(table, userId, calendarId, now, leaseUntil).pipe(named("claimCalendar")),
    nextDue: Claims.nextDue(table).pipe(named("nextDue")),
    extendLease: (claim, leaseUntil) => Claims.extendLease(table, claim, leaseUntil).pipe(named("extendLease")),
    finishRound: (claim, round) => Claims.finishRound(table, claim, round).pipe(named("finishRound")),
    failRound: (claim, failure) => Claims.failRound(table, claim, failure).pipe(named("failRound")),
    mirrored: (userId, calendarId, ids) => MirrorLists.mirrored(table, userId, calendarId, ids).pipe(named("mirrored")),
    putMirror: (claim, rows) => putMirror(table, claim, rows).pipe(named("putMirror")),
    unseen: (claim, span, after, limit) => MirrorLists.unseen(table, claim, span, after, limit).pipe(named("unseen")),
    occurrencesOf: (userId, series) => MirrorLists.occurrencesOf(table, userId, series).pipe(named("occurrencesOf")),
    dropMirror: (userId, generation, calendarId, now) =>
      dropMirror(table, userId, generation, calendarId, now).pipe(named("dropMirror"))
  }) satisfies Partial<Shape>

const decisions = (table: Table) =>
  ({
    slice: (userId, scope, now) => Slices.slice(table, userId, scope, now).pipe(named("slice")),
    commit: (decision) => {
      const wrong = Commits.wrongWith(decision, commitOperationsMax)
      return wrong === null ? Commits.commit(table, decision).pipe(named("commit")) : Effect.die(new Error(wrong))
    },
    lagging: (now, after, limit) => Slices.lagging(table, now, after, limit).pipe(named("lagging")),
    autoUsers: (after, limit) => Slices.autoUsers(table, after, limit).pipe(named("autoUsers"))
  }) satisfies Partial<Shape>

const bots = (table: Table) =>
  ({
    bot: (userId, botId) => Bots.bot(table, userId, botId).pipe(named("bot")),
    writeBot: (userId, row, expected) => Bots.writeBot(table, userId, row, expected).pipe(named("writeBot")),
    dueBots: (before, limit) => Bots.dueBots(table, before, limit).pipe(named("dueBots")),
    handedOver: (...query) => Bots.handedOver(table, ...query).pipe(named("handedOver")),
    unapplied: (limit) => Bots.unapplied(table, limit).pipe(named("unapplied")),
    markApplied: (applied) => Bots.markApplied(table, applied).pipe(named("markApplied")),
    botsOf: (userId, meetings) => Bots.botsOf(table, userId, meetings).pipe(named("botsOf"))
  }) satisfies Partial<Shape>

const reading = (table: Table) =>
  ({
    event: (userId, eventId) => Pages.event(table, userId, eventId).pipe(named("event")),
    series: (userId, seriesId) => Pages.series(table, userId, seriesId).pipe(named("series")),
    events: (query) => Pages.events(table, query).pipe(named("events")),
    bots: (query) => Pages.bots(table, query).pipe(named("bots"))
  }) satisfies Partial<Shape>

/**
 * The Store port on one database.
 *
 * Decides nothing itself: each operation is a statement or a transaction made in `store/`. Here they are given their
 * names and the port's error.
 */
import { Effect, Layer } from "effect"
import { type Conflict, type Fenced, Store, StoreError, StoreUnavailable } from "@punctual/core"
import { Database } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import * as Bots from "./store/Bots.ts"
import * as Calendars from "./store/Calendars.ts"
import * as Claims from "./store/Claims.ts"
import * as Commits from "./store/Commits.ts"
import * as Connections from "./store/Connections.ts"
import * as Mirror from "./store/Mirror.ts"
import * as Pages from "./store/Pages.ts"
import * as Slices from "./store/Slices.ts"

/** Bot writes taken by one commit. One statement writes them all; this bounds how long it holds the user's row. */
const commitOperationsMax = 1000

type Shape = Store["Service"]
type Db = Database["Service"]

export const make = (db: Db): Shape =>
  Store.of({
    capabilities: { commitOperationsMax },
    ...accounts(db),
    ...rounds(db),
    ...decisions(db),
    ...bots(db),
    ...reading(db)
  })

/** Over a database whose schema is up to date. */
export const layer: Layer.Layer<Store, never, Database> = Layer.effect(Store, Effect.map(Database, make))

const asPortError =
  (operation: string) =>
  <A>(effect: Effect.Effect<A, DatabaseError | Conflict | Fenced>): Effect.Effect<A, StoreError> =>
    Effect.mapError(effect, (error) =>
      error._tag === "DatabaseError"
        ? new StoreError({ operation, reason: new StoreUnavailable({ message: error.message }) })
        : new StoreError({ operation, reason: error })
    )

const accounts = (db: Db) =>
  ({
    connection: (userId) => Connections.connection(db, userId).pipe(asPortError("connection")),
    account: (userId) => Connections.account(db, userId).pipe(asPortError("account")),
    saveConnection: (row, expected) =>
      Connections.saveConnection(db, row, expected).pipe(asPortError("saveConnection")),
    connections: (after, limit) => Connections.connections(db, after, limit).pipe(asPortError("connections")),
    disconnecting: (limit) => Connections.disconnecting(db, limit).pipe(asPortError("disconnecting")),
    erase: (userId, limit) => Connections.erase(db, userId, limit).pipe(asPortError("erase")),
    calendars: (userId) => Calendars.calendars(db, userId).pipe(asPortError("calendars")),
    listCalendars: (userId, generation, listings, now) =>
      Calendars.listCalendars(db, userId, generation, listings, now).pipe(asPortError("listCalendars")),
    patchCalendar: (userId, generation, calendarId, patch) =>
      Calendars.patchCalendar(db, userId, generation, calendarId, patch).pipe(asPortError("patchCalendar")),
    subscriptions: (ids) => Calendars.subscriptions(db, ids).pipe(asPortError("subscriptions")),
    subscriptionsEnding: (before, limit) =>
      Calendars.subscriptionsEnding(db, before, limit).pipe(asPortError("subscriptionsEnding")),
    markChanged: (marks, now) => Calendars.markChanged(db, marks, now).pipe(asPortError("markChanged"))
  }) satisfies Partial<Shape>

const rounds = (db: Db) =>
  ({
    claimNext: (now, leaseUntil) => Claims.claimNext(db, now, leaseUntil).pipe(asPortError("claimNext")),
    claimCalendar: (userId, calendarId, now, leaseUntil) =>
      Claims.claimCalendar(db, userId, calendarId, now, leaseUntil).pipe(asPortError("claimCalendar")),
    nextDue: Claims.nextDue(db).pipe(asPortError("nextDue")),
    extendLease: (claim, leaseUntil) => Claims.extendLease(db, claim, leaseUntil).pipe(asPortError("extendLease")),
    finishPass: (claim, round) => Claims.finishPass(db, claim, round).pipe(asPortError("finishPass")),
    failPass: (claim, failure) => Claims.failPass(db, claim, failure).pipe(asPortError("failPass")),
    mirrored: (userId, calendarId, ids) => Mirror.mirrored(db, userId, calendarId, ids).pipe(asPortError("mirrored")),
    putMirror: (claim, rows) => Mirror.putMirror(db, claim, rows).pipe(asPortError("putMirror")),
    unseen: (claim, span, after, limit) => Mirror.unseen(db, claim, span, after, limit).pipe(asPortError("unseen")),
    occurrencesOf: (userId, series) => Mirror.occurrencesOf(db, userId, series).pipe(asPortError("occurrencesOf")),
    dropMirror: (...given) => Mirror.dropMirror(db, ...given).pipe(asPortError("dropMirror"))
  }) satisfies Partial<Shape>

const decisions = (db: Db) =>
  ({
    slice: (userId, scope, now) => Slices.slice(db, userId, scope, now).pipe(asPortError("slice")),
    commit: (decision) => {
      const wrong = Commits.wrongWith(decision, commitOperationsMax)
      return wrong === null ? Commits.commit(db, decision).pipe(asPortError("commit")) : Effect.die(new Error(wrong))
    },
    lagging: (now, after, limit) => Slices.lagging(db, now, after, limit).pipe(asPortError("lagging")),
    autoUsers: (after, limit) => Slices.autoUsers(db, after, limit).pipe(asPortError("autoUsers"))
  }) satisfies Partial<Shape>

const bots = (db: Db) =>
  ({
    bot: (userId, botId) => Bots.bot(db, userId, botId).pipe(asPortError("bot")),
    liveBots: (userId) => Bots.liveBots(db, userId).pipe(asPortError("liveBots")),
    writeBot: (userId, row, expected) => Bots.writeBot(db, userId, row, expected).pipe(asPortError("writeBot")),
    dueBots: (before, limit) => Bots.dueBots(db, before, limit).pipe(asPortError("dueBots")),
    handedOver: (...query) => Bots.handedOver(db, ...query).pipe(asPortError("handedOver")),
    unapplied: (limit) => Bots.unapplied(db, limit).pipe(asPortError("unapplied")),
    markApplied: (applied) => Bots.markApplied(db, applied).pipe(asPortError("markApplied")),
    botsOf: (userId, meetings) => Bots.botsOf(db, userId, meetings).pipe(asPortError("botsOf"))
  }) satisfies Partial<Shape>

const reading = (db: Db) =>
  ({
    event: (userId, eventId) => Pages.event(db, userId, eventId).pipe(asPortError("event")),
    series: (userId, seriesId) => Pages.series(db, userId, seriesId).pipe(asPortError("series")),
    events: (query) => Pages.events(db, query).pipe(asPortError("events")),
    listing: (query) => Pages.listing(db, query).pipe(asPortError("listing")),
    bots: (query) => Pages.bots(db, query).pipe(asPortError("bots")),
    botListing: (query) => Pages.botListing(db, query).pipe(asPortError("botListing"))
  }) satisfies Partial<Shape>

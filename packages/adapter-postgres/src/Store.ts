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

const named =
  (operation: string) =>
  <A>(effect: Effect.Effect<A, DatabaseError | Conflict | Fenced>): Effect.Effect<A, StoreError> =>
    Effect.mapError(effect, (error) =>
      error._tag === "DatabaseError"
        ? new StoreError({ operation, reason: new StoreUnavailable({ message: error.message }) })
        : new StoreError({ operation, reason: error })
    )

const accounts = (db: Db) =>
  ({
    connection: (userId) => Connections.connection(db, userId).pipe(named("connection")),
    account: (userId) => Connections.account(db, userId).pipe(named("account")),
    saveConnection: (row, expected) => Connections.saveConnection(db, row, expected).pipe(named("saveConnection")),
    connections: (after, limit) => Connections.connections(db, after, limit).pipe(named("connections")),
    disconnecting: (limit) => Connections.disconnecting(db, limit).pipe(named("disconnecting")),
    erase: (userId) => Connections.erase(db, userId).pipe(named("erase")),
    calendars: (userId) => Calendars.calendars(db, userId).pipe(named("calendars")),
    listCalendars: (userId, generation, listings, now) =>
      Calendars.listCalendars(db, userId, generation, listings, now).pipe(named("listCalendars")),
    patchCalendar: (userId, generation, calendarId, patch) =>
      Calendars.patchCalendar(db, userId, generation, calendarId, patch).pipe(named("patchCalendar")),
    subscriptions: (ids) => Calendars.subscriptions(db, ids).pipe(named("subscriptions")),
    subscriptionsEnding: (before, limit) =>
      Calendars.subscriptionsEnding(db, before, limit).pipe(named("subscriptionsEnding")),
    markChanged: (marks, now) => Calendars.markChanged(db, marks, now).pipe(named("markChanged"))
  }) satisfies Partial<Shape>

const rounds = (db: Db) =>
  ({
    claimNext: (now, leaseUntil) => Claims.claimNext(db, now, leaseUntil).pipe(named("claimNext")),
    claimCalendar: (userId, calendarId, now, leaseUntil) =>
      Claims.claimCalendar(db, userId, calendarId, now, leaseUntil).pipe(named("claimCalendar")),
    nextDue: Claims.nextDue(db).pipe(named("nextDue")),
    extendLease: (claim, leaseUntil) => Claims.extendLease(db, claim, leaseUntil).pipe(named("extendLease")),
    finishRound: (claim, round) => Claims.finishRound(db, claim, round).pipe(named("finishRound")),
    failRound: (claim, failure) => Claims.failRound(db, claim, failure).pipe(named("failRound")),
    mirrored: (userId, calendarId, ids) => Mirror.mirrored(db, userId, calendarId, ids).pipe(named("mirrored")),
    putMirror: (claim, rows) => Mirror.putMirror(db, claim, rows).pipe(named("putMirror")),
    unseen: (claim, span, after, limit) => Mirror.unseen(db, claim, span, after, limit).pipe(named("unseen")),
    occurrencesOf: (userId, series) => Mirror.occurrencesOf(db, userId, series).pipe(named("occurrencesOf")),
    dropMirror: (userId, generation, calendarId, now) =>
      Mirror.dropMirror(db, userId, generation, calendarId, now).pipe(named("dropMirror"))
  }) satisfies Partial<Shape>

const decisions = (db: Db) =>
  ({
    slice: (userId, scope, now) => Slices.slice(db, userId, scope, now).pipe(named("slice")),
    commit: (decision) => {
      const wrong = Commits.wrongWith(decision, commitOperationsMax)
      return wrong === null ? Commits.commit(db, decision).pipe(named("commit")) : Effect.die(new Error(wrong))
    },
    lagging: (now, after, limit) => Slices.lagging(db, now, after, limit).pipe(named("lagging")),
    autoUsers: (after, limit) => Slices.autoUsers(db, after, limit).pipe(named("autoUsers"))
  }) satisfies Partial<Shape>

const bots = (db: Db) =>
  ({
    bot: (userId, botId) => Bots.bot(db, userId, botId).pipe(named("bot")),
    writeBot: (userId, row, expected) => Bots.writeBot(db, userId, row, expected).pipe(named("writeBot")),
    dueBots: (before, limit) => Bots.dueBots(db, before, limit).pipe(named("dueBots")),
    handedOver: (...query) => Bots.handedOver(db, ...query).pipe(named("handedOver")),
    unapplied: (limit) => Bots.unapplied(db, limit).pipe(named("unapplied")),
    markApplied: (applied) => Bots.markApplied(db, applied).pipe(named("markApplied")),
    botsOf: (userId, meetings) => Bots.botsOf(db, userId, meetings).pipe(named("botsOf"))
  }) satisfies Partial<Shape>

const reading = (db: Db) =>
  ({
    event: (userId, eventId) => Pages.event(db, userId, eventId).pipe(named("event")),
    series: (userId, seriesId) => Pages.series(db, userId, seriesId).pipe(named("series")),
    events: (query) => Pages.events(db, query).pipe(named("events")),
    listing: (query) => Pages.listing(db, query).pipe(named("listing")),
    bots: (query) => Pages.bots(db, query).pipe(named("bots")),
    botListing: (query) => Pages.botListing(db, query).pipe(named("botListing"))
  }) satisfies Partial<Shape>

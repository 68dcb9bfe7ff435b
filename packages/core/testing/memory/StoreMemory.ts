/**
 * The in-memory store: the reference implementation of the port, and the one that simulated worlds run on.
 *
 * Decides nothing itself: each operation is one synchronous step over the state of `store/Tenant.ts`, made elsewhere in
 * that folder. Here they are given their names, their errors and the faults that tests ask for. Nothing is durable
 * beyond the layer: a simulated process dies and comes back over the same layer.
 */
import { Context, Effect, Layer, Result } from "effect"
import type { UserId } from "../../src/domain/Ids.ts"
import { type Conflict, type Fenced, Store, StoreError, StoreUnavailable } from "../../src/ports/Store.ts"
import { accountByParts, botListingByParts, listingByParts } from "../../src/ports/StoreParts.ts"
import { type FailNext, type Faults, makeFaults } from "./faults/Faults.ts"
import * as Bots from "./store/Bots.ts"
import * as Calendars from "./store/Calendars.ts"
import * as Claims from "./store/Claims.ts"
import * as Commits from "./store/Commits.ts"
import * as Connections from "./store/Connections.ts"
import * as Mirror from "./store/Mirror.ts"
import * as Pages from "./store/Pages.ts"
import * as Slices from "./store/Slices.ts"
import type { Tenant, Tenants } from "./store/Tenant.ts"

export type { HeldCalendar, Mirrored, Tenant } from "./store/Tenant.ts"

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
}

/** No limit that a test meets by accident. */
const commitOperationsMax = 1000

/** The store and its probe, sharing one state. */
export const layerWith = (options: Options): Layer.Layer<Store | StoreProbe> =>
  Layer.effectContext(Effect.sync(() => make(options)))

export const layer: Layer.Layer<Store | StoreProbe> = layerWith({ commitOperationsMax })

type Refusal = Conflict | Fenced

/** Runs one operation. `answer` can't fail; `attempt` may be refused. */
interface Desk {
  readonly answer: <A>(operation: string, run: () => A) => Effect.Effect<A, StoreError>
  readonly attempt: <A>(operation: string, run: () => Result.Result<A, Refusal>) => Effect.Effect<A, StoreError>
}

const make = (options: Options): Context.Context<Store | StoreProbe> => {
  const tenants: Tenants = new Map()
  const faults = makeFaults((operation) => {
    const reason = new StoreUnavailable({ message: `${operation}: asked to fail by a test` })
    return new StoreError({ operation, reason })
  })
  const desk = deskOf(faults)
  const probe = StoreProbe.of({ tenants: Effect.sync(() => tenants), failNext: faults.failNext })
  const parts = {
    ...accounts(tenants, desk),
    ...mirror(tenants, desk),
    ...decisions(tenants, desk, options),
    ...reading(tenants, desk)
  }
  const store = Store.of({
    capabilities: { commitOperationsMax: options.commitOperationsMax },
    ...parts,
    account: accountByParts(parts),
    botListing: botListingByParts(parts),
    listing: listingByParts(parts)
  })
  return Context.make(Store, store).pipe(Context.add(StoreProbe, probe))
}

const deskOf = ({ guard }: Faults<StoreError>): Desk => {
  const attempt: Desk["attempt"] = (operation, run) =>
    guard(
      operation,
      Effect.suspend(() => Effect.fromResult(Result.mapError(run(), (reason) => new StoreError({ operation, reason }))))
    )
  return { attempt, answer: (operation, run) => attempt(operation, () => Result.succeed(run())) }
}

type Shape = Store["Service"]

const accounts = (tenants: Tenants, { answer, attempt }: Desk) =>
  ({
    connection: (userId) => answer("connection", () => Connections.connection(tenants, userId)),
    saveConnection: (row, expected) =>
      attempt("saveConnection", () => Connections.saveConnection(tenants, row, expected)),
    connections: (after, limit) => answer("connections", () => Connections.connections(tenants, after, limit)),
    disconnecting: (limit) => answer("disconnecting", () => Connections.disconnecting(tenants, limit)),
    erase: (userId, limit) => answer("erase", () => Connections.erase(tenants, userId, limit)),
    calendars: (userId) => answer("calendars", () => Calendars.calendars(tenants, userId)),
    listCalendars: (userId, generation, listings, now) =>
      attempt("listCalendars", () => Calendars.listCalendars(tenants, userId, generation, listings, now)),
    patchCalendar: (userId, generation, calendarId, patch) =>
      attempt("patchCalendar", () => Calendars.patchCalendar(tenants, userId, generation, calendarId, patch)),
    subscriptions: (ids) => answer("subscriptions", () => Calendars.subscriptions(tenants, ids)),
    subscriptionsEnding: (before, limit) =>
      answer("subscriptionsEnding", () => Calendars.subscriptionsEnding(tenants, before, limit)),
    markChanged: (marks, now) => answer("markChanged", () => Calendars.markChanged(tenants, marks, now))
  }) satisfies Partial<Shape>

const mirror = (tenants: Tenants, { answer, attempt }: Desk) =>
  ({
    claimNext: (now, leaseUntil) => answer("claimNext", () => Claims.claimNext(tenants, now, leaseUntil)),
    claimCalendar: (userId, calendarId, now, leaseUntil) =>
      answer("claimCalendar", () => Claims.claimCalendar(tenants, userId, calendarId, now, leaseUntil)),
    nextDue: answer("nextDue", () => Claims.nextDue(tenants)),
    extendLease: (claim, leaseUntil) => attempt("extendLease", () => Claims.extendLease(tenants, claim, leaseUntil)),
    finishPass: (claim, round) => attempt("finishPass", () => Claims.finishPass(tenants, claim, round)),
    failPass: (claim, failure) => attempt("failPass", () => Claims.failPass(tenants, claim, failure)),
    mirrored: (userId, calendarId, ids) => answer("mirrored", () => Mirror.mirrored(tenants, userId, calendarId, ids)),
    putMirror: (claim, rows) => attempt("putMirror", () => Mirror.putMirror(tenants, claim, rows)),
    unseen: (claim, span, after, limit) => attempt("unseen", () => Mirror.unseen(tenants, claim, span, after, limit)),
    occurrencesOf: (userId, series) => answer("occurrencesOf", () => Mirror.occurrencesOf(tenants, userId, series)),
    dropMirror: (...given) => attempt("dropMirror", () => Mirror.dropMirror(tenants, ...given))
  }) satisfies Partial<Shape>

const decisions = (tenants: Tenants, { answer, attempt }: Desk, options: Options) =>
  ({
    slice: (userId, scope, now) => answer("slice", () => Slices.slice(tenants, userId, scope, now)),
    commit: (decision) => {
      const wrong = Commits.wrongWith(decision, options.commitOperationsMax)
      return wrong === null ? attempt("commit", () => Commits.commit(tenants, decision)) : Effect.die(new Error(wrong))
    },
    lagging: (now, after, limit) => answer("lagging", () => Slices.lagging(tenants, now, after, limit)),
    autoUsers: (after, limit) => answer("autoUsers", () => Slices.autoUsers(tenants, after, limit))
  }) satisfies Partial<Shape>

const reading = (tenants: Tenants, { answer, attempt }: Desk) =>
  ({
    bot: (userId, botId) => answer("bot", () => Bots.bot(tenants, userId, botId)),
    liveBots: (userId) => answer("liveBots", () => Bots.liveBots(tenants, userId)),
    writeBot: (userId, row, expected) => attempt("writeBot", () => Bots.writeBot(tenants, userId, row, expected)),
    dueBots: (before, limit) => answer("dueBots", () => Bots.dueBots(tenants, before, limit)),
    handedOver: (...query) => answer("handedOver", () => Bots.handedOver(tenants, ...query)),
    unapplied: (limit) => answer("unapplied", () => Bots.unapplied(tenants, limit)),
    markApplied: (applied) => answer("markApplied", () => Bots.markApplied(tenants, applied)),
    botsOf: (userId, meetings) => answer("botsOf", () => Bots.botsOf(tenants, userId, meetings)),
    event: (userId, eventId) => answer("event", () => Pages.event(tenants, userId, eventId)),
    series: (userId, seriesId) => answer("series", () => Pages.series(tenants, userId, seriesId)),
    events: (query) => answer("events", () => Pages.events(tenants, query)),
    bots: (query) => answer("bots", () => Pages.bots(tenants, query))
  }) satisfies Partial<Shape>

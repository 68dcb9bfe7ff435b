/**
 * The store of one simulated process: the shared in-memory one, behind a connection that fails.
 * Decides nothing about rows; oracles are told of each write in the same step in which it happens.
 */
import { Effect, type Exit, Option } from "effect"
import type { Connection } from "../../src/domain/Connection.ts"
import type { EventId, UserId } from "../../src/domain/Ids.ts"
import type { Instant } from "../../src/domain/Time.ts"
import {
  type BotsOfUser,
  type Claim,
  type OwnedBotWrite,
  Store,
  StoreError,
  StoreUnavailable
} from "../../src/ports/Store.ts"
import { makeIo } from "./Faulty.ts"
import type { Process } from "./Loop.ts"
import type { Stage } from "./Stage.ts"

type Shape = Store["Service"]

/** Until when calendars are leased, by user and id. */
export type Leases = ReadonlyMap<string, Instant | null>

/** Told of writes that were applied. */
export interface StoreWatch {
  /** Before and after each write that may touch bots. */
  readonly onBots: (operation: string, write: () => void) => void
  readonly onMirror: (userId: UserId, ids: ReadonlyArray<EventId>, write: () => void) => void
  readonly onDisconnecting: (count: number) => void
  readonly onConnection: (row: Connection) => void
  readonly onClaim: (claim: Claim) => void
  readonly leases: () => Leases
  /** Any claim, and what was leased before it. */
  readonly onLease: (claim: Claim, leases: Leases) => void
  /** How a round ended; null: it failed. */
  readonly onRound: (claim: Claim, round: { readonly basedAt: Instant } | null) => void
}

/** Told of launches that are read ahead and claimed together. */
export interface ForesightWatch {
  /** As a process asks. */
  readonly onReadAhead: (process: Process, asked: ReadonlyArray<BotsOfUser>) => void
  readonly onLaunches: (process: Process, writes: ReadonlyArray<OwnedBotWrite>) => void
  /** In one step with the write: before it, and told then which were written. */
  readonly judge: (writes: ReadonlyArray<OwnedBotWrite>) => (written: ReadonlyArray<boolean>) => void
}

export const faultyStore = (stage: Stage, process: Process, real: Shape, watch: ForesightWatch & StoreWatch): Shape => {
  const io = makeIo(stage, process, {
    probability: stage.swarm.storeError,
    failure: (operation) =>
      new StoreError({ operation, reason: new StoreUnavailable({ message: `${operation}: simulated` }) }),
    before: "storeFailed",
    after: "storeFailedAfterwards"
  })
  const refused = (error: StoreError): Effect.Effect<void> =>
    Effect.sync(() => {
      if (error.isConflict) stage.marks.storeConflicted += 1
      if (error.isFenced) stage.marks.storeFenced += 1
    })
  const wrap =
    <Args extends ReadonlyArray<unknown>, A>(
      operation: string,
      run: (...args: Args) => Effect.Effect<A, StoreError>
    ): ((...args: Args) => Effect.Effect<A, StoreError>) =>
    (...args) =>
      io(operation, Effect.tapError(run(...args), refused))
  /** What is found by an index, of which some is not there yet. */
  const indexed =
    <Args extends ReadonlyArray<unknown>, A>(
      operation: string,
      run: (...args: Args) => Effect.Effect<ReadonlyArray<A>, StoreError>
    ): ((...args: Args) => Effect.Effect<ReadonlyArray<A>, StoreError>) =>
    (...args) =>
      io(
        operation,
        Effect.map(run(...args), (rows) => behind(stage, rows))
      )
  /** In one step with what oracles see of it. */
  const watched =
    <Args extends ReadonlyArray<unknown>, A>(
      operation: string,
      run: (...args: Args) => Effect.Effect<A, StoreError>
    ): ((...args: Args) => Effect.Effect<A, StoreError>) =>
    (...args) =>
      io(
        operation,
        Effect.suspend(() => {
          let exit: Exit.Exit<A, StoreError> | null = null
          watch.onBots(operation, () => {
            exit = stage.loop.syncExit(run(...args))
          })
          return Effect.tapError(exit ?? Effect.die(new Error("a write that did not run")), refused)
        })
      )
  const mirrored: Shape["putMirror"] = (claim, rows) =>
    io(
      "putMirror",
      Effect.suspend(() => {
        let exit: Exit.Exit<number, StoreError> | null = null
        const ids = rows.events.map(({ id }) => id)
        watch.onMirror(claim.userId, ids, () => {
          exit = stage.loop.syncExit(real.putMirror(claim, rows))
        })
        return Effect.tapError(exit ?? Effect.die(new Error("a write that did not run")), refused)
      })
    )
  const leased = <E>(claim: Effect.Effect<Option.Option<Claim>, E>): Effect.Effect<Option.Option<Claim>, E> =>
    // In one step: between a look and a claim the holder may have given it back.
    Effect.suspend(() => {
      const leases = watch.leases()
      const exit = stage.loop.syncExit(claim)
      if (exit._tag === "Success" && Option.isSome(exit.value)) watch.onLease(exit.value.value, leases)
      return exit
    })
  const claimed = <E>(claim: Effect.Effect<Option.Option<Claim>, E>): Effect.Effect<Option.Option<Claim>, E> =>
    Effect.tap(leased(claim), (found) =>
      Effect.sync(() => (Option.isSome(found) ? watch.onClaim(found.value) : undefined))
    )
  /** In one step: once a calendar is free again, another's round may have begun. */
  const ended = <E>(claim: Claim, round: Parameters<StoreWatch["onRound"]>[1], end: Effect.Effect<void, E>) =>
    Effect.suspend(() => {
      const exit = stage.loop.syncExit(end)
      if (exit._tag === "Success") watch.onRound(claim, round)
      return exit
    })
  const written = watched("writeBots", (all: Parameters<Shape["writeBots"]>[0]) =>
    Effect.suspend(() => {
      const judge = watch.judge(all)
      return Effect.tap(real.writeBots(all), (flags) => Effect.sync(() => judge(flags)))
    })
  )
  const writes = {
    putMirror: mirrored,
    erase: watched("erase", real.erase),
    commit: watched("commit", real.commit),
    writeBot: watched("writeBot", real.writeBot),
    writeBots: (writes: Parameters<Shape["writeBots"]>[0]) =>
      Effect.suspend(() => {
        watch.onLaunches(process, writes)
        return written(writes)
      }),
    slicesOfBots: (...args: Parameters<Shape["slicesOfBots"]>) =>
      Effect.suspend(() => {
        watch.onReadAhead(process, args[0])
        return wrap("slicesOfBots", real.slicesOfBots)(...args)
      }),
    releaseLaunches: watched("releaseLaunches", real.releaseLaunches),
    saveConnection: wrap("saveConnection", (...args: Parameters<Shape["saveConnection"]>) =>
      Effect.tap(real.saveConnection(...args), () => Effect.sync(() => watch.onConnection(args[0])))
    ),
    claimCalendar: wrap("claimCalendar", (...args: Parameters<Shape["claimCalendar"]>) =>
      leased(real.claimCalendar(...args))
    ),
    claimNext: wrap("claimNext", (...args: Parameters<Shape["claimNext"]>) => claimed(real.claimNext(...args))),
    finishPass: wrap("finishPass", (...args: Parameters<Shape["finishPass"]>) =>
      ended(args[0], args[1], real.finishPass(...args))
    ),
    failPass: wrap("failPass", (...args: Parameters<Shape["failPass"]>) =>
      ended(args[0], null, real.failPass(...args))
    ),
    disconnecting: indexed("disconnecting", (limit: number) =>
      Effect.tap(real.disconnecting(limit), (rows) => Effect.sync(() => watch.onDisconnecting(rows.length)))
    ),
    subscriptionsEnding: indexed("subscriptionsEnding", real.subscriptionsEnding),
    lagging: indexed("lagging", real.lagging),
    dueBots: indexed("dueBots", real.dueBots),
    handedOver: indexed("handedOver", real.handedOver),
    unapplied: indexed("unapplied", real.unapplied)
  } satisfies Partial<Shape>
  return Store.of({
    clock: io("clock", real.clock),
    changesEnd: io("changesEnd", real.changesEnd),
    ...plain(real, wrap),
    ...writes
  })
}

const behind = <A>(stage: Stage, rows: ReadonlyArray<A>): ReadonlyArray<A> => {
  const { chance, isHealed, marks, swarm } = stage
  if (isHealed || swarm.indexBehind === 0) return rows
  const found = rows.filter(() => !chance.hits(swarm.indexBehind))
  marks.indexBehind += rows.length - found.length
  return found
}

type Wrap = <Args extends ReadonlyArray<unknown>, A>(
  operation: string,
  run: (...args: Args) => Effect.Effect<A, StoreError>
) => (...args: Args) => Effect.Effect<A, StoreError>

const plain = (real: Shape, wrap: Wrap) =>
  ({
    capabilities: real.capabilities,
    nextDue: wrap("nextDue", real.nextDue),
    account: wrap("account", real.account),
    saveConnection: real.saveConnection,
    connections: wrap("connections", real.connections),
    connectedUsers: wrap("connectedUsers", real.connectedUsers),
    calendars: wrap("calendars", real.calendars),
    listCalendars: wrap("listCalendars", real.listCalendars),
    patchCalendar: wrap("patchCalendar", real.patchCalendar),
    dropMirror: wrap("dropMirror", real.dropMirror),
    subscriptions: wrap("subscriptions", real.subscriptions),
    subscriptionsEnding: real.subscriptionsEnding,
    markChanged: wrap("markChanged", real.markChanged),
    claimNext: real.claimNext,
    claimCalendar: real.claimCalendar,
    extendLease: wrap("extendLease", real.extendLease),
    mirrored: wrap("mirrored", real.mirrored),
    putMirror: real.putMirror,
    unseen: wrap("unseen", real.unseen),
    occurrencesOf: wrap("occurrencesOf", real.occurrencesOf),
    finishPass: real.finishPass,
    failPass: real.failPass,
    slice: wrap("slice", real.slice),
    slicesOfBots: real.slicesOfBots,
    userNumbers: wrap("userNumbers", real.userNumbers),
    intendedSeries: wrap("intendedSeries", real.intendedSeries),
    joinWorkspace: wrap("joinWorkspace", real.joinWorkspace),
    workspace: wrap("workspace", real.workspace),
    savePolicy: wrap("savePolicy", real.savePolicy),
    workspaceUsers: wrap("workspaceUsers", real.workspaceUsers),
    pendingUsers: wrap("pendingUsers", real.pendingUsers),
    notePolicy: wrap("notePolicy", real.notePolicy),
    spreading: wrap("spreading", real.spreading),
    finishSpreading: wrap("finishSpreading", real.finishSpreading),
    lagging: real.lagging,
    autoUsers: wrap("autoUsers", real.autoUsers),
    bot: wrap("bot", real.bot),
    liveBots: wrap("liveBots", real.liveBots),
    dueBots: real.dueBots,
    handedOver: real.handedOver,
    unapplied: real.unapplied,
    markApplied: wrap("markApplied", real.markApplied),
    event: wrap("event", real.event),
    series: wrap("series", real.series),
    events: wrap("events", real.events),
    listing: wrap("listing", real.listing),
    botListing: wrap("botListing", real.botListing),
    bots: wrap("bots", real.bots),
    botsOf: wrap("botsOf", real.botsOf),
    updatedEvents: wrap("updatedEvents", real.updatedEvents),
    updatedListing: wrap("updatedListing", real.updatedListing),
    changes: wrap("changes", real.changes),
    changePlace: wrap("changePlace", real.changePlace),
    allChanges: wrap("allChanges", real.allChanges),
    timeline: wrap("timeline", real.timeline),
    tellCoverage: wrap("tellCoverage", real.tellCoverage),
    pruneChanges: wrap("pruneChanges", real.pruneChanges),
    pruneHistory: wrap("pruneHistory", real.pruneHistory),
    pruneJobs: wrap("pruneJobs", real.pruneJobs),
    claimJob: wrap("claimJob", real.claimJob),
    jobRun: wrap("jobRun", real.jobRun),
    jobProgress: wrap("jobProgress", real.jobProgress),
    saveJobProgress: wrap("saveJobProgress", real.saveJobProgress),
    finishJob: wrap("finishJob", real.finishJob),
    leaveShare: wrap("leaveShare", real.leaveShare),
    finishShare: wrap("finishShare", real.finishShare),
    sharesLeft: wrap("sharesLeft", real.sharesLeft)
  }) satisfies Partial<Shape>

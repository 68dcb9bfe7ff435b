/**
 * The store of one simulated process: the shared in-memory one, behind a connection that fails.
 * Decides nothing about rows; oracles are told of each write in the same step in which it happens.
 */
import { Effect, type Exit } from "effect"
import type { Connection } from "../../src/domain/Connection.ts"
import type { EventId, UserId } from "../../src/domain/Ids.ts"
import { Store, StoreError, StoreUnavailable } from "../../src/ports/Store.ts"
import { makeIo } from "./Faulty.ts"
import type { Process } from "./Loop.ts"
import type { Stage } from "./Stage.ts"

type Shape = Store["Service"]

/** Told of writes that were applied. */
export interface StoreWatch {
  /** Before and after each write that may touch bots. */
  readonly onBots: (operation: string, write: () => void) => void
  readonly onMirror: (userId: UserId, ids: ReadonlyArray<EventId>, write: () => void) => void
  readonly onDisconnecting: (count: number) => void
  readonly onConnection: (row: Connection) => void
}

export const faultyStore = (stage: Stage, process: Process, real: Shape, watch: StoreWatch): Shape => {
  const io = makeIo(stage, process, {
    probability: stage.swarm.storeError,
    failure: (operation) =>
      new StoreError({ operation, reason: new StoreUnavailable({ message: `${operation}: simulated` }) }),
    before: "storeFailed",
    after: "storeFailedAfterwards"
  })
  const wrap =
    <Args extends ReadonlyArray<unknown>, A>(
      operation: string,
      run: (...args: Args) => Effect.Effect<A, StoreError>
    ): ((...args: Args) => Effect.Effect<A, StoreError>) =>
    (...args) =>
      io(operation, run(...args))
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
          return exit ?? Effect.die(new Error("a write that did not run"))
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
        return exit ?? Effect.die(new Error("a write that did not run"))
      })
    )
  const writes = {
    putMirror: mirrored,
    erase: watched("erase", real.erase),
    commit: watched("commit", real.commit),
    writeBot: watched("writeBot", real.writeBot),
    saveConnection: wrap("saveConnection", (row: Connection, expected: number | null) =>
      Effect.tap(real.saveConnection(row, expected), () => Effect.sync(() => watch.onConnection(row)))
    ),
    disconnecting: wrap("disconnecting", (limit: number) =>
      Effect.tap(real.disconnecting(limit), (rows) => Effect.sync(() => watch.onDisconnecting(rows.length)))
    )
  } satisfies Partial<Shape>
  return Store.of({ ...plain(real, wrap, io("nextDue", real.nextDue)), ...writes })
}

type Wrap = <Args extends ReadonlyArray<unknown>, A>(
  operation: string,
  run: (...args: Args) => Effect.Effect<A, StoreError>
) => (...args: Args) => Effect.Effect<A, StoreError>

const plain = (real: Shape, wrap: Wrap, nextDue: Shape["nextDue"]) =>
  ({
    capabilities: real.capabilities,
    nextDue,
    connection: wrap("connection", real.connection),
    saveConnection: real.saveConnection,
    connections: wrap("connections", real.connections),
    calendars: wrap("calendars", real.calendars),
    listCalendars: wrap("listCalendars", real.listCalendars),
    patchCalendar: wrap("patchCalendar", real.patchCalendar),
    dropMirror: wrap("dropMirror", real.dropMirror),
    subscription: wrap("subscription", real.subscription),
    subscriptionsEnding: wrap("subscriptionsEnding", real.subscriptionsEnding),
    markChanged: wrap("markChanged", real.markChanged),
    claimNext: wrap("claimNext", real.claimNext),
    claimCalendar: wrap("claimCalendar", real.claimCalendar),
    extendLease: wrap("extendLease", real.extendLease),
    mirrored: wrap("mirrored", real.mirrored),
    putMirror: real.putMirror,
    unseen: wrap("unseen", real.unseen),
    occurrencesOf: wrap("occurrencesOf", real.occurrencesOf),
    finishRound: wrap("finishRound", real.finishRound),
    failRound: wrap("failRound", real.failRound),
    slice: wrap("slice", real.slice),
    lagging: wrap("lagging", real.lagging),
    autoUsers: wrap("autoUsers", real.autoUsers),
    bot: wrap("bot", real.bot),
    dueBots: wrap("dueBots", real.dueBots),
    unapplied: wrap("unapplied", real.unapplied),
    markApplied: wrap("markApplied", real.markApplied),
    event: wrap("event", real.event),
    series: wrap("series", real.series),
    events: wrap("events", real.events),
    bots: wrap("bots", real.bots),
    botsOf: wrap("botsOf", real.botsOf)
  }) satisfies Partial<Shape>

/**
 * A store out of its driver. A driver is groups of functions, usually the modules in which they are written.
 * Decides, once for every store, how operations are named and traced, how a driver's own failure becomes the port's, which
 * commits no store could take, and how the answers are put together that a driver doesn't give in one go.
 */
import { Effect, type Option, References } from "effect"
import type { StoreTime } from "../domain/ClockOffset.ts"
import type { Commit } from "../domain/Slice.ts"
import { Conflict, Fenced, StoreError, StoreUnavailable } from "./StoreError.ts"
import type {
  BotOperations,
  CalendarOperations,
  ChangeOperations,
  ConnectionOperations,
  DecisionOperations,
  HistoryOperations,
  JobOperations,
  MirrorOperations,
  StoreOperations
} from "./StoreOperations.ts"
import type { WorkspaceOperations } from "./WorkspaceOperations.ts"
import {
  accountByParts,
  botListingByParts,
  listingByParts,
  slicesOfBotsByParts,
  updatedListingByParts,
  userNumbersByParts,
  writeBotsByParts
} from "./StoreParts.ts"

/**
 * What a new store writes. Each operation is a function of the handle (a database, a table) and of the port's arguments. It
 * fails with a reason of the port's (`Conflict`, `Fenced`, `StoreUnavailable`), or with an error of its own, which says in
 * its message what went wrong and in it nothing secret: it becomes `StoreUnavailable`, and is kept as the cause.
 */
export interface StoreDriver<Handle> {
  readonly handle: Handle
  /** Bot writes taken by one commit. */
  readonly commitOperationsMax: number
  /** Left out: the store tells no time. */
  readonly clock?: (handle: Handle) => Effect.Effect<Option.Option<StoreTime>, Error>
  readonly connections: Driven<Handle, ConnectionOperations, "account">
  readonly calendars: Driven<Handle, CalendarOperations>
  readonly mirror: Driven<Handle, MirrorOperations, "listing" | "updatedListing">
  readonly decisions: Driven<Handle, DecisionOperations, "slicesOfBots" | "userNumbers">
  readonly workspaces: Driven<Handle, WorkspaceOperations>
  readonly bots: Driven<Handle, BotOperations, "botListing" | "writeBots">
  readonly changes: Driven<Handle, ChangeOperations>
  readonly history: Driven<Handle, HistoryOperations>
  readonly jobs: Driven<Handle, JobOperations>
}

/** A group of operations as a driver gives it; those that may be left out are put together from others. */
type Driven<Handle, Group, Optional extends keyof Group = never> = {
  readonly [Name in Exclude<keyof Group, Optional>]: DrivenOperation<Handle, Group[Name]>
} & { readonly [Name in Optional]?: DrivenOperation<Handle, Group[Name]> }

type DrivenOperation<Handle, Operation> = Operation extends (...args: infer Args) => Effect.Effect<infer A, StoreError>
  ? (handle: Handle, ...args: Args) => Effect.Effect<A, Error>
  : Operation extends Effect.Effect<infer A, StoreError>
    ? (handle: Handle) => Effect.Effect<A, Error>
    : never

export const makeStore = <Handle>(driver: StoreDriver<Handle>): StoreOperations => {
  const { bots, calendars, commitOperationsMax, connections, decisions, handle, mirror } = driver
  const named = namedOn(handle)
  const commit = named("commit", decisions.commit)
  const parts = {
    connections: named("connections", connections.connections),
    saveConnection: named("saveConnection", connections.saveConnection),
    connectedUsers: named("connectedUsers", connections.connectedUsers),
    disconnecting: named("disconnecting", connections.disconnecting),
    erase: named("erase", connections.erase),

    calendars: named("calendars", calendars.calendars),
    listCalendars: named("listCalendars", calendars.listCalendars),
    patchCalendar: named("patchCalendar", calendars.patchCalendar),
    subscriptions: named("subscriptions", calendars.subscriptions),
    subscriptionsEnding: named("subscriptionsEnding", calendars.subscriptionsEnding),
    markChanged: named("markChanged", calendars.markChanged),
    claimNext: named("claimNext", calendars.claimNext),
    claimCalendar: named("claimCalendar", calendars.claimCalendar),
    nextDue: named("nextDue", calendars.nextDue),
    extendLease: named("extendLease", calendars.extendLease),
    finishPass: named("finishPass", calendars.finishPass),
    failPass: named("failPass", calendars.failPass),

    mirrored: named("mirrored", mirror.mirrored),
    putMirror: named("putMirror", mirror.putMirror),
    unseen: named("unseen", mirror.unseen),
    occurrencesOf: named("occurrencesOf", mirror.occurrencesOf),
    dropMirror: named("dropMirror", mirror.dropMirror),
    event: named("event", mirror.event),
    series: named("series", mirror.series),
    events: named("events", mirror.events),
    updatedEvents: named("updatedEvents", mirror.updatedEvents),

    slice: named("slice", decisions.slice),
    intendedSeries: named("intendedSeries", decisions.intendedSeries),
    commit: (decision: Commit) => {
      const wrong = wrongWith(decision, commitOperationsMax)
      return wrong === null ? commit(decision) : Effect.die(new Error(wrong))
    },
    lagging: named("lagging", decisions.lagging),
    autoUsers: named("autoUsers", decisions.autoUsers),

    ...workspacesOf(driver),
    ...logOf(driver),
    ...jobsOf(driver),

    bot: named("bot", bots.bot),
    liveBots: named("liveBots", bots.liveBots),
    writeBot: named("writeBot", bots.writeBot),
    releaseLaunches: named("releaseLaunches", bots.releaseLaunches),
    dueBots: named("dueBots", bots.dueBots),
    handedOver: named("handedOver", bots.handedOver),
    unapplied: named("unapplied", bots.unapplied),
    markApplied: named("markApplied", bots.markApplied),
    botsOf: named("botsOf", bots.botsOf),
    bots: named("bots", bots.bots)
  }
  return {
    capabilities: { commitOperationsMax },
    clock: Effect.suspend(named("clock", driver.clock ?? tellsNoTime)),
    ...parts,
    ...composedOf(driver, parts)
  }
}

/** What a store may leave out. */
type Composed = "account" | "listing" | "updatedListing" | "botListing" | "slicesOfBots" | "userNumbers" | "writeBots"

/** As the store answers it, or else put together from its simpler answers. */
const composedOf = <Handle>(
  { bots, connections, decisions, handle, mirror }: StoreDriver<Handle>,
  parts: Omit<StoreOperations, Composed | "capabilities" | "clock">
): Pick<StoreOperations, Composed> => {
  const named = namedOn(handle)
  const { account } = connections
  const { listing, updatedListing } = mirror
  const { botListing, writeBots } = bots
  const { slicesOfBots } = decisions
  const userNumbers =
    decisions.userNumbers === undefined ? userNumbersByParts(parts) : named("userNumbers", decisions.userNumbers)
  return {
    userNumbers,
    slicesOfBots: slicesOfBots === undefined ? slicesOfBotsByParts(parts) : named("slicesOfBots", slicesOfBots),
    writeBots: writeBots === undefined ? writeBotsByParts({ ...parts, userNumbers }) : named("writeBots", writeBots),
    account: account === undefined ? accountByParts(parts) : named("account", account),
    listing: listing === undefined ? listingByParts(parts) : named("listing", listing),
    updatedListing:
      updatedListing === undefined ? updatedListingByParts(parts) : named("updatedListing", updatedListing),
    botListing: botListing === undefined ? botListingByParts(parts) : named("botListing", botListing)
  }
}

const workspacesOf = <Handle>({
  handle,
  workspaces
}: Pick<StoreDriver<Handle>, "handle" | "workspaces">): WorkspaceOperations => {
  const named = namedOn(handle)
  return {
    joinWorkspace: named("joinWorkspace", workspaces.joinWorkspace),
    workspace: named("workspace", workspaces.workspace),
    savePolicy: named("savePolicy", workspaces.savePolicy),
    workspaceUsers: named("workspaceUsers", workspaces.workspaceUsers),
    pendingUsers: named("pendingUsers", workspaces.pendingUsers),
    notePolicy: named("notePolicy", workspaces.notePolicy),
    spreading: named("spreading", workspaces.spreading),
    finishSpreading: named("finishSpreading", workspaces.finishSpreading)
  }
}

const jobsOf = <Handle>({ handle, jobs }: Pick<StoreDriver<Handle>, "handle" | "jobs">): JobOperations => {
  const named = namedOn(handle)
  return {
    claimJob: named("claimJob", jobs.claimJob),
    jobRun: named("jobRun", jobs.jobRun),
    jobProgress: named("jobProgress", jobs.jobProgress),
    saveJobProgress: named("saveJobProgress", jobs.saveJobProgress),
    finishJob: named("finishJob", jobs.finishJob),
    leaveShare: named("leaveShare", jobs.leaveShare),
    finishShare: named("finishShare", jobs.finishShare),
    sharesLeft: named("sharesLeft", jobs.sharesLeft)
  }
}

const logOf = <Handle>({
  changes,
  handle,
  history
}: Pick<StoreDriver<Handle>, "changes" | "handle" | "history">): ChangeOperations & HistoryOperations => {
  const named = namedOn(handle)
  return {
    changes: named("changes", changes.changes),
    changePlace: named("changePlace", changes.changePlace),
    allChanges: named("allChanges", changes.allChanges),
    changesEnd: Effect.suspend(named("changesEnd", changes.changesEnd)),
    timeline: named("timeline", changes.timeline),
    tellCoverage: named("tellCoverage", changes.tellCoverage),
    pruneChanges: named("pruneChanges", changes.pruneChanges),
    pruneHistory: named("pruneHistory", history.pruneHistory),
    pruneJobs: named("pruneJobs", history.pruneJobs)
  }
}

const tellsNoTime = (): Effect.Effect<Option.Option<StoreTime>> => Effect.succeedNone

type Name = Exclude<keyof StoreOperations, "capabilities">

/** An operation of a driver's as the port's: with its name, a span, and the port's error. */
const namedOn =
  <Handle>(handle: Handle) =>
  <Args extends ReadonlyArray<unknown>, A>(
    operation: Name,
    perform: (handle: Handle, ...args: Args) => Effect.Effect<A, Error>
  ): ((...args: Args) => Effect.Effect<A, StoreError>) => {
    // No stack: this line is where all of them begin, and capturing it takes longer than an operation in memory.
    const span = Effect.withSpan(`Store.${operation}`, undefined, { captureStackTrace: false })
    const asPortError = Effect.mapError((error: Error) => new StoreError({ operation, reason: reasonOf(error) }))
    return (...args) => {
      const performed = asPortError(perform(handle, ...args))
      // A span that nobody records costs half of what an operation in memory does.
      return Effect.withFiber((fiber) => (fiber.getRef(References.TracerEnabled) ? span(performed) : performed))
    }
  }

const reasonOf = (error: Error): StoreError["reason"] =>
  error instanceof Conflict || error instanceof Fenced || error instanceof StoreUnavailable
    ? error
    : new StoreUnavailable({ message: error.message, cause: error })

/** What no store could take, whatever its state: a mistake of the caller's. Null: nothing. */
const wrongWith = (decision: Commit, operationsMax: number): string | null => {
  if ((decision.bots?.length ?? 0) > operationsMax) return `a commit takes ${operationsMax} bot writes at most`
  const instants = [decision.decideAt ?? 0, ...(decision.bots ?? []).map(({ bot }) => bot.joinAt)]
  return instants.every(Number.isFinite) ? null : "durable stores keep finite instants only"
}

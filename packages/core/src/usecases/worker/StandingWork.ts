/**
 * All the work that goes on by itself in a process, part by part. A host that runs it forgets nothing.
 * Decides which parts there are, and that one which dies of a defect is started again with the defect in the log; a store
 * that is away is no defect of each part, and is told once (`StorageOutage.ts`). Any number of processes may run any parts
 * of it at once: what must happen once is claimed in the store.
 */
import { Cause, Context, Effect, Schedule } from "effect"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { Launcher } from "../../ports/Launcher.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import type { Store } from "../../ports/Store.ts"
import type { UserShares } from "../account/UserShares.ts"
import type { WakeSignal } from "../account/WakeSignal.ts"
import type { LaunchPool } from "../launch/LaunchPool.ts"
import { auditing, autoScheduling, pruning, renewing } from "./DailyJobs.ts"
import type { CoverageTurn } from "./TellCoverage.ts"
import { isToldOfOutage, noteEndOfWork, quietDuringOutages } from "./StorageOutage.ts"
import { withdrawing } from "./Withdrawing.ts"
import { firing, ringing } from "./Firing.ts"
import { sweeping, syncing } from "./Worker.ts"

type Requirements =
  | CalendarProviders
  | CoverageTurn
  | Launcher
  | LaunchPool
  | Scheduler
  | Secrets
  | Store
  | UserShares
  | WakeSignal

const alwaysParts = ["sync", "launch", "ring", "sweep", "withdraw"] as const
const dailyParts = ["autoSchedule", "renew", "audit", "prune"] as const

/** Every part of the standing work, by its name. */
export const workParts = [...alwaysParts, ...dailyParts] as const

export type WorkPart = (typeof workParts)[number]

/**
 * Who is told, beside the log, of a failure that work got over by itself: for hosts that have a log of their own. Of storage
 * that is out of reach they are told once, whatever else fails for it until it is back.
 */
export const WorkFailures = Context.Reference<(error: Error, part: WorkPart) => void>(
  "@punctual/core/usecases/worker/WorkFailures",
  { defaultValue: () => () => {} }
)

/** A part that died rests so long, so that a lasting defect does not burn the machine. */
const restMillis = 1_000

/** Each with the error that ends it, if one does. */
const parts: { readonly [Part in WorkPart]: Effect.Effect<unknown, Error, Requirements> } = {
  /** Calendars that are due are read. */
  sync: syncing,
  /** Bots are launched as the scheduler rings for them. */
  launch: firing,
  /** Bots that the scheduler should have rung for and did not. */
  ring: ringing,
  /** What was missed is mended: decisions, schedules, disconnects. */
  sweep: sweeping,
  /** Bots in meetings that changed are withdrawn. */
  withdraw: withdrawing,
  /** Midnight: the next day's meetings of those who want a bot for everything. */
  autoSchedule: autoScheduling,
  /** Subscriptions are prolonged before they end. */
  renew: renewing,
  /** The scheduler is compared with what the bots call for. */
  audit: auditing,
  /** What is past is forgotten. */
  prune: pruning
}

/** Never ends; a failure of one part rests that part alone. */
export const standingWork = (chosen: ReadonlyArray<WorkPart> = workParts): Effect.Effect<never, never, Requirements> =>
  Effect.forEach(new Set(chosen), (part) => restarting(part, parts[part]), { concurrency: "unbounded" }).pipe(
    Effect.andThen(Effect.never),
    quietDuringOutages
  )

/** Whoever is told may throw: that is nothing to the work. */
const told = (part: WorkPart, cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Effect.flatMap(isToldOfOutage(cause), (isTold) =>
    isTold
      ? Effect.void
      : Effect.flatMap(WorkFailures, (tell) => Effect.sync(() => tell(asError(Cause.squash(cause)), part)))
  ).pipe(Effect.catchCause((thrown) => Effect.logError("who was told of a failure failed", thrown)))

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown })

const restarting = <E, R>(part: WorkPart, work: Effect.Effect<unknown, E, R>): Effect.Effect<unknown, never, R> =>
  work.pipe(
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.interrupt
        : noteEndOfWork(cause).pipe(
            Effect.andThen(Effect.logError("standing work failed; it goes on shortly", cause)),
            Effect.annotateLogs({ part }),
            Effect.andThen(told(part, cause))
          )
    ),
    Effect.repeat(Schedule.spaced(restMillis))
  )

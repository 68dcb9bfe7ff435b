/**
 * The port to a durable alarm clock. It is a projection of the store, never the truth: a fire is checked against the
 * store before anything is launched, so late, doubled and stale fires do no harm.
 *
 * Laws: `put` replaces by name and group; a `put` with a lower revision than the one held changes nothing;
 * `cancel` tolerates absence; a due schedule is delivered at least once and never before its instant
 * (rounded down to `precisionMillis`), or before it by no more than was asked for; a schedule whose instant has passed is due at once; of several schedules each
 * fares by itself, and what became of each is told.
 */
import { Context, Effect, Result, Schema, type Stream } from "effect"
import type { BotId, ScheduleName, UserId } from "../domain/Ids.ts"
import type { Instant } from "../domain/Time.ts"
import { portMessage } from "./PortMessage.ts"

/** One alarm. `name` and `group` identify it; of two under one name the greater `revision` stands. */
export interface Schedule {
  readonly name: ScheduleName
  readonly group: string
  readonly at: Instant
  readonly revision: number
  readonly userId: UserId
  readonly botId: BotId
}

/** A due schedule. `done` is called once whatever it led to is durable; without it the fire comes again. */
export interface Fire extends Schedule {
  readonly done: Effect.Effect<void, SchedulerError>
}

/** Asked to wait. */
export class SchedulerThrottled extends Schema.TaggedError<SchedulerThrottled>()("SchedulerThrottled", {}) {
  override get message(): string {
    return "asked to wait; try again later"
  }
}
/** Refused for good: this schedule can't be held as it is. */
export class SchedulerRefused extends Schema.TaggedError<SchedulerRefused>()("SchedulerRefused", {
  message: Schema.String,
  /** What the adapter's driver failed with. */
  cause: Schema.optionalKey(Schema.Defect())
}) {}
/** Out of reach, or answering nonsense. */
export class SchedulerUnavailable extends Schema.TaggedError<SchedulerUnavailable>()("SchedulerUnavailable", {
  message: Schema.String,
  /** What the adapter's driver failed with. */
  cause: Schema.optionalKey(Schema.Defect())
}) {}

export class SchedulerError extends Schema.TaggedError<SchedulerError>()("SchedulerError", {
  operation: Schema.Literals(["put", "cancel", "list", "fires", "done"]),
  reason: Schema.Union([SchedulerThrottled, SchedulerRefused, SchedulerUnavailable])
}) {
  override readonly cause = this.reason
  override get message(): string {
    return portMessage("Scheduler", this.operation, this.reason)
  }
  get isRetryable(): boolean {
    return this.reason._tag !== "SchedulerRefused"
  }
}

/** What became of one schedule: it is as was asked, or why it is not. */
export type ScheduleOutcome = Result.Result<void, SchedulerError>

/** Fails with the first that was not done: for whoever asked for one, or for all or none. */
export const allDone = (answer: Effect.Effect<ReadonlyArray<ScheduleOutcome>>): Effect.Effect<void, SchedulerError> =>
  Effect.flatMap(answer, (outcomes) => Effect.fromResult(outcomes.find(Result.isFailure) ?? Result.void))

/** One answer for all, from an adapter that does all or none. */
export const sameForAll = (
  schedules: ReadonlyArray<unknown>,
  done: Effect.Effect<unknown, SchedulerError>
): Effect.Effect<ReadonlyArray<ScheduleOutcome>> =>
  Effect.map(Effect.result(Effect.asVoid(done)), (outcome) => schedules.map(() => outcome))

export class Scheduler extends Context.Service<
  Scheduler,
  {
    readonly capabilities: {
      /** Instants are kept to this precision; 1 for exact. */
      readonly precisionMillis: number
      /** Schedules taken by one `put`. */
      readonly putMax: number
    }
    /** An outcome for each, in their order. Putting again is harmless. */
    readonly put: (schedules: ReadonlyArray<Schedule>) => Effect.Effect<ReadonlyArray<ScheduleOutcome>>
    /** The same. */
    readonly cancel: (
      schedules: ReadonlyArray<Pick<Schedule, "name" | "group" | "revision">>
    ) => Effect.Effect<ReadonlyArray<ScheduleOutcome>>
    /** Everything held, in no particular order. */
    readonly list: Stream.Stream<Schedule, SchedulerError>
    /**
     * Never ends. Batches of schedules that are due, soonest first; where an adapter can, also of those that will be within
     * `aheadMillis`: whoever takes one before its instant waits for that. What is put in the place of one that was delivered
     * ahead is delivered anew.
     */
    readonly fires: (aheadMillis: number) => Stream.Stream<ReadonlyArray<Fire>, SchedulerError>
  }
>()("@punctual/core/ports/Scheduler") {}

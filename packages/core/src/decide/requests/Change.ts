/**
 * What a request changes of a user's intents, and the function that plans it. Shapes alone: each file beside this one is
 * one kind of request.
 */
import type { CurrentState } from "../reschedule/CurrentState.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import type { AutoSchedule, Intent, Override } from "../../domain/Intent.ts"
import type { ChangeCause } from "../../domain/LoggedChange.ts"
import type { Policy } from "../../domain/Policy.ts"
import { Refusal } from "../../domain/Refusal.ts"
import type { Instant } from "../../domain/Time.ts"

/** What a request writes by itself. Bots follow from it. */
export interface Change {
  readonly auto?: AutoSchedule
  readonly putIntents?: ReadonlyArray<Intent>
  readonly deleteIntents?: ReadonlyArray<string>
  readonly putOverrides?: ReadonlyArray<Override>
  readonly deleteOverrides?: ReadonlyArray<MeetingKey>
  /** Null: a pause ends. */
  readonly pausedUntil?: Instant | null
  /** For an auto-schedule run: starts from here on count although they have passed. */
  readonly graceFrom?: Instant | null
  /** Bots past hand-over with something new to say of themselves, as their next revision. */
  readonly noted?: ReadonlyArray<Bot>
}

/** The instant and the policy that a request is planned by. */
export interface At {
  readonly now: Instant
  readonly policy: Policy
}

/** A change, and the answer to the caller. */
export interface Plan<A> {
  readonly change: Change
  readonly answer: A
  /** What is new, for the log. Left out: the user, where anything is asked for. */
  readonly cause?: ChangeCause
}

/** Plans a request against the state as it is when it is decided: again for each attempt to write it. */
export type Request<A> = (state: CurrentState, at: At) => Plan<A> | Refusal

/** The empty request: what changed in the calendar is decided. */
export const nothing: Request<null> = () => ({ change: {}, answer: null })

/** The same, since something else than the calendar may have changed. */
export const nothingBut =
  (cause: ChangeCause): Request<null> =>
  () => ({ change: {}, answer: null, cause })

/** A request that is never refused and answers nothing. */
export const changing =
  (change: (state: CurrentState, at: At) => Change, cause: ChangeCause = "user"): Request<null> =>
  (state, at) => ({ change: change(state, at), answer: null, cause })

/** The plan of a request that may be refused and answers nothing. */
export const planned = (change: Change | Refusal): Plan<null> | Refusal =>
  change instanceof Refusal ? change : { change, answer: null }

/**
 * What a request changes of a user's intents, and the function that plans it. Shapes alone: each file beside this one is
 * one kind of request.
 */
import type { CurrentState } from "../reschedule/CurrentState.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import type { AutoSchedule, Intent, Override } from "../../domain/Intent.ts"
import type { Policy } from "../../domain/Policy.ts"
import { Refusal } from "../../domain/Refusal.ts"
import type { Instant } from "../../domain/Time.ts"

/** What is written besides what follows from it. */
export interface Change {
  readonly auto?: AutoSchedule
  readonly putIntents?: ReadonlyArray<Intent>
  readonly deleteIntents?: ReadonlyArray<string>
  readonly putOverrides?: ReadonlyArray<Override>
  readonly deleteOverrides?: ReadonlyArray<MeetingKey>
  /** For an auto-schedule run: starts from here on count although they have passed. */
  readonly graceFrom?: Instant | null
  /** Bots past hand-over with something new to say of themselves, as their next revision. */
  readonly noted?: ReadonlyArray<Bot>
}

/** When a request is made, and by which rules. */
export interface At {
  readonly now: Instant
  readonly policy: Policy
}

/** A change, and what the one who asked is told beside the bots. */
export interface Plan<A> {
  readonly change: Change
  readonly answer: A
}

/** Plans a request against the state as it is when it is decided: again for each attempt to write it. */
export type Request<A> = (state: CurrentState, at: At) => Plan<A> | Refusal

/** Asks for nothing: what has changed by itself is decided. */
export const nothing: Request<null> = () => ({ change: {}, answer: null })

/** A change that depends on nothing but the state, and answers nothing. */
export const changing =
  (change: (state: CurrentState, at: At) => Change): Request<null> =>
  (state, at) => ({ change: change(state, at), answer: null })

/** A change that may be refused, and answers nothing. */
export const planned = (change: Change | Refusal): Plan<null> | Refusal =>
  change instanceof Refusal ? change : { change, answer: null }

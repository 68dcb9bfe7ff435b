/**
 * Everything that is worked out once for all meetings of a state, before they are judged one by one.
 */
import { type Rulebook, rulebookOf } from "./Ruling.ts"
import { type Reach, reach, virtualCopies } from "../intents/IntentReach.ts"
import type { StateIndex } from "../state/StateIndex.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import type { Policy } from "../../domain/Policy.ts"
import type { Instant } from "../../domain/Time.ts"

export interface DesiredOptions {
  readonly policy: Policy
  readonly now: Instant
  /** For one auto-schedule run: starts from this instant on count although they have passed. */
  readonly graceFrom?: Instant | null
}

export interface DecisionContext extends DesiredOptions {
  readonly index: StateIndex
  readonly reach: Reach
  readonly rulebook: Rulebook
  readonly far: ReadonlyMap<MeetingKey, ReadonlyArray<CalendarEvent>>
  readonly meetings: ReadonlySet<MeetingKey>
}

/** Everything that is worked out once for all meetings of a state. */
export const contextOf = (index: StateIndex, options: DesiredOptions): DecisionContext => {
  const reached = reach(index, options.now)
  const far = virtualCopies(index, reached, options.now)
  return {
    ...options,
    index,
    reach: reached,
    rulebook: rulebookOf(index.state),
    far,
    meetings: new Set([...index.copies.keys(), ...far.keys(), ...index.bots.keys()])
  }
}

/**
 * Decisions that follow upon launches and can wait until the burst is over: the next occurrences of chains, say.
 *
 * Decides when: as soon as nobody waits for a slot, or when one has waited long itself; few at once, so that they leave the
 * store to launches. What fails is for the sweep.
 */
import { Effect } from "effect"
import { launchLimits } from "../../domain/Limits.ts"
import type { Instant } from "../../domain/Time.ts"
import type { StoreError } from "../../ports/Store.ts"
import type { LaunchRequirements } from "./LaunchRequirements.ts"

/** A decision made later. What fails in it is logged. */
export type FollowUp = Effect.Effect<void, never, LaunchRequirements>

export interface FollowUps {
  readonly add: (decision: Effect.Effect<void, StoreError, LaunchRequirements>, now: Instant) => void
  /** Those that may be made now; `isCalm`: nobody waits for a slot. They have begun by being taken. */
  readonly take: (now: Instant, isCalm: boolean) => ReadonlyArray<FollowUp>
  readonly size: () => number
}

/** `onDone`: one has ended, and another may be taken. */
export const makeFollowUps = (onDone: () => void): FollowUps => {
  const waiting: Array<{ readonly decision: FollowUp; readonly since: Instant }> = []
  let deciding = 0
  const ended = Effect.sync(() => {
    deciding -= 1
    onDone()
  })
  return {
    add: (decision, since) => {
      waiting.push({
        since,
        decision: decision.pipe(
          Effect.catchCause((cause) => Effect.logWarning("not decided after a launch; the sweep decides", cause)),
          Effect.ensuring(ended)
        )
      })
    },
    take: (now, isCalm) => {
      const old = waiting.filter(({ since }) => now - since >= launchLimits.decisionMillisMax).length
      const taken = waiting.splice(0, Math.min(isCalm ? waiting.length : old, launchLimits.decisionsAtOnce - deciding))
      deciding += taken.length
      return taken.map(({ decision }) => decision)
    },
    size: () => waiting.length
  }
}

/**
 * The bytes of a fetched feed, given back to the system as soon as nobody reads them any more.
 * Decides when that is. The collector sees of them a small object, and comes for it when it comes: until then each feed that was
 * read would stand in memory beside the one that is.
 */
import { Effect, type Scope } from "effect"

export interface HeldBytes {
  readonly hold: () => void
  /** Once for each time that they were held. Who forgets to leaves them to the collector. */
  readonly leave: () => void
}

/** `free`: how they are given back; undefined: they are somebody's who keeps them. */
export const heldBytes = (free: (() => void) | undefined): HeldBytes => {
  let holders = 0
  return {
    hold: () => {
      holders++
    },
    leave: () => {
      holders--
      if (holders === 0) free?.()
    }
  }
}

/** From this call on, before the effect is run: whoever comes between can't give them back. */
export const holdInScope = (held: HeldBytes): Effect.Effect<void, never, Scope.Scope> => {
  held.hold()
  return Effect.addFinalizer(() => Effect.sync(held.leave))
}

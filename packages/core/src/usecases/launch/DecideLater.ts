/**
 * What follows upon a launch and can wait: the next occurrence of a chain, say.
 * Decides nothing: whoever launches many at once decides when. By itself it is decided at once.
 */
import { Context, type Effect } from "effect"
import type { StoreError } from "../../ports/Store.ts"
import type { LaunchRequirements } from "./LaunchRequirements.ts"

type Decision = Effect.Effect<void, StoreError, LaunchRequirements>

export const DecideLater = Context.Reference<(decision: Decision) => Decision>(
  "@punctual/core/usecases/launch/DecideLater",
  { defaultValue: () => (decision) => decision }
)

/**
 * Which process this is, for leases: what one life leaves behind the next one lets go of.
 * Decides nothing. A host that knows no name that outlives a restart leaves it null; then leases end by themselves.
 */
import { Context } from "effect"

/** The same in each life of a process, and of no other that runs at the same time. */
export const CurrentInstance = Context.Reference<string | null>("@punctual/core/usecases/launch/CurrentInstance", {
  defaultValue: () => null
})

/**
 * What a host may set for the use cases, each with a safe default.
 */
import { Context } from "effect"
import { type Policy, defaultPolicy } from "../../domain/Policy.ts"

/** The policy in force: the default one, unless a host provides its own. */
export const CurrentPolicy = Context.Reference<Policy>("@punctual/core/usecases/CurrentPolicy", {
  defaultValue: () => defaultPolicy
})

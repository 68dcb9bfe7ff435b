/**
 * Whether what is asked for just now is on the way to a launch. A store with few connections keeps some for it: bots are
 * due at an instant, and whatever else is asked may wait.
 */
import { Context } from "effect"

export const ForLaunch = Context.Reference<boolean>("@punctual/core/ports/ForLaunch", { defaultValue: () => false })

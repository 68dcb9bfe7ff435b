/**
 * How old a place in the log is, and how old one may be.
 * Decides that a place is as old as the earliest of what may lie beyond it: in everybody's log times are mixed.
 */
import { Clock, Effect } from "effect"
import type { LoggedChange } from "../../domain/LoggedChange.ts"
import type { Instant } from "../../domain/Time.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"

/** From when on entries are kept, whether or not those that are older were removed by now. */
export const keptSince: Effect.Effect<Instant> = Effect.gen(function* () {
  const { changesKeptMillis } = yield* CurrentPolicy
  return (yield* Clock.currentTimeMillis) - changesKeptMillis
})

/** Undefined: there are none. */
export const earliestOf = (items: ReadonlyArray<LoggedChange>): Instant | undefined =>
  items.length === 0 ? undefined : Math.min(...items.map(({ occurredAt }) => occurredAt))

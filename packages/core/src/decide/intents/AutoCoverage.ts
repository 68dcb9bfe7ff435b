/**
 * How far ahead auto-scheduling has decided, and which meetings that reaches.
 */
import type { CalendarEvent } from "../../domain/Event.ts"
import type { AutoSchedule } from "../../domain/Intent.ts"
import type { Policy } from "../../domain/Policy.ts"
import type { Instant } from "../../domain/Time.ts"

/** Whether auto-scheduling may make a bot for a meeting, by its times alone. */
export const autoCovers = (
  auto: AutoSchedule,
  event: Pick<CalendarEvent, "start" | "end">,
  now: Instant,
  /**
   * For a late run: starts from this instant on count although they have passed. Null: no start that has passed counts.
   */
  graceFrom: Instant | null
): boolean =>
  auto.coveredUntil !== null &&
  event.start < auto.coveredUntil &&
  event.end > now &&
  (event.start > now || (graceFrom !== null && event.start >= graceFrom))

/**
 * The coverage after auto-scheduling ran at `now`: asked for by hand it reaches 24 hours ahead, at midnight further by
 * lead and slack, so that a late run leaves no gap. It never shrinks.
 */
export const extendCoverage = (
  auto: AutoSchedule,
  policy: Policy,
  now: Instant,
  midnight: Instant | null
): AutoSchedule => {
  const until =
    midnight === null
      ? now + policy.autoAheadMillis
      : midnight + policy.autoAheadMillis + policy.leadMillis + policy.autoSlackMillis
  return { ...auto, coveredUntil: Math.max(auto.coveredUntil ?? until, until) }
}

/**
 * What a request changes of a user's intents. Shape alone.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import type { AutoSchedule, Intent, Override } from "../../domain/Intent.ts"
import type { Series } from "../../domain/Series.ts"
import type { Instant } from "../../domain/Time.ts"

/** What a request changes of a user's wishes, in terms of `currentSlice`. */
export interface Change {
  readonly auto?: AutoSchedule
  readonly putIntents?: ReadonlyArray<Intent>
  readonly deleteIntents?: ReadonlyArray<string>
  readonly putOverrides?: ReadonlyArray<Override>
  readonly deleteOverrides?: ReadonlyArray<MeetingKey>
  /** Cancelled and moved occurrences of series, just asked for. */
  readonly details?: ReadonlyArray<Pick<Series, "id" | "exceptions">>
  /** For an auto-schedule run: starts from here on count although they have passed. */
  readonly graceFrom?: Instant | null
  /** Bots past hand-over with something new to say of themselves, as their next revision. */
  readonly noted?: ReadonlyArray<Bot>
}

/**
 * What a store does with bots outside decisions: the launch protocol's writes, and who is due, handed over or behind.
 * Decides the types alone, as `StoreOperations.ts` does for the other groups.
 */
import type { Effect, Option } from "effect"
import type { Bot } from "../domain/Bot.ts"
import type { BotId, MeetingKey, UserId } from "../domain/Ids.ts"
import type { BotChange } from "../domain/LoggedChange.ts"
import type { Instant } from "../domain/Time.ts"
import type { BotListing, BotsQuery, DueBot, OwnedBot, OwnedBotWrite, Page, Place } from "./StoreAnswers.ts"
import type { StoreError } from "./StoreError.ts"

type Result<A> = Effect.Effect<A, StoreError>

/** Bots outside decisions. */
export interface BotOperations {
  readonly bot: (userId: UserId, botId: BotId) => Result<Option.Option<Bot>>
  /** How many of the user's bots are scheduled or being launched. */
  readonly liveBots: (userId: UserId) => Result<number>
  /** Writes a bot outside a decision (launch protocol), if its revision is `expected`, and leaves the change in the log. */
  readonly writeBot: (userId: UserId, bot: Bot, expected: number, change?: BotChange | null) => Result<void>
  /**
   * The same for several bots, of whichever users, each by itself with its change: whatever becomes of one, the others are
   * written. One that names numbers is written only while they are its user's. For each, in the same order, whether it was
   * written. A bot is named once.
   */
  readonly writeBots: (writes: ReadonlyArray<OwnedBotWrite>) => Result<ReadonlyArray<boolean>>
  /**
   * Lets go of every launch that this process holds, by its name: another may go on from the instant on, or when the pause
   * between two attempts is over. Raises the bots' revisions, so that nothing is written under the old leases. Counts them.
   */
  readonly releaseLaunches: (owner: string, now: Instant) => Result<number>
  /**
   * `Scheduled` bots that join before the instant, and `Launching` ones whose lease and retry time are over by it; by join
   * time and id.
   */
  readonly dueBots: (before: Instant, limit: number) => Result<ReadonlyArray<DueBot>>
  /**
   * `Launched` bots with no reason yet (none was withdrawn) whose meeting, as it was launched for, ends after the
   * instant: by end and id, strictly beyond the place.
   */
  readonly handedOver: (endAfter: Instant, after: Place | null, limit: number) => Result<ReadonlyArray<OwnedBot>>
  /** Bots whose schedule is behind what is wanted, oldest first. */
  readonly unapplied: (limit: number) => Result<ReadonlyArray<OwnedBot>>
  /** Notes that the scheduler was brought to these revisions, without raising the bots' own; a lower number changes nothing. */
  readonly markApplied: (
    applied: ReadonlyArray<{ readonly userId: UserId; readonly botId: BotId; readonly revision: number }>
  ) => Result<void>
  /** Every bot of these meetings, newest first. */
  readonly botsOf: (userId: UserId, meetings: ReadonlyArray<MeetingKey>) => Result<ReadonlyArray<Bot>>
  readonly bots: (query: BotsQuery) => Result<Page<Bot>>
  /** The same page with the user's connections, asked for at once. */
  readonly botListing: (query: BotsQuery) => Result<BotListing>
}

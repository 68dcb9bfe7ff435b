/**
 * The log of changes: read by its users' consumers and by hosts, told back as a meeting's or a bot's story, and pruned.
 * Decides the types alone. An entry is written by the write that it tells of (`commit`, `writeBot`, `saveConnection`,
 * `finishPass`, `failPass`, `dropMirror`), but for what is foreseen of meetings, and goes with its user (`erase`).
 */
import type { Effect } from "effect"
import type { BotId, MeetingKey, UserId, WorkspaceId } from "../domain/Ids.ts"
import type { ChangeType, CoverageChange, LoggedChange } from "../domain/LoggedChange.ts"
import type { Instant } from "../domain/Time.ts"
import type { Page } from "./StoreAnswers.ts"
import type { StoreError } from "./StoreError.ts"

type Result<A> = Effect.Effect<A, StoreError>

export interface ChangesQuery {
  readonly userId: UserId
  /** Strictly beyond this sequence; 0: from the beginning. */
  readonly after: number
  /** Null: all. */
  readonly types: ReadonlyArray<ChangeType> | null
  readonly limit: number
}

/** A part of a log, oldest first. It may be empty and still not be the last: entries of other types were passed over. */
export interface ChangesPage<Place> {
  readonly items: ReadonlyArray<LoggedChange>
  /** Where to go on from, whether or not there is more by now. */
  readonly next: Place
  readonly hasMore: boolean
}

export interface AllChangesQuery {
  /** As the store has told it; null: from the earliest entry that is kept. */
  readonly after: string | null
  /** Null: of every workspace, and of none. */
  readonly workspaceId: WorkspaceId | null
  readonly types: ReadonlyArray<ChangeType> | null
  readonly limit: number
}

export interface TimelineQuery {
  readonly userId: UserId
  readonly of: { readonly meeting: MeetingKey } | { readonly botId: BotId }
  /** Strictly before this sequence; null: from the newest on. */
  readonly before: number | null
  readonly limit: number
}

export interface ChangeOperations {
  /**
   * A user's own entries, by sequence. An entry is never seen before one with a smaller number, so that whoever goes on from
   * `next` misses none.
   */
  readonly changes: (query: ChangesQuery) => Result<ChangesPage<number>>
  /** The sequence beyond which everything lies that happened to the user at the instant or later. */
  readonly changePlace: (userId: UserId, at: Instant) => Result<number>
  /**
   * Everybody's, at least once, and in order for each user. What follows a place may repeat entries
   * from before it, and leaves out none. A text that no store has made is read as the earliest place.
   */
  readonly allChanges: (query: AllChangesQuery) => Result<ChangesPage<string>>
  /** The place beyond which everything lies that is written from now on. */
  readonly changesEnd: Result<string>
  /** What happened to one meeting or bot, newest first. */
  readonly timeline: (query: TimelineQuery) => Result<Page<LoggedChange>>
  /**
   * Tells what became of coming meetings, if the user's log ends at this sequence still: whoever told something meanwhile has
   * seen other things. The one entry that no change comes with. Conflict: it goes on by now.
   */
  readonly tellCoverage: (userId: UserId, after: number, changes: ReadonlyArray<CoverageChange>) => Result<void>
  /** Removes entries that happened before the instant, at most about so many, and counts them; 0: there are none left. */
  readonly pruneChanges: (before: Instant, limit: number) => Result<number>
}

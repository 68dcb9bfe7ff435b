/**
 * The operations of the facade that follow what happens: the log of changes, stories of meetings and bots, the mirror as it
 * changes. Beside its refusals every one may fail with `StoreError`: the same call may be made again. Decides nothing.
 */
import type { Effect } from "effect"
import type { BotId, EventId, UserId } from "./domain/Ids.ts"
import type { LoggedChange } from "./domain/LoggedChange.ts"
import type { Page } from "./ports/Store.ts"
import type { Failure, SyncMode } from "./usecases/contract/Contract.ts"
import type {
  AllLogRequest,
  LogPage,
  OwnLogRequest,
  TimelineRequest,
  UpdatesPage,
  UpdatesRequest
} from "./usecases/contract/FollowContract.ts"

export interface LogOperations {
  /**
   * A part of a user's log, oldest first, with where to go on from. Where there is nothing it may be waited for. Also of a user
   * without a connection.
   *
   * Refused: `cursor_expired`.
   * Units: `limit`: entries. `waitMillis`: milliseconds. `at`, `since`: milliseconds since 1970.
   * @example
   * const { items, next } = yield* punctual.readChanges(user, { after: null, types: null, limit: 100, waitMillis: 0 })
   */
  readonly readChanges: (userId: UserId, request: OwnLogRequest) => Effect.Effect<LogPage<number>, Failure>

  /**
   * The same of everybody, or of a workspace: at least once, and in order for each user.
   *
   * Refused: `cursor_expired`.
   * Units: As above.
   * @example
   * const page = yield* punctual.readAllChanges({ after: null, workspaceId: null, types: null, limit: 100, waitMillis: 25_000 })
   */
  readonly readAllChanges: (request: AllLogRequest) => Effect.Effect<LogPage<string>, Failure>

  /**
   * What happened to one meeting or bot, newest first, as long as entries are kept. `changeSentence` puts an entry into words.
   *
   * Refused: `event_not_found`, `bot_not_found`.
   * Units: `limit`: entries. `before`: a sequence.
   * @example
   * const { items } = yield* punctual.timeline(user, { eventId: id }, { limit: 20, before: null })
   */
  readonly timeline: (
    userId: UserId,
    of: { readonly eventId: EventId } | { readonly botId: BotId },
    request: TimelineRequest
  ) => Effect.Effect<Page<LoggedChange>, Failure>

  /**
   * Events as they changed since a time or a place, those that are gone included: how a copy of the mirror is kept.
   *
   * Refused: `cursor_expired`, `calendar_not_connected`, `calendar_not_found`; without rows: `sync_in_progress`,
   * `provider_unavailable`, `reauthorization_required`.
   * Units: `limit`: rows. `from.at`: milliseconds since 1970.
   * @example
   * const { items, next } = yield* punctual.updatedEvents(user, { calendarId: "all", from: { at: 0 }, limit: 50 }, "never")
   */
  readonly updatedEvents: (
    userId: UserId,
    request: UpdatesRequest,
    sync: SyncMode
  ) => Effect.Effect<UpdatesPage, Failure>
}

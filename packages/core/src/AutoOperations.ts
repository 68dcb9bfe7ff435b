/**
 * The operations of the facade about what nobody asks for one by one: auto-scheduling with its rules, pauses, the forecast,
 * and what a workspace decides for all of its users. As in `RequestOperations.ts`.
 */
import type { Effect } from "effect"
import type { Forecast, LauncherState } from "./decide/Forecast.ts"
import type { Preview } from "./decide/Preview.ts"
import type { BotConfig } from "./domain/Bot.ts"
import type { UserId, WorkspaceId } from "./domain/Ids.ts"
import type { AutoSchedule } from "./domain/Intent.ts"
import type { Instant } from "./domain/Time.ts"
import type { WorkspacePolicy } from "./domain/Workspace.ts"
import type { StoreError } from "./ports/Store.ts"
import type { Failure } from "./usecases/contract/Contract.ts"
import type { AutoRules, RulesSet } from "./usecases/scheduling/AutoSchedule.ts"
import type { WorkspaceState } from "./usecases/workspace/Policy.ts"

export interface AutoOperations {
  /**
   * The settings of auto-scheduling as they stand.
   *
   * Refused: `calendar_not_connected`.
   * Units: Instants: milliseconds since 1970.
   * @example
   * const settings = yield* punctual.autoSchedule(user)
   */
  readonly autoSchedule: (userId: UserId) => Effect.Effect<AutoSchedule, Failure>

  /**
   * A bot for every meeting from now on that the rules let through. Null keeps the configuration there was, and what is left
   * out of the rules stays. Runs at once for this user. `parseRules` makes rules of JSON.
   *
   * Refused: `calendar_not_connected`.
   * Units: None.
   * @example
   * yield* punctual.enableAuto(user, { bot_name: "Notes" }, { otherwise: "skip" })
   */
  readonly enableAuto: (
    userId: UserId,
    config: BotConfig | null,
    rules?: AutoRules
  ) => Effect.Effect<AutoSchedule, Failure>

  /**
   * Sets other rules, and decides anew by them at once.
   *
   * Refused: `calendar_not_connected`.
   * Units: `joins`, `leaves`, `changes`: bots.
   * @example
   * const { leaves } = yield* punctual.setAutoRules(user, { rules })
   */
  readonly setAutoRules: (userId: UserId, rules: AutoRules) => Effect.Effect<RulesSet, Failure>

  /**
   * What `enableAuto` with the same arguments would do at this instant. Writes nothing.
   *
   * Refused: `calendar_not_connected`.
   * Units: None.
   * @example
   * const { joins, leaves } = yield* punctual.previewAuto(user, null, { rules })
   */
  readonly previewAuto: (userId: UserId, config: BotConfig | null, rules?: AutoRules) => Effect.Effect<Preview, Failure>

  /**
   * Launches nothing of the user's until an instant; null: launches go on. Answers with it.
   *
   * Refused: `calendar_not_connected`.
   * Units: `until`: milliseconds since 1970.
   * @example
   * yield* punctual.pause(user, Date.UTC(2027, 0, 7))
   */
  readonly pause: (userId: UserId, until: Instant | null) => Effect.Effect<Instant | null, Failure>

  /**
   * Until when the user's own pause lasts; null: launches go on.
   *
   * Refused: `calendar_not_connected`.
   * Units: Milliseconds since 1970.
   * @example
   * const until = yield* punctual.pausedUntil(user)
   */
  readonly pausedUntil: (userId: UserId) => Effect.Effect<Instant | null, Failure>

  /**
   * Whether the bots of the meetings that start before an instant will be there, and what endangers them.
   *
   * Refused: `calendar_not_connected`.
   * Units: `until`: milliseconds since 1970.
   * @example
   * const { meetings } = yield* punctual.forecast(user, tomorrow, { isConfigured: true, isFailing: false, supports: () => true })
   */
  readonly forecast: (userId: UserId, until: Instant, launcher: LauncherState) => Effect.Effect<Forecast, Failure>

  /**
   * A workspace's policy, and how many of its users it has not reached yet. Of one that nobody has written: the default.
   *
   * Refused: Never.
   * Units: `pendingUsers`: users, at most 10,000.
   * @example
   * const { policy } = yield* punctual.workspacePolicy(WorkspaceId.make("wsp_contoso"))
   */
  readonly workspacePolicy: (workspaceId: WorkspaceId) => Effect.Effect<WorkspaceState, StoreError>

  /**
   * The users of a workspace, by id, after the one named; null: from the first.
   *
   * Refused: Never.
   * Units: `limit`: users.
   * @example
   * const users = yield* punctual.workspaceUsers(WorkspaceId.make("wsp_contoso"), null, 100)
   */
  readonly workspaceUsers: (
    workspaceId: WorkspaceId,
    after: UserId | null,
    limit: number
  ) => Effect.Effect<ReadonlyArray<UserId>, StoreError>

  /**
   * Replaces it, and brings every user of the workspace to a new decision: for two seconds at once, the rest in the background.
   *
   * Refused: Never.
   * Units: `policy.pausedUntil`: milliseconds since 1970.
   * @example
   * yield* punctual.setWorkspacePolicy(WorkspaceId.make("wsp_contoso"), { ...noPolicy, rules })
   */
  readonly setWorkspacePolicy: (
    workspaceId: WorkspaceId,
    policy: Omit<WorkspacePolicy, "updatedAt">
  ) => Effect.Effect<WorkspaceState, StoreError>

  /**
   * What `setWorkspacePolicy` with the same policy would do to one of its users at this instant, also to bots that are in their
   * meetings. Writes nothing.
   *
   * Refused: `calendar_not_connected`.
   * Units: `policy.pausedUntil`: milliseconds since 1970.
   * @example
   * const { leaves } = yield* punctual.previewPolicy(user, WorkspaceId.make("wsp_contoso"), { ...noPolicy, rules })
   */
  readonly previewPolicy: (
    userId: UserId,
    workspaceId: WorkspaceId,
    policy: Omit<WorkspacePolicy, "updatedAt">
  ) => Effect.Effect<Preview, Failure>

  /**
   * Switches it off. Bots that it made stay, each as an intent of its own, unless they are to be cancelled too.
   *
   * Refused: `calendar_not_connected`.
   * Units: None.
   * @example
   * yield* punctual.disableAuto(user, false)
   */
  readonly disableAuto: (userId: UserId, cancelScheduled: boolean) => Effect.Effect<AutoSchedule, Failure>
}

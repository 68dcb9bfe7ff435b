/**
 * The port to the bot service. Outcomes are values, not failures: each is something the launch protocol
 * (`decide/launch`, `usecases/launch`) has an answer to.
 *
 * Laws: the bot's id is the idempotency key, so that the same call twice makes one bot (as far as `replays` says), and is
 * what the bot is found by (where `lookup` says so); a launcher never retries and never waits for longer than one answer
 * takes; nothing it is given is logged.
 */
import { Context, type Effect } from "effect"
import type { BotConfig } from "../domain/Bot.ts"
import type { BotId, EventId, UserId, WorkspaceId } from "../domain/Ids.ts"
import type { LaunchOutcome, LauncherCapabilities, LookupOutcome, WithdrawOutcome } from "../domain/LaunchOutcome.ts"
import type { Instant } from "../domain/Time.ts"
import type { MeetingLink } from "../links/Link.ts"

/** Everything a service is told. `joinAt` has come when a service is first asked: it means "now". */
export interface LaunchRequest {
  readonly botId: BotId
  readonly userId: UserId
  /** Of the user; null: of none that the store knows. */
  readonly workspaceId: WorkspaceId | null
  readonly link: MeetingLink
  readonly botName: string
  readonly joinAt: Instant
  readonly config: BotConfig
  readonly customAttributes: Readonly<Record<string, unknown>>
  readonly event: {
    readonly id: EventId
    readonly platformId: string
    readonly summary: string
    readonly start: Instant
    readonly end: Instant
  }
}

export type { LaunchOutcome, LauncherCapabilities, LookupOutcome, WithdrawOutcome } from "../domain/LaunchOutcome.ts"

export class Launcher extends Context.Service<
  Launcher,
  {
    /** `none`, `webhook`, … */
    readonly name: string
    readonly capabilities: LauncherCapabilities
    readonly launch: (request: LaunchRequest) => Effect.Effect<LaunchOutcome>
    /** The bot of a key. Asked only where `lookup` is among the capabilities. */
    readonly lookUp: (botId: BotId) => Effect.Effect<LookupOutcome>
    /**
     * Takes a bot back after hand-over. `externalId` is the service's own name for it, null where the answer that told it
     * was lost; `before` is when its meeting ends.
     */
    readonly withdraw: (botId: BotId, externalId: string | null, before: Instant) => Effect.Effect<WithdrawOutcome>
  }
>()("@punctual/core/ports/Launcher") {}

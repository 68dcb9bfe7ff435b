/**
 * The port to the bot service. Outcomes are values, not failures: each is something the launch protocol
 * (`usecases/launch/LaunchBot.ts`, `WithdrawBots.ts`) has an answer to.
 *
 * Laws: the bot's id is the idempotency key, so that the same call twice makes one bot (as far as `replays` says);
 * a launcher never retries and never waits for longer than one answer takes; nothing it is given is logged.
 */
import { Context, type Effect } from "effect"
import type { BotConfig } from "../domain/Bot.ts"
import type { BotId, EventId, UserId } from "../domain/Ids.ts"
import type { Instant } from "../domain/Time.ts"
import type { MeetingLink } from "../links/Link.ts"

/** Everything a service is told. `joinAt` has come when a service is first asked: it means "now". */
export interface LaunchRequest {
  readonly botId: BotId
  readonly userId: UserId
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

/** What became of one call. */
export type LaunchOutcome =
  /** The service has the bot, now or already. */
  | { readonly kind: "accepted"; readonly externalId: string | null; readonly isReplay: boolean }
  /** Refused for good. */
  | { readonly kind: "rejected"; readonly message: string }
  /** Not now. `definite`: the service said so itself, so that no bot can have come of it. */
  | {
      readonly kind: "retry"
      readonly afterMillis: number | null
      readonly definite: boolean
      readonly message: string
    }
  /** No launcher is configured. */
  | { readonly kind: "unconfigured" }

/**
 * What became of asking a bot back. `withdrawn`: it leaves. `gone`: it has left by itself, or was never there. `too_late`:
 * the service would not. `unsupported`: it can't be asked, or not about this one. `unanswered`: nobody knows yet; ask again.
 */
export type WithdrawOutcome = "withdrawn" | "gone" | "too_late" | "unsupported" | "unanswered"

export class Launcher extends Context.Service<
  Launcher,
  {
    /** `none`, `webhook`, … */
    readonly name: string
    readonly capabilities: {
      /** A second call under the same key makes no second bot. */
      readonly replays: boolean
      /** Bots are taken back after hand-over. */
      readonly withdraw: boolean
    }
    readonly launch: (request: LaunchRequest) => Effect.Effect<LaunchOutcome>
    /**
     * Takes a bot back after hand-over. `externalId` is the service's own name for it, null where the answer that told it
     * was lost; `before` is when its meeting ends.
     */
    readonly withdraw: (botId: BotId, externalId: string | null, before: Instant) => Effect.Effect<WithdrawOutcome>
  }
>()("@punctual/core/ports/Launcher") {}

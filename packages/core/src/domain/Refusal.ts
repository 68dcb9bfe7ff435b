/**
 * Why a request could not be done, as a stable code and a sentence for a person.
 */
import type { Bot } from "./Bot.ts"

/** Every word that a request can be refused with. */
export const refusalCodes = [
  "calendar_not_connected",
  "event_not_found",
  "bot_not_found",
  "calendar_not_found",
  "calendar_not_selectable",
  "occurrence_not_found",
  "not_recurring",
  "no_meeting_link",
  "event_cancelled",
  "event_ended",
  "join_time_in_past",
  "bot_already_scheduled",
  "bot_not_scheduled",
  "invalid_credentials",
  "mailbox_unavailable",
  "reauthorization_required",
  "provider_unavailable",
  "secrets_unavailable",
  "sync_in_progress",
  "quota_exceeded",
  "blocked_by_policy",
  "cursor_expired"
] as const

export type RefusalCode = (typeof refusalCodes)[number]

/** How a provider is unavailable: it asks to wait, does not answer as it should, or broke off a listing. */
export type ProviderTrouble = "throttled" | "failing" | "broken_off"

/** What a refusal says besides its code. */
export interface RefusalDetails {
  /** For a person. */
  readonly detail: string
  /** With `bot_already_scheduled`: the active bot. */
  readonly botId?: string
  /** With `bot_not_scheduled`: where the bot is. */
  readonly botStatus?: string
  /** Of what a provider failed at or refused: which, by its word in the API. */
  readonly platform?: string
  /** With `invalid_credentials` and `mailbox_unavailable`: what the provider said. */
  readonly providerError?: string
  readonly providerErrorCodes?: ReadonlyArray<number>
  /** With `quota_exceeded`: the name of the limit. */
  readonly limit?: "live_bots" | "bot_config" | "bot_configs"
  /** With `blocked_by_policy`: the workspace's rule that forbids it. */
  readonly ruleName?: string
  /** With `provider_unavailable`: in which way, for hosts that word it themselves. */
  readonly trouble?: ProviderTrouble
  /** With `provider_unavailable`: the provider's own status or word, where it gave one. */
  readonly providerSaid?: string
  /** With `provider_unavailable`: when to come again, in milliseconds. */
  readonly retryAfterMillis?: number
  /** With `cursor_expired`: when the earliest happened that is kept, where that is known; milliseconds since 1970. */
  readonly earliest?: number
  /** What it was refused for, where that is an error: for logs, never for a caller. */
  readonly cause?: unknown
}

/** An error without the Effect runtime, so that pure planners may answer with one; use cases fail with it. */
export class Refusal extends Error implements RefusalDetails {
  readonly _tag = "Refusal"
  override readonly name = "Refusal"
  readonly code: RefusalCode
  readonly detail: string
  declare readonly botId?: string
  declare readonly botStatus?: string
  declare readonly platform?: string
  declare readonly providerError?: string
  declare readonly providerErrorCodes?: ReadonlyArray<number>
  declare readonly providerSaid?: string
  declare readonly limit?: NonNullable<RefusalDetails["limit"]>
  declare readonly ruleName?: string
  declare readonly trouble?: ProviderTrouble
  declare readonly retryAfterMillis?: number
  declare readonly earliest?: number

  constructor({ cause, code, ...details }: RefusalDetails & { readonly code: RefusalCode }) {
    super(`${code}: ${details.detail}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.detail = details.detail
    Object.assign(this, details)
  }
}

/** A refusal with a sentence for a person. */
export const refuse = (code: RefusalCode, detail: string): Refusal => new Refusal({ code, detail })

/** There is a bot already: which one. */
export const alreadyScheduled = (bot: Bot): Refusal =>
  new Refusal({ code: "bot_already_scheduled", detail: "The meeting has a bot already.", botId: bot.id })

/** A bot that is past being scheduled: where it is. */
export const notScheduled = ({ status }: Pick<Bot, "status">): Refusal =>
  new Refusal({
    code: "bot_not_scheduled",
    detail: `The bot is ${status}, so it can't be changed.`,
    botStatus: status
  })

/** A locked rule of the workspace: nobody passes it. */
export const blockedByPolicy = (ruleName: string): Refusal =>
  new Refusal({
    code: "blocked_by_policy",
    detail: `The workspace’s rule “${ruleName}” allows no bot in this meeting. Its administrator can change that.`,
    ruleName
  })

export const eventNotFound: Refusal = refuse("event_not_found", "No such event.")

export const botNotFound: Refusal = refuse("bot_not_found", "No such bot.")

/**
 * Why a request could not be done, in words that a caller can act on.
 * Decides nothing: use cases name the code, hosts and the HTTP server put it into their own form.
 */
import { Schema } from "effect"
import type { Bot } from "../domain/Bot.ts"
import type { CalendarError } from "../ports/Calendar.ts"

/** Every word that a request can be refused with; HTTP shows them as they are. */
export const refusalCodes = [
  "calendar_not_connected",
  "event_not_found",
  "bot_not_found",
  "calendar_not_found",
  "occurrence_not_found",
  "not_recurring",
  "no_meeting_link",
  "event_cancelled",
  "event_ended",
  "join_time_in_past",
  "bot_already_scheduled",
  "bot_not_scheduled",
  "invalid_credentials",
  "reauthorization_required",
  "microsoft_unavailable",
  "sync_in_progress"
] as const

export type RefusalCode = (typeof refusalCodes)[number]

export class Refusal extends Schema.TaggedError<Refusal>()("Refusal", {
  code: Schema.Literals(refusalCodes),
  /** For a person. */
  detail: Schema.String,
  /** With `bot_already_scheduled`: the active bot. */
  botId: Schema.optionalKey(Schema.String),
  /** With `bot_not_scheduled`: where the bot is. */
  botStatus: Schema.optionalKey(Schema.String),
  /** With `invalid_credentials`: what the provider said. */
  providerError: Schema.optionalKey(Schema.String),
  providerErrorCodes: Schema.optionalKey(Schema.Array(Schema.Int)),
  /** With `microsoft_unavailable`: when to come again, in milliseconds. */
  retryAfterMillis: Schema.optionalKey(Schema.Finite)
}) {}

/** A refusal with a sentence for a person. */
export const refuse = (code: RefusalCode, detail: string): Refusal => new Refusal({ code, detail })

/** There is a bot already: which one. */
export const alreadyScheduled = (bot: Bot): Refusal =>
  new Refusal({ code: "bot_already_scheduled", detail: "The meeting has a bot already.", botId: bot.id })

/** Asked again after this long when the provider did not say. */
const retryAfterMillisUsual = 5_000

/** What a live call to the provider answers when it fails. `whileConnecting`: the credentials at hand are being tried. */
export const refusalOf = (error: CalendarError, whileConnecting = false): Refusal => {
  const { reason } = error
  switch (reason._tag) {
    case "GrantRevoked":
    case "SecretRejected":
      return new Refusal({
        code: whileConnecting ? "invalid_credentials" : "reauthorization_required",
        detail: reason.message,
        providerError: reason.error,
        providerErrorCodes: reason.errorCodes
      })
    case "CalendarGone":
      return refuse("calendar_not_found", "The calendar is not there any more.")
    case "Throttled":
      return new Refusal({
        code: "microsoft_unavailable",
        detail: "Microsoft asks to wait before the next request.",
        retryAfterMillis: reason.retryAfterMillis
      })
    case "Forbidden":
      return new Refusal({
        code: whileConnecting ? "invalid_credentials" : "reauthorization_required",
        detail: reason.message
      })
    default:
      return new Refusal({
        code: "microsoft_unavailable",
        detail: "Microsoft did not answer as it should. Try again shortly.",
        retryAfterMillis: retryAfterMillisUsual
      })
  }
}

/**
 * Members that several requests and answers share: ids, open objects, paging and keys.
 * Decides their limits, each by name and unit.
 */
import { jsonBytes, quotaLimits } from "@punctual/core"
import { Effect, Schema, SchemaIssue, SchemaTransformation } from "effect"

/** Ids are opaque to clients; no store keeps control characters in one. */
const idLengthMax = 512

const id = (description: string, example: string) =>
  Schema.String.check(
    Schema.isPattern(new RegExp(`^[^\\p{Cc}]{1,${idLengthMax}}$`, "u"), { message: "Expected an id" })
  ).annotate({ description, examples: [example] })

export const EventIdField = id("An event's id, or a series'", "evt_k3v8n2p5q9r1s4t7")
export const BotIdField = id("A bot's id", "bot_01jq3v8n2pk3v8n2p5q9r1s4t7")
export const CalendarIdField = id("A calendar's id at its provider", "AQMkADAwATM0MDAA")

/** What the account may do in a calendar. */
export const AccessRole = Schema.Literals(["owner", "writer", "reader", "freeBusyReader"])
export const UserIdField = id("A user's id", "usr_4f1c0a9be2d75a3c6e8f")
export const KeyIdField = id("A key's id", "key_9be2d75a3c6e8f4f1c0a")

/** Passed through as it is: what Punctual does not read in it, the bot service does. */
export const OpenObject = Schema.Record(Schema.String, Schema.Json).annotate({ identifier: "OpenObject" })

export const BotConfigField = OpenObject.check(
  Schema.makeFilter((config) =>
    jsonBytes(config) <= quotaLimits.botConfigBytesMax
      ? undefined
      : `Expected at most ${quotaLimits.botConfigBytesMax} bytes of JSON`
  )
).annotate({
  identifier: "BotConfig",
  description: "Handed to the bot service as it is. Punctual reads `bot_name` and `custom_attributes` alone.",
  examples: [{ bot_name: "My Meeting Bot", audio_required: true, video_required: false }]
})

const idempotencyKeyLengthMax = 255

export const IdempotencyHeader = {
  "idempotency-key": Schema.optionalKey(
    Schema.NonEmptyString.check(Schema.isMaxLength(idempotencyKeyLengthMax)).annotate({
      description: "The same key and body within 24 hours: the first answer again"
    })
  )
}

export const pageSizeMax = 100

/** 1 to 100, in digits. */
export const LimitParameter = Schema.String.annotate({ examples: ["20"] }).pipe(
  Schema.decodeTo(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: pageSizeMax })),
    SchemaTransformation.transformEffect({
      decode: (text: string) =>
        /^\d{1,4}$/.test(text)
          ? Effect.succeed(Number(text))
          : Effect.fail(new SchemaIssue.InvalidValue({ message: `Expected a number from 1 to ${pageSizeMax}` })),
      encode: (limit: number) => Effect.succeed(String(limit))
    })
  )
)

/** `true` or `false`. */
export const FlagParameter = Schema.Literals(["true", "false"]).pipe(
  Schema.decodeTo(
    Schema.Boolean,
    SchemaTransformation.transform({
      decode: (text: "true" | "false") => text === "true",
      encode: (flag: boolean): "true" | "false" => (flag ? "true" : "false")
    })
  )
)

export const CursorParameter = Schema.String.annotate({ description: "From `next` or `previous` of a page" })

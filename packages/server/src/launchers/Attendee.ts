/**
 * Attendee as the bot service: its create-bot call, and the call that makes a bot leave.
 * Decides what of a launch it is told. Source: the service's public API reference as of September 2026.
 */
import { type Layer, Option, Schema } from "effect"
import type { Launcher } from "@punctual/core"
import { type ServiceOptions, asTexts, layerOf, memberOf, objectIn } from "./Service.ts"

export const layer = (options: ServiceOptions): Layer.Layer<Launcher> =>
  layerOf(
    {
      name: "attendee",
      baseUrl: "https://app.attendee.dev/",
      path: "api/v1/bots",
      // Until the bot of a key has ended; then the key is free for another. It is looked up before it is repeated.
      replays: true,
      listing: (botId) => `api/v1/bots?deduplication_key=${encodeURIComponent(botId)}`,
      body: ({ botId, botName, config, customAttributes, link }) => {
        // Members that it does not know are refused, and so is a calendar event beside a meeting's address.
        const { calendar_event_id: _, custom_attributes: __, join_at: ___, ...rest } = config
        return {
          ...rest,
          meeting_url: link.url,
          bot_name: botName,
          deduplication_key: botId,
          metadata: { ...asTexts(objectIn(config, "metadata")), ...asTexts(customAttributes) }
        }
      },
      reads: ({ status, text }) =>
        status === 400 && isKeyTaken(text) ? { kind: "accepted", externalId: null, isReplay: true } : null,
      leaving: {
        method: "POST",
        path: (id) => `api/v1/bots/${id}/leave`,
        statusPath: (id) => `api/v1/bots/${id}`,
        isDone: (text) => doneStates.has(memberOf(text, "state") ?? "")
      }
    },
    options
  )

/**
 * A second bot under the same key is refused, with the key's member named and that it is in use: the first one stands. What
 * else may be wrong with that member, or with a text that speaks of it, is a refusal like any other.
 */
const isKeyTaken = (text: string): boolean =>
  Option.match(Schema.decodeUnknownOption(KeyRefusal)(text), {
    onNone: () => false,
    onSome: ({ deduplication_key: why }) => [why].flat().some((each) => /\b(?:already|exists|in use)\b/i.test(each))
  })

const KeyRefusal = Schema.fromJsonString(
  Schema.Struct({ deduplication_key: Schema.Union([Schema.String, Schema.Array(Schema.String)]) })
)

const doneStates: ReadonlySet<string> = new Set(["leaving", "post_processing", "ended", "fatal_error", "data_deleted"])

/**
 * Attendee as the bot service: its create-bot call, and the call that makes a bot leave.
 * Decides what of a launch it is told. Source: the service's public API reference as of September 2026.
 */
import type { Layer } from "effect"
import type { HttpClient } from "effect/http"
import type { Launcher } from "@punctual/core"
import { type ServiceOptions, asTexts, layerOf, memberOf, objectIn } from "./Service.ts"

export const layer = (options: ServiceOptions): Layer.Layer<Launcher, never, HttpClient.HttpClient> =>
  layerOf(
    {
      name: "attendee",
      baseUrl: "https://app.attendee.dev/",
      path: "api/v1/bots",
      replays: true,
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
      // A second bot under the same key is refused, with the key named: the first one stands.
      reads: ({ status, text }) =>
        status === 400 && text.includes("deduplication_key")
          ? { kind: "accepted", externalId: null, isReplay: true }
          : null,
      leaving: {
        method: "POST",
        path: (id) => `api/v1/bots/${id}/leave`,
        statusPath: (id) => `api/v1/bots/${id}`,
        isDone: (text) => doneStates.has(memberOf(text, "state") ?? "")
      }
    },
    options
  )

const doneStates: ReadonlySet<string> = new Set(["leaving", "post_processing", "ended", "fatal_error", "data_deleted"])

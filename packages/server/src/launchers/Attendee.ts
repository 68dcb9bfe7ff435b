/**
 * Attendee as the bot service: its create-bot call.
 * Decides what of a launch it is told. Source: the service's public API reference as of September 2026.
 */
import type { Layer } from "effect"
import type { HttpClient } from "effect/http"
import type { Launcher } from "@punctual/core"
import { asTexts, layerOf, type ServiceOptions } from "./Service.ts"

export const layer = (options: ServiceOptions): Layer.Layer<Launcher, never, HttpClient.HttpClient> =>
  layerOf(
    {
      name: "attendee",
      baseUrl: "https://app.attendee.dev/",
      path: "api/v1/bots",
      replays: true,
      body: ({ botId, botName, config, customAttributes, link }) => {
        // Members that it does not know are refused.
        const { custom_attributes: _, ...rest } = config
        return {
          ...rest,
          meeting_url: link.url,
          bot_name: botName,
          deduplication_key: botId,
          metadata: asTexts(customAttributes)
        }
      },
      // A second bot under the same key is refused, with the key named: the first one stands.
      reads: ({ status, text }) =>
        status === 400 && text.includes("deduplication_key")
          ? { kind: "accepted", externalId: null, isReplay: true }
          : null
    },
    options
  )

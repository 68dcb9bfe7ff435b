/**
 * Recall.ai as the bot service: its create-bot call, ad hoc, and the call that makes a bot leave.
 * Decides what of a launch it is told. Source: the service's public API reference as of September 2026.
 */
import { type Layer, Option, Schema } from "effect"
import type { Launcher } from "@punctual/core"
import { type ServiceOptions, asTexts, layerOf, objectIn } from "./Service.ts"

/** No bot free right now. */
const noCapacityStatus = 507
/** The same key is being worked on. */
const inParallelStatus = 409

/** 30 seconds. */
const capacityWaitMillis = 30_000

/** The member of a bot's metadata by which it is found again. */
const keyMember = "punctual_bot_id"

export const layer = (options: ServiceOptions): Layer.Layer<Launcher> =>
  layerOf(
    {
      name: "recall",
      baseUrl: "https://us-east-1.recall.ai/",
      path: "api/v1/bot/",
      // It documents a refusal of two at once, not what a later repetition gets: it is looked up instead.
      replays: false,
      listing: (botId) => `api/v1/bot/?metadata__${keyMember}=${encodeURIComponent(botId)}`,
      headers: ({ botId }) => ({ "idempotency-key": botId }),
      body: ({ botId, botName, config, customAttributes, link }) => {
        const { custom_attributes: _, join_at: __, ...rest } = config
        return {
          ...rest,
          meeting_url: link.url,
          bot_name: botName,
          metadata: {
            ...asTexts(objectIn(config, "metadata")),
            ...asTexts(customAttributes),
            [keyMember]: botId
          }
        }
      },
      reads: ({ status }) => {
        switch (status) {
          case noCapacityStatus:
            return { kind: "retry", afterMillis: capacityWaitMillis, definite: true, message: "Recall has no bot free" }
          case inParallelStatus:
            return { kind: "retry", afterMillis: null, definite: false, message: "Recall is working on it" }
          default:
            return null
        }
      },
      leaving: {
        method: "POST",
        path: (id) => `api/v1/bot/${id}/leave_call/`,
        statusPath: (id) => `api/v1/bot/${id}/`,
        isDone: (text) => doneCodes.has(lastCodeOf(text) ?? "")
      }
    },
    options
  )

const doneCodes: ReadonlySet<string> = new Set(["call_ended", "done", "fatal"])

const Changes = Schema.fromJsonString(
  Schema.Struct({ status_changes: Schema.Array(Schema.Struct({ code: Schema.String })) })
)

/** A bot tells every status it has had, the last one last. */
const lastCodeOf = (text: string): string | null =>
  Option.getOrNull(Schema.decodeUnknownOption(Changes)(text))?.status_changes.at(-1)?.code ?? null

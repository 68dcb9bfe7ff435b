/**
 * MeetStream as the bot service: its create-bot call, and the call that takes a bot out of a meeting.
 * Decides what of a launch it is told, and which words of the calendar guide its create-bot call says otherwise.
 * Source: the service's public API reference as of September 2026.
 */
import { createHash } from "node:crypto"
import type { Layer } from "effect"
import type { BotConfig, Launcher } from "@punctual/core"
import { externalIdOf } from "./Outcome.ts"
import { type ServiceOptions, asTexts, layerOf, memberOf, objectIn } from "./Service.ts"

/** Answers a key that it has seen with 507 and the bot of then: that is success. */
const replayStatus = 507

export const layer = (options: ServiceOptions): Layer.Layer<Launcher> =>
  layerOf(
    {
      name: "meetstream",
      baseUrl: "https://api.meetstream.ai/",
      path: "api/v1/bots/create_bot",
      replays: true,
      listing: null,
      headers: ({ botId }) => ({ "idempotency-key": uuidOf(botId) }),
      // Handed over when it is due, so without a `join_at`.
      body: ({ botName, config, customAttributes, link }) => {
        const { join_at: _, transcription: __, ...rest } = config
        return {
          ...rest,
          recording_config: recordingOf(config),
          meeting_link: link.url,
          bot_name: botName,
          custom_attributes: asTexts(customAttributes)
        }
      },
      reads: ({ status, text }) =>
        status === replayStatus ? { kind: "accepted", externalId: externalIdOf(text), isReplay: true } : null,
      leaving: {
        method: "GET",
        path: (id) => `api/v1/bots/${id}/remove_bot`,
        statusPath: (id) => `api/v1/bots/${id}/status`,
        isDone: (text) => doneStatuses.has(memberOf(text, "status") ?? "")
      }
    },
    options
  )

const doneStatuses: ReadonlySet<string> = new Set(["Stopped", "NotAllowed", "Denied", "Error", "Done"])

/**
 * The guide writes `transcription`, the create-bot call a provider inside `recording_config`. How long recordings are
 * kept is said always: the service's guide and its schema differ on what it means to say nothing.
 */
const recordingOf = (config: BotConfig): Readonly<Record<string, unknown>> => {
  const recording = objectIn(config, "recording_config")
  const provider = config["transcription"]
  return {
    retention: { type: "timed", hours: retentionHoursUsual },
    ...(provider !== undefined && { transcript: { provider } }),
    ...recording
  }
}

/** What the service's guide says it does by itself. */
const retentionHoursUsual = 24

/** The service wants a UUID: one made of the id's digest, in the form of version 8 (RFC 9562 §5.8). */
export const uuidOf = (text: string): string => {
  const hex = createHash("sha256").update(text).digest("hex")
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * What a bot service of one's own is sent, for the `webhooks` of the OpenAPI document.
 * Decides nothing: `launchers/Webhook.ts` sends it, and a test holds what is sent against this.
 */

const text = { type: "string" } as const
const instant = { type: "string", format: "date-time" } as const
const open = { type: "object" } as const

const all = (properties: Readonly<Record<string, unknown>>) => ({
  type: "object",
  properties,
  required: Object.keys(properties)
})

const header = (name: string) => ({ name, in: "header", required: true, schema: text })

const answer = (description: string) => ({ description })

/** By the event's name, as OpenAPI 3.1 has it. */
export const launchWebhook = {
  launch: {
    post: {
      operationId: "launch",
      tags: ["Bot service"],
      summary: "A bot is to join a meeting now",
      parameters: ["webhook-id", "webhook-timestamp", "webhook-signature"].map(header),
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: all({
              bot_id: text,
              user_id: text,
              workspace_id: { type: ["string", "null"] },
              subject: text,
              meeting_url: text,
              platform: text,
              bot_name: text,
              join_at: instant,
              bot_config: open,
              custom_attributes: open,
              event: all({ id: text, platform_id: text, summary: text, start_time: instant, end_time: instant })
            })
          }
        }
      },
      responses: {
        "2XX": {
          description: "The bot is taken. `bot_id`, else `id`, of a JSON answer is kept as its `external_id`.",
          content: { "application/json": { schema: { type: "object", properties: { bot_id: text, id: text } } } }
        },
        "408": answer("Asked again, with the same id."),
        "425": answer("Not taken; asked again, with the same id."),
        "429": answer("Not taken; asked again, with the same id, after `Retry-After`."),
        "4XX": answer("Refused for good: the bot is `Failed` (`launcher_rejected`)."),
        "5XX": answer("Asked again, with the same id.")
      }
    }
  }
} as const

/**
 * A bot service of one's own, reached by a signed webhook.
 *
 * Decides the body and the signature, by Standard Webhooks: the bot's id is the message's id, so a receiver that keeps
 * ids takes each bot once. Never follows a redirect; the launch protocol cuts off and repeats.
 *
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { Clock, Effect, Layer, Redacted } from "effect"
import { Launcher, type LaunchRequest, platformNames } from "@punctual/core"
import { Webhook } from "standardwebhooks"
import { formatInstant } from "../api/Time.ts"
import { send } from "../http/client/Answer.ts"
import { outcomeOf, unanswered } from "./Outcome.ts"
import { givenWith } from "./ServiceWords.ts"
import { WorkspaceOf } from "./WorkspaceOf.ts"

export interface WebhookOptions {
  /** The whole address. */
  readonly url: URL
  /** `whsec_` and base64. */
  readonly secret: Redacted.Redacted
}

export const layer = ({ secret, url }: WebhookOptions): Layer.Layer<Launcher> =>
  Layer.effect(
    Launcher,
    Effect.gen(function* () {
      const signer = new Webhook(Redacted.value(secret))
      const workspaceOf = yield* WorkspaceOf
      const launch = Effect.fn("Webhook.launch")(
        function* (request: LaunchRequest) {
          const now = yield* Clock.currentTimeMillis
          const sentAt = new Date(now)
          const body = JSON.stringify(bodyOf(request, request.workspaceId ?? (yield* workspaceOf(request.userId))))
          const headers = {
            "webhook-id": request.botId,
            "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1_000)),
            "webhook-signature": signer.sign(request.botId, sentAt, body),
            "user-agent": "punctual"
          }
          const answer = yield* send({ method: "POST", url, headers, body })
          return outcomeOf(answer, now, () => givenWith(request, secret))
        },
        Effect.catch((error) => Effect.succeed(unanswered(error)))
      )
      return Launcher.of({
        name: "webhook",
        // That one id makes one bot is the receiver's part of the scheme.
        capabilities: { replays: true, lookup: false, withdraw: false },
        launch,
        lookUp: () => Effect.succeed({ kind: "unanswered", message: "a webhook can't be asked" }),
        withdraw: () => Effect.succeed("unsupported")
      })
    })
  )

const bodyOf = (
  { botId, botName, config, customAttributes, event, joinAt, link, userId }: LaunchRequest,
  workspaceId: string | null
) => ({
  bot_id: botId,
  user_id: userId,
  workspace_id: workspaceId,
  subject: event.summary,
  meeting_url: link.url,
  platform: platformNames[link.platform],
  bot_name: botName,
  join_at: formatInstant(joinAt),
  bot_config: config,
  custom_attributes: customAttributes,
  event: {
    id: event.id,
    platform_id: event.platformId,
    summary: event.summary,
    start_time: formatInstant(event.start),
    end_time: formatInstant(event.end)
  }
})

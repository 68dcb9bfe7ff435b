/**
 * What a problem carries (RFC 9457), and what administration and probes answer. Members that every problem has stand
 * under `Problem`.
 */
import type { Words } from "./Word.ts"

export const problemWords: Words = {
  "Problem.type": { description: "A URN that names the kind of problem; ends with `code`." },
  "Problem.status": { description: "The HTTP status, once more." },
  "Problem.title": { description: "The kind of problem in a few words, always the same." },
  "Problem.code": { description: "A stable word for programs: its meaning never changes." },
  "Problem.detail": {
    description: "What went wrong this time and what to do about it, for a person.",
    example: "No such event."
  },
  "Problem.instance": {
    description: "A URI of this very occurrence, where there is one.",
    example: "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"
  },
  errors: { description: "Every mistake in the request, each with its place." },
  path: {
    description: "Where it is: members and positions from the outside in, joined by dots; empty for the whole value.",
    example: "bot_config.bot_name"
  },
  "InvalidRequest.message": { description: "What was expected there.", example: "Expected a string" },
  in: { description: "The part of the request.", example: "body" },
  microsoft_error: { description: "Microsoft's own word for the refusal.", example: "invalid_client" },
  google_error: { description: "Google's own word for the refusal.", example: "invalid_grant" },
  microsoft_error_codes: {
    description: "The numbers of Microsoft's AADSTS codes, which say more than its word.",
    example: [7000222]
  },
  "BotAlreadyScheduled.bot_id": {
    description: "The id of the bot that the event has already.",
    example: "bot_01jq3v8n2pk3v8n2p5q9r1s4t7"
  },
  bot_status: { description: "Where the bot is instead of `Scheduled`.", example: "Launched" },
  "QuotaExceeded.limit": {
    description:
      "The name of the limit: `live_bots` (5,000 of a user), `bot_config` (32,768 bytes of one bot), `bot_configs` (1 MiB " +
      "of all bots of one request), `stored_answers` (10,000 or 32 MiB, kept for a user's idempotency keys of a day).",
    example: "live_bots"
  },

  "BlockedByPolicy.rule_name": {
    description: "The name of the workspace's locked rule that forbids it.",
    example: "No interviews"
  },

  // ---- administration
  counts: {
    description: "What the job did: a count by name.",
    example: { users: 12, users_failed: 0, bots_created: 31 }
  },

  // ---- probes
  "HealthAnswer.status": { description: "Always `ok`: the process lives." },
  "ReadyAnswer.status": { description: "Always `ready`: storage takes writes." },
  warnings: {
    description: "Stable words for what works but should not stay as it is.",
    example: ["launcher_not_configured"]
  }
}

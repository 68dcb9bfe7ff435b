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
      "The name of the limit: `live_bots` (5,000 of a user), `bot_config` (32,768 bytes of one bot), `bot_configs` (1 MiB of all bots of one request).",
    example: "live_bots"
  },

  // ---- administration
  workspace_id: { description: "The id of the user's workspace.", example: "wsp_0c1d2e3f4a5b6c7d8e9f" },
  key_id: { description: "The key's id, for revoking it; no secret.", example: "key_9be2d75a3c6e8f4f1c0a" },
  api_key: {
    description: "The key itself. It is shown this once, for only its digest is kept.",
    example: "pk_…"
  },
  users: { description: "The users of this page, by id." },
  name: { description: "The name for people to tell users by; null where none was given.", example: "Jane Smith" },
  created_at: { description: "When it was made: RFC 3339, UTC.", example: "2026-04-01T12:00:00Z" },
  keys: { description: "The user's keys, revoked ones too, without what is secret of them." },
  prefix: { description: "The key's first characters, to recognize it by.", example: "pk_Ab3d" },
  revoked_at: {
    description: "When the key was revoked: RFC 3339, UTC; null while it works.",
    example: "2026-05-01T09:00:00Z"
  },
  revoked: { description: "Always true: the key works no more." },
  job: { description: "The job that was run.", example: "auto-schedule" },
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

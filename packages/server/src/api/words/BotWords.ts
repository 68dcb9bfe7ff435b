/**
 * What answers about bots carry.
 */
import type { Words } from "./Word.ts"

const botId = "bot_01jq3v8n2pk3v8n2p5q9r1s4t7"
const scheduleId = `bot-usr_4f1c0a9be2d75a3c6e8f-${botId}`

export const botWords: Words = {
  bot_id: { description: "The bot's id.", example: botId },
  "EventBot.id": { description: "The bot's id.", example: botId },
  event_id: { description: "The id of the event that the bot attends.", example: "evt_k3v8n2p5q9r1s4t7" },
  status: {
    description:
      "Where the bot is: `Scheduled`, `Launching` (being handed to the bot service), `Launched` (handed over), " +
      "`Failed`, `Cancelled`.",
    example: "Scheduled"
  },
  status_reason: {
    description:
      "A stable word for why the bot is where it is, such as `meeting_cancelled`, `skipped_by_rule`, `blocked_by_policy`, " +
      "`launcher_rejected` or `paused` (the pause outlasted the meeting); null while there is nothing to explain.",
    example: "meeting_cancelled"
  },
  status_message: {
    description:
      "The reason as a sentence for a person, with the bot service's own words where it gave some; null while there is " +
      "nothing to explain.",
    example: "the bot service answered 402: Out of credits"
  },
  scheduled_join_time: {
    description: "When the bot joins: RFC 3339, UTC; a minute before the start unless configured or changed.",
    example: "2026-04-08T14:59:00Z"
  },
  origin: {
    description:
      "Who asked for the bot: `manual` (for this event), `series` (all occurrences), `recurring` (the next occurrence), " +
      "`auto` (auto-scheduling).",
    example: "manual"
  },
  external_id: {
    description: "The bot's id at the bot service; null before it has one.",
    example: "b7d1f0c2"
  },
  platform: { description: "The meeting service.", example: "Teams" },
  bot_username: { description: "The name that the bot shows in the meeting.", example: "My Meeting Bot" },
  is_scheduled: { description: "Whether the status is `Scheduled`.", example: true },
  meeting_link: {
    description: "The address that the bot joins.",
    example: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_example%40thread.v2/0"
  },
  custom_attributes: {
    description:
      "What travels with the bot: where it comes from, the event's id at its provider and subject, and yours.",
    example: { source: "calendar_integration", event_summary: "Weekly Team Standup" }
  },
  "ScheduledBot.bot_config": {
    description: "What the bot service gets with the launch, as it was given.",
    example: { bot_name: "My Meeting Bot", audio_required: true }
  },
  "ScheduleAnswer.bot_config": {
    description: "What the bot service gets with the launch, as it was given.",
    example: { bot_name: "My Meeting Bot", audio_required: true }
  },
  "ScheduledBot.created_at": {
    description: "When the bot was made: RFC 3339, UTC.",
    example: "2026-04-07T10:00:00Z"
  },
  scheduled_bots: { description: "The bots of this page, soonest first." },

  // ---- sent to a bot service
  "webhook-id": { description: "The bot's id, the same each time this bot is sent.", example: botId },
  "webhook-timestamp": { description: "When it was sent: seconds since 1970, UTC.", example: "1775660340" },
  "webhook-signature": {
    description: "`v1,` and the base64 HMAC-SHA256 of id, timestamp and body joined by dots, under the secret's bytes.",
    example: "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="
  },
  "launch.bot_id": {
    description: "The bot's id: in the request the one it has here, in the answer the one that the service gives it.",
    example: botId
  },
  "launch.id": { description: "As `bot_id`, where the answer has no such member.", example: "b7d1f0c2" },
  "launch.meeting_url": {
    description: "The address to join, passcode included.",
    example: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_example%40thread.v2/0"
  },
  "launch.bot_name": { description: "The name that the bot is to show in the meeting.", example: "My Meeting Bot" },
  "launch.join_at": {
    description: "When the bot was to join: RFC 3339, UTC. It has come, so it means now.",
    example: "2026-04-08T14:59:00Z"
  },
  "launch.bot_config": {
    description: "The bot's configuration, as it was given.",
    example: { bot_name: "My Meeting Bot", audio_required: true }
  },
  "launch.event": { description: "The meeting." },
  "launch.event.id": { description: "The event's id here.", example: "evt_k3v8n2p5q9r1s4t7" },
  "launch.event.platform_id": { description: "The event's id at its provider.", example: "AAMkAGI1AAAoZCfIAAA=" },
  "launch.event.summary": { description: "The meeting's name in the calendar.", example: "Weekly Team Standup" },

  // ---- scheduling
  scheduled: { description: "Always true: there is a bot." },
  schedule_id: { description: "The name of the bot's schedule: `bot-<user_id>-<bot_id>`.", example: scheduleId },
  schedule_group: { description: "The meeting service in lower case.", example: "teams" },
  scheduled_time: {
    description: "When the bot joins: RFC 3339, UTC; now, where that has passed and the meeting still lasts.",
    example: "2026-04-08T14:59:00Z"
  },
  is_recurring_occurrence: { description: "Whether the event is an occurrence of a series.", example: true },
  overrides_auto_schedule: {
    description: "There, and true, only where a bot that auto-scheduling made was taken over in place.",
    example: true
  },
  "ScheduleAnswer.bots": {
    description: "With `schedule_all_occurrences`: the bots that this call made, one for each occurrence."
  },
  scheduled_count: {
    description: "With `schedule_all_occurrences`: how many bots this call made, a count.",
    example: 10
  },
  skipped: {
    description: "With `schedule_all_occurrences`: the occurrences that were passed over, each with the reason."
  },
  "ScheduleAnswer.reason": {
    description: "A stable word for why the occurrence was passed over.",
    example: "event_cancelled"
  },

  // ---- unscheduling and changing
  unscheduled: { description: "Always true: the event has no scheduled bot any more." },
  cancelled_schedules: { description: "The names of the schedules that were cancelled.", example: [scheduleId] },
  schedules_cancelled: { description: "How many schedules were cancelled: a count; 0 is no error.", example: 1 },
  bots_deleted: { description: "How many bots were cancelled: a count.", example: 1 },
  cancel_all_occurrences: { description: "Whether the whole series was meant, as the request said.", example: true },
  is_recurring_series: { description: "Whether the id names a series or one of its occurrences.", example: true },
  may_be_in_meeting: {
    description:
      "There, and true, only where the bot service has not said yet whether it has the bot: it is withdrawn as soon as " +
      "that is known."
  },
  updated_fields: {
    description: "The members of the request that changed the bot.",
    example: ["scheduled_join_time", "custom_attributes"]
  },
  schedule_updated: { description: "Whether the join time changed, and the schedule with it.", example: true },

  // ---- auto-scheduling and series
  auto_schedule_enabled: {
    description: "Whether every coming meeting with a link gets a bot, without being asked for one by one.",
    example: true
  },
  default_bot_config: {
    description: "The configuration of every bot that auto-scheduling makes.",
    example: { bot_name: "My Meeting Bot", audio_required: true }
  },
  "ToggledAnswer.event_id": {
    description: "The id of the occurrence that comes next.",
    example: "evt_k3v8n2p5q9r1s4t7"
  },
  "ToggledAnswer.summary": { description: "The meeting's name in the calendar.", example: "Weekly Team Standup" }
}

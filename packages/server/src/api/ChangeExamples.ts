/**
 * Examples of the log, of stories and of one bot, beside those of `Examples.ts`.
 */

const calendarId = "AQMkADAwATM0MDAA"
const eventId = "evt_k3v8n2p5q9r1s4t7"
const botId = "bot_01jq3v8n2pk3v8n2p5q9r1s4t7"
const userId = "usr_4f1c0a9be2d75a3c6e8f"

const bot = {
  bot_id: botId,
  subject: "Weekly Team Standup",
  status: "Scheduled",
  status_reason: null,
  status_message: null,
  scheduled_join_time: "2026-04-08T14:59:00Z",
  origin: "manual",
  external_id: null,
  platform: "Teams",
  bot_username: "My Meeting Bot",
  is_scheduled: true,
  event_id: eventId,
  meeting_link: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_example%40thread.v2/0",
  custom_attributes: { source: "calendar_integration", event_summary: "Weekly Team Standup" },
  bot_config: { bot_name: "My Meeting Bot", audio_required: true, video_required: false },
  created_at: "2026-04-07T10:00:00Z"
}

const about = { user_id: userId, workspace_id: "wsp_0c1d2e3f4a5b6c7d8e9f" }

const synced = {
  id: "chg_01kwq7c2r06v2m4x8t1n5b9d",
  sequence: 4710,
  type: "calendar.synced",
  occurred_at: "2026-04-08T08:59:59Z",
  ...about,
  event_id: null,
  bot_id: null,
  cause: "calendar",
  data: { calendar_id: calendarId, created: 0, updated: 1, deleted: 0 }
}

const moved = {
  id: "chg_01kwq7c2rg3k8s1v6p0z4h7m",
  sequence: 4711,
  type: "bot.moved",
  occurred_at: "2026-04-08T09:00:00Z",
  ...about,
  event_id: eventId,
  bot_id: botId,
  cause: "calendar",
  data: {
    bot: { ...bot, start_time: "2026-04-08T15:00:00Z", end_time: "2026-04-08T16:00:00Z" },
    previous: {
      scheduled_join_time: "2026-04-08T14:29:00Z",
      start_time: "2026-04-08T14:30:00Z",
      end_time: "2026-04-08T15:30:00Z"
    }
  }
}

const log = { response: { changes: [synced, moved], next: "eyJwbGFjZSI6NDcxMX0.qW3x", has_more: false } }

const sentence =
  "The calendar changed “Weekly Team Standup”, and its bot with it: it joins on 8 April 2026 at 14:59 UTC instead of 8 April " +
  "2026 at 14:29 UTC, the meeting begins on 8 April 2026 at 15:00 UTC instead of 8 April 2026 at 14:30 UTC, and the meeting " +
  "ends on 8 April 2026 at 16:00 UTC instead of 8 April 2026 at 15:30 UTC."

const story = { response: { entries: [{ ...moved, sentence }], next: null, has_more: false } }

export const changeExamples = {
  "changes.list": log,
  "allChanges.list": log,
  "changes.eventTimeline": story,
  "changes.botTimeline": story,
  "bots.show": { response: bot }
}

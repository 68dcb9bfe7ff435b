/**
 * One example of each body, as the OpenAPI document shows them.
 *
 * Decides nothing about shapes: a test holds each of them against the document's own schemas.
 */
import { adminExamples } from "./AdminExamples.ts"
import { changeExamples } from "./ChangeExamples.ts"
import { overviewExamples } from "./OverviewExamples.ts"
import { exampleRules, ruleExamples } from "./RuleExamples.ts"

const calendarId = "AQMkADAwATM0MDAA"
const eventId = "evt_k3v8n2p5q9r1s4t7"
const seriesId = "srs_7t4s1r9q5p2n8v3k"
const botId = "bot_01jq3v8n2pk3v8n2p5q9r1s4t7"
const userId = "usr_4f1c0a9be2d75a3c6e8f"
const meetingUrl = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_example%40thread.v2/0"
const rule = "FREQ=WEEKLY;BYDAY=MO,WE,FR"

const botConfig = { bot_name: "My Meeting Bot", audio_required: true, video_required: false }

const standing = {
  status: "Scheduled",
  status_reason: null,
  status_message: null,
  scheduled_join_time: "2026-04-08T14:59:00Z",
  origin: "manual",
  external_id: null
}

const face = { platform: "Teams", bot_username: "My Meeting Bot", is_scheduled: true }

const calendar = {
  id: calendarId,
  summary: "Calendar",
  isPrimary: true,
  accessRole: "owner",
  selected: true
}

const calendarItem = {
  ...calendar,
  connection_id: `outlook_calendar_${userId}`,
  platform: "outlook_calendar",
  timeZone: "America/New_York",
  backgroundColor: "#0078d4"
}

const events = {
  next: "eyJhdCI6MTc3NTY2MDQwMDAwMH0.qW3x",
  previous: null,
  results: [
    {
      id: eventId,
      start_time: "2026-04-08T15:00:00Z",
      end_time: "2026-04-08T16:00:00Z",
      calendar_id: calendarId,
      platform: "outlook_calendar",
      platform_id: "AAMkAGI1AAAoZCfIAAA=",
      ical_uid: "040000008200E00074C5B7101A82E008",
      meeting_platform: "Teams",
      meeting_url: meetingUrl,
      is_deleted: false,
      created_at: "2026-04-01T12:00:00Z",
      updated_at: "2026-04-07T09:30:00Z",
      subject: "Weekly Team Standup",
      time_zone: "America/New_York",
      is_all_day: false,
      is_cancelled: false,
      is_recurring: true,
      series_id: seriesId,
      recurrence_rule: rule,
      recurring_enabled: false,
      original_start_time: "2026-04-08T15:00:00Z",
      raw: { id: "AAMkAGI1AAAoZCfIAAA=", subject: "Weekly Team Standup" },
      bots: [{ id: botId, subject: "Weekly Team Standup", ...standing, ...face }],
      bot_count: 1
    }
  ],
  has_more: true
}

const scheduled = {
  scheduled: true,
  schedule_id: `bot-${userId}-${botId}`,
  bot_id: botId,
  schedule_group: "teams",
  event_id: eventId,
  subject: "Weekly Team Standup",
  scheduled_time: "2026-04-08T14:59:00Z",
  bot_config: botConfig,
  is_recurring_occurrence: true,
  ...standing
}

const settings = {
  auto_schedule_enabled: true,
  default_bot_config: botConfig,
  rules: exampleRules,
  otherwise: "join"
}

export interface Example {
  readonly request?: unknown
  readonly response?: unknown
}

/** A user's one connection. */
const connectionShown = {
  calendar_id: `outlook_calendar_${userId}`,
  platform: "outlook_calendar",
  status: "active",
  status_reason: null,
  status_message: null,
  user_email: "user@example.com",
  user_name: "Jane Smith",
  calendars: [
    {
      id: calendarId,
      summary: "Calendar",
      selected: true,
      last_synced_at: "2026-04-08T14:00:00Z",
      sync_status: "ok",
      sync_error: null,
      subscription_id: "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
      subscription_expires_at: "2026-04-14T22:00:00Z",
      polling_reason: null
    }
  ]
}

export const examples: Readonly<Record<string, Example>> = {
  ...adminExamples,
  ...changeExamples,
  ...overviewExamples,
  ...ruleExamples,
  "connection.create": {
    request: {
      microsoft_client_id: "8f2c1a6e-0000-4000-8000-9d3b5e7f1a2c",
      microsoft_client_secret: "<client secret>",
      microsoft_refresh_token: "<refresh token>"
    },
    response: {
      calendar_id: `outlook_calendar_${userId}`,
      platform: "outlook_calendar",
      user_email: "user@example.com",
      user_name: "Jane Smith",
      calendars: [calendar],
      primary_calendar_id: calendarId,
      watch_setup: {
        success: true,
        subscriptions_setup: 1,
        subscription_results: [
          {
            calendar_id: calendarId,
            calendar_summary: "Calendar",
            subscription_id: "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
            expiration: "2026-04-14T22:00:00Z"
          }
        ],
        failed_calendars: []
      },
      message: "Calendar connected successfully"
    }
  },
  "connection.consent": {
    request: { provider: "microsoft" },
    response: {
      authorize_url: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=8f2c1a6e",
      expires_at: "2026-04-08T15:10:00Z"
    }
  },
  "connection.show": {
    response: { ...connectionShown, paused_until: null, connections: [connectionShown] }
  },
  "connection.disconnect": {
    response: {
      disconnected: true,
      user_id: userId,
      subscription_stopped: true,
      events_deleted: 42,
      schedules_cancelled: 5,
      message: "Calendar disconnected successfully. All events and scheduled bots have been removed."
    }
  },
  "calendars.list": { response: { calendars: [calendarItem], total: 1, user_id: userId } },
  "calendars.select": { request: { selected: false }, response: { ...calendarItem, selected: false } },
  "events.list": { response: events },
  "events.listStored": { response: events },
  "bots.schedule": { request: { bot_config: botConfig, recurring_event: true }, response: scheduled },
  "bots.unschedule": {
    request: { cancel_all_occurrences: true, from_date: "2026-05-01T00:00:00Z" },
    response: {
      unscheduled: true,
      event_id: eventId,
      cancelled_schedules: [`bot-${userId}-${botId}`],
      schedules_cancelled: 1,
      bots_deleted: 1,
      cancel_all_occurrences: true,
      is_recurring_series: true
    }
  },
  "bots.list": {
    response: {
      scheduled_bots: [
        {
          bot_id: botId,
          subject: "Weekly Team Standup",
          ...standing,
          ...face,
          event_id: eventId,
          meeting_link: meetingUrl,
          custom_attributes: {
            source: "calendar_integration",
            event_id: "AAMkAGI1AAAoZCfIAAA=",
            event_summary: "Weekly Team Standup"
          },
          bot_config: botConfig,
          created_at: "2026-04-07T10:00:00Z"
        }
      ],
      next: null,
      previous: null,
      has_more: false
    }
  },
  "bots.update": {
    request: { scheduled_join_time: "2026-04-08T16:59:00Z", custom_attributes: { note: "VIP meeting" } },
    response: {
      message: "Scheduled bot updated successfully",
      bot_id: botId,
      updated_fields: ["scheduled_join_time", "custom_attributes"],
      schedule_updated: true
    }
  },
  "bots.remove": { response: { message: "Scheduled bot deleted successfully", bot_id: botId } },
  "autoSchedule.enable": {
    request: { default_bot_config: botConfig },
    response: { message: "Auto-scheduling enabled successfully", ...settings }
  },
  "autoSchedule.disable": {
    request: { cancel_scheduled: true },
    response: { message: "Auto-scheduling disabled successfully", ...settings, auto_schedule_enabled: false }
  },
  "autoSchedule.settings": { response: { ...settings, covered_until: "2026-04-09T15:00:00Z" } },
  "recurrence.toggle": {
    request: { event_id: eventId, recurring_enabled: true },
    response: {
      event_id: eventId,
      series_id: seriesId,
      recurring_enabled: true,
      recurrence_rule: rule,
      message: "Recurrence enabled for event",
      summary: "Weekly Team Standup",
      start_time: "2026-04-08T15:00:00Z",
      end_time: "2026-04-08T16:00:00Z"
    }
  },
  "recurrence.reschedule": {
    request: { event_id: eventId, current_start_time: "2026-04-06T15:00:00Z", bot_config: botConfig },
    response: { ...scheduled, origin: "recurring" }
  },
  "webhooks.changes": {
    request: {
      value: [
        {
          subscriptionId: "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
          clientState: "<the subscription's own>",
          changeType: "updated",
          resource: "Users/4f1c/Events/AAMkAGI1AAAoZCfIAAA="
        }
      ]
    }
  },
  "webhooks.lifecycle": {
    request: {
      value: [
        {
          subscriptionId: "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
          clientState: "<the subscription's own>",
          lifecycleEvent: "reauthorizationRequired"
        }
      ]
    }
  },
  healthz: { response: { status: "ok" } },
  readyz: { response: { status: "ready", warnings: [] } }
}

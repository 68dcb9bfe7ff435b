/**
 * Examples of the operator's page, of a calendar removed and of what a subscription came to, beside those of `Examples.ts`.
 */

const calendarId = "AQMkADAwATM0MDAA"
const userId = "usr_4f1c0a9be2d75a3c6e8f"

export const overviewExamples = {
  "calendars.remove": {
    response: {
      calendar_id: "feed_5f1d7a84db00d2fce00b31a7fc73224f",
      removed: true,
      user_id: userId,
      events_deleted: 12,
      schedules_cancelled: 3,
      message: "Calendar removed. Its events and scheduled bots have been removed with it."
    }
  },
  "calendars.resubscribe": {
    response: {
      calendar_id: calendarId,
      subscribed: false,
      subscription_id: null,
      subscription_expires_at: null,
      polling_reason: "notification_address_unreachable",
      message: "Microsoft could not reach this server's notification address."
    }
  },
  "overview.user": {
    response: {
      user_id: userId,
      workspace_id: "wsp_acme",
      name: "Ada",
      external_id: null,
      created_at: "2026-04-01T09:00:00Z",
      connections: [
        {
          calendar_id: "outlook_calendar_usr_4f1c0a9be2d75a3c6e8f",
          platform: "outlook_calendar",
          status: "active",
          status_reason: null,
          status_message: null,
          user_email: "user@example.com",
          calendars_selected: 2,
          calendars_polled: 1,
          calendars_failing: 0
        }
      ]
    }
  },
  "overview.workspaces": { response: { workspaces: [{ workspace_id: "wsp_acme", users: 12 }] } },
  "overview.jobs": {
    response: {
      jobs: [
        {
          job: "auto-schedule",
          date: "2026-04-08",
          due_at: "2026-04-08T00:00:00Z",
          status: "done",
          noted_at: "2026-04-08T00:00:04Z",
          shares_left: 0
        }
      ]
    }
  },
  "overview.launches": {
    response: {
      since: "2026-04-08T06:30:00Z",
      hours: [
        {
          hour: "2026-04-08T14:00:00Z",
          accepted: 41,
          rejected: 1,
          retried: 2,
          unconfigured: 0,
          late_seconds_max: 1.4,
          late_seconds_mean: 0.3
        }
      ]
    }
  }
} as const

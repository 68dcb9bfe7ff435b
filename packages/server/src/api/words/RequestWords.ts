/**
 * What requests carry: parameters, headers and members of bodies. Each optional one says what counts without it.
 */
import type { Words } from "./Word.ts"

const botConfig = { bot_name: "My Meeting Bot", audio_required: true, video_required: false }

export const requestWords: Words = {
  // ---- parameters and headers
  "idempotency-key": {
    description:
      "A key of your own for this request, up to 255 characters: the same key and body within 24 hours get the first " +
      "answer again, and nothing is done twice. Default: none, and a repeated request is a new one.",
    example: "5f2c7a1e-schedule-standup"
  },
  limit: {
    description: "The most entries on one page, 1 to 100. Default: 50 for events, 100 for bots and users.",
    example: 20
  },
  cursor: {
    description:
      "`next` or `previous` of an earlier page of the same query and user, as it was given. Default: the first page.",
    example: "eyJhdCI6MTc3NTY2MDQwMDAwMH0.qW3x"
  },
  "events.list.calendar_id": {
    description: "The calendar's id at its provider, or `all` for every selected one. Default: the primary calendar.",
    example: "all"
  },
  "events.listStored.calendar_id": {
    description: "The calendar's id at its provider, or `all` for every selected one. Default: the primary calendar.",
    example: "all"
  },
  "calendars.select.calendar_id": {
    description: "The calendar's id at its provider, as `GET /calendar/calendars` lists it.",
    example: "AQMkADAwATM0MDAA"
  },
  "calendars.remove.calendar_id": {
    description: "The published calendar's id, as `GET /calendar/calendars` lists it.",
    example: "feed_5f1d7a84db00d2fce00b31a7fc73224f"
  },
  "connection.disconnect.calendar_id": {
    description:
      "The id of one connection, as `GET /calendar/connection` shows it. Default: all of the user's connections.",
    example: "outlook_calendar_usr_4f1c0a9be2d75a3c6e8f"
  },
  time_min: {
    description:
      "Only events that end after this instant: RFC 3339 with any offset, or a date, which begins at midnight UTC. " +
      "Default: 24 hours ago.",
    example: "2026-04-08T00:00:00Z"
  },
  time_max: {
    description:
      "Only events that start before this instant: RFC 3339 with any offset, or a date, which begins at midnight UTC. " +
      "At most 1,825 days after `time_min`. Default: in 28 days.",
    example: "2026-04-15T00:00:00Z"
  },
  cleanup_duplicates: {
    description:
      "Whether a meeting that stands in several calendars is listed once, the primary calendar's copy first.",
    default: "false",
    example: "true"
  },
  include_deleted: {
    description: "Whether events that were deleted are listed too, with `is_deleted`.",
    default: "false",
    example: "true"
  },
  sync: {
    description:
      "`true` reads the calendar's changes from its provider first, `false` does not. Default: reads them where the last " +
      "sync is more than 5 minutes old or a change was announced. A page reached by `cursor` never syncs.",
    example: "true"
  },
  after: {
    description: "The last user's id of the page before: users are listed by id, after it. Default: from the first.",
    example: "usr_4f1c0a9be2d75a3c6e8f"
  },
  validationToken: {
    description: "Microsoft's handshake: the token is answered as plain text. Absent with notifications.",
    example: "Validation: Testing client application reachability"
  },
  "admin.runJob.job": { description: "The job to run now.", example: "auto-schedule" },

  // ---- connecting
  microsoft_client_id: {
    description: "The application (client) id of your app registration in Microsoft Entra.",
    example: "8f2c1a6e-0000-4000-8000-9d3b5e7f1a2c"
  },
  microsoft_client_secret: {
    description: "The value (not the id) of one of that app's client secrets; kept encrypted.",
    example: "<client secret>"
  },
  microsoft_refresh_token: {
    description:
      "A refresh token that this app was given with `offline_access`; kept encrypted, and renewed by itself.",
    example: "<refresh token>"
  },
  google_client_id: {
    description: "The id of your OAuth client (type Web application) in the Google Cloud console.",
    example: "123456789012-abc.apps.googleusercontent.com"
  },
  google_client_secret: {
    description: "That client's secret; kept encrypted.",
    example: "<client secret>"
  },
  google_refresh_token: {
    description: "A refresh token that this client was given with `access_type=offline`; kept encrypted.",
    example: "<refresh token>"
  },
  "connection.consent.provider": {
    description: "Whom to sign in with. Default: the one that this server has an app for; Microsoft where it has both.",
    example: "google"
  },
  "connection.create.ics_url": {
    description:
      "The address of a published iCalendar feed: https, or `webcal:`. Whoever has it can read the calendar, so it is kept " +
      "encrypted and never shown.",
    example: "https://calendar.example.com/anna/secret-1f9c/basic.ics"
  },
  "connection.create.name": {
    description: "What the feed is listed as. Default: what it calls itself.",
    example: "Anna's calendar"
  },
  "connection.create.emails": {
    description: "The owner's addresses, by which their answers to invitations are known. Default: none are known.",
    example: ["anna@example.com"]
  },
  "connection.create.time_zone": {
    description: "The zone of times without one, where the feed does not say which it means. Default: UTC.",
    example: "Europe/Berlin"
  },
  "calendars.select.selected": {
    description:
      "`true` mirrors the calendar and watches it; `false` stops that, drops its events and cancels their bots.",
    example: false
  },

  // ---- scheduling
  bot_config: {
    description:
      "What the bot service gets with the launch, as it is: 32,768 bytes of JSON at most. Punctual itself reads " +
      "`bot_name` and `custom_attributes`. Default: empty.",
    default: {},
    example: botConfig
  },
  "bots.update.bot_config": {
    description:
      "Members to change in the bot's configuration: each replaces the one of its name, null removes it. " +
      "Default: no change.",
    example: { video_required: true, transcription: null }
  },
  occurrence_date: {
    description:
      "Which occurrence of a series: the instant it starts (RFC 3339), or its date in the event's own time zone. " +
      "Default: the occurrence named by the id, or a series' next one.",
    example: "2026-04-10"
  },
  schedule_all_occurrences: {
    description: "Whether every coming occurrence of the series gets a bot, up to `occurrence_limit`.",
    default: false,
    example: true
  },
  occurrence_limit: {
    description: "With `schedule_all_occurrences`: the most occurrences that are covered, 1 to 366.",
    default: 52,
    example: 10
  },
  recurring_event: {
    description: "Whether the series is followed from now on: with each launch the next occurrence gets its bot.",
    default: false,
    example: true
  },
  "bots.unschedule.cancel_all_occurrences": {
    description: "Whether the whole series loses its bots and gets no further ones, instead of this one occurrence.",
    default: false,
    example: true
  },
  from_date: {
    description:
      "The series from this instant (RFC 3339) or date (in the event's own time zone) on; what lies before stays. " +
      "Default: this occurrence alone, or with `cancel_all_occurrences` all of them.",
    example: "2026-05-01T00:00:00Z"
  },
  "bots.update.scheduled_join_time": {
    description:
      "When the bot is to join: RFC 3339, in the future and before the meeting's end. It is kept as an offset from the " +
      "start, so that it moves with the meeting. Default: no change.",
    example: "2026-04-08T16:59:00Z"
  },
  "bots.update.bot_username": {
    description: "The name that the bot shows in the meeting, up to 256 characters. Default: no change.",
    example: "VIP Notetaker"
  },
  "bots.update.custom_attributes": {
    description: "Members merged over the bot's attributes, which travel with it. Default: no change.",
    example: { note: "VIP meeting" }
  },

  // ---- auto-scheduling and series
  "autoSchedule.enable.default_bot_config": {
    description:
      "The configuration of every bot that auto-scheduling makes: 32,768 bytes of JSON at most. Default: the one of " +
      "before, empty the first time.",
    example: botConfig
  },
  cancel_scheduled: {
    description: "Whether the scheduled bots that auto-scheduling made are cancelled as well.",
    default: false,
    example: true
  },
  "recurrence.toggle.event_id": {
    description: "The id of the series, or of one of its occurrences.",
    example: "evt_k3v8n2p5q9r1s4t7"
  },
  "recurrence.toggle.recurring_enabled": {
    description:
      "`true` schedules the next occurrence now and each further one in its turn; `false` schedules no further one and " +
      "leaves the bot that is scheduled.",
    example: true
  },
  "recurrence.reschedule.user_id": {
    description: "The calling user's own id; another's is refused. Default: the calling user.",
    example: "usr_4f1c0a9be2d75a3c6e8f"
  },
  "recurrence.reschedule.event_id": {
    description: "The occurrence after which the next one gets its bot, or the series.",
    example: "evt_k3v8n2p5q9r1s4t7"
  },
  "recurrence.reschedule.recurrence_rule": {
    description:
      "The value of an RFC 5545 RRULE, used where the calendar's own rule can't be read. Default: the calendar's.",
    example: "FREQ=WEEKLY;BYDAY=MO,WE,FR"
  },
  current_start_time: {
    description: "The start of the occurrence before (RFC 3339), used where `event_id` names a series. Default: now.",
    example: "2026-04-06T15:00:00Z"
  },
  "recurrence.reschedule.meeting_link": {
    description: "The address to join, used where the occurrence has no link of its own. Default: the occurrence's.",
    example: "https://zoom.us/j/5551234567"
  },

  // ---- administration and notifications
  "admin.createUser.name": {
    description: "A name for people to tell users by, up to 256 characters. Default: none.",
    example: "Jane Smith"
  },
  "admin.createUser.external_id": {
    description:
      "Your own name for the user, such as its id in your database, up to 256 characters; one user of a workspace has it " +
      "at most. Default: none.",
    example: "crm-4711"
  },
  workspace: {
    description:
      "The id of the user's workspace, up to 128 characters of A-Z a-z 0-9 . _ ~ @ | : + = -: one of your choosing, or " +
      "another user's. " +
      "Default: a new workspace of the user's own.",
    example: "wsp_contoso"
  },
  value: {
    description: "Microsoft Graph's notifications, each a hint that something changed. Odd entries are ignored.",
    example: [{ subscriptionId: "7f105c7d-2dc5-4530-97cd-4e7ae6534c07", changeType: "updated" }]
  }
}

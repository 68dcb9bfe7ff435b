/**
 * What answers about a connection, its calendars and their events carry. How a connection stands is in `ConnectionWords.ts`.
 */
import { subscribedMessage } from "../../wording/ProviderWords.ts"
import type { Word, Words } from "./Word.ts"

const calendarId = "AQMkADAwATM0MDAA"
const providerId: Word = { description: "The calendar's id at its provider.", example: calendarId }

export const calendarWords: Words = {
  // ---- the connection
  user_id: { description: "The user's id.", example: "usr_4f1c0a9be2d75a3c6e8f" },
  "ResubscribedAnswer.message": {
    description: "What came of it, and what to do where it failed, for a person to read.",
    example: subscribedMessage("outlook_calendar")
  },
  message: { description: "What was done, for a person to read.", example: "Calendar connected successfully" },
  "ConnectedAnswer.subscription_results.calendar_id": providerId,
  "ConnectedAnswer.failed_calendars.calendar_id": providerId,
  connections: { description: "Each of the user's connections, in the order in which they were connected." },
  user_email: {
    description: "The account's mail address; null where its provider tells none.",
    example: "user@example.com"
  },
  user_name: { description: "The account's display name; null where its provider tells none.", example: "Jane Smith" },
  calendars: { description: "The account's calendars, selected or not." },
  primary_calendar_id: {
    description: "The provider's id of the account's own calendar; null where it has none.",
    example: calendarId
  },
  watch_setup: { description: "Which calendars the provider notifies about from now on, and which are polled." },
  success: {
    description: "Whether notifications were set up for at least one calendar, or there was none to watch.",
    example: true
  },
  subscriptions_setup: { description: "How many calendars have a subscription now: a count.", example: 1 },
  subscription_results: { description: "The calendars that have a subscription, each with its own." },
  failed_calendars: {
    description: "The calendars that the provider does not notify about, each with the reason: they are polled instead."
  },
  "ConnectedAnswer.reason": {
    description: "A stable word for why the calendar has no subscription.",
    example: "no_public_url"
  },
  "ConnectedAnswer.failed_calendars.message": {
    description: "The same reason as a sentence for a person.",
    example: "This server has no public address at which Microsoft could reach it."
  },
  calendar_summary: { description: "The calendar's name.", example: "Calendar" },
  subscription_id: {
    description:
      "The provider's id of the calendar's subscription (of Google: the channel's); null where it has none and is polled.",
    example: "7f105c7d-2dc5-4530-97cd-4e7ae6534c07"
  },
  expiration: {
    description: "When the subscription ends unless it is renewed, which happens by itself: RFC 3339, UTC.",
    example: "2026-04-14T22:00:00Z"
  },
  last_synced_at: {
    description: "When the calendar was last read to the end: RFC 3339, UTC; null before the first time.",
    example: "2026-04-08T14:00:00Z"
  },
  sync_status: {
    description:
      "How the last sync ended: `ok`; `stale`, it failed and what was known before is shown; `failed`, nothing is known; " +
      "`never`, there was none.",
    example: "ok"
  },
  sync_error: {
    description:
      "The error code that the last sync met, of a provider out of reach by its name; null where it met none.",
    example: "microsoft_unavailable"
  },
  subscription_expires_at: {
    description: "When the subscription ends unless it is renewed, which happens by itself: RFC 3339, UTC; null: none.",
    example: "2026-04-14T22:00:00Z"
  },
  polling_reason: {
    description:
      "A stable word for why the calendar is polled: it has no subscription, or nothing comes of the one it has " +
      "(`notifications_not_arriving`); null where the provider notifies about it.",
    example: "no_public_url"
  },
  disconnected: { description: "Always true: the connection is gone, and its credentials are erased." },
  subscription_stopped: {
    description:
      "Whether the providers confirmed that they notify no more; if not, that is tried again in the background.",
    example: true
  },
  events_deleted: { description: "How many mirrored events were erased: a count.", example: 42 },
  "RemovedAnswer.calendar_id": {
    description: "The published calendar that was removed.",
    example: "feed_5f1d7a84db00d2fce00b31a7fc73224f"
  },
  removed: { description: "Always true: the calendar is gone, and its address is erased." },
  "RemovedAnswer.schedules_cancelled": { description: "How many scheduled bots were cancelled: a count.", example: 3 },
  "DisconnectedAnswer.schedules_cancelled": {
    description: "How many scheduled bots were cancelled: a count.",
    example: 5
  },
  authorize_url: {
    description: "The provider's sign-in page, to be opened in the user's browser before `expires_at`.",
    example: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=8f2c1a6e"
  },
  "ConsentAnswer.expires_at": {
    description: "Until when the sign-in may be begun and finished: RFC 3339, UTC.",
    example: "2026-04-08T15:10:00Z"
  },

  // ---- calendars
  calendar_id: providerId,
  "CalendarItem.id": providerId,
  "ConnectedAnswer.id": providerId,
  "ConnectionAnswer.id": providerId,
  "ConnectionState.id": providerId,
  summary: { description: "The calendar's name.", example: "Calendar" },
  isPrimary: { description: "Whether it is the account's own calendar.", example: true },
  subscribed: {
    description: "Whether the provider took the subscription; Microsoft reaches this server first.",
    example: true
  },
  accessRole: {
    description:
      "What the account may do in the calendar. Of a `freeBusyReader`'s only times are told: it can't be selected.",
    example: "owner"
  },
  selected: { description: "Whether the calendar is mirrored, so that its meetings can have bots.", example: true },
  timeZone: {
    description:
      "The calendar's time zone by its IANA name; the zone of most of its events where the provider tells none.",
    example: "America/New_York"
  },
  backgroundColor: { description: "The calendar's colour at its provider, as a CSS colour.", example: "#0078d4" },
  "CalendarsAnswer.total": { description: "How many calendars there are: a count.", example: 1 },

  // ---- events
  "EventItem.id": {
    description: "The event's id, for `/calendar/schedule/{event_id}`.",
    example: "evt_k3v8n2p5q9r1s4t7"
  },
  start_time: { description: "When it starts: RFC 3339, UTC.", example: "2026-04-08T15:00:00Z" },
  end_time: { description: "When it ends: RFC 3339, UTC.", example: "2026-04-08T16:00:00Z" },
  "EventItem.platform": { description: "The kind of calendar it stands in.", example: "outlook_calendar" },
  platform_id: {
    description: "The event's id at its provider; empty while the occurrence is only expected from its series' rule.",
    example: "AAMkAGI1AAAoZCfIAAA="
  },
  ical_uid: {
    description: "The iCalendar UID, the same for all copies of a meeting; null where the provider tells none.",
    example: "040000008200E00074C5B7101A82E008"
  },
  meeting_platform: {
    description: "The meeting service that the link belongs to; null without a supported link.",
    example: "Teams"
  },
  meeting_url: {
    description: "The address that joins the meeting; null without a supported link.",
    example: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_example%40thread.v2/0"
  },
  is_deleted: {
    description: "Whether the event was deleted from the calendar; such ones are listed with `include_deleted` alone.",
    example: false
  },
  "EventItem.created_at": {
    description: "When Punctual first saw the event: RFC 3339, UTC.",
    example: "2026-04-01T12:00:00Z"
  },
  updated_at: {
    description: "When Punctual last saw the event change: RFC 3339, UTC.",
    example: "2026-04-07T09:30:00Z"
  },
  subject: { description: "The meeting's name in the calendar, now; may be empty.", example: "Weekly Team Standup" },
  time_zone: { description: "The event's own time zone by its IANA name.", example: "America/New_York" },
  is_all_day: { description: "Whether it lasts whole days; auto-scheduling passes such events over.", example: false },
  is_cancelled: { description: "Whether the organizer cancelled it; it gets no bot.", example: false },
  is_recurring: { description: "Whether it is an occurrence of a series.", example: true },
  series_id: {
    description: "The id of its series, which scheduling takes as well; null for a single event.",
    example: "srs_7t4s1r9q5p2n8v3k"
  },
  recurrence_rule: {
    description:
      "The series' rule as an RFC 5545 RRULE's value; null for a single event and where it has no such form.",
    example: "FREQ=WEEKLY;BYDAY=MO,WE,FR"
  },
  recurring_enabled: {
    description: "Whether each occurrence of the series gets its bot when the one before is launched.",
    example: false
  },
  original_start_time: {
    description: "When the series' rule has the occurrence start: RFC 3339, UTC; null for a single event.",
    example: "2026-04-08T15:00:00Z"
  },
  raw: {
    description: "The provider's own item, its description cut at 32 KiB and its attendees at 100.",
    example: { id: "AAMkAGI1AAAoZCfIAAA=", subject: "Weekly Team Standup" }
  },
  raw_truncated: { description: "There, and true, only where `raw` was cut." },
  "EventItem.bots": { description: "The event's newest bots, five at most." },
  bot_count: { description: "How many bots the event has and had: a count.", example: 1 },
  "EventsAnswer.results": { description: "The events of this page, by start time and then id." },
  next: {
    description: "The `cursor` of the page after this one; null on the last.",
    example: "eyJhdCI6MTc3NTY2MDQwMDAwMH0.qW3x"
  },
  previous: {
    description: "The `cursor` of the page before this one; null on the first.",
    example: "eyJhdCI6MTc3NTY2MDQwMDAwMX0.Zk2b"
  },
  has_more: { description: "Whether a page follows.", example: true },
  "CalendarItem.stale": {
    description:
      "There, and true, only where the provider does not list the calendar now: it is shown as it was last listed."
  },
  stale: {
    description: "There, and true, only where a sync was due and failed: what is listed is what was known before."
  },
  stale_reason: {
    description: "With `stale`: the error code that a live call would have met.",
    example: "microsoft_unavailable"
  }
}

/**
 * What answers of the log carry: changes, stories, and the parameters by which they are read.
 */
import { changeTypes } from "@punctual/core"
import type { Words } from "./Word.ts"

const types = changeTypes.map((type) => `\`${type}\``).join(", ")

const names =
  `Which types of entries, parted by commas: ${types}, or all that begin alike, such as \`bot.*\`. Default: those that the ` +
  "cursor was made for; all of them without one."

const wait =
  "Whole seconds, 0 to 30, that the answer is held for while there is no entry. At most 8 requests of one caller wait at once " +
  "in a process. Default: 0, and the answer comes at once."

const size = "The most entries on one page, 1 to 100. Default: the cursor's; 100 without one."

const next = "The cursor to go on with. It is always there: who has read all asks again with it, and misses nothing."

export const changeWords: Words = {
  "changes.list.cursor": {
    description:
      "`next` of an earlier page, or a time (RFC 3339): what happened from then on. Default: from the earliest entry that is " +
      "kept.",
    example: "eyJwbGFjZSI6NDcxMX0.qW3x"
  },
  "allChanges.list.cursor": {
    description:
      "`next` of an earlier page, whatever was asked for beside it. Default: from the earliest entry that is kept.",
    example: "eyJwbGFjZSI6IjQ3MTEifQ.qW3x"
  },
  "changes.list.limit": { description: size, example: 100 },
  "allChanges.list.limit": { description: size, example: 100 },
  "changes.eventTimeline.limit": { description: size, example: 20 },
  "changes.botTimeline.limit": { description: size, example: 20 },
  types: { description: names, example: "bot.*,calendar.synced" },
  wait: { description: wait, example: "25" },
  "allChanges.list.workspace_id": {
    description: "The workspace whose users are meant. Default: the cursor's; everybody without one.",
    example: "wsp_contoso"
  },
  "bots.list.status": {
    description:
      "Which bots: `scheduled` (with a join time ahead), `launching`, `launched`, `failed`, `cancelled`, or `all`; of these " +
      "whenever they joined or would have.",
    default: "scheduled",
    example: "all"
  },
  updated_since: {
    description:
      "A time (RFC 3339), or `next` of a page that was asked for with this parameter: events are listed that changed since, in " +
      "the order of their changes, with those that are gone, and `next` is always there. It goes without `time_min`, `time_max` " +
      "and `cleanup_duplicates`. Default: events by their start.",
    example: "2026-04-08T00:00:00Z"
  },

  // ---- an entry
  "ChangesAnswer.changes": { description: "The entries of this page, oldest first." },
  "TimelineAnswer.entries": { description: "The entries of this page, newest first." },
  "ChangesAnswer.next": { description: next, example: "eyJwbGFjZSI6NDcxMX0.qW3x" },
  "TimelineAnswer.next": {
    description: "The cursor of the page with what happened before; null where there is no more.",
    example: "eyJiZWZvcmUiOjQ3MTF9.qW3x"
  },
  ...Object.fromEntries(
    ["Change", "TimelineEntry"].flatMap((owner) => [
      [
        `${owner}.id`,
        {
          description: "The entry's id, the same wherever and however often it is told.",
          example: "chg_01jq3v8n2pk3v8n2p5q9"
        }
      ],
      [`${owner}.type`, { description: "What happened.", example: "bot.moved" }],
      [
        `${owner}.event_id`,
        { description: "The event that it is about; null where it is about none.", example: "evt_k3v8n2p5q9r1s4t7" }
      ],
      [
        `${owner}.bot_id`,
        {
          description: "The bot that it is about; null where it is about none.",
          example: "bot_01jq3v8n2pk3v8n2p5q9r1s4t7"
        }
      ],
      [
        `${owner}.workspace_id`,
        { description: "The workspace that the user was of; null where of none.", example: "wsp_0c1d2e3f4a5b6c7d8e9f" }
      ]
    ])
  ),
  sequence: { description: "The entry's number among the user's: it rises with each.", example: 4711 },
  occurred_at: {
    description: "When it happened: RFC 3339, UTC. It never falls within a user.",
    example: "2026-04-08T09:00:00Z"
  },
  cause: {
    description:
      "What was new: `user` (somebody asked), `calendar` (a fact of it, also where a rule then judged), `rule` (an edited rule), " +
      "`policy` (an edited policy of the workspace), `auto_schedule`, `recurring`, `launcher` (launching and what the bot " +
      "service said), `system`.",
    example: "calendar"
  },
  "TimelineEntry.sentence": {
    description: "The entry in plain English, for the meeting's owner.",
    example: "The bot of “Weekly Team Standup” was cancelled: the meeting was cancelled."
  },
  data: {
    description:
      "What changed. Of `bot.*` the bot, of `connection.*` the connection, each with `previous`; of `calendar.synced` how many " +
      "events of which calendar; of `coverage.*` how a coming meeting's bot stands, and what endangers it.",
    example: { calendar_id: "AQMkADAwATM0MDAA", created: 1, updated: 2, deleted: 0 }
  },
  "BotChanged.bot": { description: "The bot as it was then, as lists show it." },
  "ConnectionChanged.connection": { description: "The connection as it was then, without its calendars." },
  "BotChanged.previous": {
    description: "The bot's members that changed, as they were before; empty of a new one.",
    example: { scheduled_join_time: "2026-04-08T14:29:00Z" }
  },
  "ConnectionChanged.previous": {
    description: "The connection's members that changed, as they were before; empty of a new one.",
    example: { status: "active", status_reason: null }
  },
  "CoverageChanged.status": {
    description: "Whether the bot will be there, as the forecast has it now: `covered`, `at_risk` or `uncovered`.",
    example: "at_risk"
  },
  "CoverageChanged.calendar_id": {
    description: "The id at its provider of the calendar that the meeting stands in.",
    example: "AQMkADAwATM0MDAA"
  },
  "CoverageChanged.start_time": {
    description: "When the meeting begins: RFC 3339, UTC.",
    example: "2026-04-08T15:00:00Z"
  },
  "ChangedBot.start_time": {
    description: "When its meeting begins, as the bot goes by it: RFC 3339, UTC.",
    example: "2026-04-08T15:00:00Z"
  },
  "ChangedBot.end_time": {
    description: "When its meeting ends, as the bot goes by it: RFC 3339, UTC.",
    example: "2026-04-08T16:00:00Z"
  },
  "ChangedBot.bot_config": {
    description: "What the bot service gets with the launch, as it was then.",
    example: { bot_name: "My Meeting Bot", audio_required: true }
  },
  "ChangedBot.created_at": { description: "When the bot was made, RFC 3339, UTC.", example: "2026-04-07T10:00:00Z" },
  "ChangedBot.subject": {
    description: "Its meeting's subject, where it was at hand; else empty.",
    example: "Weekly Team Standup"
  },
  created: { description: "How many events are new since the calendar was told of last: a count.", example: 1 },
  updated: { description: "How many events changed since: a count.", example: 2 },
  deleted: { description: "How many events are gone since: a count.", example: 0 },
  earliest: {
    description:
      "When the earliest entry happened that is kept, RFC 3339, UTC: `GET /calendar/changes` takes it as the cursor. Left out of " +
      "listings of events.",
    example: "2026-03-09T09:00:00Z"
  }
}

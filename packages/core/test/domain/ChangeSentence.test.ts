/**
 * What each entry of the log is called in plain English: one example of every type, cause and kind of `previous`.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Bot } from "../../src/domain/Bot.ts"
import { botChange } from "../../src/domain/BotChange.ts"
import { changeSentence } from "../../src/domain/ChangeSentence.ts"
import { connectionChange } from "../../src/domain/ConnectionChange.ts"
import type { CalendarId, EventId, MeetingKey } from "../../src/domain/Ids.ts"
import { type ChangeCause, type CoverageChange, type NewChange, changeTypes } from "../../src/domain/LoggedChange.ts"
import { bot as botRow, connection as connectionRow, event, hour, minute } from "../../testing/rows/index.ts"

const start = Date.UTC(2026, 3, 8, 15)
const bot = botRow(event("a", { start, end: start + hour }), { link: { platform: "zoom", url: "https://zoom.us/j/1" } })
const launching: Bot = { ...bot, status: "Launching" }
const launched: Bot = { ...bot, status: "Launched" }

const told = (before: Bot | null, after: Bot, cause: ChangeCause = "calendar", subject: string | null = "Stand-up") =>
  botChange(before, after, { at: 7, subject, cause })

const connection = connectionRow({ email: "ada@example.com", name: "Ada" })
const tombstone = { ...connection, status: "disconnected" as const, email: null, name: null }

const joins = "it joins on 8 April 2026 at 14:59 UTC"

const examples: ReadonlyArray<readonly [change: NewChange | null, sentence: string]> = [
  // ---- made, by whom
  [told(null, bot, "user"), `You asked for a bot in “Stand-up”: ${joins}.`],
  [
    told(null, { ...bot, origin: "series" }, "user"),
    `You asked for a bot in all of the series, and so in “Stand-up”: ${joins}.`
  ],
  [
    told(null, { ...bot, origin: "recurring" }, "user"),
    `You asked for a bot in each next meeting of the series, and so in “Stand-up”: ${joins}.`
  ],
  [
    told(null, { ...bot, origin: "auto" }, "user"),
    `You asked for auto-scheduling, and so for a bot in “Stand-up”: ${joins}.`
  ],
  [told(null, bot, "calendar"), `A change in the calendar gave “Stand-up” a bot: ${joins}.`],
  [told(null, bot, "rule"), `A rule gave “Stand-up” a bot: ${joins}.`],
  [told(null, bot, "policy"), `Your workspace’s policy gave “Stand-up” a bot: ${joins}.`],
  [told(null, bot, "auto_schedule"), `Auto-scheduling gave “Stand-up” a bot: ${joins}.`],
  [
    told(null, bot, "recurring"),
    `You asked for a bot in each next meeting of the series, and “Stand-up” got its bot: ${joins}.`
  ],
  [told(null, bot, "launcher"), `The bot before it did not get in, so “Stand-up” got another one: ${joins}.`],
  [told(null, bot, "system", ""), `Punctual gave the meeting a bot: ${joins}.`],

  // ---- moved
  [
    told(bot, { ...bot, joinAt: bot.joinAt + hour, start: start + hour, end: start + 2 * hour }),
    "The calendar changed “Stand-up”, and its bot with it: it joins on 8 April 2026 at 15:59 UTC instead of 8 April 2026 at 14:59 UTC, the meeting begins on 8 April 2026 at 16:00 UTC instead of 8 April 2026 at 15:00 UTC, and the meeting ends on 8 April 2026 at 17:00 UTC instead of 8 April 2026 at 16:00 UTC."
  ],
  [
    told(bot, { ...bot, joinAt: bot.joinAt - minute }, "user"),
    "You changed the bot of “Stand-up”: it joins on 8 April 2026 at 14:58 UTC instead of 8 April 2026 at 14:59 UTC."
  ],
  [
    told(bot, { ...bot, end: bot.end + minute }, "calendar", null),
    "The calendar changed the meeting, and its bot with it: it joins on 8 April 2026 at 14:59 UTC as before, and the meeting ends on 8 April 2026 at 16:01 UTC instead of 8 April 2026 at 16:00 UTC."
  ],
  [
    told(launching, { ...bot, joinAt: bot.joinAt + hour }),
    "The calendar changed “Stand-up”, and its bot with it: it was on its way and is to join later after all, and it joins on 8 April 2026 at 15:59 UTC instead of 8 April 2026 at 14:59 UTC."
  ],
  [
    told(bot, { ...bot, joinAt: bot.joinAt + minute, botName: "Minutes" }, "system"),
    "Punctual changed the bot of “Stand-up”: it joins on 8 April 2026 at 15:00 UTC instead of 8 April 2026 at 14:59 UTC, and it is called “Minutes” instead of “Notes”."
  ],

  // ---- updated, each member
  [
    told(bot, { ...bot, botName: "Minutes" }, "rule"),
    "A rule changed the bot of “Stand-up”: it is called “Minutes” instead of “Notes”."
  ],
  [
    told(bot, { ...bot, link: { platform: "zoom", url: "https://zoom.us/j/2" } }),
    "The calendar changed “Stand-up”, and its bot with it: it joins by another link of Zoom."
  ],
  [
    told(bot, { ...bot, link: { platform: "teams", url: "https://teams.microsoft.com/l/x" } }),
    "The calendar changed “Stand-up”, and its bot with it: it joins by a link of Teams instead of Zoom."
  ],
  [
    told(bot, { ...bot, config: { a: 1 } }, "policy"),
    "Your workspace’s policy changed the bot of “Stand-up”: it has another configuration."
  ],
  [
    told(bot, { ...bot, config: { a: 1 }, origin: "auto" }, "auto_schedule"),
    "Auto-scheduling changed the bot of “Stand-up”: it has another configuration, and it is there because of auto-scheduling."
  ],
  [
    told(bot, { ...bot, customAttributes: { a: 1 } }, "user"),
    "You changed the bot of “Stand-up”: it carries other attributes."
  ],
  [
    told({ ...bot, origin: "auto" }, bot, "user"),
    "You changed the bot of “Stand-up”: it is there because you asked for it."
  ],
  [
    told(bot, { ...bot, origin: "series" }, "user"),
    "You changed the bot of “Stand-up”: it is there because you asked for all of the series."
  ],
  [
    told(bot, { ...bot, origin: "recurring" }, "recurring"),
    "The request for each next meeting changed the bot of “Stand-up”: it is there because you asked for each next meeting."
  ],
  [
    told(bot, { ...bot, calendarId: "cal_b" as CalendarId, eventId: "evt_b" as EventId }),
    "The calendar changed “Stand-up”, and its bot with it: it goes by the meeting’s copy in another calendar."
  ],
  [
    told(bot, { ...bot, eventId: "evt_b" as EventId }),
    "The calendar changed “Stand-up”, and its bot with it: it goes by another entry of the calendar."
  ],
  [
    told(bot, { ...bot, meeting: "on:2026-04-08:uid:x" as MeetingKey }),
    "The calendar changed “Stand-up”, and its bot with it: it is known by what the meeting is called now."
  ],
  [
    told(launching, { ...launching, externalId: "b7d1" }, "launcher"),
    "The bot service told of the bot of “Stand-up”: the bot service knows it as b7d1."
  ],
  [
    told(launching, { ...launching, statusMessage: "503" }, "launcher"),
    "The bot service told of the bot of “Stand-up”: its last report is “503”."
  ],
  [
    told({ ...launching, statusMessage: "503" }, launching, "launcher"),
    "The bot service told of the bot of “Stand-up”: nothing is in its way any more."
  ],
  [
    told(launched, { ...launched, statusReason: "call_back_refused", statusMessage: "405" }, "launcher"),
    "The bot service told of the bot of “Stand-up”: the bot service did not take it out of its meeting (405)."
  ],

  // ---- on its way, in, out
  [
    told(bot, launching, "launcher"),
    "The bot of “Stand-up” is being handed to the bot service, to join on 8 April 2026 at 14:59 UTC."
  ],
  [told(launching, launched, "launcher"), "The bot service took the bot of “Stand-up”."],
  [
    told(launching, { ...launched, externalId: "b7d1" }, "launcher"),
    "The bot service took the bot of “Stand-up”, which it knows as b7d1."
  ],
  [
    told(launched, { ...launched, statusReason: "link_changed" }),
    "The bot of “Stand-up” was taken out of its meeting: the meeting has another link."
  ],
  [
    told(launching, { ...bot, status: "Failed", statusReason: "launcher_rejected", statusMessage: "402: no credits" }),
    "The bot of “Stand-up” failed: the bot service refused it (402: no credits)."
  ],
  [
    told(bot, { ...bot, status: "Cancelled", statusReason: "meeting_cancelled" }),
    "The bot of “Stand-up” was cancelled: the meeting was cancelled."
  ],
  [
    told(bot, { ...bot, status: "Cancelled", statusReason: "removed_by_user" }, "user", null),
    "The bot of the meeting was cancelled: you removed it."
  ],
  [told(bot, { ...bot, status: "Cancelled" }), "The bot of “Stand-up” was cancelled: it was not needed any more."],

  // ---- connections and calendars
  [connectionChange(null, connection, "user"), "The calendar account ada@example.com was connected."],
  [connectionChange(null, { ...connection, email: null }, "user"), "The calendar account was connected."],
  [
    connectionChange(
      connection,
      { ...connection, status: "reauthorization_required", statusMessage: "The grant was revoked." },
      "system"
    ),
    "The calendar account ada@example.com must be connected again: The grant was revoked."
  ],
  [
    connectionChange(connection, { ...connection, status: "error" }, "system"),
    "The calendar account ada@example.com can’t be read."
  ],
  [
    connectionChange({ ...connection, status: "error" }, connection, "system"),
    "The calendar account ada@example.com can be read again."
  ],
  [
    connectionChange(connection, { ...connection, credentialsVersion: 2 }, "user"),
    "The calendar account ada@example.com has new credentials."
  ],
  [
    connectionChange(connection, { ...connection, name: "Ada L." }, "system"),
    "The calendar account ada@example.com goes by another name or address."
  ],
  [connectionChange(connection, tombstone, "user"), "The calendar account was disconnected."],
  [synced(3, 1, 2), "The calendar was read: 3 events are new, 1 event changed, 2 events are gone."],
  [synced(0, 0, 1), "The calendar was read: 1 event is gone."],

  // ---- foreseen
  [
    coverage("at_risk", "reauthorization_required"),
    "The bot of the meeting on 8 April 2026 at 15:00 UTC is in danger: the calendar must be connected again."
  ],
  [
    coverage("uncovered", "launcher_not_configured", "paused"),
    "As things stand the meeting on 8 April 2026 at 15:00 UTC will have no bot: no bot service is set up, and launches are paused."
  ],
  [coverage("covered"), "The bot of the meeting on 8 April 2026 at 15:00 UTC is in danger no more."]
]

function coverage(status: CoverageChange["data"]["status"], ...causes: CoverageChange["data"]["causes"]): NewChange {
  const { calendarId, eventId, meeting } = bot
  const type = status === "covered" ? "coverage.restored" : "coverage.at_risk"
  return { type, occurredAt: 7, cause: "system", data: { calendarId, eventId, meeting, start, status, causes } }
}

function synced(created: number, updated: number, deleted: number): NewChange {
  const data = { calendarId: "cal_a" as CalendarId, created, updated, deleted }
  return { type: "calendar.synced", occurredAt: 7, cause: "calendar", data }
}

describe("an entry of the log in a sentence", () => {
  it("says who or what made the change, and what is otherwise", () => {
    for (const [change, sentence] of examples) {
      if (change === null) return assert.fail(`nothing is told: ${sentence}`)
      assert.strictEqual(changeSentence(change), sentence)
    }
  })

  it("is there for every type, cause and member that may have changed", () => {
    const all = examples.flatMap(([change]) => (change === null ? [] : [change]))
    assert.sameMembers([...new Set(all.map(({ type }) => type))], [...changeTypes])
    const causes: Readonly<Record<ChangeCause, true>> = {
      user: true,
      calendar: true,
      rule: true,
      policy: true,
      auto_schedule: true,
      recurring: true,
      launcher: true,
      system: true
    }
    for (const type of ["bot.scheduled", "bot.updated,bot.moved"]) {
      const its = all.filter((change) => type.split(",").includes(change.type)).map(({ cause }) => cause)
      assert.sameMembers([...new Set(its)], Object.keys(causes), type)
    }
    const changed = new Set(all.flatMap(({ data }) => Object.keys("previous" in data ? data.previous : {})))
    const members = Object.keys(botChange(null, bot, { at: 7, subject: null, cause: "user" })?.data.bot ?? {})
    const fixed = new Set(["id", "subject", "createdAt"])
    for (const member of members) if (!fixed.has(member)) assert.include([...changed], member)
  })

  it("is one sentence: it begins with a capital and ends with one stop, whatever the reason", () => {
    const reasons = [
      ["Cancelled", "meeting_deleted", "meeting_moved_to_past", "link_removed", "calendar_disconnected"],
      ["Cancelled", "calendar_deselected", "auto_schedule_disabled", "no_longer_wanted", "blocked_by_policy"],
      ["Cancelled", "all_day", "declined_by_user", "skipped_by_rule", "skipped_by_default", "removed_by_user"],
      ["Failed", "launcher_unreachable", "launcher_not_configured", "meeting_ended_before_launch", "paused"],
      ["Launched", "meeting_cancelled", "meeting_deleted", "meeting_moved", "link_changed", "blocked_by_policy"]
    ] as const
    for (const [status, ...its] of reasons) {
      for (const statusReason of its) {
        const change = told(status === "Launched" ? launched : bot, { ...bot, status, statusReason })
        assert.match(change === null ? "" : changeSentence(change), /^The bot of “Stand-up” (was|failed)[^.]*\.$/)
      }
    }
  })
})

/**
 * What a write of a bot or a connection leaves in the log.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Bot } from "../../src/domain/Bot.ts"
import { botChange, causeOfEnd, launchChange } from "../../src/domain/BotChange.ts"
import { connectionChange } from "../../src/domain/ConnectionChange.ts"
import { bot as botRow, connection as connectionRow, event, launch as launchRow } from "../../testing/rows/index.ts"

const bot = botRow(event("a"))
const told = { at: 7, subject: "Stand-up", cause: "calendar" as const }
const launch = launchRow({ leaseUntil: 1 })
const launching: Bot = { ...bot, status: "Launching", launch }
const launched: Bot = { ...bot, status: "Launched" }

const changes: ReadonlyArray<readonly [type: string | null, before: Bot | null, after: Bot, previous: object]> = [
  ["bot.scheduled", null, bot, {}],
  ["bot.moved", bot, { ...bot, joinAt: 5 }, { joinAt: bot.joinAt }],
  ["bot.moved", bot, { ...bot, end: bot.end + 1 }, { end: bot.end }],
  ["bot.moved", bot, { ...bot, joinAt: 5, botName: "B" }, { joinAt: bot.joinAt, botName: bot.botName }],
  ["bot.updated", bot, { ...bot, config: { a: 1 } }, { config: bot.config }],
  ["bot.updated", bot, { ...bot, link: { ...bot.link, url: "https://zoom.us/j/2" } }, { link: bot.link }],
  ["bot.updated", launching, { ...launching, statusMessage: "503" }, { statusMessage: null }],
  ["bot.cancelled", bot, { ...bot, status: "Cancelled", joinAt: 5 }, { status: "Scheduled", joinAt: bot.joinAt }],
  ["bot.launching", bot, launching, { status: "Scheduled" }],
  ["bot.moved", launching, { ...bot, joinAt: 9 }, { status: "Launching", joinAt: bot.joinAt }],
  ["bot.launched", launching, launched, { status: "Launching" }],
  ["bot.failed", launching, { ...bot, status: "Failed" }, { status: "Launching" }],
  ["bot.withdrawn", launched, { ...launched, statusReason: "meeting_moved" }, { statusReason: null }],
  ["bot.updated", launched, { ...launched, statusReason: "call_back_refused" }, { statusReason: null }],
  [null, launching, { ...launching, launch: { ...launch, takenBack: "removed_by_user" }, revision: 9 }, {}],
  [null, bot, { ...bot, config: { ...bot.config }, schedule: { ...bot.schedule, applied: 1 }, updatedAt: 9 }, {}]
]

describe("what a write of a bot leaves in the log", () => {
  it("is named after the first that fits, and holds what changed as it was", () => {
    for (const [type, before, after, previous] of changes) {
      const change = botChange(before, after, told)
      assert.deepStrictEqual([change?.type ?? null, change?.data.previous ?? {}], [type, previous])
    }
  })

  it("tells nothing of leases, revisions and schedules", () => {
    const change = botChange(null, launching, told)
    assert.deepStrictEqual([change?.occurredAt, change?.cause, change?.data.bot.subject], [7, "calendar", "Stand-up"])
    for (const member of ["launch", "revision", "schedule", "seq", "updatedAt"]) {
      assert.notProperty(change?.data.bot, member)
    }
  })

  it("has the launcher as its cause, unless something else moved or ended the bot", () => {
    const causeOf = (before: Bot, after: Bot) => launchChange(before, after, told)?.cause
    assert.strictEqual(causeOf(launching, launched), "launcher")
    assert.strictEqual(causeOf(launching, { ...bot, joinAt: 9 }), "calendar")
    const ended = (statusReason: Bot["statusReason"]): Bot => ({ ...bot, status: "Cancelled", statusReason })
    assert.strictEqual(causeOf(launching, ended("removed_by_user")), "user")
    assert.strictEqual(causeOf(launching, ended("blocked_by_policy")), "policy")
    assert.strictEqual(causeOfEnd("skipped_by_rule"), "rule")
    assert.strictEqual(causeOfEnd("auto_schedule_disabled"), "auto_schedule")
    assert.strictEqual(causeOfEnd("no_longer_wanted"), "system")
    assert.strictEqual(causeOfEnd("link_removed"), "calendar")
  })
})

describe("what a write of a connection leaves in the log", () => {
  const row = connectionRow({ email: "ada@example.com", name: "Ada" })
  const gone = { ...row, status: "disconnected" as const, statusReason: "erasing", email: null, name: null }

  it("is its making, a change that is told, and its end", () => {
    assert.deepStrictEqual(connectionChange(null, row, "user")?.type, "connection.created")
    const lost = connectionChange(row, { ...row, status: "reauthorization_required" }, "system")
    assert.deepStrictEqual([lost?.type, lost?.data.previous], ["connection.updated", { status: "active" }])
    assert.isNull(connectionChange(row, { ...row, notBefore: 9, revision: 2 }, "system"))
    assert.strictEqual(connectionChange(gone, row, "user")?.type, "connection.created")
  })

  it("tells new credentials without them", () => {
    const change = connectionChange(row, { ...row, credentialsVersion: row.credentialsVersion + 1 }, "user")
    assert.deepStrictEqual([change?.type, change?.data.previous], ["connection.updated", {}])
    assert.notInclude(JSON.stringify(change), "redentials")
  })

  it("holds nothing personal once it was taken down, and is said once", () => {
    const change = connectionChange(row, gone, "user")
    assert.deepStrictEqual([change?.type, change?.data.previous], ["connection.disconnected", { status: "active" }])
    assert.notMatch(JSON.stringify(change), /ada|Ada|erasing/)
    assert.isNull(connectionChange(gone, { ...gone, statusReason: null }, "user"))
  })
})

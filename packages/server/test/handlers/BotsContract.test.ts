/**
 * Scheduling and managing bots, as the guide shows them: each request is taken, and each answer has every member of its example. The
 * core behind is scripted; what it is asked is part of the contract too.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Bot, ScheduleRequest } from "@punctual/core"
import { complete, guide } from "../Guide.ts"
import { serve } from "../Kit.ts"
import { bot, event, scheduled, start } from "../Samples.ts"

const base = "/api/v1/calendar"

describe("bots", () => {
  it.effect("POST schedule/{event_id}", () =>
    Effect.gen(function* () {
      const asked: Array<ScheduleRequest> = []
      const { call } = yield* serve({
        core: {
          schedule: (_, request) =>
            Effect.sync(() => {
              asked.push(request)
              return scheduled
            })
        }
      })
      yield* TestClock.setTime(start - 3_600_000)
      const { json, status } = yield* call("POST", `${base}/schedule/evt_abc123`, { body: guide.schedule.request })
      assert.strictEqual(status, 200)
      complete("schedule", json)
      assert.strictEqual(json.schedule_id, "bot-usr_adele-bot_111aaa12")
      assert.strictEqual(json.schedule_group, "teams")
      assert.strictEqual(json.scheduled_time, "2026-04-08T14:59:00Z")
      assert.notProperty(json, "overrides_auto_schedule")
      assert.deepStrictEqual(asked, [
        {
          eventId: event.id,
          config: guide.schedule.request?.["bot_config"] as Record<string, unknown>,
          occurrenceDate: null,
          allOccurrences: false,
          occurrenceLimit: 52,
          recurring: false
        }
      ])
      const bare = yield* call("POST", `${base}/schedule/evt_abc123`)
      assert.strictEqual(bare.status, 200, "the body may be left out")
      assert.deepStrictEqual(asked.at(-1)?.config, {})
    })
  )

  it.effect("POST schedule/{event_id}: a join time that has passed is now", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core: { schedule: () => Effect.succeed(scheduled) } })
      yield* TestClock.setTime(start + 60_000)
      const { json } = yield* call("POST", `${base}/schedule/evt_abc123`)
      assert.strictEqual(json.scheduled_time, "2026-04-08T15:01:00Z")
    })
  )

  it.effect("POST schedule/{event_id} of all occurrences tells each bot and each that was passed over", () =>
    Effect.gen(function* () {
      const asked: Array<ScheduleRequest> = []
      const { call } = yield* serve({
        core: {
          schedule: (_, request) =>
            Effect.sync(() => {
              asked.push(request)
              return {
                ...scheduled,
                overridesAutoSchedule: true,
                skipped: [{ eventId: event.id, start, reason: "event_cancelled" as const, botId: null }]
              }
            })
        }
      })
      const body = { schedule_all_occurrences: true, occurrence_limit: 366, occurrence_date: "2026-04-08" }
      const { json, status, text } = yield* call("POST", `${base}/schedule/srs_abc`, { body })
      assert.strictEqual(status, 200, text)
      assert.isTrue(json.overrides_auto_schedule)
      assert.strictEqual(json.scheduled_count, 1)
      assert.strictEqual(json.bots[0].bot_id, bot.id)
      assert.strictEqual(json.bots[0].event_id, event.id)
      assert.strictEqual(json.bots[0].scheduled_time, "2026-04-08T14:59:00Z")
      assert.deepStrictEqual(json.skipped, [
        { event_id: event.id, start_time: "2026-04-08T15:00:00Z", reason: "event_cancelled" }
      ])
      assert.strictEqual(asked[0]?.occurrenceLimit, 366)
      assert.strictEqual(asked[0]?.occurrenceDate, "2026-04-08")
    })
  )

  it.effect("B1: says of a bot whose launch is not answered that it may be in its meeting", () =>
    Effect.gen(function* () {
      const launch = {
        leaseUntil: 0,
        attempts: 1,
        retryAt: null,
        mayHaveSucceeded: true,
        openUntil: null,
        takenBack: "removed_by_user",
        owner: null
      } as const
      const doubtful: Bot = { ...bot, status: "Launching", launch }
      const { call } = yield* serve({
        core: {
          unschedule: () => Effect.succeed({ cancelled: [], takenBack: [doubtful], isSeries: false }),
          removeBot: () => Effect.succeed(doubtful)
        }
      })
      const unscheduled = yield* call("DELETE", `${base}/schedule/evt_abc123`)
      assert.deepInclude(unscheduled, { status: 200 })
      assert.deepInclude(unscheduled.json, { bots_deleted: 0, may_be_in_meeting: true })
      const removed = yield* call("DELETE", `${base}/scheduled_bots/${bot.id}`)
      assert.deepInclude(removed, { status: 200 })
      assert.deepInclude(removed.json, { bot_id: bot.id, may_be_in_meeting: true })
    })
  )

  it.effect("DELETE schedule/{event_id}", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { call } = yield* serve({
        core: {
          unschedule: (_, request) =>
            Effect.sync(() => {
              asked.push(request)
              return { cancelled: [bot], takenBack: [], isSeries: false }
            })
        }
      })
      const { json, status } = yield* call("DELETE", `${base}/schedule/evt_abc123`, { body: guide.unschedule.request })
      assert.strictEqual(status, 200)
      complete("unschedule", json)
      assert.deepStrictEqual(json.cancelled_schedules, ["bot-usr_adele-bot_111aaa12"])
      assert.strictEqual((yield* call("DELETE", `${base}/schedule/evt_abc123`)).status, 200)
      assert.deepStrictEqual(asked, [
        { eventId: event.id, allOccurrences: false, fromDate: "2026-05-01T00:00:00Z" },
        { eventId: event.id, allOccurrences: false, fromDate: null }
      ])
    })
  )

  it.effect("GET scheduled_bots", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core: { bots: () => Effect.succeed({ items: [bot], hasMore: false }) } })
      const { json, status } = yield* call("GET", `${base}/scheduled_bots`)
      assert.strictEqual(status, 200)
      complete("scheduled_bots", json)
      assert.isNull(json.next)
      assert.isFalse(json.has_more)
      assert.strictEqual(json.scheduled_bots[0].origin, "manual")
      assert.strictEqual(json.scheduled_bots[0].subject, event.subject, "D: a bot is listed with its meeting's name")
      assert.isNull(json.scheduled_bots[0].status_reason)
      assert.isNull(json.scheduled_bots[0].external_id)
    })
  )

  it.effect("PATCH scheduled_bots/{bot_id}", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { call } = yield* serve({
        core: {
          updateBot: (_, id, patch) =>
            Effect.sync(() => {
              asked.push(id, patch)
              return bot
            })
        }
      })
      const { json, status } = yield* call("PATCH", `${base}/scheduled_bots/bot_111aaa12`, {
        body: { ...guide.update_scheduled_bot.request, bot_config: { a: null } }
      })
      assert.strictEqual(status, 200)
      complete("update_scheduled_bot", json)
      assert.deepStrictEqual(json.updated_fields, [
        "scheduled_join_time",
        "bot_username",
        "custom_attributes",
        "bot_config"
      ])
      assert.deepStrictEqual(asked, [
        bot.id,
        {
          joinAt: Date.UTC(2026, 3, 8, 16, 59),
          botName: "Updated Bot Name",
          customAttributes: { note: "VIP meeting" },
          config: { a: null }
        }
      ])
      const renamed = yield* call("PATCH", `${base}/scheduled_bots/bot_111aaa12`, { body: { bot_username: "X" } })
      assert.isFalse(renamed.json.schedule_updated)
    })
  )

  it.effect("DELETE scheduled_bots/{bot_id}", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core: { removeBot: () => Effect.succeed(bot) } })
      const { json, status } = yield* call("DELETE", `${base}/scheduled_bots/bot_111aaa12`)
      assert.strictEqual(status, 200)
      complete("delete_scheduled_bot", json)
    })
  )
})

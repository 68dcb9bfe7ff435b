/**
 * Auto-scheduling and chains, as the guide shows them: each request is taken, and each answer has every member of its example. The
 * core behind is scripted; what it is asked is part of the contract too.
 */
import { assert, describe, it } from "@effect/vitest"
import { Rows } from "@punctual/core/testing"
import { Effect } from "effect"
import { complete, guide } from "../Guide.ts"
import { adele, serve } from "../Kit.ts"
import { event, scheduled, series } from "../Samples.ts"

const base = "/api/v1/calendar"

describe("auto-scheduling and chains", () => {
  it.effect("POST auto-schedule/enable, …/disable, GET …/settings", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const auto = Rows.autoSchedule({ enabled: true, seq: 1, config: { bot_name: "MeetStream Auto Bot" } })
      const { call } = yield* serve({
        core: {
          enableAuto: (_, config) =>
            Effect.sync(() => {
              asked.push(config)
              return auto
            }),
          disableAuto: (_, cancel) =>
            Effect.sync(() => {
              asked.push(cancel)
              return { ...auto, enabled: false }
            }),
          autoSchedule: () => Effect.succeed(auto)
        }
      })
      const enabled = yield* call("POST", `${base}/auto-schedule/enable`, { body: guide.enable_auto_schedule.request })
      assert.strictEqual(enabled.status, 200)
      complete("enable_auto_schedule", enabled.json)
      yield* call("POST", `${base}/auto-schedule/enable`)
      const settings = yield* call("GET", `${base}/auto-schedule/settings`)
      complete("auto_schedule_settings", {
        ...settings.json,
        default_bot_config: guide.auto_schedule_settings.response?.["default_bot_config"]
      })
      assert.deepStrictEqual(settings.json, {
        auto_schedule_enabled: true,
        default_bot_config: { bot_name: "MeetStream Auto Bot" },
        rules: [],
        otherwise: "join",
        covered_until: null
      })
      const disabled = yield* call("POST", `${base}/auto-schedule/disable`)
      assert.isFalse(disabled.json.auto_schedule_enabled)
      assert.isString(disabled.json.message)
      yield* call("POST", `${base}/auto-schedule/disable`, { body: { cancel_scheduled: true } })
      assert.deepStrictEqual(asked, [guide.enable_auto_schedule.request?.["default_bot_config"], null, false, true])
    })
  )

  it.effect("POST toggle-recurrence", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({
        core: { toggleRecurrence: (_, __, enabled) => Effect.succeed({ event, series, isEnabled: enabled }) }
      })
      const { json, status } = yield* call("POST", `${base}/toggle-recurrence`, {
        body: guide.toggle_recurrence.request
      })
      assert.strictEqual(status, 200)
      complete("toggle_recurrence", json)
      assert.strictEqual(json.message, guide.toggle_recurrence.response?.["message"])
      assert.strictEqual(json.summary, "Weekly Standup")
    })
  )

  it.effect("POST auto-reschedule, for oneself alone", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { call } = yield* serve({
        core: {
          scheduleNext: (_, request) =>
            Effect.sync(() => {
              asked.push(request)
              return scheduled
            })
        }
      })
      const body = { ...guide.auto_reschedule.request, user_id: adele }
      const { json, status, text } = yield* call("POST", `${base}/auto-reschedule`, { body })
      assert.strictEqual(status, 200, text)
      complete("schedule", json)
      assert.deepStrictEqual(asked, [
        {
          eventId: event.id,
          config: { video_required: false },
          after: Date.UTC(2026, 3, 7, 10),
          rule: "FREQ=WEEKLY;BYDAY=MO,WE,FR",
          link: "https://teams.microsoft.com/l/meetup-join/..."
        }
      ])
      assert.strictEqual(
        (yield* call("POST", `${base}/auto-reschedule`, { body: { event_id: "evt_abc123" } })).status,
        200
      )
      const other = yield* call("POST", `${base}/auto-reschedule`, { body: { ...body, user_id: "usr_miriam" } })
      assert.strictEqual(other.status, 403)
      assert.strictEqual(other.json.code, "forbidden")
    })
  )
})

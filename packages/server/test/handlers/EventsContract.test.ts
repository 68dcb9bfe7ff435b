/**
 * The lists of events, as the guide shows them: each request is taken, and each answer has every member of its example. The
 * core behind is scripted; what it is asked is part of the contract too.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { EventsRequest, SyncMode } from "@punctual/core"
import { complete } from "../Guide.ts"
import { serve } from "../Kit.ts"
import { bot, listed, start } from "../Samples.ts"

const base = "/api/v1/calendar"

describe("events", () => {
  const asked: Array<{ readonly request: EventsRequest; readonly sync: SyncMode }> = []
  const core = {
    events: (_: unknown, request: EventsRequest, sync: SyncMode) =>
      Effect.sync(() => {
        asked.push({ request, sync })
        return { items: [listed], hasMore: true, staleReason: null }
      })
  }

  it.effect("GET events", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      yield* TestClock.setTime(start)
      const { json, status } = yield* call("GET", `${base}/events?limit=20`)
      assert.strictEqual(status, 200)
      complete("events", json)
      assert.isString(json.next)
      assert.isNull(json.previous)
      assert.isTrue(json.has_more)
      assert.deepStrictEqual(asked.at(-1), {
        request: {
          calendarId: null,
          span: { from: start - 86_400_000, to: start + 28 * 86_400_000 },
          includeDeleted: false,
          uniqueMeetings: false,
          limit: 20,
          place: null,
          backwards: false
        },
        sync: "auto"
      })
      const [row] = json.results
      assert.strictEqual(row.start_time, "2026-04-08T15:00:00Z")
      assert.strictEqual(row.meeting_platform, "Teams")
      assert.strictEqual(row.recurrence_rule, "FREQ=WEEKLY;BYDAY=MO,WE,FR")
      assert.isTrue(row.recurring_enabled)
      assert.strictEqual(row.original_start_time, "2026-04-08T15:00:00Z")
      assert.deepStrictEqual(row.bots, [
        {
          id: bot.id,
          subject: bot.subject,
          status: "Scheduled",
          status_reason: null,
          status_message: null,
          scheduled_join_time: "2026-04-08T14:59:00Z",
          origin: "manual",
          external_id: null,
          platform: "Teams",
          bot_username: "MeetStream Calendar Bot",
          is_scheduled: true
        }
      ])
    })
  )

  it.effect("GET events takes every parameter of the guide, in any offset", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      const query = new URLSearchParams({
        calendar_id: "all",
        time_min: "2026-04-01T02:00:00+02:00",
        time_max: "2026-04-02T00:00:00.500Z",
        sync: "true",
        cleanup_duplicates: "true",
        include_deleted: "true"
      })
      const answer = yield* call("GET", `${base}/events?${query}`)
      assert.strictEqual(answer.status, 200, answer.text)
      assert.deepStrictEqual(asked.at(-1), {
        request: {
          calendarId: "all",
          span: { from: Date.UTC(2026, 3, 1), to: Date.UTC(2026, 3, 2) + 500 },
          includeDeleted: true,
          uniqueMeetings: true,
          limit: 50,
          place: null,
          backwards: false
        },
        sync: "force"
      })
      const unescaped = yield* call(
        "GET",
        `${base}/events?time_min=2026-04-01T02:00:00+02:00&time_max=2026-04-03T00:00:00Z`
      )
      assert.strictEqual(unescaped.status, 200, unescaped.text)
      assert.strictEqual(asked.at(-1)?.request.span.from, Date.UTC(2026, 3, 1))
    })
  )

  it.effect("GET get_events: the same answer, and Microsoft is never asked", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core })
      const { json, status } = yield* call("GET", `${base}/get_events`)
      assert.strictEqual(status, 200)
      complete("events", json)
      assert.strictEqual(asked.at(-1)?.sync, "never")
      assert.strictEqual((yield* call("GET", `${base}/get_events?sync=true`)).status, 400)
    })
  )

  it.effect("says that an answer is stale, and why", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({
        core: {
          events: () =>
            Effect.succeed({ items: [listed], hasMore: false, staleReason: "provider_unavailable" as const })
        }
      })
      const { json } = yield* call("GET", `${base}/events`)
      assert.isTrue(json.stale)
      assert.strictEqual(json.stale_reason, "microsoft_unavailable")
      assert.isNull(json.next)
      assert.isFalse(json.has_more)
    })
  )
})

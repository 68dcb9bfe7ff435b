/**
 * Requests that are repeated because their first run did its work and died before it answered: the answer is the first's.
 */
import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { adele } from "../Kit.ts"
import { base, connected, day, hour, minute, noon, zoom } from "../Whole.ts"

const withMeetings = Effect.gen(function* () {
  const host = yield* connected
  yield* host.control.create(host.calendarId, { subject: "Review", start: noon + 5 * hour, joinUrl: zoom })
  yield* host.control.createSeries(host.calendarId, {
    subject: "Stand-up",
    joinUrl: zoom,
    timing: {
      rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
      startDate: "2026-03-10",
      startTime: 15 * hour,
      durationMillis: hour,
      zone: "UTC"
    }
  })
  yield* host.syncChanges
  const [review] = yield* host.named("Review")
  const [standUp] = yield* host.named("Stand-up")

  /** The request, run to its end by a process that then dies; and its repetition under the same key. */
  const twice = (path: string, pattern: string, body: unknown) =>
    Effect.gen(function* () {
      const first = yield* host.ok("POST", path, body)
      const now = noon
      const digest = createHash("sha256")
        .update(`POST ${base}${path}\n${JSON.stringify(body)}`)
        .digest("hex")
      yield* host.accounts.begin(
        { userId: adele, route: `POST ${base}${pattern}`, key: "once" },
        { digest, now, leaseUntil: now + minute, keepUntil: now + day }
      )
      yield* TestClock.adjust(minute + 1)
      const again = yield* host.ok("POST", path, body, { headers: { "idempotency-key": "once" } })
      return { again, first }
    })
  return { ...host, review, standUp, twice }
})

const schedule = "/schedule/:event_id"

describe("a repetition after a crash answers as the first run would have", () => {
  it.effect("for one meeting, members in another order", () =>
    Effect.gen(function* () {
      const { review, twice } = yield* withMeetings
      const body = { bot_config: { bot_name: "Notes", deep: { b: 1, a: 2 } } }
      const { again, first } = yield* twice(`/schedule/${review.id}`, schedule, body)
      assert.deepStrictEqual(again, first)
    })
  )

  it.effect("for all of a series", () =>
    Effect.gen(function* () {
      const { standUp, twice } = yield* withMeetings
      const body = { schedule_all_occurrences: true, occurrence_limit: 20 }
      const { again, first } = yield* twice(`/schedule/${standUp.series_id}`, schedule, body)
      assert.strictEqual(again.scheduled_count, 20)
      assert.deepStrictEqual(again, first)
    })
  )

  it.effect("for one step of a chain", () =>
    Effect.gen(function* () {
      const { standUp, twice } = yield* withMeetings
      const { again, first } = yield* twice("/auto-reschedule", "/auto-reschedule", { event_id: standUp.id })
      assert.deepStrictEqual(again, first)
    })
  )

  it.effect("for a bot that was due at once and has been handed over meanwhile", () =>
    Effect.gen(function* () {
      const { punctual, review, twice } = yield* withMeetings
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.adjust(5 * hour + 10 * minute)
      const { again, first } = yield* twice(`/schedule/${review.id}`, schedule, {})
      assert.strictEqual(again.bot_id, first.bot_id)
      assert.strictEqual(again.status, "Launched")
    })
  )

  it.effect("for switches, which are as they were left", () =>
    Effect.gen(function* () {
      const { standUp, twice } = yield* withMeetings
      const toggled = { event_id: standUp.id, recurring_enabled: true }
      const one = yield* twice("/toggle-recurrence", "/toggle-recurrence", toggled)
      assert.deepStrictEqual(one.again, one.first)
      const two = yield* twice("/auto-schedule/enable", "/auto-schedule/enable", { default_bot_config: { a: 1 } })
      assert.deepStrictEqual(two.again, two.first)
    })
  )
})

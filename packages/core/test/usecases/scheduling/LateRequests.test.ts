/**
 * Requests under way when their user disconnects or gives a calendar up: found by the simulated world (seeds 978999054,
 * 9000249).
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Refusal, Store } from "../../../src/index.ts"
import { decideAndCommit } from "../../../src/usecases/scheduling/DecideAndCommit.ts"
import { eventIntent } from "../../../testing/rows/Intent.ts"
import { account, ask, connected, hour, layer, noon, ours, row, settle, user, zoom } from "../Host.ts"

describe("a decision made after a disconnect", () => {
  it.effect("writes nothing, and says that nothing is connected", () =>
    Effect.gen(function* () {
      const { punctual } = yield* connected
      yield* punctual.disconnect(user)
      const meeting = "uid:late" as never
      const intent = eventIntent(meeting)
      const refusal = yield* Effect.flip(
        decideAndCommit(user, { kind: "meetings", meetings: [meeting], series: [] }, () => ({
          change: { putIntents: [intent] },
          answer: null
        }))
      )
      assert.instanceOf(refusal, Refusal)
      const store = yield* Store
      assert.deepStrictEqual((yield* store.slice(user, { kind: "all" }, 0)).intents, [])
    }).pipe(Effect.provide(layer))
  )
})

describe("a request decided after its calendar was given up", () => {
  it.effect("finds no such event, and leaves no intent that would come back with the calendar", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      const at = { start: noon + 5 * hour, end: noon + 6 * hour, joinUrl: zoom }
      yield* control.create(calendarId, { subject: "Review", ...at })
      const rule = { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } } as const
      const timing = { rule, startDate: "2026-03-10", startTime: 17 * hour, durationMillis: hour, zone: "UTC" }
      yield* control.createSeries(calendarId, { subject: "Sync", joinUrl: zoom, timing })
      yield* settle
      const [review, sync] = [(yield* row("Review")).event, (yield* row("Sync")).event]
      // The first of its steps: intents and rows are still there.
      const store = yield* Store
      yield* store.patchCalendar((yield* account).connection, ours(calendarId), {
        selected: false,
        subscription: null,
        reset: true
      })
      const refusals = [
        yield* Effect.flip(punctual.schedule(user, ask(review.id))),
        yield* Effect.flip(punctual.toggleRecurrence(user, sync.id, true))
      ]
      assert.deepStrictEqual(
        refusals.map((refusal) => (refusal instanceof Refusal ? refusal.code : refusal._tag)),
        ["event_not_found", "event_not_found"]
      )
      assert.deepStrictEqual((yield* store.slice(user, { kind: "all" }, 0)).intents, [])
    }).pipe(Effect.provide(layer))
  )
})

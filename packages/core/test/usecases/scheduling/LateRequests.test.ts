/**
 * Requests under way when their user disconnects or gives a calendar up: found by the simulated world (seeds 978999054,
 * 9000249, 123346).
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Refusal, Store, connectionId } from "../../../src/index.ts"
import { decideAndCommit } from "../../../src/usecases/scheduling/DecideAndCommit.ts"
import { eventIntent } from "../../../testing/rows/Intent.ts"
import { account, ask, connected, hour, layer, noon, ours, row, settle, user, zoom } from "../Host.ts"
import { test } from "../TwoPlatforms.ts"

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

  test("finds no such event where its connection was, though another is there, and leaves no intent for later", () =>
    Effect.gen(function* () {
      const { control, punctual } = yield* connected
      const credentials = yield* control.addAccount({ email: "ada@example.org", name: "Ada" })
      const calendarId = yield* control.addCalendar(credentials.accountId)
      yield* punctual.connect(user, Redacted.make(credentials), "other_calendar")
      yield* control.create(calendarId, { subject: "There", joinUrl: zoom, start: noon + 4 * hour })
      yield* settle
      yield* punctual.syncUser(user)
      const { event } = yield* row("There")
      // The first of its steps: intents and rows are still there.
      const store = yield* Store
      const { connections } = yield* punctual.connections(user)
      const left = connections.find(({ id }) => id === connectionId("other_calendar", user)) ?? assert.fail()
      const { generation, revision } = left
      yield* store.saveConnection(
        { ...left, generation: generation + 1, revision: revision + 1, status: "disconnected" },
        revision
      )
      const refusal = yield* Effect.flip(punctual.schedule(user, ask(event.id)))
      assert.strictEqual(refusal instanceof Refusal ? refusal.code : refusal._tag, "event_not_found")
      assert.deepStrictEqual((yield* store.slice(user, { kind: "all" }, 0)).intents, [])
    }))
})

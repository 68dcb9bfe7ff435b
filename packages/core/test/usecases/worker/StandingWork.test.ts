/**
 * H1: a host that only starts gets what the server gets. Nothing of what is done once a day or again and again has to be
 * called by it.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { TestClock } from "effect/testing"
import { account, botOf, connected, day, hour, layer, minute, noon, settle, user, zoom } from "../Host.ts"

const test = (name: string, story: () => Effect.Effect<void, unknown, Layer.Success<typeof layer>>): void =>
  it.effect(name, () => Effect.suspend(story).pipe(Effect.provide(layer)))

/** Time passes in steps, so that each part has its turn. */
const pass = Effect.fnUntraced(function* (millis: number) {
  for (let passed = 0; passed < millis; passed += 10 * minute) yield* TestClock.adjust(10 * minute)
})

/** Three days ahead: beyond what auto-scheduling reaches when it is switched on. */
const later = { subject: "Planning", start: noon + 3 * day, end: noon + 3 * day + hour, joinUrl: zoom }

describe("H1: a host that only starts", () => {
  test("has a bot for a meeting three days ahead, although auto-scheduling reached one day when it was switched on", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.create(calendarId, later)
      yield* settle
      yield* punctual.enableAuto(user, {})
      assert.isUndefined(yield* botOf("Planning"))
      yield* Effect.forkChild(punctual.run)
      yield* pass(3 * day - hour)
      assert.strictEqual((yield* botOf("Planning"))?.status, "Scheduled")
      yield* pass(hour)
      assert.strictEqual((yield* botOf("Planning"))?.status, "Launched")
    }))

  test("keeps its subscriptions alive for a fortnight", () =>
    Effect.gen(function* () {
      const { punctual } = yield* connected
      const endsAt = Effect.map(account, ({ calendars }) => calendars[0]?.subscription?.expiresAt ?? 0)
      const first = yield* endsAt
      yield* Effect.forkChild(punctual.run)
      yield* pass(14 * day)
      assert.isAbove(yield* endsAt, noon + 14 * day, `the first ended at ${new Date(first).toISOString()}`)
    }))

  test("withdraws a bot whose meeting is cancelled while it is in there", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      const id = yield* control.create(calendarId, { ...later, start: noon + hour, end: noon + 3 * hour })
      yield* settle
      yield* punctual.enableAuto(user, {})
      yield* Effect.forkChild(punctual.run)
      yield* pass(hour + 10 * minute)
      assert.strictEqual((yield* botOf("Planning"))?.status, "Launched")
      yield* control.change(id, { isCancelled: true })
      yield* settle
      yield* pass(10 * minute)
      assert.strictEqual((yield* botOf("Planning"))?.statusReason, "meeting_cancelled")
    }))
})

describe("H1: a host that starts some parts", () => {
  test("gets those and no others", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* control.create(calendarId, { ...later, start: noon + hour, end: noon + 2 * hour })
      yield* settle
      yield* punctual.enableAuto(user, {})
      yield* Effect.forkChild(punctual.runParts(["sync", "renew"]))
      yield* pass(hour + 20 * minute)
      assert.strictEqual((yield* botOf("Planning"))?.status, "Scheduled", "nobody launches")
      yield* Effect.forkChild(punctual.runParts(["launch", "sweep"]))
      yield* pass(10 * minute)
      assert.strictEqual((yield* botOf("Planning"))?.status, "Launched")
    }))
})

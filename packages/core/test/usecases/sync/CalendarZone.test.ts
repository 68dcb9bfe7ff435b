/**
 * The zone of a calendar whose account tells none: the one that most of its events are in, which `hours` of rules without a
 * zone are read in, and which is shown.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Punctual, Store } from "../../../src/index.ts"
import type { Hours } from "../../../src/domain/JoinRule.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { CalendarControl } from "../../../testing/memory/CalendarMemory.ts"
import { joinRule } from "../../../testing/rows/Workspace.ts"
import { botOf, day, hour, layerOver, minute, noon, row, settle, user, zoom } from "../Host.ts"

/** What the use cases asked the store for, by name: slices by their scope. */
const asked: Array<string> = []

const watched = Layer.effect(
  Store,
  Effect.map(Store, (store) =>
    Store.of({
      ...store,
      slice: (userId, scope, now) => {
        asked.push(scope.kind)
        return store.slice(userId, scope, now)
      },
      events: (query) => {
        asked.push("events")
        return store.events(query)
      }
    })
  )
)

const layer = layerOver(Layer.provideMerge(watched, StoreMemory.layer))

const test = (name: string, story: () => Effect.Effect<void, unknown, Layer.Success<typeof layer>>): void =>
  it.effect(name, () => Effect.suspend(story).pipe(Effect.provide(layer)))

const skips = (hours: Hours) => joinRule({ when: { hours }, then: "skip", bot_config: null })

/** Five in the afternoon in Berlin, noon in New York. */
const five = noon + 4 * hour

/** A calendar of Berlin, where one meeting was made in New York. */
const berlin = Effect.gen(function* () {
  yield* TestClock.setTime(noon)
  const control = yield* CalendarControl
  const punctual = yield* Punctual
  const credentials = yield* control.addAccount({ email: "ada@example.com", name: "Ada" })
  const calendarId = yield* control.addCalendar(credentials.accountId, { timeZone: null })
  for (const at of [1, 2]) {
    const start = noon + day + at * hour
    yield* control.create(calendarId, { subject: `Berlin ${at}`, start, zone: "Europe/Berlin", joinUrl: zoom })
  }
  yield* control.create(calendarId, { subject: "Visit", start: five, zone: "America/New_York", joinUrl: zoom })
  yield* punctual.connect(user, Redacted.make(credentials))
  yield* settle
  /** More of them are in New York. */
  const goesWest = Effect.forEach([3, 4, 5], (at) =>
    control.create(calendarId, { subject: `West ${at}`, start: noon + 2 * day + at * hour, zone: "America/New_York" })
  )
  return { calendarId, control, goesWest, punctual }
})

const shown = Effect.gen(function* () {
  const [calendar] = yield* (yield* Punctual).calendars(user)
  return calendar?.timeZone ?? calendar?.eventsZone
})

describe("the zone that a calendar's events are mostly in", () => {
  test("is the one that hours without a zone are read in", () =>
    Effect.gen(function* () {
      const { punctual } = yield* berlin
      assert.strictEqual(yield* shown, "Europe/Berlin")
      yield* punctual.enableAuto(user, {}, { rules: [skips({ from: "16:00", to: "18:00" })] })
      assert.isUndefined(yield* botOf("Visit"))
      yield* punctual.setAutoRules(user, { rules: [skips({ from: "11:00", to: "13:00" })] })
      assert.strictEqual((yield* botOf("Visit"))?.status, "Scheduled")
      yield* punctual.setAutoRules(user, {
        rules: [skips({ from: "11:00", to: "13:00", time_zone: "America/New_York" })]
      })
      assert.strictEqual((yield* botOf("Visit"))?.status, "Cancelled")
    }))

  test("decides anew when it is another, also meetings of which nothing was told", () =>
    Effect.gen(function* () {
      const { goesWest, punctual } = yield* berlin
      yield* punctual.enableAuto(user, {}, { rules: [skips({ from: "16:00", to: "18:00" })] })
      yield* goesWest
      yield* settle
      assert.strictEqual(yield* shown, "America/New_York")
      assert.strictEqual((yield* botOf("Visit"))?.status, "Scheduled")
    }))

  test("is looked up where something told may change it, and decides nothing anew where no rule reads it", () =>
    Effect.gen(function* () {
      const { calendarId, control, goesWest, punctual } = yield* berlin
      const elsewhere = skips({ from: "16:00", to: "18:00", time_zone: "Asia/Tokyo" })
      yield* punctual.enableAuto(user, {}, { rules: [elsewhere] })
      asked.length = 0
      yield* control.create(calendarId, { subject: "One more", start: noon + day, zone: "Europe/Berlin" })
      yield* settle
      assert.notInclude(asked, "events", "one more in its own zone changes nothing")
      asked.length = 0
      yield* goesWest
      yield* settle
      assert.include(asked, "events")
      assert.notInclude(asked, "intended")
      assert.strictEqual(yield* shown, "America/New_York")
    }))

  test("is judged by the sweep where the process died when it was noted", () =>
    Effect.gen(function* () {
      const { goesWest, punctual } = yield* berlin
      yield* punctual.enableAuto(user, {}, { rules: [skips({ from: "16:00", to: "18:00" })] })
      yield* goesWest
      yield* (yield* StoreMemory.StoreProbe).failNext(1, { operation: "commit", moment: "after" })
      yield* Effect.ignore(settle)
      assert.strictEqual(yield* shown, "America/New_York")
      assert.isUndefined(yield* botOf("Visit"), "nobody has decided")
      yield* punctual.sweep
      assert.strictEqual((yield* botOf("Visit"))?.status, "Scheduled")
      const { judgeMark } = yield* (yield* Store).slice(user, { kind: "all" }, noon)
      assert.isNull(judgeMark)
    }))

  test("stays where its last event has gone, and gives way to the one that the account tells", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* berlin
      yield* punctual.enableAuto(user, {}, { rules: [skips({ from: "16:00", to: "18:00" })] })
      for (const subject of ["Berlin 1", "Berlin 2"]) {
        yield* control.remove((yield* row(subject)).event.providerId)
      }
      yield* settle
      assert.strictEqual(yield* shown, "America/New_York", "what is left is in")
      yield* control.changeCalendar(calendarId, { timeZone: "Europe/Paris" })
      assert.strictEqual(yield* shown, "Europe/Paris")
      assert.strictEqual((yield* botOf("Visit"))?.status, "Scheduled", "until the sweep")
      yield* TestClock.adjust(minute)
      yield* punctual.sweep
      assert.strictEqual((yield* botOf("Visit"))?.statusReason, "skipped_by_rule")
      yield* control.changeCalendar(calendarId, { timeZone: null })
      assert.strictEqual(yield* shown, "America/New_York")
      yield* control.remove((yield* row("Visit")).event.providerId)
      yield* settle
      assert.strictEqual(yield* shown, "America/New_York")
    }))
})

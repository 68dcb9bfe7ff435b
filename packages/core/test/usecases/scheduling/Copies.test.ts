/** Bots of a meeting that stands on two calendars, through the facade and in-memory adapters. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Punctual } from "../../../src/index.ts"
import type { LauncherProbe } from "../../../testing/memory/LauncherMemory.ts"
import { ask, connected, hour, layer, noon, ours, row, user, zoom } from "../Host.ts"

const test = (
  name: string,
  story: () => Effect.Effect<void, unknown, Effect.Services<typeof connected> | LauncherProbe>
): void => it.effect(name, () => Effect.suspend(story).pipe(Effect.provide(layer)))

/** Bots that are `Scheduled`, by start. */
const standing = Effect.gen(function* () {
  const punctual = yield* Punctual
  return (yield* punctual.bots(user, { limit: 400, place: null, backwards: false })).items
})

describe("one meeting on two calendars", () => {
  test("has one bot, on the primary calendar's copy, and it passes on when that copy goes", () =>
    Effect.gen(function* () {
      const { accountId, calendarId, control, punctual } = yield* connected
      const other = yield* control.addCalendar(accountId, { summary: "Team" })
      yield* punctual.calendars(user)
      const both = {
        subject: "Both",
        start: noon + 2 * hour,
        end: noon + 3 * hour,
        joinUrl: zoom,
        iCalUid: "both@example.com"
      }
      yield* control.create(other, both)
      const primary = yield* control.create(calendarId, both)
      yield* punctual.syncUser(user)
      yield* punctual.enableAuto(user, {})
      const [bot, ...more] = yield* standing
      assert.deepStrictEqual([bot?.calendarId, more.length], [ours(calendarId), 0])
      yield* control.remove(primary)
      yield* punctual.syncUser(user)
      const [passed] = yield* standing
      assert.deepStrictEqual([passed?.id, passed?.calendarId], [bot?.id, ours(other)])
    }))

  test("deselecting the only calendar of a meeting ends what was asked for it", () =>
    Effect.gen(function* () {
      const { accountId, control, punctual } = yield* connected
      const other = yield* control.addCalendar(accountId, { summary: "Team" })
      yield* punctual.calendars(user)
      yield* control.create(other, { subject: "Once", start: noon + 2 * hour, joinUrl: zoom })
      yield* punctual.syncUser(user)
      const { event } = yield* row("Once")
      yield* punctual.schedule(user, ask(event.id))
      yield* punctual.selectCalendar(user, ours(other), false)
      assert.lengthOf(yield* standing, 0)
      yield* punctual.selectCalendar(user, ours(other), true)
      yield* punctual.syncUser(user)
      assert.lengthOf(yield* standing, 0)
      assert.strictEqual((yield* row("Once")).event.isDeleted, false)
    }))
})

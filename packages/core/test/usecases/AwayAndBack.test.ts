/**
 * A bot that is in its meeting while the meeting is moved about: it is never joined by a second one.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { ask, botOf, connected, hour, layer, minute, noon, refused, row, settle, user, zoom } from "./Host.ts"

const meeting = { subject: "Review", start: noon + 2 * hour, end: noon + 3 * hour, joinUrl: zoom }

/** One meeting, synced, with a bot asked for by hand. */
const scheduled = Effect.gen(function* () {
  const host = yield* connected
  const providerId = yield* host.control.create(host.calendarId, meeting)
  yield* settle
  const { event } = yield* row("Review")
  return { ...host, providerId, event, bot: (yield* host.punctual.schedule(user, ask(event.id))).bot }
})

describe("a meeting that moved away from the bot in it and came back", () => {
  it.effect("is attended by that bot, whatever was scheduled and taken back meanwhile", () =>
    Effect.gen(function* () {
      const { bot, control, event, providerId, punctual } = yield* scheduled
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.setTime(bot.joinAt)
      assert.strictEqual((yield* botOf("Review"))?.status, "Launched")
      const later = meeting.end + 2 * hour
      yield* control.change(providerId, { start: later, end: later + hour })
      yield* settle
      const second = yield* botOf("Review")
      assert.isDefined(second)
      assert.strictEqual(second.status, "Scheduled")
      yield* control.change(providerId, { start: meeting.start + 10 * minute, end: meeting.end })
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.statusReason, "no_longer_wanted")
      // Whatever makes it decide again.
      assert.strictEqual((yield* refused(punctual.schedule(user, ask(event.id)))).code, "bot_already_scheduled")
      yield* control.change(providerId, { subject: "Review", start: meeting.start + 20 * minute })
      yield* settle
      const bots = (yield* row("Review")).bots
      assert.deepStrictEqual(bots.map(({ id, status }) => [id, status]).toSorted(), [
        [bot.id, "Launched"],
        [second.id, "Cancelled"]
      ])
    }).pipe(Effect.provide(layer))
  )
})

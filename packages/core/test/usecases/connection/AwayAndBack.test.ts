/**
 * A bot that is in its meeting while the meeting is moved about: it is never joined by a second one.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { ask, botOf, hour, layer, minute, refused, review, reviewScheduled, row, settle, user } from "../Host.ts"

describe("a meeting that moved away from the bot in it and came back", () => {
  it.effect("is attended by that bot, whatever was scheduled and taken back meanwhile", () =>
    Effect.gen(function* () {
      const { bot, control, event, providerId, punctual } = yield* reviewScheduled()
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.setTime(bot.joinAt)
      assert.strictEqual((yield* botOf("Review"))?.status, "Launched")
      const later = review.end + 2 * hour
      yield* control.change(providerId, { start: later, end: later + hour })
      yield* settle
      const second = yield* botOf("Review")
      assert.isDefined(second)
      assert.strictEqual(second.status, "Scheduled")
      yield* control.change(providerId, { start: review.start + 10 * minute, end: review.end })
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.statusReason, "no_longer_wanted")
      // Whatever makes it decide again.
      assert.strictEqual((yield* refused(punctual.schedule(user, ask(event.id)))).code, "bot_already_scheduled")
      yield* control.change(providerId, { subject: "Review", start: review.start + 20 * minute })
      yield* settle
      const bots = (yield* row("Review")).bots
      assert.deepStrictEqual(bots.map(({ id, status }) => [id, status]).toSorted(), [
        [bot.id, "Launched"],
        [second.id, "Cancelled"]
      ])
    }).pipe(Effect.provide(layer))
  )
})

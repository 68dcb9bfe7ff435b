/**
 * B1: a call of the bot service whose answer was lost. One bot, not two, and none forgotten: whatever the service can do,
 * and whatever the user does meanwhile.
 */
import { assert, describe } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { mayBeInMeeting } from "../../../src/index.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { ask, botOf, minute, refused, review, reviewScheduled, row, settle, user } from "../Host.ts"
import { joinAt, lost, standing, test } from "./BotServices.ts"

describe("B1 an answer that was lost", () => {
  test(
    "is asked for under the same key where the service replays",
    "replays",
    Effect.gen(function* () {
      const { bot, inMeeting, keys } = yield* lost(1)
      yield* TestClock.adjust(2_000)
      assert.deepStrictEqual(yield* standing, ["Launched", null])
      assert.strictEqual((yield* botOf(review.subject))?.externalId, `external ${bot.id}`)
      assert.lengthOf(yield* inMeeting, 1)
      assert.deepStrictEqual([...(yield* keys)], [bot.id])
    })
  )

  test(
    "is looked up where the service can be, and nothing is called twice",
    "is looked up",
    Effect.gen(function* () {
      const { bot, inMeeting, probe } = yield* lost(1)
      yield* TestClock.adjust(2_000)
      assert.deepStrictEqual(yield* standing, ["Launched", null])
      assert.strictEqual((yield* botOf(review.subject))?.externalId, `external ${bot.id}`)
      assert.lengthOf(yield* inMeeting, 1)
      assert.lengthOf(yield* probe.calls, 1)
    })
  )

  test(
    "leaves one bot in the meeting, whatever the user removes and asks for again meanwhile",
    "replays",
    Effect.gen(function* () {
      const { event, inMeeting, punctual, remove } = yield* lost(1)
      yield* remove
      yield* TestClock.adjust(35_000)
      yield* punctual.schedule(user, ask(event.id))
      yield* TestClock.adjust(minute)
      assert.lengthOf(yield* inMeeting, 1)
      assert.deepStrictEqual(yield* standing, ["Launched", null])
    })
  )

  test(
    "does not leave a bot in a meeting that was cancelled meanwhile",
    "replays",
    Effect.gen(function* () {
      const { control, inMeeting, providerId } = yield* lost(1)
      yield* control.change(providerId, { isCancelled: true })
      yield* settle
      yield* TestClock.adjust(minute)
      assert.lengthOf(yield* inMeeting, 0)
      assert.deepStrictEqual(yield* standing, ["Cancelled", "meeting_cancelled"])
    })
  )

  test(
    "does not leave one there either where it is looked up",
    "is looked up",
    Effect.gen(function* () {
      const { inMeeting, remove } = yield* lost(1)
      yield* remove
      yield* TestClock.adjust(minute)
      assert.lengthOf(yield* inMeeting, 0)
      assert.deepStrictEqual(yield* standing, ["Cancelled", "removed_by_user"])
    })
  )

  test(
    "is said: the bot may be in the meeting, and goes once that is known",
    "is looked up",
    Effect.gen(function* () {
      const { bot, punctual, remove } = yield* lost(1)
      const { cancelled, takenBack } = yield* remove
      assert.lengthOf(cancelled, 0, "nothing is known to be gone")
      assert.deepStrictEqual(
        takenBack.map((each) => [each.id, each.status, mayBeInMeeting(each)]),
        [[bot.id, "Launching", true]]
      )
      const again = yield* punctual.removeBot(user, bot.id)
      assert.deepInclude(again, { id: bot.id, status: "Launching" })
      assert.strictEqual(
        (yield* refused(punctual.updateBot(user, bot.id, { botName: "Other" }))).code,
        "bot_not_scheduled"
      )
    })
  )

  test(
    "keeps its id and key for who asks again before it is known",
    "replays and takes none back",
    Effect.gen(function* () {
      const { bot, event, inMeeting, keys, punctual, remove } = yield* lost(1)
      yield* remove
      yield* TestClock.adjust(minute)
      assert.strictEqual(
        (yield* botOf(review.subject))?.status,
        "Launching",
        "a bot that can't be taken back is not called"
      )
      assert.strictEqual((yield* punctual.schedule(user, ask(event.id))).bot.id, bot.id)
      assert.strictEqual((yield* refused(punctual.schedule(user, ask(event.id)))).code, "bot_already_scheduled")
      yield* TestClock.adjust(2 * minute)
      assert.deepStrictEqual(yield* standing, ["Launched", null])
      assert.lengthOf(yield* inMeeting, 1)
      assert.deepStrictEqual([...(yield* keys)], [bot.id])
    })
  )

  test(
    "stays open until the meeting ends where nothing can be asked, and then says so",
    "neither",
    Effect.gen(function* () {
      const { bot, event, inMeeting, probe, punctual, remove } = yield* lost(1)
      yield* remove
      yield* TestClock.adjust(10 * minute)
      assert.strictEqual((yield* punctual.schedule(user, ask(event.id))).bot.id, bot.id)
      yield* TestClock.adjust(10 * minute)
      assert.lengthOf(yield* inMeeting, 1)
      assert.lengthOf(yield* probe.calls, 1)
      yield* TestClock.setTime(review.end + minute)
      const after = yield* botOf(review.subject)
      assert.deepInclude(after, { id: bot.id, status: "Failed", statusReason: "launcher_unreachable" })
      assert.include(after?.statusMessage, "may have been in the meeting")
    })
  )

  test(
    "of a call that never arrived is believed ten seconds later: then it is called again, under its key",
    "is looked up",
    Effect.gen(function* () {
      const { bot, punctual } = yield* reviewScheduled()
      const probe = yield* LauncherMemory.LauncherProbe
      yield* probe.script([{ kind: "retry", afterMillis: null, definite: false, message: "502" }])
      yield* Effect.forkScoped(punctual.run)
      yield* TestClock.setTime(joinAt)
      yield* TestClock.adjust(9_000)
      assert.lengthOf(yield* probe.calls, 1, "it may still arrive")
      yield* TestClock.adjust(4_000)
      assert.deepStrictEqual(
        (yield* probe.calls).map(({ request }) => request.botId),
        [bot.id, bot.id]
      )
      assert.lengthOf(yield* probe.launched, 1)
      assert.deepStrictEqual(yield* standing, ["Launched", null])
    })
  )
})

describe("B1 a user who leaves while an answer is lost", () => {
  const rows = Effect.map(Effect.flatten(Effect.map(StoreMemory.StoreProbe, (probe) => probe.tenants)), (tenants) => {
    const { bots, connections } = tenants.get(user) ?? assert.fail("no such user")
    return { bots: [...bots.values()], word: [...connections.values()][0]?.statusReason }
  })

  for (const service of ["replays", "is looked up"] as const)
    test(
      `takes the bot along (a service that ${service})`,
      service,
      Effect.gen(function* () {
        const { bot, inMeeting, keys, punctual } = yield* lost(1)
        assert.strictEqual((yield* punctual.disconnect(user)).schedulesCancelled, 1)
        const [kept] = (yield* rows).bots
        assert.deepInclude(kept, { id: bot.id, status: "Launching" })
        assert.strictEqual(kept?.launch?.takenBack, "calendar_disconnected")
        yield* TestClock.adjust(minute)
        assert.lengthOf(yield* inMeeting, 0)
        assert.deepStrictEqual([...(yield* keys)], [bot.id])
        yield* TestClock.adjust(2 * minute)
        assert.deepStrictEqual(yield* rows, { bots: [], word: null }, "and then the row goes, too")
      })
    )

  test(
    "is let go of when the meeting is over where nobody can be asked",
    "neither",
    Effect.gen(function* () {
      const { punctual } = yield* lost(1)
      yield* punctual.disconnect(user)
      yield* TestClock.adjust(10 * minute)
      assert.lengthOf((yield* rows).bots, 1)
      yield* TestClock.setTime(review.end + minute)
      yield* TestClock.adjust(2 * minute)
      assert.deepStrictEqual(yield* rows, { bots: [], word: null })
    })
  )

  test(
    "and comes back: the bot is the one asked for then, under its key",
    "replays and takes none back",
    Effect.gen(function* () {
      const { bot, credentials, inMeeting, keys, punctual } = yield* lost(1)
      yield* punctual.disconnect(user)
      yield* punctual.connect(user, Redacted.make(credentials))
      yield* settle
      const { event } = yield* row(review.subject)
      assert.strictEqual((yield* punctual.schedule(user, ask(event.id))).bot.id, bot.id)
      yield* TestClock.adjust(2 * minute)
      assert.deepStrictEqual(yield* standing, ["Launched", null])
      assert.lengthOf(yield* inMeeting, 1)
      assert.deepStrictEqual([...(yield* keys)], [bot.id])
    })
  )

  test(
    "lets go at once of a bot that was surely refused",
    "replays",
    Effect.gen(function* () {
      const { punctual } = yield* reviewScheduled()
      const probe = yield* LauncherMemory.LauncherProbe
      yield* probe.script([{ kind: "retry", afterMillis: null, definite: true, message: "503" }])
      yield* Effect.forkScoped(punctual.run)
      yield* TestClock.setTime(joinAt)
      assert.strictEqual((yield* punctual.disconnect(user)).schedulesCancelled, 1)
      assert.deepStrictEqual(yield* rows, { bots: [], word: null })
      yield* TestClock.adjust(minute)
      assert.lengthOf(yield* probe.calls, 1)
    })
  )
})

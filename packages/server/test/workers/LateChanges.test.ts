/**
 * Bots that were handed over and whose meeting then changed: called back where it does not take place, left where it does.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { type BotId, Launcher, type UserId } from "@punctual/core"
import { LauncherMemory } from "@punctual/core/testing"
import { connected, hour, minute, noon, zoom } from "../Whole.ts"
import { calledOff, HandedOver, lookAtAll, noting, remember } from "../../src/workers/LateChanges.ts"

/** A meeting from one to two, whose bot was handed over at 12:59. */
const handedOver = Effect.gen(function* () {
  const host = yield* connected
  const meeting = yield* host.control.create(host.calendarId, {
    subject: "Review",
    start: noon + hour,
    end: noon + 2 * hour,
    iCalUid: "review@example.com",
    joinUrl: zoom
  })
  yield* host.settle
  const [row] = yield* host.named("Review")
  const { bot_id: botId } = yield* host.ok("POST", `/schedule/${row.id}`, {})
  yield* Effect.forkChild(host.punctual.run)
  yield* TestClock.adjust(hour)
  const context = Context.merge(host.context, yield* Layer.build(HandedOver.layer))
  const { launched } = Context.get(context, LauncherMemory.LauncherProbe)
  assert.lengthOf(yield* launched, 1)
  const look = Effect.provideContext(lookAtAll, context)
  const known = Context.get(context, HandedOver)
  yield* Effect.provideContext(remember, context)
  const isWithdrawn = Effect.map(launched, (all) => all[0]?.isWithdrawn)
  return { ...host, botId: botId as BotId, context, isWithdrawn, known, look, meeting }
})

describe("a bot that was handed over", () => {
  it.effect("is called back when its meeting is cancelled, once, and says why", () =>
    Effect.gen(function* () {
      const { botId, control, isWithdrawn, known, look, meeting, named, settle } = yield* handedOver
      assert.deepStrictEqual([...known.keys()], [botId], "a process that starts finds what was handed over before")
      yield* look
      assert.isFalse(yield* isWithdrawn)
      yield* control.change(meeting, { isCancelled: true })
      yield* settle
      yield* look
      assert.isTrue(yield* isWithdrawn)
      assert.strictEqual(known.size, 0)
      const [row] = yield* named("Review")
      assert.deepInclude(row.bots[0], { status: "Launched", status_reason: "meeting_cancelled" })
    })
  )

  it.effect("is called back when its meeting is deleted, or moves away; what moved gets another bot", () =>
    Effect.gen(function* () {
      const deleted = yield* handedOver
      yield* deleted.control.remove(deleted.meeting)
      yield* deleted.settle
      yield* deleted.look
      assert.isTrue(yield* deleted.isWithdrawn)

      const moved = yield* handedOver
      yield* moved.control.change(moved.meeting, { start: noon + 5 * hour })
      yield* moved.settle
      yield* moved.look
      assert.isTrue(yield* moved.isWithdrawn)
      const { scheduled_bots: next } = yield* moved.ok("GET", "/scheduled_bots")
      assert.strictEqual(next.length, 1)
      assert.notStrictEqual(next[0].bot_id, moved.botId)
    })
  )

  it.effect("stays where its meeting does: moved within its time, or still standing on another calendar", () =>
    Effect.gen(function* () {
      const { accountId, control, isWithdrawn, known, look, meeting, ok, settle } = yield* handedOver
      yield* control.change(meeting, { start: noon + hour + 10 * minute })
      yield* settle
      yield* look
      assert.isFalse(yield* isWithdrawn)
      const side = yield* control.addCalendar(accountId, { summary: "Side" })
      yield* control.create(side, {
        iCalUid: "review@example.com",
        start: noon + hour + 10 * minute,
        end: noon + 2 * hour,
        joinUrl: zoom
      })
      yield* ok("GET", "/calendars")
      yield* settle
      yield* control.remove(meeting)
      yield* settle
      yield* look
      assert.isFalse(yield* isWithdrawn, "it takes place on the other calendar")
      // The meeting is over.
      yield* TestClock.adjust(2 * hour)
      yield* look
      assert.strictEqual(known.size, 0)
      assert.isFalse(yield* isWithdrawn)
    })
  )

  it.effect("is asked back for again while the service does not answer", () =>
    Effect.gen(function* () {
      const { context, control, known, look, meeting, settle } = yield* handedOver
      yield* control.change(meeting, { isCancelled: true })
      yield* settle
      const deaf = Launcher.of({ ...Context.get(context, Launcher), withdraw: () => Effect.succeed("unanswered") })
      yield* Effect.provideContext(lookAtAll, Context.add(context, Launcher, deaf))
      assert.strictEqual(known.size, 1)
      yield* look
      assert.strictEqual(known.size, 0)
    })
  )

  it.effect("is noted when the service takes it, and not where none are taken back", () =>
    Effect.gen(function* () {
      const accepting = (withdraw: boolean) =>
        Launcher.of({
          name: "any",
          capabilities: { replays: true, withdraw },
          launch: () => Effect.succeed({ kind: "accepted", externalId: null, isReplay: false }),
          withdraw: () => Effect.succeed("gone")
        })
      for (const withdraw of [true, false]) {
        const context = yield* Layer.build(
          Layer.provideMerge(noting, Layer.mergeAll(HandedOver.layer, Layer.succeed(Launcher, accepting(withdraw))))
        )
        yield* Context.get(context, Launcher).launch({ botId: "bot_1" as BotId, userId: "usr_1" as UserId } as never)
        assert.strictEqual(Context.get(context, HandedOver).size, withdraw ? 1 : 0)
      }
    })
  )
})

describe("what calls a bot off", () => {
  it("is a meeting that does not take place; never what a user removed or unlinked", () => {
    const bot = { end: 100 }
    assert.isNull(calledOff(bot, { kind: "over" }))
    for (const reason of ["removed_by_user", "link_removed", "calendar_deselected", "no_longer_wanted"] as const) {
      assert.isNull(calledOff(bot, { kind: "unwanted", reason }))
    }
    assert.strictEqual(calledOff(bot, { kind: "unwanted", reason: "meeting_deleted" }), "meeting_deleted")
  })
})

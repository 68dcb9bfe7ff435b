/**
 * Bots that were handed over and whose meeting then changed: withdrawn where it does not take place, or has another
 * link; left where it does. Nothing is remembered between two looks but what the store holds.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { type BotId, Punctual } from "@punctual/core"
import { LauncherMemory } from "@punctual/core/testing"
import { connected, hour, minute, noon, zoom } from "../Whole.ts"

const teams = "https://teams.microsoft.com/meet/744337110262323?p=a"

/** A meeting from one to two, whose bot was handed over at 12:59: asked for by hand, or by auto-scheduling. */
const handedOver = (asked: "by hand" | "auto" = "by hand") =>
  Effect.gen(function* () {
    const host = yield* connected
    const meeting = yield* host.control.create(host.calendarId, {
      subject: "Review",
      start: noon + hour,
      end: noon + 2 * hour,
      iCalUid: "review@example.com",
      joinUrl: zoom
    })
    yield* host.syncChanges
    const [row] = yield* host.named("Review")
    if (asked === "by hand") yield* host.ok("POST", `/schedule/${row.id}`, {})
    else yield* host.ok("POST", "/auto-schedule/enable", { default_bot_config: { bot_name: "Auto" } })
    yield* Effect.forkChild(host.punctual.run)
    yield* TestClock.adjust(hour)
    const probe = Context.get(host.context, LauncherMemory.LauncherProbe)
    const { launched } = probe
    const look = host.punctual.withdrawBots(null)
    const changed = (members: Parameters<typeof host.control.change>[1]) =>
      Effect.all([TestClock.adjust(1_000), host.control.change(meeting, members), host.syncChanges])
    const bots = Effect.map(host.named("Review"), ([found]) => found.bots)
    const [{ id: botId }] = yield* bots
    assert.deepInclude(yield* look, { looked: 1, withdrawn: 0, next: null }, "found, and left where it is")
    const isWithdrawn = Effect.map(launched, (all) => all.map((each) => each.isWithdrawn))
    return { ...host, botId: botId as BotId, bots, changed, isWithdrawn, launched, look, meeting, probe, row }
  })

describe("a bot that was handed over", () => {
  it.effect("is withdrawn when its meeting is cancelled, once, and says why", () =>
    Effect.gen(function* () {
      const { bots, changed, isWithdrawn, look } = yield* handedOver()
      yield* changed({ isCancelled: true })
      assert.deepInclude(yield* look, { looked: 1, withdrawn: 1 })
      assert.deepStrictEqual(yield* isWithdrawn, [true])
      assert.deepInclude((yield* bots)[0], { status: "Launched", status_reason: "meeting_cancelled" })
      assert.deepInclude(yield* look, { looked: 0, withdrawn: 0 })
    })
  )

  it.effect("is withdrawn when its meeting is deleted, or moves away; what moved gets another bot", () =>
    Effect.gen(function* () {
      const deleted = yield* handedOver()
      yield* deleted.control.remove(deleted.meeting)
      yield* deleted.syncChanges
      yield* deleted.look
      assert.deepStrictEqual(yield* deleted.isWithdrawn, [true])

      const moved = yield* handedOver()
      yield* moved.changed({ start: noon + 5 * hour, end: noon + 6 * hour })
      yield* moved.look
      assert.deepStrictEqual(yield* moved.isWithdrawn, [true])
      const { scheduled_bots: next } = yield* moved.ok("GET", "/scheduled_bots")
      assert.strictEqual(next.length, 1)
      assert.notStrictEqual(next[0].bot_id, moved.botId)
      assert.deepInclude(yield* moved.look, { looked: 0 }, "noted, so that no other process calls it back again")
    })
  )

  for (const asked of ["by hand", "auto"] as const) {
    it.effect(`asked for ${asked}, is withdrawn when the link changes, and another joins the new one at once`, () =>
      Effect.gen(function* () {
        const { botId, bots, changed, isWithdrawn, launched, look } = yield* handedOver(asked)
        yield* changed({ start: noon + hour, joinUrl: teams })
        yield* look
        const [first, second] = (yield* bots).toReversed()
        assert.deepInclude(first, { id: botId, status: "Launched", status_reason: "link_changed" })
        assert.strictEqual(second.platform, "Teams")
        yield* TestClock.adjust(minute)
        assert.deepStrictEqual(yield* isWithdrawn, [true, false])
        assert.deepStrictEqual(
          (yield* launched).map(({ request }) => request.link.url),
          [zoom, teams]
        )
        assert.strictEqual((yield* launched)[1]?.request.botName, asked === "auto" ? "Auto" : "Punctual Bot")
        assert.deepInclude(yield* look, { looked: 1, withdrawn: 0 })
      })
    )
  }

  it.effect("stays where a link to the same meeting changes its passcode alone, and where the link goes", () =>
    Effect.gen(function* () {
      const { changed, isWithdrawn, look } = yield* handedOver()
      for (const joinUrl of ["https://zoom.us/j/1234567890?pwd=other", null]) {
        yield* changed({ joinUrl })
        yield* look
        assert.deepStrictEqual(yield* isWithdrawn, [false])
      }
    })
  )

  it.effect("comes again when its meeting was cancelled and is not any more", () =>
    Effect.gen(function* () {
      const { bots, changed, isWithdrawn, look } = yield* handedOver()
      yield* changed({ isCancelled: true })
      yield* look
      yield* changed({ isCancelled: false })
      yield* TestClock.adjust(minute)
      assert.deepStrictEqual(yield* isWithdrawn, [true, false])
      assert.deepInclude((yield* bots)[0], { status: "Launched", status_reason: null })
    })
  )

  it.effect("stays where its meeting does: moved within its time, or still standing on another calendar", () =>
    Effect.gen(function* () {
      const { accountId, changed, control, isWithdrawn, look, meeting, ok, syncChanges } = yield* handedOver()
      yield* changed({ start: noon + hour + 10 * minute })
      yield* look
      assert.deepStrictEqual(yield* isWithdrawn, [false])
      const side = yield* control.addCalendar(accountId, { summary: "Side" })
      yield* control.create(side, {
        iCalUid: "review@example.com",
        start: noon + hour + 10 * minute,
        end: noon + 2 * hour,
        joinUrl: zoom
      })
      yield* ok("GET", "/calendars")
      yield* syncChanges
      yield* control.remove(meeting)
      yield* syncChanges
      yield* look
      assert.deepStrictEqual(yield* isWithdrawn, [false], "it takes place on the other calendar")
      // The meeting is over.
      yield* TestClock.adjust(2 * hour)
      assert.deepInclude(yield* look, { looked: 0 })
    })
  )

  it.effect("stays where its user removed it: from hand-over on, the bot service has the word", () =>
    Effect.gen(function* () {
      const { changed, isWithdrawn, look, ok, row } = yield* handedOver()
      yield* ok("DELETE", `/schedule/${row.id}`)
      yield* changed({ joinUrl: teams })
      yield* look
      assert.deepStrictEqual(yield* isWithdrawn, [false])
    })
  )

  it.effect("is asked back for again while the service does not answer, until its meeting ends", () =>
    Effect.gen(function* () {
      const { changed, isWithdrawn, look, probe } = yield* handedOver()
      yield* changed({ isCancelled: true })
      yield* probe.refuseBack(["unanswered", "unanswered"])
      assert.deepInclude(yield* look, { looked: 1, withdrawn: 0, unanswered: 1 })
      assert.deepInclude(yield* look, { looked: 1, withdrawn: 0, unanswered: 1 })
      assert.deepInclude(yield* look, { looked: 1, withdrawn: 1, unanswered: 0 })
      assert.deepStrictEqual(yield* isWithdrawn, [true])
    })
  )

  it.effect("that the service would not take back stays the meeting's only one, and says so", () =>
    Effect.gen(function* () {
      const { botId, bots, changed, launched, look, no, probe, row } = yield* handedOver()
      yield* changed({ joinUrl: teams })
      yield* probe.refuseBack(["too_late"])
      yield* look
      yield* TestClock.adjust(minute)
      assert.deepInclude((yield* bots)[0], { id: botId, status: "Launched", status_reason: "call_back_refused" })
      assert.lengthOf(yield* launched, 1)
      assert.strictEqual(yield* no("POST", `/schedule/${row.id}`), "409 bot_already_scheduled")
    })
  )
})

describe("looking", () => {
  it.effect("begins at once, comes again every fifteen seconds, and needs no memory", () =>
    Effect.gen(function* () {
      const { changed, context, isWithdrawn } = yield* handedOver()
      yield* Effect.forkChild(Context.get(context, Punctual).runParts(["withdraw"]))
      yield* changed({ isCancelled: true })
      assert.deepStrictEqual(yield* isWithdrawn, [false])
      yield* TestClock.adjust(15_000)
      assert.deepStrictEqual(yield* isWithdrawn, [true])
    })
  )
})

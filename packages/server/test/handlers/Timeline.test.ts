/**
 * The stories of a meeting and of a bot, as the contract promises them, asked of the real core over in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { Store } from "@punctual/core"
import { type Answer, otherKey } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { base, connected, day, hour, noon, zoom } from "../Whole.ts"

const host = Effect.gen(function* () {
  const all = yield* connected
  const { call, calendarId, control, named, ok, syncChanges } = all
  const meeting = yield* control.create(calendarId, { subject: "Review", start: noon + 2 * hour, joinUrl: zoom })
  yield* syncChanges
  const [row] = yield* named("Review")
  const eventId: string = row.id
  const { bot_id: botId } = yield* ok("POST", `/schedule/${eventId}`, { bot_config: { bot_name: "Notes" } })
  const ofEvent = (query = "", id = eventId) => call("GET", `${base}/events/${id}/timeline${query}`)
  const ofBot = (query = "", id: string = botId) => call("GET", `${base}/scheduled_bots/${id}/timeline${query}`)
  return { ...all, botId: botId as string, eventId, meeting, ofBot, ofEvent }
})

const typesOf = ({ json }: Answer): ReadonlyArray<string> =>
  json.entries.map(({ type }: { readonly type: string }) => type)

describe("a timeline", () => {
  it.effect("tells newest first, in sentences, what happened to a meeting's bots and to a bot", () =>
    Effect.gen(function* () {
      const { botId, control, eventId, meeting, ofBot, ofEvent, ok, syncChanges } = yield* host
      yield* control.change(meeting, { start: noon + 3 * hour, end: noon + 4 * hour })
      yield* syncChanges
      yield* ok("DELETE", `/scheduled_bots/${botId}`)
      const { bot_id: second } = yield* ok("POST", `/schedule/${eventId}`, {})
      const story = yield* ofEvent()
      assert.deepStrictEqual(typesOf(story), ["bot.scheduled", "bot.cancelled", "bot.moved", "bot.scheduled"])
      assert.deepStrictEqual([story.json.has_more, story.json.next], [false, null])
      assert.deepStrictEqual(
        story.json.entries.map(({ sentence }: { readonly sentence: string }) => sentence),
        [
          "You asked for a bot in “Review”: it joins on 10 March 2026 at 14:59 UTC.",
          "The bot of “Review” was cancelled: you removed it.",
          "The calendar changed “Review”, and its bot with it: it joins on 10 March 2026 at 14:59 UTC instead of 10 March 2026 at 13:59 UTC, the meeting begins on 10 March 2026 at 15:00 UTC instead of 10 March 2026 at 14:00 UTC, and the meeting ends on 10 March 2026 at 16:00 UTC instead of 10 March 2026 at 15:00 UTC.",
          "You asked for a bot in “Review”: it joins on 10 March 2026 at 13:59 UTC."
        ]
      )
      assert.deepStrictEqual(typesOf(yield* ofBot("", second)), ["bot.scheduled"])
      assert.deepStrictEqual(typesOf(yield* ofBot()), ["bot.cancelled", "bot.moved", "bot.scheduled"])
      const [entry] = story.json.entries
      const { sentence: _, ...change } = entry
      const { changes } = yield* ok("GET", "/changes?types=bot.*")
      assert.deepStrictEqual(change, changes.at(-1), "an entry is a change with a sentence")
    })
  )

  it.effect("turns pages", () =>
    Effect.gen(function* () {
      const { botId, ofBot, ofEvent, ok } = yield* host
      for (const name of ["a", "b", "c"]) yield* ok("PATCH", `/scheduled_bots/${botId}`, { bot_username: name })
      for (const story of [ofBot, ofEvent]) {
        const first = yield* story("?limit=2")
        assert.deepStrictEqual([typesOf(first), first.json.has_more], [["bot.updated", "bot.updated"], true])
        const second = yield* story(`?cursor=${first.json.next}`)
        assert.deepStrictEqual([typesOf(second), second.json.has_more], [["bot.updated", "bot.scheduled"], false])
      }
    })
  )

  it.effect("outlives the event, and the series that an occurrence was of", () =>
    Effect.gen(function* () {
      const { calendarId, control, meeting, named, ofEvent, ok, syncChanges } = yield* host
      const series = yield* control.createSeries(calendarId, {
        subject: "Series",
        joinUrl: zoom,
        timing: {
          rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
          startDate: "2026-03-10",
          startTime: 15 * hour,
          durationMillis: hour,
          zone: "UTC"
        }
      })
      yield* syncChanges
      const [first] = yield* named("Series")
      // So far ahead that no row is stored of it.
      const far = `${String(first.id).slice(0, -8)}20260620`
      yield* ok("POST", `/schedule/${first.id}`, {})
      yield* ok("POST", `/schedule/${far}`, {})
      assert.deepStrictEqual(typesOf(yield* ofEvent("", far)), ["bot.scheduled"])
      assert.deepStrictEqual(typesOf(yield* ofEvent("", `${String(first.id).slice(0, -8)}20260621`)), [])
      assertProblem(yield* ofEvent("", `${String(first.id).slice(0, -8)}20250621`), 404, "event_not_found")
      yield* control.remove(meeting)
      yield* control.remove(series)
      yield* syncChanges
      assert.strictEqual((yield* ofEvent()).status, 200)
      assert.deepStrictEqual(typesOf(yield* ofEvent()), ["bot.cancelled", "bot.scheduled"])
      for (const id of [first.id, far]) {
        assert.deepStrictEqual(typesOf(yield* ofEvent("", id)), ["bot.cancelled", "bot.scheduled"], id)
      }
    })
  )

  it.effect("of a bot whose entries are gone is 200 and empty", () =>
    Effect.gen(function* () {
      const { context, ofBot, ofEvent } = yield* host
      yield* Effect.orDie(Context.get(context, Store).pruneChanges(noon + day, 1_000))
      for (const story of [yield* ofBot(), yield* ofEvent()]) {
        assert.strictEqual(story.status, 200)
        assert.deepStrictEqual(story.json, { entries: [], next: null, has_more: false })
      }
    })
  )

  it.effect("of a stranger's or an unknown id is 404, and so is that of a date that the series does not have", () =>
    Effect.gen(function* () {
      const { botId, call, eventId, ofBot, ofEvent } = yield* host
      assertProblem(yield* ofEvent("", "evt_nobodys"), 404, "event_not_found")
      assertProblem(yield* ofEvent("", "srs_nobodys"), 404, "event_not_found")
      assertProblem(yield* ofEvent("", "evt_nobodys_20260620"), 404, "event_not_found")
      assertProblem(yield* ofBot("", "bot_nobodys"), 404, "bot_not_found")
      const theirs = { key: otherKey }
      assertProblem(yield* call("GET", `${base}/events/${eventId}/timeline`, theirs), 404, "event_not_found")
      assertProblem(yield* call("GET", `${base}/scheduled_bots/${botId}/timeline`, theirs), 404, "bot_not_found")
    })
  )
})

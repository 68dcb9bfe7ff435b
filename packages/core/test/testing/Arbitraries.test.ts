/** What the generators promise: states that a store can hold, and edges that are met, not merely possible. */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Result, Schema } from "effect"
import { isDeclined } from "../../src/domain/Facts.ts"
import * as DomainSchema from "../../src/domain/schema/index.ts"
import * as Arbitraries from "../../testing/Arbitraries.ts"

describe("Arbitraries", () => {
  it.prop("never make a state that a store could not hold", { state: Arbitraries.state }, ({ state: { slice } }) => {
    for (const rows of [slice.calendars, slice.events, slice.series, slice.intents, slice.bots]) {
      const ids = (rows as ReadonlyArray<{ readonly id: string }>).map(({ id }) => id)
      assert.strictEqual(new Set(ids).size, ids.length)
    }
    const live = slice.bots.filter(({ status }) => status === "Scheduled" || status === "Launching")
    assert.strictEqual(new Set(live.map(({ meeting }) => meeting)).size, live.length)
    assert.isAtMost(slice.calendars.filter(({ isPrimary }) => isPrimary).length, 1)
    const decode = Schema.decodeUnknownResult(Schema.Array(DomainSchema.CalendarEvent))
    assert.isTrue(Result.isSuccess(decode(slice.events)))
    assert.isTrue(slice.events.every(({ end, start }) => end >= start))
  })

  it.effect("meet every edge they are aimed at", () =>
    Effect.gen(function* () {
      const states = yield* Arbitrary.sampleEffect(Arbitraries.state, { count: 1000, seed: 1 })
      const met = new Map<string, number>()
      const mark = (edge: string, isMet: boolean) => met.set(edge, (met.get(edge) ?? 0) + (isMet ? 1 : 0))
      for (const { frame, slice } of states) {
        const late = frame.now + frame.leadMillis
        const starts = slice.events.map(({ start }) => start)
        mark(
          "a start a second around now + lead",
          starts.some((at) => at !== late && Math.abs(at - late) <= 1000)
        )
        mark(
          "a start at midnight UTC",
          starts.some((at) => at % Arbitraries.day === 0)
        )
        mark("copies of one meeting", new Set(slice.events.map(({ meeting }) => meeting)).size < slice.events.length)
        mark(
          "a bot in its meeting",
          slice.bots.some((bot) => slice.events.some((row) => row.meeting === bot.meeting))
        )
        mark(
          "a bot of nobody's meeting",
          slice.bots.some((bot) => slice.events.every((row) => row.meeting !== bot.meeting))
        )
        mark("an intent against and an intent for one meeting", hasContradiction(slice))
        mark(
          "an event that takes no time",
          slice.events.some(({ end, start }) => start === end)
        )
        mark(
          "an event that lasts for days",
          slice.events.some(({ end, start }) => end - start > Arbitraries.day)
        )
        mark(
          "a series with an intent",
          slice.intents.some((each) => "series" in each && slice.series.some(({ key }) => key === each.series))
        )
        mark("no connection", slice.connections.length === 0)
      }
      // One in a hundred at least: rarer than that, a hundred tries prove little.
      assert.deepStrictEqual(
        [...met].filter(([, times]) => times < states.length / 100),
        []
      )
    })
  )

  it.prop(
    "apply edits to the event they are given and no other member than they name",
    {
      made: Arbitrary.flatMap(Arbitraries.frame, (frame) =>
        Arbitrary.all([Arbitraries.event(frame), Arbitraries.edit(frame)])
      )
    },
    ({ made: [event, edit] }) => {
      const { end, facts, isCancelled, isDeleted, link, start, ...rest } = Arbitraries.applyEdit(event, edit)
      assert.deepStrictEqual({ ...event, ...rest }, event)
      assert.isAtLeast(end, start)
      if (edit.kind !== "link") assert.deepStrictEqual(link, event.link)
      if (edit.kind === "move") assert.strictEqual(start, edit.start)
      if (edit.kind === "facts") assert.deepStrictEqual(facts, edit.facts)
      if (edit.kind === "restore") {
        assert.deepStrictEqual([isCancelled, isDeclined({ facts }), isDeleted], [false, false, false])
      }
    }
  )
})

const hasContradiction = ({ intents }: Arbitraries.State["slice"]): boolean =>
  intents.some(
    (one) =>
      one.kind === "exclusion" && intents.some((other) => other.kind === "event" && other.meeting === one.meeting)
  )

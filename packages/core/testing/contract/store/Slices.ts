/**
 * What a store promises about slices: all that a decision needs, closed, and nothing of what it is not about.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { type Scope, type Slice, Store } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { autoSchedule, seriesExclusion } from "../../rows/Intent.ts"
import { slice } from "../../rows/Slice.ts"
import { busy } from "./Busy.ts"
import {
  bot,
  dateOf,
  day,
  event,
  eventId,
  eventIntent,
  exclusion,
  hour,
  meetingKey,
  now,
  occurrence,
  occurrenceKey,
  override,
  recurringIntent,
  series,
  seriesId,
  seriesIntent,
  seriesKey
} from "./Rows.ts"
import { type It, botIdOf, caughtUp, committed, connected, listed, sliceOf, sortedIdsOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST answer an empty state for a user never seen", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const userId = yield* freshUserId
      const scopes: ReadonlyArray<Scope> = [{ kind: "all" }, { kind: "changed" }, meetings("a")]
      for (const scope of scopes) {
        assert.deepStrictEqual(yield* store.slice(userId, scope, now), slice({ userId, connections: [] }))
      }
    })
  )

  it.effect("MUST hold connections, calendars and auto-scheduling whatever the scope", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const auto = autoSchedule({ enabled: true, seq: 5, config: { bot_name: "Auto" }, coveredUntil: now + day })
      yield* committed(user, { auto, decideAt: now + hour })
      const calendars = yield* store.calendars(user.userId)
      for (const scope of [{ kind: "all" }, { kind: "changed" }, meetings("a")] as const) {
        const slice = yield* sliceOf(user, scope)
        assert.deepStrictEqual([slice.connections, slice.auto, slice.decideAt], [[user.connection], auto, now + hour])
        assert.sameDeepMembers([...slice.calendars], [...calendars])
      }
    })
  )

  it.effect(
    "MUST find what changed since the last decision, tombstones and all copies included, and nothing else",
    () =>
      Effect.gen(function* () {
        const user = yield* connected()
        const { primary, second } = user
        const copy = event("a copy", second, { iCalUid: "a" })
        yield* listed(user, {
          events: [event("a", primary), copy, event("b", primary), event("c", primary)],
          series: [series("s", primary), series("t", primary)]
        })
        yield* caughtUp(user)
        assert.deepStrictEqual(contents(yield* sliceOf(user, { kind: "changed" })), nothing)
        yield* listed(user, {
          events: [event("a", primary), event("b", primary, { isDeleted: true }), { ...copy, subject: "moved" }],
          series: [series("s", primary, { subject: "moved" }), series("t", primary)]
        })
        assert.deepStrictEqual(contents(yield* sliceOf(user, { kind: "changed" })), {
          ...nothing,
          events: [eventId("a"), eventId("a copy"), eventId("b")],
          series: [seriesId("s")]
        })
      })
  )

  it.effect("MUST find what changed while a decision was made", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* listed(user, { events: [event("a", user.primary)] })
      const { mirrorNumber } = yield* sliceOf(user)
      yield* listed(user, { events: [event("b", user.primary)] })
      yield* committed(user, { decided: mirrorNumber })
      assert.deepStrictEqual(contents(yield* sliceOf(user, { kind: "changed" })).events, [eventId("b")])
    })
  )

  it.effect("MUST find every series with a recurring intent among what changed", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const { primary } = user
      yield* listed(user, {
        events: [occurrence("s1", "s", primary, 1), occurrence("t1", "t", primary, 1)],
        series: [series("s", primary), series("t", primary)]
      })
      yield* committed(user, { putIntents: [recurringIntent("chain", "s"), seriesIntent("all", "t")] })
      yield* caughtUp(user)
      const changed = contents(yield* sliceOf(user, { kind: "changed" }))
      const expected = { ...nothing, events: [eventId("s1")], series: [seriesId("s")], intents: ["chain"] }
      assert.deepStrictEqual(changed, expected)
    })
  )

  it.effect("MUST hold a named meeting whole: copies, series, intents, exclusions, override and bots", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* busy(user)
      assert.deepStrictEqual(contents(yield* sliceOf(user, meetings("a"))), {
        events: [eventId("a"), eventId("a copy")],
        series: [],
        intents: ["intent a", "never a"],
        overrides: [meetingKey("a")],
        bots: ["live", "newer"].map((label) => botIdOf(user.userId, label))
      })
    })
  )

  it.effect("MUST hold a named series whole, with the occurrences ahead once somebody asks for it", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* busy(user)
      const named: Scope = { kind: "meetings", meetings: [], series: [seriesKey("s")] }
      const slice = contents(yield* sliceOf(user, named))
      assert.deepStrictEqual(slice.series, [seriesId("s")])
      assert.includeMembers(slice.events, [eventId("s1"), eventId("s2"), eventId("s lasts")])
      assert.includeMembers(slice.intents, ["all of s", "never s1", "never s later"])
      assert.deepStrictEqual(slice.overrides, [occurrenceKey("s", 2)])
      assert.deepStrictEqual(slice.bots, [botIdOf(user.userId, "far")])
      for (const label of ["a", "t1"]) assert.notInclude(slice.events, eventId(label))
    })
  )

  it.effect("MUST leave the occurrences of a series that nobody asks for to their own decisions", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* busy(user)
      const named: Scope = { kind: "meetings", meetings: [], series: [seriesKey("t")] }
      assert.deepStrictEqual(contents(yield* sliceOf(user, named)), { ...nothing, series: [seriesId("t")] })
    })
  )

  it.effect(
    "MUST hold the series of an occurrence in it, and the intents for its other occurrences, stored or not",
    () =>
      Effect.gen(function* () {
        const user = yield* connected()
        yield* busy(user)
        const one = { kind: "meetings", meetings: [occurrenceKey("s", 1)], series: [] } as const
        const slice = contents(yield* sliceOf(user, one))
        assert.deepStrictEqual(slice.series, [seriesId("s")])
        assert.includeMembers(slice.events, [eventId("s1"), eventId("s2")])
        assert.includeMembers(slice.intents, ["all of s", "never s1", "intent far s"])
        assert.deepStrictEqual(slice.bots, [botIdOf(user.userId, "far")])
      })
  )

  it.effect("MUST hold the occurrences ahead of a series of which a single one is wished for, or against", () =>
    Effect.gen(function* () {
      for (const make of [eventIntent, exclusion]) {
        const user = yield* connected()
        const { primary } = user
        yield* listed(user, {
          events: [occurrence("s1", "s", primary, 1), occurrence("s2", "s", primary, 2), event("a", primary)],
          series: [series("s", primary)]
        })
        yield* committed(user, { putIntents: [{ ...make("intent", ""), meeting: occurrenceKey("s", 300) }] })
        const named: Scope = { kind: "meetings", meetings: [], series: [seriesKey("s")] }
        const { events, intents } = contents(yield* sliceOf(user, named))
        assert.deepStrictEqual([events, intents], [["s1", "s2"].map(eventId), ["intent"]])
      }
    })
  )

  it.effect("MUST hold the intents for meetings that are not stored", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* committed(user, {
        putIntents: [eventIntent("intent", "x"), exclusion("never", "x"), seriesIntent("all", "z")],
        putOverrides: [override("x")]
      })
      const named: Scope = { kind: "meetings", meetings: [meetingKey("x")], series: [seriesKey("z")] }
      const expected = { ...nothing, intents: ["all", "intent", "never"], overrides: [meetingKey("x")] }
      assert.deepStrictEqual(contents(yield* sliceOf(user, named)), expected)
      assert.deepStrictEqual(contents(yield* sliceOf(user)), expected)
    })
  )

  it.effect("MUST hold the events that overlap a span, the longest too, and every meeting with a live bot", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* busy(user)
      const at = (label: string, start: number, end: number) => event(label, user.primary, { start, end })
      const from = now + 10 * day
      yield* listed(user, {
        events: [
          at("ends at its start", from - hour, from),
          at("begins at its end", from + day, from + day + hour),
          at("lasts for weeks", from - 15 * day, from + 20 * day),
          at("takes no time", from, from)
        ]
      })
      const slice = yield* sliceOf(user, { kind: "span", span: { from, to: from + day } })
      const { bots, events } = contents(slice)
      assert.includeMembers(events, ["lasts for weeks", "takes no time", "a", "a copy"].map(eventId))
      for (const label of ["ends at its start", "begins at its end", "over", "t1"]) {
        assert.notInclude(events, eventId(label))
      }
      assert.includeMembers(
        bots,
        ["live", "far"].map((label) => botIdOf(user.userId, label))
      )
    })
  )

  it.effect("MUST hold everything when asked for all", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* busy(user)
      const all = contents(yield* sliceOf(user))
      const labels = ["a", "a copy", "over", "s lasts", "s1", "s2", "t1"]
      assert.deepStrictEqual(all.events, labels.map(eventId))
      assert.deepStrictEqual(all.series, [seriesId("s"), seriesId("t")])
      assert.deepStrictEqual(all.intents, [
        "all of s",
        "intent a",
        "intent far s",
        "never a",
        "never s later",
        "never s1"
      ])
      assert.deepStrictEqual(all.overrides.toSorted(), [meetingKey("a"), occurrenceKey("s", 2)].toSorted())
      assert.includeMembers(
        all.bots,
        ["far", "live", "newer"].map((label) => botIdOf(user.userId, label))
      )
    })
  )

  it.effect("MUST hold rows as they were written", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const { primary, userId } = user
      const row = event("a", primary)
      const master = series("s", primary)
      const later = seriesExclusion(seriesKey("s"), { id: "e", seq: 9, fromDate: dateOf(1) })
      const intents = [
        later,
        eventIntent("w", "a"),
        exclusion("x", "a"),
        recurringIntent("r", "s"),
        seriesIntent("z", "s")
      ]
      const overrides = [override("a", { joinOffsetMillis: null, botName: "", customAttributes: null, config: null })]
      const live = bot(botIdOf(userId, "l"), "a", primary)
      yield* listed(user, { events: [row], series: [master] })
      yield* committed(user, { putIntents: intents, putOverrides: overrides, bots: [{ bot: live, expected: null }] })
      const slice = yield* sliceOf(user)
      assert.deepStrictEqual(
        [slice.events, slice.series, slice.overrides, slice.bots],
        [[row], [master], overrides, [live]]
      )
      assert.sameDeepMembers([...slice.intents], intents)
    })
  )
}

const meetings = (label: string): Scope => ({ kind: "meetings", meetings: [meetingKey(label)], series: [] })

const nothing = { events: [], series: [], intents: [], overrides: [], bots: [] }

/** What is in a slice, by id, sorted. A bot that was cancelled earlier is neither asked for nor forbidden. */
const contents = (slice: Slice) => ({
  events: sortedIdsOf(slice.events),
  series: sortedIdsOf(slice.series),
  intents: sortedIdsOf(slice.intents),
  overrides: slice.overrides.map(({ meeting }) => meeting),
  bots: sortedIdsOf(slice.bots.filter(({ status }) => status !== "Cancelled"))
})

/**
 * What a store promises about events that say they are copies of one meeting and are several (B7), and about organizers.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { EventId, MeetingKey } from "../../../src/domain/Ids.ts"
import { Store } from "../../../src/ports/Store.ts"
import {
  event,
  eventId,
  eventIntent,
  hour,
  meetingKey,
  now,
  occurrence,
  occurrenceKey,
  series,
  seriesKey
} from "./Rows.ts"
import { type It, type User, caughtUp, committed, connected, listed, sliceOf, sortedIdsOf } from "./Users.ts"

const family = meetingKey("family")
const apart = (label: string): MeetingKey => `id:${eventId(label)}` as MeetingKey

export const cases = (it: It): void => {
  it.effect("MUST set the meetings of rows, and raise no mirror number for it", () =>
    Effect.gen(function* () {
      const user = yield* familyOfThree
      const { mirrorNumber } = yield* sliceOf(user)
      yield* takenApart(user)
      const slice = yield* sliceOf(user)
      assert.strictEqual(slice.mirrorNumber, mirrorNumber)
      assert.deepStrictEqual(Object.fromEntries(slice.events.map(({ id, meeting }) => [id, meeting])), {
        [eventId("a")]: family,
        [eventId("b")]: apart("b"),
        [eventId("c")]: apart("c"),
        [eventId("stranger")]: meetingKey("stranger")
      })
      // Rows that are not there stay away.
      yield* committed(user, { putMeetings: [{ id: eventId("nobody"), meeting: family }] })
      assert.lengthOf((yield* sliceOf(user)).events, slice.events.length)
    })
  )

  it.effect("MUST keep the meeting of a row that is told again, for as long as its family stays", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* familyOfThree
      yield* takenApart(user)
      const meetingOf = (id: EventId) =>
        Effect.map(store.event(user.userId, id), (row) => Option.getOrThrow(row).meeting)
      const { mirrorNumber } = yield* sliceOf(user)
      yield* listed(user, { events: [member(user, "b")] })
      // Told as it was, whatever a decision made of it; and then handed back as it is stored.
      assert.strictEqual((yield* sliceOf(user)).mirrorNumber, mirrorNumber)
      yield* listed(user, { events: [Option.getOrThrow(yield* store.event(user.userId, eventId("b")))] })
      assert.strictEqual((yield* sliceOf(user)).mirrorNumber, mirrorNumber)
      assert.strictEqual(yield* meetingOf(eventId("b")), apart("b"))
      yield* listed(user, { events: [member(user, "b", { subject: "changed" })] })
      assert.strictEqual((yield* sliceOf(user)).mirrorNumber, mirrorNumber + 1)
      assert.strictEqual(yield* meetingOf(eventId("b")), apart("b"))
      const other = meetingKey("other")
      yield* listed(user, { events: [member(user, "b", { subject: "changed", meeting: other, family: other })] })
      assert.strictEqual((yield* sliceOf(user)).mirrorNumber, mirrorNumber + 2)
      assert.strictEqual(yield* meetingOf(eventId("b")), other)
    })
  )

  it.effect("MUST bring with a meeting all events of its events' families, and what belongs to their meetings", () =>
    Effect.gen(function* () {
      const user = yield* familyOfThree
      yield* takenApart(user)
      yield* committed(user, { putIntents: [eventIntent("of c", "c", { meeting: apart("c") })] })
      yield* caughtUp(user)
      const ids = ["a", "b", "c"].map(eventId)
      for (const meeting of [family, apart("b"), apart("c")]) {
        const slice = yield* sliceOf(user, { kind: "meetings", meetings: [meeting], series: [] })
        assert.includeMembers(sortedIdsOf(slice.events), ids, meeting)
        assert.deepStrictEqual(sortedIdsOf(slice.intents), ["of c"], meeting)
      }
      yield* listed(user, { events: [member(user, "a", { subject: "changed" })] })
      assert.includeMembers(sortedIdsOf((yield* sliceOf(user, { kind: "changed" })).events), ids)
      const span = { from: now + 2 * hour, to: now + 2 * hour + 1 }
      assert.includeMembers(sortedIdsOf((yield* sliceOf(user, { kind: "span", span })).events), ids)
    })
  )

  it.effect(
    "MUST bring with a meeting occurrences that go by another date than they are stored with, and what may",
    () =>
      Effect.gen(function* () {
        const user = yield* connected()
        const { primary } = user
        const days = [1, 2, 3, 4]
        yield* listed(user, {
          events: days.map((day) => occurrence(`s${day}`, "s", primary, day)),
          series: [series("s", primary)]
        })
        // Each stands for the day before, as one in a zone further west has it.
        const before = days.slice(0, 3).map((day) => ({ id: eventId(`s${day}`), meeting: occurrenceKey("s", day - 1) }))
        yield* committed(user, {
          putMeetings: before,
          putIntents: [eventIntent("first", "s1", { meeting: occurrenceKey("s", 0) })]
        })
        yield* caughtUp(user)
        for (const day of [0, 1, 2]) {
          const asked = occurrenceKey("s", day)
          const slice = yield* sliceOf(user, { kind: "meetings", meetings: [asked], series: [] })
          const named = new Map(slice.events.map(({ id, meeting }) => [id, meeting]))
          assert.strictEqual(named.get(eventId(`s${day + 1}`)), asked)
          // The one that is stored under this name is about to be called so again, should a calendar go.
          assert.strictEqual(named.get(eventId(`s${Math.max(day, 1)}`)), occurrenceKey("s", Math.max(day, 1) - 1))
          assert.deepStrictEqual(sortedIdsOf(slice.intents), ["first"])
          assert.deepStrictEqual(sortedIdsOf(slice.series), sortedIdsOf([series("s", primary)]))
        }
        // Told again as it was, it goes by the date that it was given.
        yield* listed(user, { events: [occurrence("s2", "s", primary, 2)] })
        const store = yield* Store
        const found = Option.getOrThrow(yield* store.event(user.userId, eventId("s2")))
        assert.deepStrictEqual([found.meeting, found.family], [occurrenceKey("s", 1), occurrenceKey("s", 2)])
      })
  )

  it.effect("MUST look at other series besides what changed, and say which series are asked for", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary } = user
      yield* listed(user, {
        events: [occurrence("s1", "s", primary, 1), occurrence("t1", "t", primary, 1)],
        series: [series("s", primary), series("t", primary), series("u", primary)]
      })
      yield* committed(user, {
        putIntents: [eventIntent("i", "s1", { meeting: occurrenceKey("s", 1) }), eventIntent("alone", "a")],
        putOverrides: [{ ...override, meeting: occurrenceKey("t", 1) }]
      })
      yield* caughtUp(user)
      const asked = yield* store.intendedSeries(user.userId)
      assert.deepStrictEqual(asked.toSorted(), [seriesKey("s"), seriesKey("t")])
      const slice = yield* sliceOf(user, { kind: "changed", series: [seriesKey("s")] })
      assert.includeMembers(sortedIdsOf(slice.series), sortedIdsOf([series("s", primary)]))
      assert.includeMembers(sortedIdsOf(slice.events), [occurrence("s1", "s", primary, 1).id])
    })
  )

  it.effect("MUST look at other meetings besides what changed, whether or not an event is called so", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const { primary } = user
      yield* listed(user, { events: [event("a", primary), event("b", primary)] })
      yield* committed(user, {
        putOverrides: [
          { ...override, meeting: apart("a") },
          { ...override, meeting: apart("b") }
        ]
      })
      yield* caughtUp(user)
      const slice = yield* sliceOf(user, { kind: "changed", meetings: [apart("a"), meetingKey("b")] })
      assert.deepStrictEqual(
        slice.overrides.map(({ meeting }) => meeting),
        [apart("a")]
      )
      assert.deepStrictEqual(sortedIdsOf(slice.events), [eventId("b")])
    })
  )

  it.effect("MUST keep who organizes an event and a series, and hold another organizer for a change", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary, userId } = user
      const [by, then] = ["ada@example.com", "bob@example.com"]
      const told = (organizer: string | null) =>
        listed(user, { events: [event("a", primary, { organizer })], series: [series("s", primary, { organizer })] })
      for (const [n, organizer] of [by, then, null].entries()) {
        yield* told(organizer)
        const { events, mirrorNumber, series: rows } = yield* sliceOf(user)
        assert.deepStrictEqual(
          [...events, ...rows].map((row) => row.organizer),
          [organizer, organizer]
        )
        assert.strictEqual(mirrorNumber, n + 1)
      }
      assert.isNull(Option.getOrThrow(yield* store.event(userId, eventId("a"))).organizer)
    })
  )
}

const override = { joinOffsetMillis: 1, botName: null, customAttributes: null, config: null }

const member = (user: User, label: string, members: Partial<CalendarEvent> = {}): CalendarEvent =>
  event(label, user.primary, { meeting: family, family, start: now + starts.indexOf(label) * hour, ...members })

const starts = ["a", "b", "c"]

/** Three events of one calendar with one UID at three times, and one that has nothing to do with them. */
const familyOfThree = Effect.gen(function* () {
  const user = yield* connected()
  yield* listed(user, { events: [...starts.map((label) => member(user, label)), event("stranger", user.primary)] })
  return user
})

/** What a decision makes of them: the first keeps the name. */
const takenApart = (user: User) =>
  committed(user, { putMeetings: ["b", "c"].map((label) => ({ id: eventId(label), meeting: apart(label) })) })

/**
 * B7: meetings that were taken apart from their family, on DynamoDB: found by what points to them, whatever became of the
 * event that they are named after.
 */
import type { Connection, MeetingKey, Store } from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { bothConnected, claimOn, elsewhere, first, other } from "./ConnectionsKit.ts"
import { engineOfFile, skipped } from "./dynamo/Engine.ts"
import {
  botOf,
  calendarId,
  decisionOf,
  eventOf,
  everythingOf,
  hour,
  inStore,
  intentOf,
  made,
  meanwhile,
  now,
  through,
  userId
} from "./StoreKit.ts"

const theEngine = engineOfFile()

describe.skipIf(skipped !== null)(`Meetings taken apart${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  const family = eventOf("a").family
  const [a, b] = [
    eventOf("a"),
    eventOf("b", { ...eventOf("a"), id: eventOf("b").id, providerId: "b", start: now + hour })
  ]
  const copy = elsewhere("copy", { meeting: family })
  const apart = `id:${b.id}` as MeetingKey
  const inMeetings = (store: Store["Service"], ...meetings: ReadonlyArray<MeetingKey>) =>
    Effect.map(store.slice(userId, { kind: "meetings", meetings, series: [] }, now), ({ bots, events }) => [
      events.map(({ id }) => id),
      bots.map(({ id }) => id)
    ])

  inStore(
    "B7: any of them brings the whole family with what is about it, also when its namesake is gone",
    theEngine,
    (store) =>
      Effect.gen(function* () {
        yield* bothConnected(store)
        yield* store.putMirror(yield* claimOn(store, calendarId), { events: [a, b], series: [] })
        yield* store.putMirror(yield* claimOn(store, other.id), { events: [copy], series: [] })
        const bots = [botOf("a"), botOf("b", { meeting: apart })]
        const { mirrorNumber, version } = yield* everythingOf(store)
        const putMeetings = [b, copy].map(({ id }) => ({ id, meeting: apart }))
        yield* store.commit(decisionOf({ version, decided: mirrorNumber, putMeetings, bots: bots.map(made) }))
        const all = [[a.id, copy.id, b.id], bots.map(({ id }) => id).toReversed()]
        assert.deepStrictEqual(yield* inMeetings(store, family), all)
        assert.deepStrictEqual(yield* inMeetings(store, apart), all)
        // Nothing was told: there is nothing to decide.
        assert.deepStrictEqual(yield* store.lagging(now, null, 9), [])
        const changed = yield* store.slice(userId, { kind: "changed" }, now)
        assert.deepStrictEqual([changed.events, changed.mirrorNumber], [[], mirrorNumber])
        // The same again, and it stays as it was decided, and is no change.
        const again = yield* claimOn(store, calendarId, now + hour)
        assert.strictEqual(yield* store.putMirror(again, { events: [a, b], series: [] }), 0)
        // A change of one brings all of them.
        assert.strictEqual(yield* store.putMirror(again, { events: [{ ...b, subject: "moved" }], series: [] }), 1)
        const { events } = yield* store.slice(userId, { kind: "changed" }, now)
        assert.deepStrictEqual(
          events.map(({ id, meeting }) => [id, meeting]),
          [
            [a.id, family],
            [copy.id, apart],
            [b.id, apart]
          ]
        )
        // The connection of what they are named after goes: the copy is still found by that name.
        const gone: Connection = {
          ...first,
          generation: 2,
          revision: 2,
          status: "disconnected",
          statusReason: "erasing"
        }
        yield* store.saveConnection(gone, 1)
        yield* store.erase(userId, first.id, 10_000)
        assert.deepStrictEqual(yield* inMeetings(store, apart), [[copy.id], [bots[1]?.id]])
      })
  )

  inStore("B7: a row that another UID is told of is its new family's, and found there", theEngine, (store) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      const claim = yield* claimOn(store, calendarId)
      yield* store.putMirror(claim, { events: [a, b], series: [] })
      const { version } = yield* everythingOf(store)
      yield* store.commit(decisionOf({ version, putMeetings: [{ id: b.id, meeting: apart }] }))
      const renamed = eventOf("new", { ...b, meeting: "uid:new" as MeetingKey, family: "uid:new" as MeetingKey })
      assert.strictEqual(yield* store.putMirror(claim, { events: [renamed], series: [] }), 1)
      assert.deepStrictEqual(yield* inMeetings(store, "uid:new" as MeetingKey), [[b.id], []])
      assert.deepStrictEqual(yield* inMeetings(store, apart), [[], []])
      assert.deepStrictEqual(yield* inMeetings(store, family), [[a.id], []])
    })
  )

  inStore(
    "B7: in a decision larger than a transaction too, also when the row comes meanwhile",
    theEngine,
    (store, options) =>
      Effect.gen(function* () {
        yield* bothConnected(store)
        const claim = yield* claimOn(store, calendarId)
        yield* store.putMirror(claim, { events: [a], series: [] })
        const { version } = yield* everythingOf(store)
        const putIntents = Array.from({ length: 120 }, (_, n) => intentOf(`${n}`))
        const another = through(options, (other) => other.putMirror(claim, { events: [b], series: [] }))
        meanwhile(theEngine, 2, another)
        yield* store.commit(decisionOf({ version, putIntents, putMeetings: [{ id: b.id, meeting: apart }] }))
        assert.deepStrictEqual(yield* inMeetings(store, apart), [[a.id, b.id], []])
      })
  )

  inStore("series that somebody asks about are known, and looked at beside what changed", theEngine, (store) =>
    Effect.gen(function* () {
      yield* bothConnected(store)
      const of = Rows.series("s")
      yield* store.putMirror(yield* claimOn(store, calendarId), { events: [], series: [of, Rows.series("t")] })
      const { mirrorNumber, version } = yield* everythingOf(store)
      const putIntents = [Rows.exclusion(`on:2041-04-20:${of.key}` as MeetingKey, { id: "not" }), intentOf("a")]
      yield* store.commit(decisionOf({ version, decided: mirrorNumber, putIntents }))
      assert.deepStrictEqual(yield* store.intendedSeries(userId), [of.key])
      assert.deepStrictEqual((yield* store.slice(userId, { kind: "changed" }, now)).series, [])
      const looked = yield* store.slice(userId, { kind: "changed", series: [of.key] }, now)
      assert.deepStrictEqual([looked.series.map(({ key }) => key), looked.intents.length], [[of.key], 1])
    })
  )
})

/**
 * What a store promises about what commits leave behind: who is still to be decided, and what is shown of what was.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Store } from "../../../src/ports/Store.ts"
import { autoSchedule } from "../../rows/Intent.ts"
import type { CalendarId } from "../../../src/domain/Ids.ts"
import { day, event, hour, listing, now, series, seriesId, weekly } from "./Rows.ts"
import {
  type It,
  claimed,
  committed,
  connected,
  decision,
  everyone,
  idsOf,
  listed,
  refusal,
  round,
  sliceOf
} from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST know who lags: behind the mirror, or with an instant that has come", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const lags = (at: number) => Effect.map(store.lagging(at, null, everyone), (users) => users.includes(user.userId))
      assert.isFalse(yield* lags(now))
      yield* listed(user, { events: [event("a", user.primary)] })
      assert.isTrue(yield* lags(now))
      yield* committed(user, { decided: null })
      assert.isTrue(yield* lags(now))
      const { mirrorNumber } = yield* sliceOf(user)
      yield* committed(user, { decided: mirrorNumber, decideAt: now + hour })
      assert.deepStrictEqual([yield* lags(now + hour - 1), yield* lags(now + hour)], [false, true])
      assert.strictEqual((yield* sliceOf(user)).decideAt, now + hour)
      yield* committed(user, { decideAt: null })
      assert.deepStrictEqual([yield* lags(now + hour), (yield* sliceOf(user)).decided], [false, mirrorNumber])
    })
  )

  it.effect("MUST know who is marked to be judged, until that mark or a later one is taken off", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const lags = Effect.map(store.lagging(now, null, everyone), (users) => users.includes(user.userId))
      const marked = Effect.map(sliceOf(user), ({ judgeMark }) => judgeMark)
      assert.deepStrictEqual([yield* lags, yield* marked], [false, null])
      yield* committed(user, { marksJudging: true })
      const first = (yield* sliceOf(user)).version
      assert.deepStrictEqual([yield* lags, yield* marked], [true, first])
      // What is decided beside it leaves it.
      yield* committed(user, { decideAt: null })
      assert.deepStrictEqual([yield* lags, yield* marked], [true, first])
      yield* committed(user, { marksJudging: true })
      const second = (yield* sliceOf(user)).version
      yield* committed(user, { judged: first })
      assert.deepStrictEqual([yield* lags, yield* marked], [true, second])
      yield* committed(user, { judged: second })
      assert.deepStrictEqual([yield* lags, yield* marked], [false, null])
      const { connection } = user
      const written = { ...connection, revision: connection.revision + 1 }
      yield* store.saveConnection(written, connection.revision, null, true)
      assert.deepStrictEqual([yield* lags, yield* marked], [true, (yield* sliceOf(user)).version])
      const refused = store.saveConnection(written, connection.revision, null, true)
      const before = yield* marked
      assert.strictEqual(yield* refusal(refused), "Conflict")
      yield* store.saveConnection({ ...written, revision: written.revision + 1 }, written.revision)
      assert.strictEqual(yield* marked, before, "whatever else is written of it")
      yield* committed(user, { judged: before ?? 0 })
      assert.isFalse(yield* lags)
    })
  )

  it.effect("MUST keep the zone of a calendar's events, whatever else is written of the calendar", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const of = (id: CalendarId) =>
        Effect.map(store.calendars(user.userId), (all) => all.find((each) => each.id === id)?.eventsZone)
      const claim = yield* claimed(user, user.primary)
      const gone = "cal_none" as CalendarId
      yield* committed(user, {
        putZones: [
          { id: user.primary, eventsZone: "Europe/Berlin" },
          { id: gone, eventsZone: "UTC" }
        ]
      })
      yield* store.extendLease(claim, now + hour)
      yield* store.finishPass(claim, round)
      yield* store.patchCalendar(user.connection, user.primary, { selected: false })
      yield* store.listCalendars(user.connection, [listing(user.connection.id, "AAMk=primary")], now)
      assert.deepStrictEqual([yield* of(user.primary), yield* of(user.second)], ["Europe/Berlin", null])
      const { calendars } = yield* sliceOf(user)
      assert.strictEqual(calendars.find(({ id }) => id === user.primary)?.eventsZone, "Europe/Berlin")
      yield* committed(user, { putZones: [{ id: user.primary, eventsZone: null }] })
      assert.isNull(yield* of(user.primary))
    })
  )

  it.effect("MUST list users who lag, and those with auto-scheduling, by id, page by page", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const users = yield* Effect.all(Array.from({ length: 4 }, () => connected()))
      const auto = (enabled: boolean) => autoSchedule({ enabled, seq: 1 })
      for (const user of users) yield* committed(user, { decideAt: now, auto: auto(true) })
      const ids = users.map((user) => user.userId).toSorted()
      for (const list of [
        (after: (typeof ids)[number] | null, limit: number) => store.lagging(now, after, limit),
        store.autoUsers
      ]) {
        const all = yield* list(null, everyone)
        assert.deepStrictEqual(all, all.toSorted())
        assert.includeMembers([...all], ids)
        assert.deepStrictEqual(yield* list(all[0] ?? null, 2), all.slice(1, 3))
      }
      for (const user of users) yield* committed(user, { auto: auto(false) })
      const on = yield* store.autoUsers(null, everyone)
      assert.deepStrictEqual(
        on.filter((id) => ids.includes(id)),
        []
      )
    })
  )

  it.effect("MUST show projected rows, yet never in place of one that the provider listed", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary, userId } = user
      const gone = event("gone", primary, { isDeleted: true })
      yield* listed(user, { events: [event("listed", primary), gone] })
      const project = (label: string, subject: string) =>
        event(label, primary, { isVirtual: true, providerId: "", subject, start: now + 40 * day })
      const before = yield* sliceOf(user)
      const first = ["listed", "gone", "far"].map((label) => project(label, "first"))
      yield* committed(user, { putVirtual: first })
      const second = { ...project("far", "second"), createdAt: now, updatedAt: now }
      yield* committed(user, { putVirtual: [second] })
      const read = (label: string) => store.event(userId, event(label, primary).id)
      assert.deepStrictEqual(yield* read("listed"), Option.some(event("listed", primary)))
      assert.deepStrictEqual(yield* read("gone"), Option.some(gone))
      const far = Option.getOrThrow(yield* read("far"))
      assert.deepStrictEqual([far.subject, far.isVirtual, far.start], ["second", true, now + 40 * day])
      assert.strictEqual((yield* sliceOf(user)).mirrorNumber, before.mirrorNumber)
      yield* listed(user, { events: [event("far", primary, { subject: "listed at last" })] })
      const reached = Option.getOrThrow(yield* read("far"))
      assert.deepStrictEqual([reached.subject, reached.isVirtual], ["listed at last", false])
      assert.isAbove((yield* sliceOf(user)).mirrorNumber, before.mirrorNumber)
    })
  )

  it.effect("MUST remove projected rows, yet never one that the provider listed meanwhile", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const rows = ["a", "b"].map((label) => event(label, user.primary, { isVirtual: true, providerId: "" }))
      yield* committed(user, { putVirtual: rows })
      const made = yield* decision(user, { deleteVirtual: [...idsOf(rows), event("none", user.primary).id] })
      yield* listed(user, { events: [event("b", user.primary)] })
      yield* store.commit(made)
      assert.deepStrictEqual((yield* sliceOf(user)).events, [event("b", user.primary, { createdAt: now - day })])
    })
  )

  it.effect("MUST note by which timing a series was decided, and its exceptions when they were asked for", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* listed(user, { series: [series("s", user.primary, { timing: weekly })] })
      const { mirrorNumber } = yield* sliceOf(user)
      const exceptions = { cancelled: ["2041-05-01"], moved: [{ date: "2041-05-02", start: now, end: now + hour }] }
      const note = (decidedTiming: typeof weekly | null, told: typeof exceptions | null) =>
        committed(user, {
          decidedSeries: [
            { id: seriesId("s"), decidedTiming, exceptions: told },
            { id: seriesId("none"), decidedTiming, exceptions: told }
          ]
        })
      yield* note(weekly, exceptions)
      const [first] = (yield* sliceOf(user)).series
      assert.deepStrictEqual(first, series("s", user.primary, { timing: weekly, decidedTiming: weekly, exceptions }))
      yield* note(null, null)
      const { mirrorNumber: after, series: rows } = yield* sliceOf(user)
      assert.deepStrictEqual(rows, [series("s", user.primary, { timing: weekly, decidedTiming: null, exceptions })])
      assert.strictEqual(after, mirrorNumber)
    })
  )
}

/**
 * What a store promises about what is past: that it is found as it changed, and forgotten in time.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { Kept, MirrorPlace, UpdatedQuery } from "../../../src/ports/Store.ts"
import { Store } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import {
  bot,
  day,
  event,
  eventIntent,
  exclusion,
  hour,
  minute,
  now,
  occurrence,
  override,
  recurringIntent,
  series,
  seriesKey
} from "./Rows.ts"
import { type It, type User, botIdOf, committed, connected, idsOf, listed, sliceOf } from "./Users.ts"

const start: MirrorPlace = { mirrorNumber: 0, id: "" }

export const cases = (it: It): void => {
  it.effect("MUST list events as they changed, tombstones too, and go on from where it was", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const [a, b, c, d] = ["a", "b", "c", "d"].map((label) => event(label, user.primary)) as [Row, Row, Row, Row]
      yield* listed(user, { events: [b, a, event("other", user.second)] })
      yield* listed(user, { events: [c] })
      const page = (from: UpdatedQuery["from"], limit: number) =>
        store.updatedEvents({ userId: user.userId, calendarIds: [user.primary], from, limit })
      const first = yield* page(start, 2)
      assert.deepStrictEqual([idsOf(first.items), first.hasMore, first.isExpired], [[a.id, b.id], true, false])
      const rest = yield* page(first.next, 2)
      assert.deepStrictEqual([idsOf(rest.items), rest.hasMore], [[c.id], false])
      assert.deepStrictEqual((yield* page(rest.next, 2)).items, [])
      // Bots, and occurrences that only a decision knows of, are no change of the mirror.
      yield* committed(user, {
        bots: [{ bot: botOf(user, "a"), expected: null }],
        putVirtual: [event("virtual", user.primary, { isVirtual: true })]
      })
      yield* listed(user, { events: [a] })
      assert.deepStrictEqual(yield* page(rest.next, 2), { ...rest, items: [] })
      yield* listed(user, { events: [{ ...a, isDeleted: true, updatedAt: now + 1 }, d] })
      const more = yield* page(rest.next, 9)
      assert.deepStrictEqual(
        more.items.map(({ id, isDeleted }) => [id, isDeleted]),
        [
          [a.id, true],
          [d.id, false]
        ]
      )
      const shown = yield* store.updatedListing({
        userId: user.userId,
        calendarIds: [user.primary, user.second],
        from: start,
        limit: 99
      })
      assert.deepStrictEqual(
        shown.items.map((row) => [row.event.id, row.bots.length]),
        [
          [b.id, 0],
          [event("other", user.second).id, 0],
          [c.id, 0],
          [a.id, 1],
          [d.id, 0]
        ]
      )
      const theirs = yield* store.updatedEvents({ userId: yield* freshUserId, calendarIds: [], from: start, limit: 9 })
      assert.deepStrictEqual([theirs.items, theirs.hasMore], [[], false])
    })
  )

  it.effect("MUST list what was written at an instant or later, and go on from there by place", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const at = (label: string, updatedAt: number) => event(label, user.primary, { updatedAt })
      for (const [n, label] of ["a", "b", "c", "d", "e"].entries()) {
        yield* listed(user, { events: [at(label, now + n * day)] })
      }
      const page = (from: UpdatedQuery["from"], limit: number) =>
        store.updatedEvents({ userId: user.userId, calendarIds: [user.primary], from, limit })
      const first = yield* page({ at: now + 2 * day }, 2)
      assert.deepStrictEqual([first.items.map(labelOf), first.hasMore], [["c", "d"], true])
      assert.deepStrictEqual((yield* page(first.next, 9)).items.map(labelOf), ["e"])
      const none = yield* page({ at: now + 9 * day }, 9)
      assert.deepStrictEqual([none.items, none.hasMore], [[], false])
      yield* listed(user, { events: [at("f", now + 9 * day)] })
      assert.deepStrictEqual((yield* page(none.next, 9)).items.map(labelOf), ["f"])
    })
  )

  it.effect("MUST list bots of one status, or of any, by join time, both ways", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const statuses = ["Failed", "Launched", "Cancelled", "Scheduled", "Launching", "Launched"] as const
      const rows = statuses.map((status, n) => botOf(user, `${n}`, { status, joinAt: now + n * minute }))
      yield* committed(user, { bots: rows.map((row) => ({ bot: row, expected: null })) })
      const page = { userId: user.userId, joinAfter: null, limit: 9, place: null, backwards: false }
      const ids = (...numbers: ReadonlyArray<number>) => numbers.map((n) => botIdOf(user.userId, `${n}`))
      const all = yield* store.bots({ ...page, status: null })
      assert.deepStrictEqual([idsOf(all.items), all.hasMore], [ids(0, 1, 2, 3, 4, 5), false])
      const launched = yield* store.bots({ ...page, status: "Launched", limit: 1 })
      assert.deepStrictEqual([idsOf(launched.items), launched.hasMore], [ids(1), true])
      const place = { at: now + minute, id: ids(1)[0] ?? "" }
      const after = yield* store.bots({ ...page, status: "Launched", place })
      assert.deepStrictEqual([idsOf(after.items), after.hasMore], [ids(5), false])
      const before = yield* store.bots({
        ...page,
        status: null,
        limit: 2,
        place: { at: now + 4 * minute, id: "" },
        backwards: true
      })
      assert.deepStrictEqual([idsOf(before.items), before.hasMore], [ids(2, 3), true])
      assert.deepStrictEqual(idsOf((yield* store.bots({ ...page, status: "Cancelled" })).items), ids(2))
      const ahead = yield* store.botListing({ ...page, status: null, joinAfter: now + 4 * minute })
      assert.deepStrictEqual([idsOf(ahead.items), idsOf(ahead.connections)], [ids(5), [user.connection.id]])
    })
  )

  it.effect("MUST forget what has ended, with what was asked for of it, a bounded number at a time", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const ended = { start: now - 9 * day, end: now - 9 * day + hour }
      const missed = { ...ended, joinAt: now - 9 * day }
      const past = Array.from({ length: 5 }, (_, n) => event(`past ${n}`, user.primary, ended))
      const gone = event("gone", user.primary, { ...ended, isDeleted: true, updatedAt: now - 8 * day })
      const present = event("present", user.primary)
      yield* listed(user, { events: [...past, gone, present] })
      yield* committed(user, {
        putIntents: [eventIntent("i0", "past 0"), exclusion("i1", "past 1"), eventIntent("i2", "present")],
        putOverrides: [override("past 0"), override("present")],
        bots: [
          { bot: botOf(user, "past 0", { ...missed, status: "Launched" }), expected: null },
          { bot: botOf(user, "past 1", { ...missed, status: "Launching" }), expected: null },
          { bot: botOf(user, "present", { status: "Cancelled" }), expected: null }
        ]
      })
      const { decided, mirrorNumber, version } = yield* sliceOf(user)
      const before = yield* store.updatedEvents(updates(user))
      assert.isAtMost(yield* store.pruneHistory(user.userId, kept, 2), 8)
      yield* pruned(user, kept)
      const left = yield* sliceOf(user)
      assert.deepStrictEqual([left.decided, left.mirrorNumber, left.version], [decided, mirrorNumber, version])
      assert.deepStrictEqual(idsOf(left.events), [present.id])
      assert.deepStrictEqual(idsOf(left.intents).toSorted(), ["i1", "i2"])
      assert.deepStrictEqual(
        left.overrides.map(({ meeting }) => meeting),
        [present.meeting]
      )
      assert.deepStrictEqual(idsOf(left.bots).toSorted(), [botOf(user, "past 1").id, botOf(user, "present").id])
      assert.deepStrictEqual(yield* store.event(user.userId, gone.id), Option.none())
      // Whoever has not heard by now that it is gone never will.
      assert.isTrue((yield* store.updatedEvents(updates(user))).isExpired)
      assert.isTrue((yield* store.updatedEvents({ ...updates(user), from: { at: now - 20 * day } })).isExpired)
      assert.isFalse((yield* store.updatedEvents({ ...updates(user), from: before.next })).isExpired)
      assert.isFalse((yield* store.updatedEvents({ ...updates(user), from: { at: now - day } })).isExpired)
    })
  )

  it.effect("MUST keep of what has ended a while ago all but the provider's own item", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const row = event("past", user.primary, { start: now - 3 * day, end: now - 3 * day + hour })
      const present = event("present", user.primary)
      yield* listed(user, { events: [row, present] })
      yield* pruned(user, { ...kept, itemsFrom: now - 2 * day })
      assert.deepStrictEqual(yield* store.event(user.userId, row.id), Option.some({ ...row, raw: null }))
      assert.deepStrictEqual(yield* store.event(user.userId, present.id), Option.some(present))
      yield* listed(user, { events: [row] })
      assert.deepStrictEqual(yield* store.event(user.userId, row.id), Option.some(row), "until it is told again")
    })
  )

  it.effect("MUST forget a series with its last event, unless something is asked for of it", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const long = now - 20 * day
      const labels = ["over", "asked", "counted", "fresh"]
      yield* listed(user, {
        series: labels.map((label) => series(label, user.primary, { updatedAt: label === "fresh" ? now : long })),
        events: labels.map((label) => occurrence(`of ${label}`, label, user.primary, -9))
      })
      yield* committed(user, { putIntents: [recurringIntent("r", "asked")] })
      yield* pruned(user, { ...kept, series: [seriesKey("counted")] })
      const left = yield* sliceOf(user)
      assert.deepStrictEqual(
        left.series.map(({ key }) => key).toSorted(),
        [seriesKey("asked"), seriesKey("counted"), seriesKey("fresh")].toSorted()
      )
      assert.deepStrictEqual(left.events.map(labelOf), ["of counted"])
    })
  )

  it.effect("MUST reach nobody else's past", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const [one, other] = [yield* connected(), yield* connected()]
      const row = (user: User) =>
        event(`past of ${user.userId}`, user.primary, { start: now - 9 * day, end: now - 8 * day })
      yield* listed(one, { events: [row(one)] })
      yield* listed(other, { events: [row(other)] })
      yield* pruned(one, kept)
      assert.isTrue(Option.isSome(yield* store.event(other.userId, row(other).id)))
      assert.strictEqual(yield* store.pruneHistory(yield* freshUserId, kept, 9), 0)
    })
  )

  it.effect("MUST forget runs of jobs and shares from before an instant", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const userId = yield* freshUserId
      const job = `job of ${userId}`
      const long = now - 50 * 365 * day
      for (const [n, date] of ["1991-01-01", "1991-01-02", "1991-01-03"].entries()) {
        yield* store.claimJob(job, date, { now: long + n * day, staleBefore: 0 })
        yield* store.leaveShare(`${job} ${date}`, userId, long + n * day)
      }
      for (let left = 1; left > 0;) left = yield* store.pruneJobs(long + day + 1, 1)
      const runs = yield* Effect.forEach(["1991-01-01", "1991-01-02", "1991-01-03"], (date) => store.jobRun(job, date))
      assert.deepStrictEqual(runs.map(Option.isSome), [false, false, true])
      assert.deepStrictEqual(yield* store.sharesLeft(`${job} 1991-01-02`, null, 9), [])
      assert.lengthOf(yield* store.sharesLeft(`${job} 1991-01-03`, null, 9), 1)
      for (let left = 1; left > 0;) left = yield* store.pruneJobs(long + 9 * day, 100)
    })
  )
}

type Row = CalendarEvent

const kept: Kept = { rowsFrom: now - 5 * day, itemsFrom: now - 5 * day, series: [] }

const updates = (user: User): UpdatedQuery => ({
  userId: user.userId,
  calendarIds: [user.primary],
  from: start,
  limit: 99
})

const labelOf = ({ subject }: CalendarEvent): string => subject

/** Until there is nothing left. */
const pruned = Effect.fnUntraced(function* (user: User, until: Kept) {
  const store: Store["Service"] = yield* Store
  for (let left = 1; left > 0;) left = yield* store.pruneHistory(user.userId, until, 2)
})

const botOf = ({ primary, userId }: User, label: string, members: Partial<Bot> = {}): Bot =>
  bot(botIdOf(userId, label), label, primary, members)

/**
 * What a store promises about calendars: listings, patches, subscriptions and marks. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { CalendarId } from "../../../src/domain/Ids.ts"
import { Store } from "../../../src/ports/Store.ts"
import { calendar } from "../../rows/Calendar.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { connection, day, hour, listing, minute, now, window } from "./Rows.ts"
import { type It, type User, claimed, connected, everyone, refusal, round } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST insert a new calendar selected, due and never synced", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const expected = calendar({ ...listing(user.connection.id, "AAMk=primary", { isPrimary: true }), position: 1 })
      assert.deepStrictEqual(yield* calendarOf(user, user.primary), expected)
    })
  )

  it.effect("MUST refresh the listing of a known calendar and nothing else", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const claim = yield* claimed(user, user.second)
      yield* store.finishPass(claim, round)
      yield* store.patchCalendar(user.connection, user.second, { selected: false, pollingReason: "shared" })
      const before = yield* calendarOf(user, user.second)
      const renamed = listing(user.connection.id, "AAMk=Second", {
        summary: "Team",
        accessRole: "reader",
        color: "#ffffff",
        timeZone: null
      })
      const answered = yield* store.listCalendars(user.connection, [renamed], now + hour)
      const after = yield* calendarOf(user, user.second)
      assert.deepStrictEqual(after, { ...before, ...renamed })
      assert.deepStrictEqual(
        answered.find(({ id }) => id === user.second),
        after
      )
    })
  )

  it.effect("MUST begin a calendar that shows free and busy times alone as one that is not selected", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const veiled = listing(user.connection.id, "AAMk=veiled", { accessRole: "freeBusyReader" })
      const open = listing(user.connection.id, "AAMk=open")
      yield* store.listCalendars(user.connection, [veiled, open], now + hour)
      const selected = new Map((yield* store.calendars(user.userId)).map((each) => [each.providerId, each.selected]))
      assert.deepStrictEqual([selected.get(veiled.providerId), selected.get(open.providerId)], [false, true])
    })
  )

  it.effect("MUST keep a calendar that the provider lists no more", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const late = listing(user.connection.id, "AAMk=late").id
      yield* store.listCalendars(user.connection, [listing(user.connection.id, "AAMk=late")], now + hour)
      const ids = (yield* store.calendars(user.userId)).map(({ id }) => id)
      assert.sameMembers(ids, [user.primary, user.second, late])
      assert.deepStrictEqual(yield* store.account(user.userId), {
        connections: [user.connection],
        calendars: yield* store.calendars(user.userId)
      })
    })
  )

  it.effect("MUST fence listings and patches by the connection's generation", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected({ generation: 2 })
      const before = yield* store.calendars(user.userId)
      const writes = (generation: number) => [
        store.listCalendars({ ...user.connection, generation }, [listing(user.connection.id, "AAMk=x")], now),
        store.patchCalendar({ ...user.connection, generation }, user.primary, { selected: false }),
        store.dropMirror({ ...user.connection, generation }, user.primary, now, 10_000)
      ]
      for (const generation of [1, 3]) {
        for (const write of writes(generation)) {
          assert.strictEqual(yield* refusal<unknown>(write), "Fenced")
        }
      }
      const stranger = connection(yield* freshUserId)
      const theirs = store.listCalendars(stranger, [listing(stranger.id, "AAMk=x")], now)
      assert.strictEqual(yield* refusal(theirs), "Fenced")
      assert.deepStrictEqual(yield* store.calendars(user.userId), before)
    })
  )

  it.effect("MUST patch the members that are named and leave the others", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const before = yield* calendarOf(user, user.primary)
      const subscription = { id: `sub of ${user.userId}`, clientStateHash: "ab".repeat(32), expiresAt: now + day }
      const first = { subscription, pollingReason: "for now", syncStatus: "failed" as const, syncError: "no" }
      yield* store.patchCalendar(user.connection, user.primary, first)
      assert.deepStrictEqual(yield* calendarOf(user, user.primary), { ...before, ...first })
      yield* store.patchCalendar(user.connection, user.primary, {
        pollingReason: null,
        isRemoved: true,
        dueAt: now + hour
      })
      const second = { ...before, ...first, pollingReason: null, isRemoved: true, dueAt: now + hour }
      assert.deepStrictEqual(yield* calendarOf(user, user.primary), second)
      yield* store.patchCalendar(user.connection, user.primary, { subscription: null })
      assert.deepStrictEqual(yield* calendarOf(user, user.primary), { ...second, subscription: null })
    })
  )

  it.effect("MUST raise the sync generation when the selection changes, and only then", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const generations: Array<number> = []
      for (const selected of [true, false, false, true]) {
        yield* store.patchCalendar(user.connection, user.primary, { selected })
        generations.push((yield* calendarOf(user, user.primary)).syncGeneration)
      }
      const [kept = 0, off = 0, still = 0, on = 0] = generations
      assert.strictEqual(kept, 0)
      assert.isAbove(off, kept)
      assert.strictEqual(still, off)
      assert.isAbove(on, still)
    })
  )

  it.effect("SHOULD free the lease when the selection changes, since its holder can end no round any more", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* claimed(user, user.primary)
      yield* store.patchCalendar(user.connection, user.primary, { selected: false })
      yield* store.patchCalendar(user.connection, user.primary, { selected: true })
      const again = yield* store.claimCalendar(user.userId, user.primary, now + 1, now + minute)
      assert.isTrue(Option.isSome(again))
    })
  )

  it.effect("MUST forget cursor and window on a reset", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* store.finishPass(yield* claimed(user, user.primary), round)
      const { cursor, window: mirrored } = yield* calendarOf(user, user.primary)
      assert.deepStrictEqual({ cursor, mirrored }, { cursor: round.cursor, mirrored: window })
      yield* store.patchCalendar(user.connection, user.primary, { reset: false })
      assert.strictEqual((yield* calendarOf(user, user.primary)).cursor, round.cursor)
      yield* store.patchCalendar(user.connection, user.primary, { reset: true })
      const after = yield* calendarOf(user, user.primary)
      assert.deepStrictEqual({ cursor: after.cursor, window: after.window }, { cursor: null, window: null })
    })
  )

  it.effect("MUST find calendars by their subscriptions, for as long as they have them", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected({ generation: 4 })
      const id = `sub of ${user.userId}`
      const subscription = { id, clientStateHash: "cd".repeat(32), expiresAt: now + day }
      assert.deepStrictEqual(yield* store.subscriptions([id]), [])
      yield* store.patchCalendar(user.connection, user.second, { subscription })
      const found = {
        userId: user.userId,
        connectionId: user.connection.id,
        generation: 4,
        calendarId: user.second,
        subscription
      }
      assert.deepStrictEqual(yield* store.subscriptions([id]), [found])
      const other = { ...subscription, id: `${id} 3` }
      yield* store.patchCalendar(user.connection, user.primary, { subscription: other })
      assert.sameDeepMembers(
        [...(yield* store.subscriptions([id, "nobody's", other.id, id]))],
        [found, { ...found, calendarId: user.primary, subscription: other }]
      )
      assert.deepStrictEqual(yield* store.subscriptions([]), [])
      yield* store.patchCalendar(user.connection, user.second, { subscription: { ...subscription, id: `${id} 2` } })
      assert.deepStrictEqual(yield* store.subscriptions([id]), [])
      yield* store.patchCalendar(user.connection, user.second, { subscription: null })
      assert.deepStrictEqual(yield* store.subscriptions([`${id} 2`]), [])
    })
  )

  it.effect("MUST list the subscriptions that end before an instant, soonest first", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const subscribe = (calendarId: CalendarId, expiresAt: number) =>
        store.patchCalendar(user.connection, calendarId, {
          subscription: { id: `sub ${calendarId} of ${user.userId}`, clientStateHash: "ef", expiresAt }
        })
      yield* subscribe(user.primary, now + day)
      yield* subscribe(user.second, now + hour)
      const ending = (before: number) =>
        Effect.map(store.subscriptionsEnding(before, everyone), (found) =>
          found.filter(({ userId }) => userId === user.userId).map(({ calendarId }) => calendarId)
        )
      assert.deepStrictEqual(yield* ending(now + hour), [])
      assert.deepStrictEqual(yield* ending(now + hour + 1), [user.second])
      assert.deepStrictEqual(yield* ending(now + 2 * day), [user.second, user.primary])
      assert.lengthOf(yield* store.subscriptionsEnding(now + 2 * day, 1), 1)
      // A subscription of a tombstone is live no more, whether or not its row is erased yet.
      yield* store.saveConnection({ ...user.connection, generation: 2, revision: 2, status: "disconnected" }, 1)
      assert.deepStrictEqual(yield* ending(now + 2 * day), [])
    })
  )

  it.effect("MUST make a marked calendar due, raise its mark, and pass over what is gone", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* store.finishPass(yield* claimed(user, user.primary), round)
      const { changedMark } = yield* calendarOf(user, user.primary)
      yield* store.markChanged(
        [
          { userId: yield* freshUserId, calendarId: user.primary },
          { userId: user.userId, calendarId: "AAMk=gone" as CalendarId },
          { userId: user.userId, calendarId: user.primary }
        ],
        now + minute
      )
      const after = yield* calendarOf(user, user.primary)
      assert.isAtMost(after.dueAt, now + minute)
      assert.isAbove(after.changedMark, changedMark)
      assert.strictEqual((yield* calendarOf(user, user.second)).changedMark, 0)
    })
  )

  it.effect("MUST keep the soonest instant of those that a calendar is marked with, and count every mark", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* store.finishPass(yield* claimed(user, user.primary), round)
      const before = yield* calendarOf(user, user.primary)
      const mark = { userId: user.userId, calendarId: user.primary }
      const seen: Array<number> = []
      for (const at of [hour, minute, minute + 1, day]) {
        yield* store.markChanged([mark], before.dueAt - day + at)
        seen.push((yield* calendarOf(user, user.primary)).dueAt)
      }
      const expected = [hour, minute, minute, minute].map((at) => before.dueAt - day + at)
      assert.deepStrictEqual(seen, expected)
      yield* store.markChanged([mark, mark], before.dueAt)
      assert.isAtLeast((yield* calendarOf(user, user.primary)).changedMark, before.changedMark + 5)
    })
  )

  it.effect("MUST mark nothing when asked to mark nothing", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const before = yield* store.calendars(user.userId)
      yield* store.markChanged([], now - hour)
      assert.deepStrictEqual(yield* store.calendars(user.userId), before)
    })
  )
}

const calendarOf = Effect.fnUntraced(function* (user: User, calendarId: CalendarId) {
  const store: Store["Service"] = yield* Store
  const found = (yield* store.calendars(user.userId)).find(({ id }) => id === calendarId)
  return found ?? assert.fail(`no calendar ${calendarId}`)
})

/**
 * What a store promises about two connections of one user, also when both are of one mailbox. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Connection } from "../../../src/domain/Connection.ts"
import { eventId, seriesId } from "../../../src/domain/DeterministicIds.ts"
import type { CalendarId, UserId } from "../../../src/domain/Ids.ts"
import { type Erased, Store } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { bot, connection, day, event, eventIntent, listing, meetingKey, minute, now, series } from "./Rows.ts"
import {
  type It,
  type User,
  botIdOf,
  claimed,
  committed,
  connected,
  decision,
  everyone,
  idsOf,
  listed,
  refusal,
  round,
  sliceOf,
  sortedIdsOf
} from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST list connections as they were connected, and calendars by connection, primary, position and id", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const { first, later, user } = yield* connectedTwice
      // The one that was connected later is listed first, and has the primary calendar.
      const twin = connection(user.userId, { platform: "a_calendar", createdAt: later.createdAt })
      yield* store.saveConnection(twin, null)
      yield* store.listCalendars(twin, [listing(twin.id, "AAMk=twin", { isPrimary: true })], now)
      const ids = [twin.id, later.id].toSorted()
      assert.deepStrictEqual(idsOf(yield* store.connections(user.userId)), [first.id, ...ids])
      const calendars = yield* store.calendars(user.userId)
      assert.deepStrictEqual(
        calendars.map((calendar) => calendar.connectionId),
        [first.id, first.id, ...ids]
      )
      assert.deepStrictEqual(idsOf(calendars).slice(0, 2), [user.primary, user.second])
      const account = yield* store.account(user.userId)
      assert.deepStrictEqual(account, { connections: yield* store.connections(user.userId), calendars })
      const slice = yield* sliceOf(user)
      assert.deepStrictEqual([slice.connections, slice.calendars], [account.connections, calendars])
      const page = {
        userId: user.userId,
        status: "Scheduled" as const,
        joinAfter: now,
        limit: 1,
        place: null,
        backwards: false
      }
      assert.deepStrictEqual((yield* store.botListing(page)).connections, account.connections)
      const found = (yield* store.connectedUsers(null, everyone)).filter((id) => id === user.userId)
      assert.deepStrictEqual(found, [user.userId])
    })
  )

  it.effect(
    "MUST tell apart two users of one mailbox, and one user's two connections of it: rows, claims, cursors",
    () =>
      Effect.gen(function* () {
        const store = yield* Store
        const [one, other] = [yield* freshUserId, yield* freshUserId]
        const homes = [
          yield* mailboxOf(one, "first_calendar"),
          yield* mailboxOf(one, "other_calendar"),
          yield* mailboxOf(other, "first_calendar")
        ]
        for (const { calendarId, claim, id, label, seriesOf } of homes) {
          const row = event(id, calendarId, { id, providerId: "AAMk=1", iCalUid: "uid", subject: label, meeting })
          assert.strictEqual(yield* store.putMirror(claim, { events: [row], series: [seriesOf] }), 2)
          yield* store.finishPass(claim, { ...round, cursor: label })
        }
        assert.strictEqual(new Set(homes.map(({ id }) => id)).size, 3)
        for (const { calendarId, connection: of, id, label, userId } of homes) {
          assert.deepStrictEqual(Option.getOrThrow(yield* store.event(userId, id)).subject, label)
          const calendar = (yield* store.calendars(userId)).find((row) => row.id === calendarId)
          assert.deepStrictEqual([calendar?.cursor, calendar?.connectionId], [label, of.id])
          const asked = { events: [], series: [], providerIds: ["AAMk=1", "AAMk=s"] }
          const told = yield* store.mirrored(userId, calendarId, asked)
          assert.deepStrictEqual([idsOf(told.events), told.series.length], [[id], 1])
        }
        // All are one meeting, whose copies are this user's alone.
        const slice = yield* store.slice(one, { kind: "meetings", meetings: [meeting], series: [] }, now)
        assert.deepStrictEqual(sortedIdsOf(slice.events), sortedIdsOf(homes.slice(0, 2)))

        const [mine, second, theirs] = homes
        if (mine === undefined || second === undefined || theirs === undefined) return assert.fail()
        for (const stranger of [second, theirs]) {
          const { calendarId } = mine
          const of = { ...stranger.connection, userId: mine.userId }
          assert.strictEqual(yield* refusal(store.patchCalendar(of, calendarId, { selected: false })), "Fenced")
          assert.strictEqual(yield* refusal(store.dropMirror(of, calendarId, now, 100)), "Fenced")
          const claim = { ...mine.claim, connection: of }
          assert.strictEqual(yield* refusal(store.extendLease(claim, now + day)), "Fenced")
          assert.strictEqual(yield* refusal(store.putMirror(claim, { events: [], series: [] })), "Fenced")
        }
        assert.isAbove(yield* store.dropMirror(mine.connection, mine.calendarId, now, 100), 0)
        for (const { id, userId } of [second, theirs]) {
          assert.isFalse(Option.getOrThrow(yield* store.event(userId, id)).isDeleted)
        }
      })
  )

  it.effect("MUST hand out the calendars of one that may be asked while the other may not", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const { first, later, other, user } = yield* connectedTwice
      const claims = (of: CalendarId) =>
        Effect.map(store.claimCalendar(user.userId, of, now, now + minute), Option.isSome)
      const held = yield* claimed(user, user.primary)
      yield* store.saveConnection({ ...later, revision: 2, status: "reauthorization_required" }, 1)
      assert.deepStrictEqual([yield* claims(other), yield* claims(user.second)], [false, true])
      yield* store.saveConnection({ ...later, revision: 3 }, 2)
      yield* store.saveConnection({ ...first, revision: 2, generation: 2, status: "disconnected" }, 1)
      assert.deepStrictEqual([yield* claims(other), yield* claims(user.second)], [true, false])
      assert.strictEqual(yield* refusal(store.putMirror(held, { events: [], series: [] })), "Fenced")
      const found = yield* store.listCalendars(later, [listing(later.id, "AAMk=new")], now)
      assert.deepStrictEqual([...new Set(found.map(({ connectionId }) => connectionId))], [later.id])
      assert.strictEqual(yield* refusal(store.listCalendars(first, [], now)), "Fenced")
    })
  )

  it.effect("MUST find subscriptions with the generation of their connection, and none of a tombstone", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const { first, later, other, user } = yield* connectedTwice
      const of = (calendarId: CalendarId) => ({ id: `on ${calendarId}`, clientStateHash: "00", expiresAt: now + day })
      yield* store.patchCalendar(first, user.primary, { subscription: of(user.primary) })
      yield* store.patchCalendar(later, other, { subscription: of(other) })
      yield* store.saveConnection({ ...later, revision: 2, generation: 5 }, 1)
      yield* store.saveConnection({ ...first, revision: 2, generation: 2, status: "disconnected" }, 1)
      const { userId } = user
      const expected = [{ userId, connectionId: later.id, generation: 5, calendarId: other, subscription: of(other) }]
      assert.deepStrictEqual(yield* store.subscriptions([of(user.primary).id, of(other).id]), expected)
      const ending = yield* store.subscriptionsEnding(now + day + 1, everyone)
      assert.deepStrictEqual(
        ending.filter((found) => found.userId === userId),
        expected
      )
    })
  )

  it.effect("MUST erase the calendars of one and their mirror alone while another stands, then everything", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const { first, later, other, user } = yield* connectedTwice
      const { userId } = user
      const many = Array.from({ length: 30 }, (_, n) => event(`many ${n}`, user.primary))
      yield* listed(user, {
        events: [...many, event("b", other)],
        series: [series("s", user.second), series("t", other)]
      })
      yield* committed(user, {
        putIntents: [eventIntent("i", "many 1")],
        bots: [{ bot: bot(botIdOf(userId, "a"), "many 1", user.primary), expected: null }]
      })
      const erase = (id: Connection["id"], limit: number) => store.erase(userId, id, limit)
      const tombstone = { ...first, revision: 2, generation: 2, status: "disconnected" as const }
      yield* store.saveConnection(tombstone, 1)
      const late = yield* decision(user)

      const batch = yield* erase(first.id, 20)
      assert.isFalse(batch.isDone)
      assert.strictEqual(yield* refusal(store.commit(late)), "Conflict")
      let sum: Pick<Erased, "events" | "isDone"> = batch
      while (!sum.isDone) {
        const more = yield* erase(first.id, 20)
        sum = { events: sum.events + more.events, isDone: more.isDone }
      }
      assert.strictEqual(sum.events, 30)
      const left = yield* sliceOf(user)
      assert.deepStrictEqual(
        [idsOf(left.calendars), idsOf(left.events), idsOf(left.series), idsOf(left.intents), idsOf(left.bots)],
        [[other], [event("b", other).id], [series("t", other).id], ["i"], [botIdOf(userId, "a")]]
      )
      assert.deepStrictEqual(left.connections, [tombstone, later])
      assert.deepStrictEqual(yield* erase(later.id, 100), { events: 0, liveBots: 0, isDone: true, keptBots: 0 })

      yield* store.saveConnection({ ...later, revision: 2, generation: 2, status: "disconnected" }, 1)
      assert.deepStrictEqual(yield* erase(later.id, 100), { events: 1, liveBots: 1, isDone: true, keptBots: 0 })
      const nothing = yield* sliceOf(user)
      assert.deepStrictEqual([nothing.calendars, nothing.events, nothing.intents, nothing.bots], [[], [], [], []])
      assert.lengthOf(nothing.connections, 2)
    })
  )

  it.effect("MUST keep what was decided before a connection was written from holding after it", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const { later, user } = yield* connectedTwice
      const late = yield* decision(user)
      assert.strictEqual(yield* refusal(store.saveConnection({ ...later, revision: 7 }, 6)), "Conflict")
      assert.strictEqual((yield* sliceOf(user)).version, late.version)
      yield* store.saveConnection({ ...later, revision: 2, status: "error" }, 1)
      assert.strictEqual(yield* refusal(store.commit(late)), "Conflict")
    })
  )
}

const meeting = meetingKey("one meeting")

/** A user with two calendars of one connection, and one of another that came later. */
const connectedTwice = Effect.gen(function* () {
  const store = yield* Store
  const user: User = yield* connected()
  const later = connection(user.userId, { platform: "other_calendar", createdAt: now + minute })
  yield* store.saveConnection(later, null)
  const [added] = yield* store.listCalendars(later, [listing(later.id, "AAMk=other", { isPrimary: true })], now)
  if (added === undefined) return yield* Effect.die("a listed calendar is not there")
  return { user, first: user.connection, later, other: added.id }
})

/** The one mailbox, as this user has it by this connection. */
const mailboxOf = Effect.fnUntraced(function* (userId: UserId, platform: string) {
  const store = yield* Store
  const row = connection(userId, { platform })
  yield* store.saveConnection(row, null)
  const { id: calendarId, namespace } = listing(row.id, "AAMk=mailbox")
  yield* store.listCalendars(row, [listing(row.id, "AAMk=mailbox")], now)
  const claim = Option.getOrThrow(yield* store.claimCalendar(userId, calendarId, now, now + minute))
  const seriesOf = series("s", calendarId, { id: seriesId(namespace, "AAMk=s"), providerId: "AAMk=s" })
  const label = `${platform} of ${userId}`
  return { userId, connection: row, calendarId, claim, id: eventId(namespace, "AAMk=1"), label, seriesOf }
})

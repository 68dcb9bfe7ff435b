/**
 * What a store promises about lists that people turn the pages of. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { CalendarId } from "../../../src/domain/Ids.ts"
import type { Instant } from "../../../src/domain/Time.ts"
import { type EventsQuery, type Page, type Place, Store, type StoreError } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { bot, day, event, eventId, hour, listing, meetingKey, minute, now } from "./Rows.ts"
import { type It, type User, botIdOf, committed, connected, idsOf, listed } from "./Users.ts"

/** Each try makes a user and turns a dozen pages; a database takes its time for that. */
const runs = 25

export const cases = (it: It): void => {
  it.effect("MUST show the events that overlap a span, the longest and the shortest too, by start, then id", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const at = (label: string, start: number, end: number) => event(label, user.primary, { start, end })
      yield* listed(user, {
        events: [
          at("ends at its start", now - hour, now),
          at("begins at its end", now + day, now + day + hour),
          at("b", now, now + hour),
          at("a", now, now + 1),
          at("Z", now, now),
          at("ends within", now - hour, now + 1),
          at("lasts for weeks", now - 20 * day, now + 20 * day),
          at("lasts for a day and a bit", now - day - hour, now + 1)
        ]
      })
      const { hasMore, items } = yield* eventsOf(user, {})
      const labels = ["lasts for weeks", "lasts for a day and a bit", "ends within", "Z", "a", "b"]
      assert.deepStrictEqual([idsOf(items), hasMore], [labels.map(eventId), false])
    })
  )

  it.effect("MUST show the calendars asked for, deleted events only when asked for, and projected ones", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const { primary, second } = user
      yield* listed(user, {
        events: [
          event("a", primary),
          event("b", second),
          event("c", primary, { isDeleted: true }),
          event("d", primary, { isCancelled: true })
        ]
      })
      yield* committed(user, { putVirtual: [event("e", primary, { isVirtual: true })] })
      const shown = (query: Partial<EventsQuery>) => Effect.map(eventsOf(user, query), ({ items }) => idsOf(items))
      const ids = (...labels: ReadonlyArray<string>) => labels.map(eventId)
      assert.deepStrictEqual(yield* shown({}), ids("a", "b", "d", "e"))
      assert.deepStrictEqual(yield* shown({ calendarIds: [primary] }), ids("a", "d", "e"))
      assert.deepStrictEqual(yield* shown({ calendarIds: [] }), [])
      assert.deepStrictEqual(yield* shown({ includeDeleted: true }), ids("a", "b", "c", "d", "e"))
    })
  )

  it.effect("MUST show a meeting once for each start when asked to, in the primary calendar if it is there", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const { primary, second } = user
      const copy = (label: string, of: string, members: Partial<CalendarEvent> = {}) =>
        event(label, second, { meeting: meetingKey(of), ...members })
      yield* listed(user, {
        events: [
          event("z in both", primary),
          copy("a copy of z", "z in both"),
          copy("b only here", "b only here"),
          event("c moved", primary, { start: now + hour }),
          copy("c copy not moved yet", "c moved"),
          event("d gone", primary, { isDeleted: true }),
          copy("d copy", "d gone")
        ]
      })
      const { items } = yield* eventsOf(user, { uniqueMeetings: true })
      const labels = ["b only here", "c copy not moved yet", "d copy", "z in both", "c moved"]
      assert.deepStrictEqual(idsOf(items), labels.map(eventId))
      const seconds = yield* eventsOf(user, { uniqueMeetings: true, calendarIds: [second] })
      assert.lengthOf(seconds.items, 4)
      const first = yield* eventsOf(user, { uniqueMeetings: true, limit: 2 })
      assert.deepStrictEqual([idsOf(first.items), first.hasMore], [labels.slice(0, 2).map(eventId), true])
      const rest = yield* eventsOf(user, { uniqueMeetings: true, limit: 3, place: placeOf(first.items.at(-1)) })
      assert.deepStrictEqual([idsOf(rest.items), rest.hasMore], [labels.slice(2).map(eventId), false])
    })
  )

  it.effect("MUST show a meeting of no primary calendar in the one listed first", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const { primary, second } = user
      // Which comes first is said by the order in which they are asked for.
      const unread = listing(user.connection.id, "AAMk=0")
      const third = unread.id
      yield* Store.use((store) => store.listCalendars(user.connection, [unread], now))
      const meeting = meetingKey("a")
      yield* listed(user, { events: [event("a", third, { meeting }), event("b", second, { meeting })] })
      const shown = (...calendarIds: ReadonlyArray<CalendarId>) =>
        Effect.map(eventsOf(user, { uniqueMeetings: true, calendarIds }), ({ items }) => idsOf(items))
      assert.deepStrictEqual(yield* shown(primary, second, third), [eventId("b")])
      assert.deepStrictEqual(yield* shown(third, primary, second), [eventId("a")])
    })
  )

  it.effect.prop(
    "MUST neither repeat nor lose an event that stays in its place while pages are turned, whatever others do",
    { rows: rowsArbitrary, changes: changesArbitrary, limit: Arbitrary.schema(Schema.Literals([1, 2, 3, 7])) },
    ({ changes, limit, rows }) =>
      Effect.gen(function* () {
        const user = yield* connected()
        const place = ({ label, slot }: Row) => event(label, user.primary, { start: startOf(slot) })
        yield* listed(user, { events: rows.map(place) })
        const pending = [...changes]
        const next = Effect.suspend(() => {
          const change = pending.pop()
          if (change === undefined) return Effect.void
          return listed(user, { events: [{ ...place(change), isDeleted: change.isDeleted }] })
        })
        const touched = new Set(changes.map((change) => eventId(change.label)))
        const stays = rows.map(place).filter((row) => !touched.has(row.id))
        const expected = idsOf(stays.toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1)))
        for (const backwards of [false, true]) {
          const turned = idsOf(yield* turn(user, limit, backwards, next))
          assert.deepStrictEqual(
            turned.filter((id) => !touched.has(id)),
            expected
          )
        }
      }),
    { arbitrary: { runs } }
  )

  it.effect("MUST show the same page as people see it: with every bot of a meeting, newest first", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary, second, userId } = user
      const odd = { subject: "a\u0000b\ud800c", deep: [1e21, -1.5e-7, { "": null }], body: 'a "quoted" $& text' }
      const meeting = meetingKey("twice there")
      const events = [
        event("a", primary, { raw: odd }),
        event("b", primary, { meeting, raw: null }),
        event("c", second, { meeting }),
        event("d", primary, { start: now + hour })
      ]
      yield* listed(user, { events })
      const made = (label: string, of: string, createdAt: Instant, status: "Scheduled" | "Launched") => ({
        bot: bot(botIdOf(userId, label), of, primary, { createdAt, status }),
        expected: null
      })
      yield* committed(user, {
        bots: [
          made("old", "twice there", now - hour, "Launched"),
          made("live", "twice there", now, "Scheduled"),
          made("older", "twice there", now - day, "Launched"),
          made("of d", "d", now, "Scheduled")
        ]
      })
      const ofMeeting = ["live", "old", "older"].map((label) => botIdOf(userId, label))
      for (const turned of [{}, { backwards: true }, { limit: 2 }, { limit: 2, backwards: true }]) {
        const query = { ...pageOf(user), ...turned }
        const page = yield* store.listing(query)
        const plain = yield* store.events(query)
        assert.deepStrictEqual(
          page.items.map((item) => ({ ...item.event, raw: JSON.parse(item.rawText) as unknown })),
          plain.items
        )
        assert.strictEqual(page.hasMore, plain.hasMore)
        for (const { bots, event: shown } of page.items) {
          const expected =
            shown.meeting === meeting ? ofMeeting : shown.id === eventId("d") ? [botIdOf(userId, "of d")] : []
          assert.deepStrictEqual(idsOf(bots), expected)
          assert.deepStrictEqual(bots, yield* store.botsOf(userId, [shown.meeting]))
        }
      }
      const [first] = (yield* store.listing(pageOf(user))).items
      assert.strictEqual(first?.rawText, JSON.stringify(odd))
      assert.deepStrictEqual(yield* store.listing({ ...pageOf(user), calendarIds: [] }), { items: [], hasMore: false })
    })
  )

  it.effect("MUST list the bots that are to join after an instant, soonest first, both ways", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { userId } = user
      const made = (label: string, joinAt: Instant, status: "Scheduled" | "Launched" = "Scheduled") => ({
        bot: bot(botIdOf(userId, label), label, user.primary, { joinAt, status }),
        expected: null
      })
      yield* committed(user, {
        bots: [
          made("past", now),
          made("d", now + hour),
          made("c", now + minute),
          made("B", now + minute),
          made("a", now + 1),
          made("launched", now + hour, "Launched"),
          made("z", now + 2 * hour)
        ]
      })
      const page = (limit: number, place: Place | null, backwards: boolean) =>
        store.bots({ userId, status: "Scheduled", joinAfter: now, limit, place, backwards })
      const ids = (...labels: ReadonlyArray<string>) => labels.map((label) => botIdOf(userId, label))
      for (const turned of [
        {},
        { limit: 2 },
        { limit: 2, backwards: true },
        { place: { at: now + hour, id: botIdOf(userId, "d") }, backwards: true },
        { place: { at: now + day, id: "" } }
      ]) {
        const query = {
          userId,
          status: "Scheduled" as const,
          joinAfter: now,
          limit: 100,
          place: null,
          backwards: false,
          ...turned
        }
        const expected = { ...(yield* store.bots(query)), connections: [user.connection] }
        assert.deepStrictEqual(yield* store.botListing(query), expected)
        const nobodys = yield* store.botListing({ ...query, userId: yield* freshUserId })
        assert.deepStrictEqual(nobodys, { items: [], hasMore: false, connections: [] })
      }
      const first = yield* page(3, null, false)
      assert.deepStrictEqual([idsOf(first.items), first.hasMore], [ids("a", "B", "c"), true])
      const last = first.items.at(-1) ?? assert.fail()
      const rest = yield* page(3, { at: last.joinAt, id: last.id }, false)
      assert.deepStrictEqual([idsOf(rest.items), rest.hasMore], [ids("d", "z"), false])
      const back = yield* page(2, { at: now + hour, id: botIdOf(userId, "d") }, true)
      assert.deepStrictEqual([idsOf(back.items), back.hasMore], [ids("B", "c"), true])
      const start = yield* page(2, { at: now + minute, id: botIdOf(userId, "B") }, true)
      assert.deepStrictEqual([idsOf(start.items), start.hasMore], [ids("a"), false])
    })
  )
}

/** Few starts and ids that sort badly, so that neighbours share a start. */
interface Row {
  readonly label: string
  /** Which of a few starts. */
  readonly slot: number
}

const startOf = (slot: number): Instant => now + slot * minute

const label = Arbitrary.schema(Schema.Literals(["10", "2", "A", "Z", "_", "a", "a_1", "aa", "b", "z~", "é"]))
const slot = Arbitrary.schema(Schema.Literals([0, 1, 2]))

const rowsArbitrary = Arbitrary.map(Arbitrary.array(Arbitrary.all({ label, slot }), { maxLength: 14 }), (rows) => [
  ...new Map(rows.map((row): [string, Row] => [row.label, row])).values()
])

const changesArbitrary = Arbitrary.array(Arbitrary.all({ label, slot, isDeleted: Arbitrary.schema(Schema.Boolean) }), {
  maxLength: 4
})

const eventsOf = (user: User, query: Partial<EventsQuery>): Effect.Effect<Page<CalendarEvent>, StoreError, Store> =>
  Store.use((store) => store.events({ ...pageOf(user), ...query }))

const pageOf = (user: User): EventsQuery => ({
  userId: user.userId,
  calendarIds: [user.primary, user.second],
  span: { from: now, to: now + day },
  includeDeleted: false,
  uniqueMeetings: false,
  limit: 100,
  place: null,
  backwards: false
})

const placeOf = (row: CalendarEvent | undefined): Place | null =>
  row === undefined ? null : { at: row.start, id: row.id }

/** Every page one after the other, in ascending order, with something happening between any two of them. */
const turn = Effect.fnUntraced(function* (
  user: User,
  limit: number,
  backwards: boolean,
  between: Effect.Effect<void, StoreError, Store>
) {
  let all: ReadonlyArray<CalendarEvent> = []
  for (let place: Place | null = null; ;) {
    const { hasMore, items }: Page<CalendarEvent> = yield* eventsOf(user, { limit, backwards, place })
    assert.isAtMost(items.length, limit)
    all = backwards ? [...items, ...all] : [...all, ...items]
    const edge = backwards ? items[0] : items.at(-1)
    if (!hasMore) return all
    place = placeOf(edge ?? assert.fail("there is more beyond nothing"))
    yield* between
  }
})

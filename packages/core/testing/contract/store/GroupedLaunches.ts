/**
 * What a store promises about launches in groups: what is due is read together, proven unchanged by its users' numbers, and
 * written together, each bot by itself. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import { numbersOf } from "../../../src/domain/UserNumbers.ts"
import { type OwnedBotWrite, Store, type StoreError } from "../../../src/ports/Store.ts"
import { launch } from "../../rows/Bot.ts"
import { freshUserId, freshWorkspaceId } from "../../rows/Fresh.ts"
import { workspacePolicy } from "../../rows/Workspace.ts"
import { botOf, changeOf, logOf, made, sequencesOf } from "./Log.ts"
import { event, hour, minute, now, occurrence, occurrenceKey, series } from "./Rows.ts"
import { type It, type User, committed, connected, listed, sliceOf } from "./Users.ts"

export const cases = (it: It): void => {
  reading(it)
  writing(it)
  proving(it)
}

const reading = (it: It): void => {
  it.effect("MUST read the meetings of many users' bots as it reads those of one", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const [one, other] = [yield* connected(), yield* connected()]
      yield* listed(one, {
        events: [event("a", one.primary), event("b", one.primary), occurrence("s1", "s", one.primary, 1)],
        series: [series("s", one.primary)]
      })
      yield* listed(other, { events: [event("a", other.primary)] })
      const ofSeries = { ...botOf(one, "s"), meeting: occurrenceKey("s", 1) }
      const rows = [meeting(one, "a"), meeting(one, "b"), ofSeries]
      yield* committed(one, { bots: rows.map(made) })
      yield* committed(other, { bots: [made(meeting(other, "a"))] })
      const [a, b, s] = rows
      assert(a !== undefined && b !== undefined && s !== undefined)
      const nobody = yield* freshUserId
      const slices = yield* store.slicesOfBots(
        [
          { userId: other.userId, botIds: [meeting(other, "a").id] },
          { userId: one.userId, botIds: [a.id, s.id] },
          { userId: nobody, botIds: [a.id] },
          { userId: one.userId, botIds: [] },
          // Of another user, and of nobody.
          { userId: other.userId, botIds: [b.id, botOf(other, "none").id] }
        ],
        now
      )
      const scope = (meetings: ReadonlyArray<Bot["meeting"]>, ofSeriesToo = false) =>
        ({ kind: "meetings", meetings, series: ofSeriesToo ? [series("s", one.primary).key] : [] }) as const
      assert.deepStrictEqual(slices, [
        yield* sliceOf(other, scope([a.meeting])),
        yield* sliceOf(one, scope([a.meeting, s.meeting], true)),
        yield* store.slice(nobody, scope([]), now),
        yield* sliceOf(one, scope([])),
        yield* sliceOf(other, scope([]))
      ])
      assert.deepStrictEqual(yield* store.slicesOfBots([], now), [])
      assert.lengthOf(slices[1]?.bots ?? [], 2)
      assert.lengthOf(slices[1]?.series ?? [], 1)
    })
  )

  it.effect("MUST tell users' numbers as slices do, of one that was never seen too", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const [user, nobody] = [yield* connected(), yield* freshUserId]
      const id = yield* freshWorkspaceId
      yield* store.joinWorkspace(user.userId, id)
      yield* store.savePolicy(id, workspacePolicy(), 0)
      yield* listed(user, { events: [event("a", user.primary)] })
      const numbers = numbersOf(yield* sliceOf(user))
      assert.deepStrictEqual([numbers.workspaceId, numbers.policyNumber, numbers.mirrorNumber], [id, 1, 1])
      assert.deepStrictEqual(yield* store.userNumbers([nobody, user.userId, nobody]), [
        { version: 0, mirrorNumber: 0, workspaceId: null, policyNumber: 0 },
        numbers,
        { version: 0, mirrorNumber: 0, workspaceId: null, policyNumber: 0 }
      ])
      assert.deepStrictEqual(yield* store.userNumbers([]), [])
    })
  )
}

const writing = (it: It): void => {
  it.effect("MUST write several users' bots, each by itself, and tell which were written", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const [one, other] = [yield* connected(), yield* connected()]
      const rows = {
        a: botOf(one, "a"),
        b: botOf(one, "b"),
        c: botOf(one, "c"),
        d: botOf(other, "d"),
        e: botOf(one, "e")
      }
      yield* committed(one, { bots: [made(rows.a), made(rows.b), made(rows.c), made(rows.e)] })
      yield* committed(other, { bots: [made(rows.d)] })
      yield* store.writeBot(one.userId, { ...rows.b, revision: 2 }, 1)
      yield* store.markApplied([{ userId: other.userId, botId: rows.d.id, revision: 1 }])
      const before = [numbersOf(yield* sliceOf(one)), numbersOf(yield* sliceOf(other))]
      const writes = [
        launched(one, rows.c),
        launched(one, rows.b),
        launched(other, rows.d),
        launched(other, botOf(other, "none")),
        // Of another user.
        launched(other, rows.e),
        launched(one, rows.a)
      ].map((write) => ({ ...write, numbers: null }))
      assert.deepStrictEqual(yield* store.writeBots(writes), [true, false, true, false, false, true])
      assert.deepStrictEqual(yield* found(one, rows.a), launching(rows.a))
      assert.deepStrictEqual(yield* found(one, rows.b), { ...rows.b, revision: 2 })
      assert.deepStrictEqual(yield* found(one, rows.c), launching(rows.c))
      assert.deepStrictEqual(yield* found(one, rows.e), rows.e)
      const { schedule, ...rest } = launching(rows.d)
      assert.deepStrictEqual(yield* found(other, rows.d), { ...rest, schedule: { ...schedule, applied: 1 } })
      assert.deepStrictEqual([numbersOf(yield* sliceOf(one)), numbersOf(yield* sliceOf(other))], before)
      assert.deepStrictEqual(yield* store.writeBots(writes), [false, false, false, false, false, false])
      assert.deepStrictEqual(yield* store.writeBots([]), [])
    })
  )

  it.effect(
    "MUST leave an entry with each bot that is written, in the order of its user's numbers, and no other (S23)",
    () =>
      Effect.gen(function* () {
        const store = yield* Store
        const [one, other] = [yield* connected(), yield* connected()]
        const [a, b, c] = [botOf(one, "a"), botOf(one, "b"), botOf(one, "c")]
        const d = botOf(other, "d")
        yield* committed(one, { bots: [made(a), made(b), made(c)] })
        yield* committed(other, { bots: [made(d)] })
        yield* store.writeBots([
          { ...launched(one, a), numbers: null },
          { ...launched(one, b), expected: 7, numbers: null },
          { ...launched(other, d), numbers: null },
          { ...launched(one, c), change: null, numbers: null }
        ])
        const entries = (yield* logOf(one)).items
        assert.deepStrictEqual(sequencesOf(entries), [1, 2, 3, 4])
        assert.deepStrictEqual(
          entries.slice(3).map(({ botId, type }) => [botId, type]),
          [[a.id, "bot.launching"]]
        )
        const { id: _id, ...told } = (yield* logOf(other)).items[1] ?? {}
        assert.deepStrictEqual(told, {
          ...changeOf(d, launching(d), now + 1),
          userId: other.userId,
          workspaceId: null,
          sequence: 2,
          occurredAt: now + 1,
          botId: d.id,
          eventId: d.eventId,
          meeting: d.meeting,
          calendarId: d.calendarId
        })
        yield* store.writeBots([
          { ...launched(one, b), numbers: null },
          { ...launched(other, d), numbers: null }
        ])
        assert.deepStrictEqual(sequencesOf((yield* logOf(one)).items), [1, 2, 3, 4, 5])
        assert.lengthOf((yield* logOf(other)).items, 2)
      })
  )
}

/** What a decision could see, and what each of these writes raises. */
const changes: Readonly<Record<string, (user: User) => Effect.Effect<unknown, StoreError, Store>>> = {
  "a pause of the user": (user) => committed(user, { pausedUntil: now + hour }),
  "an intent": (user) => committed(user, { putIntents: [] }),
  "a connection of another generation": ({ connection }) =>
    Store.use((store) =>
      store.saveConnection(
        { ...connection, generation: connection.generation + 1, revision: connection.revision + 1 },
        1
      )
    ),
  "a calendar that is selected or not": ({ connection, primary }) =>
    Store.use((store) => store.patchCalendar(connection, primary, { selected: false })),
  "a change of the calendar": (user) =>
    listed(user, {
      events: [event("a", user.primary, { subject: "Moved", start: now + 3 * hour, end: now + 4 * hour })]
    }),
  "a policy of the workspace, or its pause": (user) =>
    Effect.gen(function* () {
      const store = yield* Store
      const { workspace } = yield* sliceOf(user)
      assert(workspace !== null)
      yield* store.savePolicy(workspace.id, workspacePolicy({ pausedUntil: now + hour }), workspace.policyNumber)
    }),
  "another workspace": ({ userId }) =>
    Effect.gen(function* () {
      const store = yield* Store
      yield* store.joinWorkspace(userId, yield* freshWorkspaceId)
    })
}

const proving = (it: It): void => {
  for (const [what, change] of Object.entries(changes)) {
    it.effect(`MUST write no bot that was read before ${what}`, () =>
      Effect.gen(function* () {
        const store = yield* Store
        const [user, still] = [yield* connected(), yield* connected()]
        for (const { userId } of [user, still]) {
          const id = yield* freshWorkspaceId
          yield* store.joinWorkspace(userId, id)
          yield* store.savePolicy(id, workspacePolicy(), 0)
        }
        yield* listed(user, { events: [event("a", user.primary)] })
        const [row, other] = [botOf(user, "a"), botOf(still, "b")]
        yield* committed(user, { bots: [made(row)] })
        yield* committed(still, { bots: [made(other)] })
        const writes = yield* Effect.forEach([launched(user, row), launched(still, other)], proven)
        yield* change(user)
        assert.deepStrictEqual(yield* store.writeBots(writes), [false, true])
        assert.deepStrictEqual(yield* found(user, row), row)
        assert.deepStrictEqual(sequencesOf((yield* logOf(user)).items).length, (yield* logOf(user)).next)
        const again = yield* proven(launched(user, row))
        assert.deepStrictEqual(yield* store.writeBots([again]), [true])
        assert.deepStrictEqual(yield* found(user, row), launching(row))
      })
    )
  }
}

/** A bot for the meeting of an event of the same label. */
const meeting = (user: User, label: string): Bot => ({
  ...botOf(user, label),
  meeting: event(label, user.primary).meeting
})

const launching = (row: Bot): Bot => ({
  ...row,
  status: "Launching",
  launch: launch({ openUntil: now + minute, owner: "process" }),
  revision: row.revision + 1,
  updatedAt: now + 1
})

const launched = ({ userId }: User, row: Bot): Omit<OwnedBotWrite, "numbers"> => ({
  userId,
  bot: launching(row),
  expected: row.revision,
  change: changeOf(row, launching(row), now + 1)
})

const proven = (write: Omit<OwnedBotWrite, "numbers">): Effect.Effect<OwnedBotWrite, StoreError, Store> =>
  Store.use((store) =>
    Effect.map(store.userNumbers([write.userId]), ([numbers]) => ({ ...write, numbers: numbers ?? null }))
  )

const found = ({ userId }: User, { id }: Bot): Effect.Effect<Bot, StoreError, Store> =>
  Store.use((store) => Effect.map(store.bot(userId, id), Option.getOrThrow))

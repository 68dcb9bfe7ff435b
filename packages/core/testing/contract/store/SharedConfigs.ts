/**
 * What a store promises about configurations that many rows have in common: however it keeps them, every row comes back with
 * its own. Uses the port alone; how much is kept is each adapter's to prove.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Bot, BotConfig } from "../../../src/domain/Bot.ts"
import type { LoggedChange } from "../../../src/domain/LoggedChange.ts"
import { Store } from "../../../src/ports/Store.ts"
import { launch } from "../../rows/Bot.ts"
import { assertRead, attributed, byId, configured, full, large } from "./ConfiguredRows.ts"
import { botOf, changeOf, everybodys, logOf, made } from "./Log.ts"
import { day, event, hour, minute, now, override, seriesIntent } from "./Rows.ts"
import { type It, committed, connected, listed, sliceOf } from "./Users.ts"

export const cases = (it: It): void => {
  reading(it)
  writing(it)
  forgetting(it)
}

const reading = (it: It): void => {
  it.effect("V2: MUST give every row back with its configuration, however large and however many share it", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const all = yield* full()
      const other = yield* full()
      yield* assertRead(all)
      yield* assertRead(other)
      const slices = yield* store.slicesOfBots(
        [all, other].map(({ bots, user }) => ({ userId: user.userId, botIds: bots.map(({ id }) => id) })),
        now
      )
      assert.deepStrictEqual(
        slices.map(({ bots }) => byId(bots)),
        [byId(all.bots), byId(other.bots)]
      )
    })
  )

  it.effect("V2: MUST tell of a bot with the configuration that it has, and that it had", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const from = yield* store.changesEnd
      const user = yield* connected()
      const first = configured(botOf(user, "a"), attributed("one"))
      const steps: ReadonlyArray<Bot> = [
        first,
        { ...configured(first, attributed("two")), revision: 2 },
        // Of large attributes one alone is another.
        { ...configured(first, attributed("two")), customAttributes: { note: "short" }, revision: 3 },
        { ...first, config: {}, customAttributes: { note: "x".repeat(500) }, revision: 4 },
        { ...configured(first, large("three")), revision: 5 },
        { ...configured(first, large("three")), joinAt: first.joinAt - minute, revision: 6 }
      ]
      for (const [at, row] of steps.entries()) {
        const before = steps[at - 1] ?? null
        const change = changeOf(before, row, now + at)
        yield* committed(user, { bots: [{ bot: row, expected: before?.revision ?? null, change }] })
        assert.deepStrictEqual(yield* store.bot(user.userId, row.id), Option.some(row))
      }
      const told = steps.map((row, at) => changeOf(steps[at - 1] ?? null, row, now + at).data)
      const dataOf = (items: ReadonlyArray<LoggedChange>) => items.map(({ data }) => data)
      assert.deepStrictEqual(dataOf((yield* logOf(user)).items), told)
      const types = ["bot.updated" as const]
      const updated = yield* store.changes({ userId: user.userId, after: 0, types, limit: 2 })
      assert.deepStrictEqual([dataOf(updated.items), updated.hasMore], [told.slice(1, 3), true])
      assert.deepStrictEqual(dataOf(yield* everybodys(from, [user], told.length)), told)
      const story = { userId: user.userId, before: null, limit: 9 }
      const ofBot = yield* store.timeline({ ...story, of: { botId: first.id } })
      assert.deepStrictEqual(dataOf(ofBot.items), told.toReversed())
      const ofMeeting = yield* store.timeline({ ...story, of: { meeting: first.meeting }, limit: 1 })
      assert.deepStrictEqual(dataOf(ofMeeting.items), told.slice(-1))
    })
  )
}

const writing = (it: It): void => {
  it.effect("V2: MUST write bots outside decisions with the configuration they have by then", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const one = yield* full()
      const other = yield* full()
      const launching = (row: Bot, config: BotConfig, owner: string): Bot => ({
        ...configured(row, config),
        status: "Launching",
        launch: launch({ owner }),
        revision: row.revision + 1
      })
      const [a, b, c] = one.bots
      const [first, second] = other.bots
      assert(a && b && c && first && second)
      const owner = `process ${one.user.userId}`
      // One that nothing referred to, one that something does, a small one, and one of another user.
      const written = [
        launching(a, large("of a launch"), owner),
        launching(b, attributed("other"), owner),
        launching(c, { record: true }, owner)
      ]
      const theirs = [launching(first, large("of a launch"), "another"), launching(second, large("one"), owner)]
      const [alone, ...together] = written
      assert(alone !== undefined)
      yield* store.writeBot(one.user.userId, alone, 1, changeOf(a, alone, now))
      const writes = [
        ...together.map((row, at) => ({ userId: one.user.userId, bot: row, before: [b, c][at] ?? b })),
        ...theirs.map((row, at) => ({ userId: other.user.userId, bot: row, before: [first, second][at] ?? first }))
      ].map(({ before, bot, userId }) => ({
        userId,
        bot,
        expected: 1,
        numbers: null,
        change: changeOf(before, bot, now)
      }))
      assert.deepStrictEqual(yield* store.writeBots(writes), [true, true, true, true])
      yield* assertRead({ ...one, bots: [...written, ...one.bots.slice(3)] })
      yield* assertRead({ ...other, bots: [...theirs, ...other.bots.slice(2)] })
      yield* store.markApplied([{ userId: one.user.userId, botId: a.id, revision: 1 }])
      assert.strictEqual(yield* store.releaseLaunches(owner, now), 4)
      const released = yield* store.bot(one.user.userId, a.id)
      assert.deepStrictEqual(Option.getOrThrow(released), {
        ...alone,
        launch: alone.launch && { ...alone.launch, owner: null, leaseUntil: now },
        schedule: { ...alone.schedule, applied: 1 },
        revision: 3,
        updatedAt: now
      })
      // Which of two bots was written first is not said.
      const told = (yield* logOf(other.user)).items.slice(-2).flatMap(({ data }) => ("bot" in data ? [data] : []))
      assert.deepStrictEqual(
        told.toSorted((one, two) => (one.bot.id < two.bot.id ? -1 : 1)),
        writes.slice(-2).map(({ change }) => change.data)
      )
    })
  )
}

const forgetting = (it: It): void => {
  it.effect("V2: MUST keep a configuration for as long as anything has it, and take it again afterwards", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const { primary, userId } = user
      const ended = { start: now - 9 * day, end: now - 9 * day + hour }
      yield* listed(user, { events: [event("past", primary, ended), event("a", primary)] })
      const intended = [{ ...seriesIntent("i1", "s"), config: large("of an intent") }]
      const past = configured(
        { ...botOf(user, "past"), ...ended, joinAt: ended.start, status: "Launched" },
        large("of a bot")
      )
      yield* committed(user, {
        putIntents: intended,
        putOverrides: [override("a", { config: large("of an override") })],
        bots: [made(past)]
      })
      const data = changeOf(null, past, now).data
      const kept = { rowsFrom: now - day, itemsFrom: now - day, series: [] }
      const prune = Effect.gen(function* () {
        for (let gone = -1; gone !== 0;) gone = yield* store.pruneHistory(userId, kept, 1)
      })
      yield* prune
      assert.isTrue(Option.isNone(yield* store.bot(userId, past.id)))
      assert.deepStrictEqual((yield* logOf(user)).items.at(-1)?.data, data, "the log tells of it still")
      const slice = yield* sliceOf(user)
      assert.deepStrictEqual(slice.intents, intended)
      assert.deepStrictEqual(slice.overrides[0]?.config, large("of an override"))
      yield* committed(user, { deleteIntents: ["i1"], deleteOverrides: [override("a").meeting] })
      for (let gone = -1; gone !== 0;) gone = yield* store.pruneChanges(now + 1, 500)
      yield* prune
      const again = configured(botOf(user, "a"), large("of a bot"))
      yield* committed(user, {
        putIntents: intended,
        bots: [made(again)]
      })
      yield* prune
      assert.deepStrictEqual(yield* store.bot(userId, again.id), Option.some(again))
      assert.deepStrictEqual((yield* sliceOf(user)).intents, intended)
    })
  )

  it.effect("V2: MUST erase one user's and nobody else's", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const [mine, theirs] = [yield* full(), yield* full()]
      const { connection, userId } = mine.user
      yield* store.saveConnection({ ...connection, generation: 2, revision: 2, status: "disconnected" }, 1)
      for (let isDone = false; !isDone;) ({ isDone } = yield* store.erase(userId, connection.id, 2))
      yield* assertRead(theirs)
      assert.deepStrictEqual((yield* sliceOf(mine.user)).bots, [])
      const back = { ...connection, generation: 3, revision: 3 }
      yield* store.saveConnection(back, 2)
      const again = configured(botOf(mine.user, "again"), large("one"))
      yield* committed(mine.user, { bots: [made(again)] })
      assert.deepStrictEqual(yield* store.bot(userId, again.id), Option.some(again))
    })
  )
}

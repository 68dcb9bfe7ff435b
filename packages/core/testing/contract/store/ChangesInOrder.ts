/**
 * What a store promises about reading its log of changes (law S24): whoever goes on from a place misses nothing, and sees no
 * entry before one with a smaller number.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { WorkspaceId } from "../../../src/domain/Ids.ts"
import type { LoggedChange } from "../../../src/domain/LoggedChange.ts"
import { Store } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { botOf, changeOf, everybodys, logOf, made, many, sequencesOf, typesOf } from "./Log.ts"
import { now } from "./Rows.ts"
import { type It, committed, connected, decision } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST let no launch refuse a decision, nor a decision a launch, over the log (S24)", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const bots = Array.from({ length: 8 }, (_, n) => botOf(user, `${n}`))
      yield* committed(user, { bots: bots.map(made) })
      const made9 = yield* decision(user, { bots: [made(botOf(user, "9"))] })
      const launches = bots.map((row, n) => {
        const launched: Bot = { ...row, status: "Launched", revision: 2 }
        return store.writeBot(user.userId, launched, 1, changeOf(row, launched, now + n))
      })
      yield* Effect.all([...launches, store.commit(made9)], { concurrency: "unbounded", discard: true })
      const { items } = yield* logOf(user)
      assert.deepStrictEqual(
        sequencesOf(items),
        Array.from({ length: 17 }, (_, n) => n + 1)
      )
      assert.lengthOf(new Set(items.map(({ botId }) => botId)), 9)
    })
  )

  it.effect("MUST show no entry before one with a smaller number, whoever writes beside (S24)", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const bots = Array.from({ length: 12 }, (_, n) => botOf(user, `${String(n).padStart(2, "0")}`))
      yield* committed(user, { bots: bots.map(made) })
      const seen: Array<number> = []
      let own = 0
      let place = (yield* store.changesEnd) as string | null
      const followed: Array<number> = []
      const read = Effect.gen(function* () {
        const page = yield* store.changes({ userId: user.userId, after: own, types: null, limit: 5 })
        own = page.next
        seen.push(...sequencesOf(page.items))
        const all = yield* store.allChanges({ after: place, workspaceId: null, types: null, limit: 7 })
        place = all.next
        followed.push(...sequencesOf(all.items.filter(({ userId }) => userId === user.userId)))
      })
      const writes = bots.map((row, n) => {
        const launched: Bot = { ...row, status: "Launched", revision: 2 }
        // Clocks of processes differ: what comes later may say that it was earlier.
        return store.writeBot(user.userId, launched, 1, changeOf(row, launched, now - n))
      })
      yield* Effect.all(
        [Effect.all(writes, { concurrency: 4 }), Effect.repeat(Effect.andThen(Effect.yieldNow, read), { times: 60 })],
        { concurrency: "unbounded", discard: true }
      )
      // A store may hold everybody's back while another writes, whatever that is about.
      yield* Effect.repeat(read, { while: () => own < 24 || !followed.includes(24) })
      assert.deepStrictEqual(
        seen,
        Array.from({ length: 24 }, (_, n) => n + 1)
      )
      const firsts = followed.filter((sequence, at) => followed.indexOf(sequence) === at && sequence > 12)
      assert.deepStrictEqual(
        firsts,
        Array.from({ length: 12 }, (_, n) => n + 13)
      )
      const { items } = yield* logOf(user)
      const times = items.map(({ occurredAt }) => occurredAt)
      assert.deepStrictEqual(times, times.toSorted())
    })
  )

  it.effect("MUST page by sequence, filter by type, and go on from where it was", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* many(user, 5)
      const page = (after: number, limit: number, types: ReadonlyArray<LoggedChange["type"]> | null = null) =>
        store.changes({ userId: user.userId, after, types, limit })
      const first = yield* page(0, 2)
      assert.deepStrictEqual([sequencesOf(first.items), first.next, first.hasMore], [[1, 2], 2, true])
      const last = yield* page(3, 2)
      assert.deepStrictEqual([sequencesOf(last.items), last.next, last.hasMore], [[4, 5], 5, false])
      const none = yield* page(5, 2)
      assert.deepStrictEqual([none.items, none.next, none.hasMore], [[], 5, false])
      assert.deepStrictEqual(yield* page(99, 2), { items: [], next: 99, hasMore: false })
      const filtered = yield* page(0, 9, ["bot.launched"])
      assert.deepStrictEqual([filtered.items, filtered.next, filtered.hasMore], [[], 5, false])
      assert.lengthOf((yield* page(0, 9, ["bot.launched", "bot.scheduled"])).items, 5)
      const stranger = yield* freshUserId
      assert.deepStrictEqual(yield* store.changes({ userId: stranger, after: 0, types: null, limit: 9 }), {
        items: [],
        next: 0,
        hasMore: false
      })
      assert.deepStrictEqual(
        yield* Effect.all([now, now + 2, now + 3, now + 9].map((at) => store.changePlace(user.userId, at))),
        [0, 2, 3, 5]
      )
      assert.strictEqual(yield* store.changePlace(stranger, now), 0)
    })
  )

  it.effect("MUST tell a meeting's and a bot's story, newest first", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const [one, two] = [botOf(user, "one", "a"), botOf(user, "two", "b")]
      const again = botOf(user, "three", "a")
      const gone: Bot = { ...one, status: "Cancelled", revision: 2 }
      yield* committed(user, { bots: [made(one), made(two)] })
      yield* committed(user, { bots: [{ bot: gone, expected: 1, change: changeOf(one, gone, now + 1) }, made(again)] })
      const of = { meeting: one.meeting }
      const story = (before: number | null, limit: number) => store.timeline({ userId: user.userId, of, before, limit })
      const all = yield* story(null, 9)
      assert.deepStrictEqual([sequencesOf(all.items), all.hasMore], [[4, 3, 1], false])
      const first = yield* story(null, 2)
      assert.deepStrictEqual([sequencesOf(first.items), first.hasMore], [[4, 3], true])
      assert.deepStrictEqual(sequencesOf((yield* story(3, 2)).items), [1])
      const ofBot = yield* store.timeline({ userId: user.userId, of: { botId: one.id }, before: null, limit: 9 })
      assert.deepStrictEqual(typesOf(ofBot.items), ["bot.cancelled", "bot.scheduled"])
      const theirs = yield* store.timeline({ userId: yield* freshUserId, of, before: null, limit: 9 })
      assert.deepStrictEqual(theirs, { items: [], hasMore: false })
    })
  )

  it.effect("MUST tell everybody's, of a workspace as the user was of it, and of a type", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const workspaceId = `wsp_${yield* freshUserId}` as WorkspaceId
      const [one, other] = [yield* connected(), yield* connected()]
      yield* store.joinWorkspace(one.userId, workspaceId)
      const from = yield* store.changesEnd
      yield* many(one, 3)
      yield* many(other, 3)
      yield* store.joinWorkspace(one.userId, null)
      const gone: Bot = { ...botOf(one, "0"), status: "Cancelled", revision: 2 }
      yield* store.writeBot(one.userId, gone, 1, changeOf(botOf(one, "0"), gone, now + 9))
      const ofIt = yield* everybodys(from, [one, other], 3, { workspaceId })
      assert.deepStrictEqual(
        ofIt.map(({ sequence, userId, workspaceId: id }) => [userId, sequence, id]),
        [1, 2, 3].map((sequence) => [one.userId, sequence, workspaceId])
      )
      assert.lengthOf(yield* everybodys(from, [one, other], 7), 7)
      const cancelled = yield* everybodys(from, [one], 1, { types: ["bot.cancelled"] })
      assert.deepStrictEqual(sequencesOf(cancelled), [4])
      const end = yield* store.changesEnd
      yield* committed(other, { bots: [made(botOf(other, "later"))] })
      assert.strictEqual((yield* everybodys(end, [other], 1)).at(-1)?.sequence, 4)
    })
  )
}

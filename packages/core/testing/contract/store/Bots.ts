/**
 * What a store promises about bots outside decisions: the launch protocol's writes, what is due, what is behind.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import { type Place, Store } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { bot, day, hour, meetingKey, minute, now } from "./Rows.ts"
import { type It, type User, botIdOf, committed, connected, everyone, idsOf, refusal, sliceOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST find a bot as it was written", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const row = made(user, "full", {
        status: "Launching",
        statusReason: "launcher_unreachable",
        statusMessage: "502 – “later”",
        origin: "recurring",
        seq: 12,
        botName: "",
        customAttributes: {},
        config: { a: { b: [1, null] } },
        schedule: { name: made(user, "full").schedule.name, group: "teams", wanted: 7, applied: 6 },
        launch: {
          leaseUntil: now + minute,
          attempts: 3,
          retryAt: now + 5,
          mayHaveSucceeded: true,
          openUntil: null,
          takenBack: null,
          owner: null
        },
        externalId: "ext-1",
        revision: 9
      })
      yield* has(user, row)
      assert.deepStrictEqual(yield* store.bot(user.userId, row.id), Option.some(row))
      assert.deepStrictEqual(yield* store.bot(user.userId, botIdOf(user.userId, "none")), Option.none())
      assert.deepStrictEqual(yield* store.bot(yield* freshUserId, row.id), Option.none())
    })
  )

  it.effect("MUST write a bot over the expected revision only", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const row = made(user, "a")
      yield* has(user, row)
      const launching: Bot = {
        ...row,
        status: "Launching",
        launch: {
          leaseUntil: now + minute,
          attempts: 1,
          retryAt: null,
          mayHaveSucceeded: false,
          openUntil: null,
          takenBack: null,
          owner: null
        },
        revision: 2
      }
      yield* store.writeBot(user.userId, launching, 1)
      assert.strictEqual(yield* refusal(store.writeBot(user.userId, { ...row, revision: 3 }, 1)), "Conflict")
      assert.strictEqual(yield* refusal(store.writeBot(user.userId, { ...row, revision: 4 }, 3)), "Conflict")
      assert.deepStrictEqual(yield* store.bot(user.userId, row.id), Option.some(launching))
      const absent = made(user, "none", { revision: 2 })
      assert.strictEqual(yield* refusal(store.writeBot(user.userId, absent, 1)), "Conflict")
      assert.strictEqual(yield* refusal(store.writeBot(yield* freshUserId, launching, 2)), "Conflict")
    })
  )

  it.effect("MUST raise no version by the write of a bot", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* has(user, made(user, "a"))
      const before = yield* sliceOf(user)
      yield* store.writeBot(user.userId, made(user, "a", { revision: 2 }), 1)
      const after = yield* sliceOf(user)
      assert.deepStrictEqual([after.version, after.mirrorNumber], [before.version, before.mirrorNumber])
    })
  )

  it.effect("MUST let one of several launches of a bot win", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* has(user, made(user, "a"))
      const rows = Array.from({ length: 8 }, (_, n) => made(user, "a", { revision: 2, externalId: `launch ${n}` }))
      const results = yield* Effect.all(
        rows.map((row) => Effect.result(store.writeBot(user.userId, row, 1))),
        { concurrency: "unbounded" }
      )
      const winners = rows.filter((_, n) => results[n]?._tag === "Success")
      assert.lengthOf(winners, 1)
      const found = yield* store.bot(user.userId, botIdOf(user.userId, "a"))
      assert.deepStrictEqual(found, Option.fromUndefinedOr(winners[0]))
    })
  )

  it.effect(
    "MUST find the bots that join before an instant, soonest first, and launches whose lease and wait are over",
    () =>
      Effect.gen(function* () {
        const store = yield* Store
        const user = yield* connected()
        const launching = (leaseUntil: number, retryAt: number | null, joinAt: number): Partial<Bot> => ({
          status: "Launching",
          joinAt,
          launch: {
            leaseUntil,
            attempts: 1,
            retryAt,
            mayHaveSucceeded: false,
            openUntil: null,
            takenBack: null,
            owner: null
          }
        })
        yield* has(
          user,
          made(user, "later", { joinAt: now }),
          made(user, "sooner", { joinAt: now - 1 }),
          made(user, "soonest", { joinAt: now - 5 * hour }),
          made(user, "over", launching(now, null, now - 4 * hour)),
          made(user, "over too", launching(now - 1, now, now - 3 * hour)),
          made(user, "leased", launching(now + 1, null, now - hour)),
          made(user, "waits", launching(now - 1, now + 1, now - hour)),
          // What is over keeps no launch going, even if it kept the note of one.
          ...(["Launched", "Failed", "Cancelled"] as const).map((status) =>
            made(user, status, { ...launching(now - 1, null, now - hour), status })
          )
        )
        const due = Effect.map(store.dueBots(now, everyone), (all) =>
          all.filter(({ userId }) => userId === user.userId)
        )
        const { userId } = user
        assert.deepStrictEqual(yield* due, [
          { userId, botId: botIdOf(userId, "soonest"), status: "Scheduled", at: now - 5 * hour },
          { userId, botId: botIdOf(userId, "over"), status: "Launching", at: now },
          { userId, botId: botIdOf(userId, "over too"), status: "Launching", at: now },
          { userId, botId: botIdOf(userId, "sooner"), status: "Scheduled", at: now - 1 }
        ])
        assert.isAtMost((yield* store.dueBots(now, 2)).length, 2)
      })
  )

  it.effect("MUST find the bots whose schedule is behind, whatever their status, oldest first", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const at = (label: string, age: number, wanted: number, applied: number, status: Bot["status"] = "Scheduled") =>
        made(user, label, {
          status,
          createdAt: now - age,
          updatedAt: now - age,
          schedule: { ...made(user, label).schedule, wanted, applied }
        })
      yield* has(
        user,
        at("young", hour, 1, 0),
        at("done", 9 * day, 2, 2),
        at("old", 5 * day, 3, 1, "Cancelled"),
        at("middle", day, 2, 1)
      )
      const behind = Effect.map(store.unapplied(everyone), (all) =>
        idsOf(all.filter(({ userId }) => userId === user.userId).map((owned) => owned.bot))
      )
      const ids = (labels: ReadonlyArray<string>) => labels.map((label) => botIdOf(user.userId, label))
      assert.deepStrictEqual(yield* behind, ids(["old", "middle", "young"]))
      assert.lengthOf(yield* store.unapplied(2), 2)
      yield* applied(user, ["old", 2], ["middle", 2])
      assert.deepStrictEqual(yield* behind, ids(["old", "young"]))
      yield* applied(user, ["old", 3], ["young", 1])
      assert.deepStrictEqual(yield* behind, [])
    })
  )

  it.effect("MUST note what was applied without raising a revision, and never go back", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const row = made(user, "a", { schedule: { ...made(user, "a").schedule, wanted: 5, applied: 1 } })
      yield* has(user, row)
      yield* applied(user, ["a", 4], ["none", 9])
      const noted = { ...row, schedule: { ...row.schedule, applied: 4 } }
      assert.deepStrictEqual(yield* store.bot(user.userId, row.id), Option.some(noted))
      yield* applied(user, ["a", 3])
      assert.deepStrictEqual(yield* store.bot(user.userId, row.id), Option.some(noted))
      yield* store.writeBot(user.userId, { ...noted, revision: 2 }, 1)
      yield* store.markApplied([])
      yield* store.markApplied([{ userId: yield* freshUserId, botId: row.id, revision: 9 }])
      const after = yield* store.bot(user.userId, row.id)
      assert.deepStrictEqual(after, Option.some({ ...noted, revision: 2 }))
    })
  )

  it.effect("MUST keep what was applied when the bot is written by who read it before", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const row = made(user, "a", { schedule: { ...made(user, "a").schedule, wanted: 2, applied: 1 } })
      yield* has(user, row)
      yield* applied(user, ["a", 2])
      const noted = { ...row.schedule, applied: 2 }
      yield* store.writeBot(user.userId, { ...row, revision: 2 }, 1)
      const written = Option.getOrThrow(yield* store.bot(user.userId, row.id))
      assert.deepStrictEqual(written, { ...row, revision: 2, schedule: noted })
      yield* committed(user, { bots: [{ bot: { ...row, revision: 3 }, expected: 2 }] })
      const decided = Option.getOrThrow(yield* store.bot(user.userId, row.id))
      assert.deepStrictEqual(decided, { ...row, revision: 3, schedule: noted })
    })
  )

  it.effect("MUST find the bots that are in meetings, by when those end, and none that was called back", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const launched = (label: string, end: number, members: Partial<Bot> = {}) =>
        made(user, label, { status: "Launched", end, ...members })
      yield* has(
        user,
        launched("later", now + hour),
        launched("sooner", now + minute),
        launched("over", now),
        launched("called back", now + hour, { statusReason: "link_changed" }),
        made(user, "scheduled", { end: now + hour }),
        made(user, "failed", { status: "Failed", end: now + hour })
      )
      const found = (after: Place | null, limit = everyone) =>
        Effect.map(store.handedOver(now, after, limit), (all) =>
          all.filter(({ userId }) => userId === user.userId).map(({ bot: { id } }) => id)
        )
      const ids = (...labels: ReadonlyArray<string>) => labels.map((label) => botIdOf(user.userId, label))
      assert.deepStrictEqual(yield* found(null), ids("sooner", "later"))
      const [sooner = "", later = ""] = ids("sooner", "later")
      assert.deepStrictEqual(yield* found({ at: now + minute, id: sooner }), ids("later"))
      assert.deepStrictEqual(yield* found({ at: now + hour, id: later }), [])
      assert.deepStrictEqual(yield* found({ at: now - hour, id: "" }), ids("sooner", "later"))
      assert.isAtMost((yield* store.handedOver(now, null, 1)).length, 1)
      yield* store.writeBot(
        user.userId,
        launched("sooner", now + minute, { statusReason: "meeting_moved", revision: 2 }),
        1
      )
      assert.deepStrictEqual(yield* found(null), ids("later"))
    })
  )

  it.effect("MUST list every bot of meetings, newest first", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const of = (label: string, meeting: string, age: number, status: Bot["status"]) =>
        bot(botIdOf(user.userId, label), meeting, user.primary, { status, createdAt: now - age })
      yield* has(
        user,
        of("1", "a", 3 * day, "Cancelled"),
        of("2", "a", 2 * day, "Failed"),
        of("3", "b", day, "Launched"),
        of("4", "a", hour, "Scheduled"),
        of("5", "c", minute, "Scheduled")
      )
      const list = (...meetings: ReadonlyArray<string>) =>
        Effect.map(store.botsOf(user.userId, meetings.map(meetingKey)), idsOf)
      const ids = (labels: ReadonlyArray<string>) => labels.map((label) => botIdOf(user.userId, label))
      assert.deepStrictEqual(yield* list("a", "b", "none"), ids(["4", "3", "2", "1"]))
      assert.deepStrictEqual(yield* list(), [])
    })
  )
}

/** A bot of a meeting by its own label. */
const made = (user: User, label: string, members: Partial<Bot> = {}): Bot =>
  bot(botIdOf(user.userId, label), label, user.primary, members)

const has = (user: User, ...rows: ReadonlyArray<Bot>) =>
  committed(user, { bots: rows.map((row) => ({ bot: row, expected: null })) })

const applied = (user: User, ...notes: ReadonlyArray<readonly [string, number]>) =>
  Store.use((store) =>
    store.markApplied(
      notes.map(([label, revision]) => ({ userId: user.userId, botId: botIdOf(user.userId, label), revision }))
    )
  )

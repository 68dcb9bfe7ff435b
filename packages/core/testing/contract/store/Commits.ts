/**
 * What a store promises about commits: all of a decision against the state it was made from, or nothing.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { type Commit, Store } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { autoSchedule } from "../../rows/Intent.ts"
import { joinRule } from "../../rows/Workspace.ts"
import { bot, daily, day, event, eventIntent, hour, now, override, series, seriesId } from "./Rows.ts"
import {
  type It,
  type User,
  botIdOf,
  committed,
  connected,
  decision,
  everyone,
  idsOf,
  listed,
  refusal,
  sliceOf
} from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST write every part at once and raise the version by one", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* listed(user, { events: [event("a", user.primary)], series: [series("s", user.primary)] })
      const before = yield* sliceOf(user)
      yield* committed(user, { ...full(user), decided: before.mirrorNumber })
      const after = yield* sliceOf(user)
      assert.deepStrictEqual([after.version, after.decided], [before.version + 1, before.mirrorNumber])
      assert.strictEqual(after.mirrorNumber, before.mirrorNumber)
      assert.deepStrictEqual(after.auto, full(user).auto)
      assert.deepStrictEqual(after.decideAt, now + hour)
      assert.deepStrictEqual(idsOf(after.intents), ["i"])
      assert.deepStrictEqual(after.overrides, full(user).putOverrides)
      assert.deepStrictEqual(after.bots, [bot(botIdOf(user.userId, "a"), "a", user.primary)])
      assert.deepStrictEqual(
        after.series.map((row) => row.decidedTiming),
        [daily]
      )
    })
  )

  it.effect("MUST refuse a decision made against another version, and change nothing", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* listed(user, { events: [event("a", user.primary)], series: [series("s", user.primary)] })
      const made = yield* decision(user, full(user))
      yield* committed(user, {})
      yield* assertRefused(user, made)
      yield* assertRefused(user, { ...made, version: made.version + 2 })
      yield* store.commit({ ...made, version: made.version + 1 })
    })
  )

  it.effect("MUST refuse a decision made before a connection was written, and change nothing", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected({ generation: 2 })
      const made = yield* decision(user, full(user))
      yield* store.saveConnection({ ...user.connection, generation: 3, revision: 2 }, 1)
      yield* assertRefused(user, made)
      yield* store.commit(yield* decision(user, full(user)))
      const stranger = { ...made, userId: yield* freshUserId, version: 0 }
      const { bots: _bots, ...unconnected } = stranger
      yield* store.commit(unconnected)
      assert.strictEqual((yield* store.slice(stranger.userId, { kind: "all" }, now)).version, 1)
    })
  )

  it.effect("MUST refuse a decision about a bot that is not as expected, and change nothing", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const one = bot(botIdOf(user.userId, "1"), "a", user.primary)
      const two = bot(botIdOf(user.userId, "2"), "b", user.primary)
      yield* committed(user, { bots: [{ bot: one, expected: null }] })
      const raised = { ...one, revision: 2, botName: "raised" }
      const made = yield* decision(user, full(user))
      const good = { bot: two, expected: null }
      yield* assertRefused(user, { ...made, bots: [good, { bot: raised, expected: 2 }] })
      yield* assertRefused(user, { ...made, bots: [good, { bot: raised, expected: null }] })
      yield* assertRefused(user, {
        ...made,
        bots: [
          { bot: raised, expected: 1 },
          { bot: two, expected: 1 }
        ]
      })
      yield* store.commit({ ...made, bots: [good, { bot: raised, expected: 1 }] })
      assert.deepStrictEqual(yield* store.bot(user.userId, one.id), Option.some(raised))
      assert.deepStrictEqual(yield* store.bot(user.userId, two.id), Option.some(two))
    })
  )

  it.effect("MUST let a launch refuse only the decisions that are about its bot", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const one = bot(botIdOf(user.userId, "1"), "a", user.primary)
      const two = bot(botIdOf(user.userId, "2"), "b", user.primary)
      yield* committed(user, {
        bots: [
          { bot: one, expected: null },
          { bot: two, expected: null }
        ]
      })
      const made = yield* decision(user)
      yield* store.writeBot(user.userId, { ...one, status: "Launched", revision: 2 }, 1)
      yield* assertRefused(user, { ...made, bots: [{ bot: { ...one, revision: 2 }, expected: 1 }] })
      yield* store.commit({ ...made, bots: [{ bot: { ...two, revision: 2 }, expected: 1 }] })
    })
  )

  it.effect("MUST let one of several decisions against the same version win, whole", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const rivals = yield* Effect.all(
        Array.from({ length: 8 }, (_, n) =>
          decision(user, {
            putIntents: [eventIntent(`i${n}`, `${n}`)],
            bots: [{ bot: bot(botIdOf(user.userId, `${n}`), `${n}`, user.primary), expected: null }]
          })
        )
      )
      const results = yield* Effect.all(
        rivals.map((rival) => Effect.result(store.commit(rival))),
        {
          concurrency: "unbounded"
        }
      )
      const winners = results.flatMap((result, n) => (result._tag === "Success" ? [n] : []))
      assert.lengthOf(winners, 1)
      const after = yield* sliceOf(user)
      assert.deepStrictEqual(
        idsOf(after.intents),
        winners.map((n) => `i${n}`)
      )
      assert.deepStrictEqual(
        idsOf(after.bots),
        winners.map((n) => botIdOf(user.userId, `${n}`))
      )
    })
  )

  it.effect("MUST hold against a mirror that moved on, which is then to be decided", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      yield* listed(user, { events: [event("a", user.primary)] })
      const made = yield* decision(user, { decided: (yield* sliceOf(user)).mirrorNumber })
      yield* listed(user, { events: [event("b", user.primary)] })
      yield* store.commit(made)
      assert.include(yield* store.lagging(now, null, everyone), user.userId)
    })
  )

  it.effect("MUST delete what it is told to and tolerate what is not there", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const meetings = ["a", "b"]
      yield* committed(user, {
        putIntents: meetings.map((label) => eventIntent(`intent ${label}`, label)),
        putOverrides: meetings.map((label) => override(label))
      })
      const { overrides } = yield* sliceOf(user)
      yield* committed(user, {
        deleteIntents: ["intent a", "none"],
        deleteOverrides: overrides.slice(0, 1).map(({ meeting }) => meeting)
      })
      const after = yield* sliceOf(user)
      assert.deepStrictEqual(idsOf(after.intents), ["intent b"])
      assert.deepStrictEqual(after.overrides, overrides.slice(1))
    })
  )

  it.effect("MUST write an intent and an override over the one before", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      yield* committed(user, { putIntents: [eventIntent("w", "a")], putOverrides: [override("a")] })
      const hints = {
        link: { platform: "zoom", url: "https://zoom.us/j/81234567890" },
        span: { from: now, to: now + 1 }
      } as const
      const intent = eventIntent("w", "a", { seq: 8, origin: "auto", config: { other: true }, hints })
      const changed = override("a", { botName: "Other", config: null })
      yield* committed(user, { putIntents: [intent], putOverrides: [changed] })
      const after = yield* sliceOf(user)
      assert.deepStrictEqual([after.intents, after.overrides], [[intent], [changed]])
    })
  )

  it.effect("MUST write the rules of auto-scheduling and a pause where they are told, and else leave them", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      assert.isNull((yield* sliceOf(user)).pausedUntil)
      const auto = autoSchedule({ enabled: true, rules: [joinRule(), joinRule({ id: "2" })], otherwise: "skip" })
      yield* committed(user, { auto, pausedUntil: now + hour })
      yield* committed(user, {})
      const kept = yield* sliceOf(user, { kind: "changed" })
      assert.deepStrictEqual([kept.auto, kept.pausedUntil], [auto, now + hour])
      yield* committed(user, { pausedUntil: null })
      const ended = yield* sliceOf(user)
      assert.deepStrictEqual([ended.auto, ended.pausedUntil], [auto, null])
    })
  )

  it.effect("MUST take as many bots at once as its capabilities say", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const user = yield* connected()
      const count = Math.min(store.capabilities.commitOperationsMax, 100)
      assert.isAtLeast(count, 1)
      const writes = Array.from({ length: count }, (_, n) => ({
        bot: bot(botIdOf(user.userId, `n${n}`), `n${n}`, user.primary),
        expected: null
      }))
      yield* committed(user, { ...full(user), bots: writes })
      assert.lengthOf((yield* sliceOf(user)).bots, count)
    })
  )
}

/** A decision with something in every part. */
const full = (user: User) =>
  ({
    decideAt: now + hour,
    auto: autoSchedule({ enabled: true, seq: 3, config: { bot_name: "Auto" }, coveredUntil: now + day }),
    putIntents: [eventIntent("i", "a")],
    putOverrides: [override("a")],
    putVirtual: [event("far", user.primary, { isVirtual: true })],
    decidedSeries: [{ id: seriesId("s"), decidedTiming: daily, exceptions: null }],
    bots: [{ bot: bot(botIdOf(user.userId, "a"), "a", user.primary), expected: null }]
  }) satisfies Partial<Commit>

const assertRefused = Effect.fnUntraced(function* (user: User, made: Commit) {
  const store: Store["Service"] = yield* Store
  const before = yield* sliceOf(user)
  assert.strictEqual(yield* refusal(store.commit(made)), "Conflict")
  assert.deepStrictEqual(yield* sliceOf(user), before)
})

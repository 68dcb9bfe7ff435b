/**
 * What a store promises about launches that a process holds, and lets go of when it ends or comes back. Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import { Store } from "../../../src/ports/Store.ts"
import { bot, minute, now } from "./Rows.ts"
import { type It, type User, botIdOf, committed, connected, everyone } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST let go of the launches of one process, of every user, and of nobody else's", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const [one, other] = [yield* connected(), yield* connected()]
      const owner = `process ${one.userId}`
      const launch = (held: string | null, retryAt: number | null): Partial<Bot> => ({
        status: "Launching",
        customAttributes: { odd: "\u0000 and \ud800" },
        launch: {
          leaseUntil: now + minute,
          attempts: 1,
          retryAt,
          mayHaveSucceeded: true,
          openUntil: now + 5,
          takenBack: "removed_by_user",
          owner: held
        }
      })
      yield* has(
        one,
        made(one, "called", launch(owner, null)),
        made(one, "pausing", launch(owner, now + 30)),
        made(one, "another's", launch("process of another", null)),
        made(one, "nobody's", launch(null, null))
      )
      yield* has(other, made(other, "called", launch(owner, null)))
      assert.strictEqual(yield* store.releaseLaunches(owner, now), 3)
      assert.strictEqual(yield* store.releaseLaunches(owner, now), 0)
      const found = (user: User, label: string) =>
        Effect.map(store.bot(user.userId, botIdOf(user.userId, label)), Option.getOrThrow)
      const called = yield* found(one, "called")
      const before = made(one, "called", launch(owner, null))
      assert.deepStrictEqual(called, {
        ...before,
        launch: before.launch && { ...before.launch, owner: null, leaseUntil: now },
        revision: before.revision + 1,
        updatedAt: now
      })
      assert.strictEqual((yield* found(one, "pausing")).launch?.leaseUntil, now + 30)
      assert.strictEqual((yield* found(one, "another's")).launch?.owner, "process of another")
      assert.isNull((yield* found(other, "called")).launch?.owner)
      const due = yield* store.dueBots(now, everyone)
      assert.includeMembers(
        due.map(({ botId }) => botId),
        [called.id]
      )
    })
  )
}

const made = (user: User, label: string, members: Partial<Bot>): Bot =>
  bot(botIdOf(user.userId, label), label, user.primary, members)

const has = (user: User, ...rows: ReadonlyArray<Bot>) =>
  committed(user, { bots: rows.map((row) => ({ bot: row, expected: null })) })

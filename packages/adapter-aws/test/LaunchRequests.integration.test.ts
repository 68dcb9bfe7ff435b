/**
 * What a launch asks of DynamoDB: reading ahead, the claim by numbers, and its outcome, as requests of one bot among those that
 * are due together.
 */
import { type Bot, type OwnedBotWrite, numbersOf } from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { engineOfFile, skipped } from "./dynamo/Engine.ts"
import { botOf, connected, decisionOf, inStore, made, minute, now, userId } from "./StoreKit.ts"

const theEngine = engineOfFile()
const labels = ["a", "b", "c", "d", "e"]

const requestsOf = Effect.fnUntraced(function* <A, E>(work: Effect.Effect<A, E>) {
  const from = theEngine().asked.length
  const answer = yield* work
  return {
    answer,
    operations: theEngine()
      .asked.slice(from)
      .map(({ operation }) => operation)
  }
})

const launching = (bot: Bot): Bot => ({
  ...bot,
  status: "Launching",
  launch: Rows.launch({ openUntil: now + minute, owner: "process" }),
  revision: bot.revision + 1
})

const launched = (bot: Bot): Bot => ({ ...bot, status: "Launched", launch: null, revision: bot.revision + 1 })

const writesOf = (bots: ReadonlyArray<Bot>, next: (bot: Bot) => Bot, numbers: OwnedBotWrite["numbers"]) =>
  bots.map((bot): OwnedBotWrite => ({ userId, bot: next(bot), expected: bot.revision, numbers }))

const count = (operations: ReadonlyArray<string>) =>
  Object.fromEntries([...Map.groupBy(operations, (name) => name)].map(([name, all]) => [name, all.length]))

describe.skipIf(skipped !== null)(`requests of launches${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  inStore("of one user's five bots: numbers once, and two requests for each write of a bot", theEngine, (store) =>
    Effect.gen(function* () {
      yield* connected(store)
      const bots = labels.map((label) => botOf(label))
      yield* store.commit(decisionOf({ bots: bots.map(made) }))
      const read = yield* requestsOf(store.slicesOfBots([{ userId, botIds: bots.map(({ id }) => id) }], now))
      const [slice] = read.answer
      assert(slice !== undefined)
      assert.lengthOf(slice.bots, 5)
      // Each bot is looked up, and one slice is read for all of them.
      assert.deepStrictEqual(count(read.operations), { GetItem: 7, Query: 7 })
      const claim = yield* requestsOf(store.writeBots(writesOf(slice.bots, launching, numbersOf(slice))))
      assert.deepStrictEqual(claim.answer, [true, true, true, true, true])
      assert.deepStrictEqual(count(claim.operations), { BatchGetItem: 6, PutItem: 5 })
      const outcome = yield* requestsOf(store.writeBots(writesOf(slice.bots.map(launching), launched, null)))
      assert.deepStrictEqual(count(outcome.operations), { BatchGetItem: 5, PutItem: 5 })
      const numbers = yield* requestsOf(store.userNumbers([userId]))
      assert.deepStrictEqual(numbers.operations, ["BatchGetItem"])
    })
  )
})

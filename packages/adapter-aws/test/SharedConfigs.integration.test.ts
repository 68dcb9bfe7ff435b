/**
 * Configurations that rows share, as the table holds them: how many bytes, how many requests, until when; and that none goes
 * which something comes to refer to at the same moment.
 */
import {
  type Bot,
  type BotChange,
  type BotConfig,
  type BotWrite,
  type Store,
  type StoreError,
  quotaLimits
} from "@punctual/core"
import { assert, describe } from "@effect/vitest"
import { Effect, Option } from "effect"
import { hash } from "node:crypto"
import { type TableOptions, makeTable, openClient } from "../src/dynamo/table/Table.ts"
import { engineOfFile, skipped } from "./dynamo/Engine.ts"
import {
  botOf,
  connected,
  connectionId,
  decisionOf,
  hour,
  inStore,
  intentOf,
  made,
  meanwhile,
  now,
  pass,
  reasonOf,
  through,
  tombstone,
  transactions,
  userId
} from "./StoreKit.ts"

const theEngine = engineOfFile()
const occurrences = 366
const kibibyte = 1_024

/** As large as one may be. */
const configOf = (name: string): BotConfig => {
  const length = quotaLimits.botConfigBytesMax - 100
  let prompt = ""
  for (let at = 0; prompt.length < length; at++) prompt += hash("sha512", `${name}${at}`, "base64url")
  return { bot_name: name, prompt: prompt.slice(0, length) }
}

const config = configOf("Notes")

const changeOf = (bot: Bot, type: BotChange["type"], previous: BotChange["data"]["previous"] = {}): BotChange => ({
  type,
  occurredAt: now,
  cause: "user",
  data: { bot: { ...bot, subject: "Daily" }, previous }
})

const told = (bot: Bot): BotWrite => ({ ...made(bot), change: changeOf(bot, "bot.scheduled") })

/** In as many commits as it takes. */
const scheduled = Effect.fnUntraced(function* (store: Store["Service"], bots: ReadonlyArray<Bot>) {
  const most = store.capabilities.commitOperationsMax
  for (let from = 0; from < bots.length; from += most) {
    const part = bots.slice(from, from + most)
    yield* store.commit(decisionOf({ version: 1 + from / most, bots: part.map(told) }))
  }
})

const partitions = ["USER", "FEED", "CONFIG"] as const

/** All that lies in the table of the user, partition by partition. */
const itemsOf = (options: TableOptions) =>
  Effect.flatMap(openClient(options), (client) => {
    const table = makeTable(client, options.tableName)
    return Effect.forEach(partitions, (name) => table.partition(`${name}#${userId}`, null, Infinity))
  }).pipe(Effect.scoped)

const bytesOf = (items: ReadonlyArray<unknown>): number => JSON.stringify(items).length

const operationsOf = Effect.fnUntraced(function* (work: Effect.Effect<unknown, StoreError>) {
  const from = theEngine().asked.length
  yield* work
  return theEngine()
    .asked.slice(from)
    .map(({ operation }) => operation)
})

const page = { userId, status: null, joinAfter: null, limit: 100, place: null, backwards: false }

describe.skipIf(skipped !== null)(
  `V2: shared configurations${skipped === null ? "" : ` (skipped: ${skipped})`}`,
  () => {
    inStore(
      "of 32 KiB take their own bytes once for 366 occurrences, in bots and in the log",
      theEngine,
      (store, options) =>
        Effect.gen(function* () {
          yield* connected(store)
          const bots = Array.from({ length: occurrences }, (_, n) => botOf(`${n}`, { config: structuredClone(config) }))
          yield* scheduled(store, bots)
          const all = yield* itemsOf(options)
          assert.isBelow(bytesOf(all), 33 * kibibyte + occurrences * 4 * kibibyte)
          assert.deepStrictEqual(all[2]?.length, 1)
          process.stdout.write(` ${occurrences} occurrences: ${bytesOf(all)} bytes of items \n`)
          const { items } = yield* store.bots(page)
          assert.lengthOf(items, 100)
          assert.strictEqual(new Set(items.map((row) => row.config)).size, 1, "one object")
          assert.deepStrictEqual(items[0]?.config, config)
        })
    )

    inStore("cost no request where there are none, and one where there are", theEngine, (store) =>
      Effect.gen(function* () {
        yield* connected(store)
        const bots = ["a", "b", "c"].map((label) => botOf(label, { config: { record: true } }))
        yield* scheduled(store, bots)
        const reads = [
          store.bots(page),
          store.changes({ userId, after: 0, types: null, limit: 9 }),
          store.timeline({ userId, of: { botId: bots[0]?.id ?? assert.fail() }, before: null, limit: 9 }),
          store.slice(userId, { kind: "meetings", meetings: bots.map(({ meeting }) => meeting), series: [] }, now),
          store.unapplied(9)
        ]
        const plain = yield* Effect.forEach(reads, operationsOf)
        const launch = (bot: Bot, revision: number) =>
          store.writeBot(userId, { ...bot, revision }, revision - 1, changeOf(bot, "bot.launching"))
        const written = yield* operationsOf(launch(bots[0] ?? assert.fail(), 2))
        const large = bots.map((bot, at) => ({ ...bot, revision: at === 0 ? 3 : 2, config }))
        yield* store.commit(
          decisionOf({
            version: 2,
            bots: large.map((bot) => ({
              bot,
              expected: bot.revision - 1,
              change: changeOf(bot, "bot.updated", { config: { record: true } })
            }))
          })
        )
        const more = yield* Effect.forEach(reads, operationsOf)
        const isBatch = (name: string) => name === "BatchGetItem"
        assert.deepStrictEqual(
          more.map((names) => names.filter(isBatch).length),
          plain.map((names) => names.filter(isBatch).length + 1)
        )
        assert.deepStrictEqual(
          more.map((names) => names.filter((name) => !isBatch(name)).length),
          plain.map((names) => names.filter((name) => !isBatch(name)).length)
        )
        // A bot that goes on with what it has writes and reads as one that has little.
        const from = theEngine().asked.length
        assert.deepStrictEqual(yield* operationsOf(launch(large[0] ?? assert.fail(), 4)), written)
        const [transaction] = transactions(theEngine().asked.slice(from))
        assert.isBelow(transaction?.body.length ?? Infinity, 8 * kibibyte)
      })
    )

    inStore(
      "each of its own, as many as a commit takes, go through the journal with what is asked for",
      theEngine,
      (store) =>
        Effect.gen(function* () {
          yield* connected(store)
          const labels = Array.from({ length: store.capabilities.commitOperationsMax }, (_, n) => `${n}`)
          const bots = labels.map((label) => botOf(label, { config: configOf(label) }))
          const intents = labels.map((label) => ({ ...intentOf(label), config: configOf(`asked ${label}`) }))
          yield* store.commit(decisionOf({ putIntents: intents, bots: bots.map(told) }))
          // Each gives its own up for another, of which the log tells as well.
          const others = bots.map((bot) => ({ ...bot, config: configOf(`other ${bot.id}`), revision: 2 }))
          const changes = others.map((bot, at) => changeOf(bot, "bot.updated", { config: bots[at]?.config ?? {} }))
          const from = theEngine().asked.length
          yield* store.commit(
            decisionOf({
              version: 2,
              bots: others.map((bot, at) => ({ bot, expected: 1, change: changes[at] ?? null }))
            })
          )
          const [written] = transactions(theEngine().asked.slice(from))
          const puts = written?.body.match(/CONFIG#/g) ?? []
          assert.lengthOf(puts, 2 * labels.length, "who looks for what refers to one may see half of a transaction")
          const log = yield* store.changes({ userId, after: labels.length, types: null, limit: 99 })
          assert.deepStrictEqual(
            log.items.map(({ data }) => data),
            changes.map(({ data }) => data)
          )
          const slice = yield* store.slice(userId, { kind: "all" }, now)
          const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1)
          assert.deepStrictEqual(slice.bots.toSorted(byId), others.toSorted(byId))
          assert.deepStrictEqual(slice.intents, intents.toSorted(byId))
        })
    )

    inStore("go with the last that refers to them, and with their user", theEngine, (store, options) =>
      Effect.gen(function* () {
        yield* connected(store)
        const ended = { start: now - 2 * hour, end: now - hour, joinAt: now - 2 * hour, status: "Launched" } as const
        const labels = Array.from({ length: 50 }, (_, n) => `${n}`)
        const past = labels.map((label) => botOf(label, { ...ended, config: configOf(label) }))
        const bot = botOf("ahead", { config: configOf("0") })
        yield* scheduled(store, [...past, bot])
        const left = Effect.map(itemsOf(options), ([, , configs]) => configs?.length)
        const kept = { rowsFrom: now, itemsFrom: now, series: [] }
        const prune = Effect.repeat(store.pruneHistory(userId, kept, 20), { until: (gone) => gone === 0 })
        yield* prune
        assert.strictEqual(yield* left, 50, "the log tells of them still")
        yield* Effect.repeat(store.pruneChanges(now + 1, 500), { until: (gone) => gone === 0 })
        yield* prune
        assert.strictEqual(yield* left, 1)
        assert.deepStrictEqual(yield* store.bot(userId, bot.id), Option.some(bot))
        yield* store.saveConnection(tombstone, 1)
        yield* Effect.repeat(store.erase(userId, connectionId, 50), { until: ({ isDone }) => isDone })
        assert.strictEqual(yield* left, 0)
      })
    )

    inStore("stay when a commit comes to refer to one while it is to go", theEngine, (store, options) =>
      Effect.gen(function* () {
        yield* connected(store)
        const intent = { ...intentOf("a"), config }
        yield* store.commit(decisionOf({ putIntents: [intent] }))
        yield* store.commit(decisionOf({ version: 2, deleteIntents: [intent.id] }))
        // It was found that nothing refers to it, and its removal is on the way.
        theEngine().onRequest(async ({ body, operation }) => {
          if (operation !== "DeleteItem" || !body.includes("CONFIG#")) return pass
          theEngine().onRequest(() => pass)
          await Effect.runPromise(
            through(options, (other) => other.commit(decisionOf({ version: 3, putIntents: [intent] })))
          )
          return pass
        })
        yield* store.pruneHistory(userId, { rowsFrom: now, itemsFrom: now, series: [] }, 9)
        assert.deepStrictEqual((yield* store.slice(userId, { kind: "all" }, now)).intents, [intent])
      })
    )

    inStore("are written again by a commit that has read while one was there", theEngine, (store, options) =>
      Effect.gen(function* () {
        yield* connected(store)
        const intent = { ...intentOf("a"), config }
        yield* store.commit(decisionOf({ putIntents: [intent] }))
        yield* store.commit(decisionOf({ version: 2, deleteIntents: [intent.id] }))
        meanwhile(
          theEngine,
          1,
          through(options, (other) => other.pruneHistory(userId, { rowsFrom: now, itemsFrom: now, series: [] }, 9))
        )
        yield* store.commit(decisionOf({ version: 3, putIntents: [intent] }))
        assert.deepStrictEqual((yield* store.slice(userId, { kind: "all" }, now)).intents, [intent])
      })
    )

    inStore("that go with their row while it is read are no fault", theEngine, (store, options) =>
      Effect.gen(function* () {
        yield* connected(store)
        const bot = botOf("a", { config })
        yield* store.commit(decisionOf({ bots: [made(bot)] }))
        theEngine().onRequest(async ({ body, operation }) => {
          if (operation !== "BatchGetItem" || !body.includes("CONFIG#")) return pass
          theEngine().onRequest(() => pass)
          await Effect.runPromise(
            through(options, (other) =>
              Effect.gen(function* () {
                yield* other.writeBot(userId, { ...bot, config: configOf("other"), revision: 2 }, 1)
                yield* other.pruneHistory(userId, { rowsFrom: now - hour, itemsFrom: now - hour, series: [] }, 9)
              })
            )
          )
          return pass
        })
        const found = yield* store.bot(userId, bot.id)
        assert.deepStrictEqual(found, Option.some({ ...bot, config: configOf("other"), revision: 2 }))
        assert.strictEqual(yield* reasonOf(store.writeBot(userId, bot, 7)), "Conflict")
      })
    )
  }
)

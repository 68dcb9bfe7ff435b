/**
 * The Accounts port's contract on a real DynamoDB engine, and what DynamoDB adds to it: faults that are no verdict on a
 * condition, answers that get lost, items that linger, and a table that is never scanned.
 */
import { Store, type UserId } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import { AccountsContract } from "@punctual/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { afterAll, beforeAll } from "vitest"
import { type Options, layer } from "../src/Accounts.ts"
import { layer as storeLayer } from "../src/Store.ts"
import { createTable } from "../src/dynamo/table/CreateTable.ts"
import { type Asked, type Engine, type Fault, refusal, skipped, startEngine } from "./dynamo/Engine.ts"

const masterKeys = [{ id: "00112233445566aa", key: Redacted.make(new Uint8Array(32).fill(7)) }] as const
const otherKeys = [{ id: "00112233445566aa", key: Redacted.make(new Uint8Array(32).fill(8)) }] as const

let engine: Engine

beforeAll(async () => {
  if (skipped === null) engine = await startEngine()
})
afterAll(async () => {
  await (engine as Engine | undefined)?.stop()
})

const accountsOn = (keys: Options["masterKeys"] = masterKeys): Layer.Layer<Accounts | Store> =>
  Layer.unwrap(
    Effect.suspend(() =>
      Effect.map(engine.freshTable, (options) =>
        Layer.merge(layer({ ...options, masterKeys: keys }), storeLayer(options))
      )
    )
  )

const now = 1_795_000_000_000
const minute = 60_000
const user = { id: "usr_1" as UserId, workspaceId: "wsp_1", name: null, externalId: null, createdAt: now }
const key = {
  id: "key_1",
  userId: user.id,
  digest: "d1",
  prefix: "pk_1",
  createdAt: now,
  revokedAt: null
}
const idempotencyKey = { userId: user.id, route: "POST /admin/users", key: "k" }
const request = (at: number) => ({ digest: "d", now: at, leaseUntil: at + minute, keepUntil: at + 60 * minute })
const pass: Fault = { kind: "pass" }

/** The faults in turn for requests of one operation; what comes after them passes. */
const meeting = (operation: string, ...faults: ReadonlyArray<Fault>): void => {
  const left = [...faults]
  engine.onRequest((asked) => (asked.operation === operation ? (left.shift() ?? pass) : pass))
}

const inTable = <E>(name: string, body: Effect.Effect<void, E, Accounts | Store>): void => {
  it.live(name, () =>
    body.pipe(Effect.provide(accountsOn()), Effect.ensuring(Effect.sync(() => engine.onRequest(() => pass))))
  )
}

const transient: ReadonlyArray<readonly [string, Fault]> = [
  ["contention", refusal("TransactionConflictException")],
  ["throttling", refusal("ThrottlingException")],
  ["spent throughput", refusal("ProvisionedThroughputExceededException")],
  ["a page of HTML", { kind: "answer", status: 500, body: "<html><body>Service Unavailable</body></html>" }],
  ["an error of the server's", { kind: "answer", status: 500, body: '{"__type":"InternalServerError"}' }],
  ["a reset connection", { kind: "reset" }]
]

describe.skipIf(skipped !== null)(`Accounts on DynamoDB${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  AccountsContract.suite("DynamoDB", accountsOn(), { time: "live" })

  for (const [what, fault] of transient) {
    inTable(
      `takes ${what} for no verdict on a condition`,
      Effect.gen(function* () {
        const store = yield* Store
        const claim = { now, staleBefore: 0 }
        meeting("UpdateItem", fault, fault)
        assert.isTrue(yield* store.claimJob("job", "2026-11-18", claim))
        meeting("UpdateItem", fault)
        assert.isFalse(yield* store.claimJob("job", "2026-11-18", claim))
      })
    )
  }

  inTable(
    "repeats a transaction that lost to another or was throttled, under the same token",
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const cancelled = (...codes: ReadonlyArray<string>) =>
        refusal("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) })
      const before = engine.asked.length
      const conflict = cancelled("None", "TransactionConflict", "None")
      meeting("TransactWriteItems", conflict, cancelled("ThrottlingError", "None", "None"))
      yield* accounts.createUser(user, key)
      const tokens = engine.asked
        .slice(before)
        .filter(({ operation }) => operation === "TransactWriteItems")
        .map(({ body }) => (JSON.parse(body) as { readonly ClientRequestToken: string }).ClientRequestToken)
      assert.lengthOf(tokens, 3)
      assert.lengthOf([...new Set(tokens)], 1)
      assert.deepStrictEqual(yield* accounts.findKey(key.digest), Option.some({ key, user }))
    })
  )

  inTable(
    "knows its own write when the answer to it got lost",
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const store = yield* Store
      meeting("UpdateItem", { kind: "lose_answer" })
      assert.isTrue(yield* store.claimJob("job", "2026-11-18", { now, staleBefore: 0 }))
      meeting("PutItem", { kind: "lose_answer" })
      const started = { kind: "started", isRerun: false } as const
      assert.deepStrictEqual(yield* accounts.begin(idempotencyKey, request(now)), started)
      meeting("TransactWriteItems", { kind: "lose_answer" })
      yield* accounts.createUser(user, key)
      assert.deepStrictEqual(yield* accounts.keys(user.id), [key])
      yield* accounts.putConsent({ digest: "d", userId: user.id, verifier: "v", expiresAt: now + minute })
      meeting("UpdateItem", { kind: "lose_answer" })
      assert.deepStrictEqual(yield* accounts.takeConsent("d", now), Option.some({ userId: user.id, verifier: "v" }))
      assert.deepStrictEqual(yield* accounts.takeConsent("d", now), Option.none())
    })
  )

  inTable(
    "goes on after an empty page that is not the last",
    Effect.gen(function* () {
      const accounts = yield* Accounts
      yield* accounts.createUser(user, key)
      const place = { pk: { S: "KEYS#usr_1" }, sk: { S: "a" } }
      const empty = JSON.stringify({ Items: [], Count: 0, ScannedCount: 0, LastEvaluatedKey: place })
      meeting("Query", { kind: "answer", status: 200, body: empty })
      assert.deepStrictEqual(yield* accounts.keys(user.id), [key])
    })
  )

  inTable(
    "says that an answer is too large for an item, without asking again",
    Effect.gen(function* () {
      const accounts = yield* Accounts
      yield* accounts.begin(idempotencyKey, request(now))
      const before = engine.asked.length
      const answer = {
        status: 200,
        body: "x".repeat(410_000),
        keepUntil: now + minute,
        leaseUntil: request(now).leaseUntil
      }
      const error = yield* Effect.flip(accounts.finish(idempotencyKey, answer))
      assert.strictEqual(error.operation, "finish")
      assert.match(error.message, /^Accounts\.finish: too_large: /)
      assert.lengthOf(engine.asked.slice(before), 1)
    })
  )

  inTable(
    "gives up on what does not get better",
    Effect.gen(function* () {
      const accounts = yield* Accounts
      engine.onRequest(() => ({ kind: "reset" }))
      const before = engine.asked.length
      assert.strictEqual((yield* Effect.flip(accounts.user(user.id)))._tag, "AccountsUnavailable")
      assert.lengthOf(engine.asked.slice(before), 8)
    })
  )

  inTable(
    "purges by the condition and not by what the index said",
    Effect.gen(function* () {
      const accounts = yield* Accounts
      yield* accounts.begin(idempotencyKey, request(now))
      const stale: { found: Asked | null } = { found: null }
      const over = now + 60 * minute
      // Between the index's answer and the removal somebody begins anew.
      engine.onRequest((asked) => {
        if (asked.operation === "DeleteItem") stale.found = asked
        return asked.operation === "DeleteItem" ? refusal("ConditionalCheckFailedException") : pass
      })
      yield* accounts.purge(over)
      assert.include(stale.found?.body ?? "", "isk <= :now")
      engine.onRequest(() => pass)
      assert.strictEqual((yield* accounts.begin(idempotencyKey, request(now + 1))).kind, "in_progress")
    })
  )

  inTable(
    "scans nothing and reads its table consistently",
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const before = engine.asked.length
      yield* accounts.createUser(user, key)
      yield* accounts.users(null, 10)
      yield* accounts.findKey(key.digest)
      yield* accounts.revokeKey(user.id, key.id, now)
      yield* accounts.begin(idempotencyKey, request(now))
      yield* accounts.finish(idempotencyKey, {
        status: 200,
        body: "{}",
        keepUntil: now,
        leaseUntil: request(now).leaseUntil
      })
      yield* accounts.abandon(idempotencyKey, request(now).leaseUntil)
      yield* (yield* Store).jobProgress("job", "2026-11-18")
      yield* accounts.purge(now)
      const asked = engine.asked.slice(before)
      assert.isAbove(asked.length, 30)
      assert.deepStrictEqual(
        asked.filter(({ operation }) => /Scan|ExecuteStatement/.test(operation)),
        []
      )
      const loose = asked
        .filter(({ operation }) => operation === "GetItem" || operation === "Query")
        .map(({ body }) => JSON.parse(body) as { readonly ConsistentRead?: boolean; readonly IndexName?: string })
        .filter(({ ConsistentRead, IndexName }) => ConsistentRead !== true && IndexName === undefined)
      assert.deepStrictEqual(loose, [])
    })
  )

  it.live("keeps answers and verifiers sealed, and opens them with their own key alone", () =>
    Effect.gen(function* () {
      const options = yield* engine.freshTable
      const before = engine.asked.length
      const fill = Effect.gen(function* () {
        const accounts = yield* Accounts
        yield* accounts.begin(idempotencyKey, request(now))
        yield* accounts.finish(idempotencyKey, {
          status: 201,
          body: "MARKER",
          keepUntil: now + minute,
          leaseUntil: request(now).leaseUntil
        })
        yield* accounts.putConsent({ digest: "d", userId: user.id, verifier: "MARKER", expiresAt: now + minute })
      })
      yield* Effect.provide(fill, layer({ ...options, masterKeys }))
      const sent = JSON.stringify(engine.asked.slice(before))
      assert.notInclude(sent, "MARKER")
      assert.notInclude(sent, Buffer.from("MARKER").toString("base64").slice(0, 8))
      const open = Effect.gen(function* () {
        const accounts = yield* Accounts
        return [
          yield* Effect.flip(accounts.begin(idempotencyKey, request(now))),
          yield* Effect.flip(accounts.takeConsent("d", now))
        ]
      })
      const errors = yield* Effect.provide(open, layer({ ...options, masterKeys: otherKeys }))
      assert.deepStrictEqual(
        errors.map(({ message }) => /does not open/.test(message)),
        [true, true]
      )
    })
  )

  it.live("makes its table once", () =>
    Effect.gen(function* () {
      assert.isFalse(yield* createTable(yield* engine.freshTable))
    })
  )
})

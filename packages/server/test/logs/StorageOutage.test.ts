/** O: a database outage in the server's log: one for the store, the accounts and all who ask them. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { CurrentPolicy, defaultPolicy, makeStorageWatch, Punctual, quietLogger, Store } from "@punctual/core"
import { StoreError, StoreUnavailable } from "@punctual/core"
import { Accounts, AccountsUnavailable } from "@punctual/core/accounts"
import { AccountsMemory } from "@punctual/core/testing"
import * as StorageOutage from "../../src/logs/StorageOutage.ts"
import { noon, ports } from "../Whole.ts"

const second = 1_000
const down = { is: false }
/** When an operation failed first, and when one worked first after that: what the log is held to. */
const seen: { failedAt: number | null; workedAt: number | null } = { failedAt: null, workedAt: null }
const message = "connect ECONNREFUSED 127.0.0.1:5432"

const noteOperation = Effect.map(Clock.currentTimeMillis, (now) => {
  if (down.is) seen.failedAt ??= now
  else if (seen.failedAt !== null) seen.workedAt ??= now
})

/** A database that is there or not. */
const failing = <S extends object, E>(service: S, error: (operation: string) => E): S => {
  const unless = (operation: string, work: () => unknown) =>
    Effect.flatMap(noteOperation, () => (down.is ? Effect.fail(error(operation)) : (work() as Effect.Effect<unknown>)))
  const members = Object.entries(service).map(([name, member]: readonly [string, unknown]) => [
    name,
    typeof member === "function"
      ? (...args: ReadonlyArray<unknown>) => unless(name, () => Reflect.apply(member, service, args))
      : Effect.isEffect(member)
        ? unless(name, () => member)
        : member
  ])
  return Object.fromEntries(members) as S
}

const failingStore = Layer.effect(
  Store,
  Effect.map(Store, (store) =>
    failing(store, (operation) => new StoreError({ operation, reason: new StoreUnavailable({ message }) }))
  )
)
const failingAccounts = Layer.effect(
  Accounts,
  Effect.map(Accounts, (accounts) =>
    failing(accounts, (operation) => new AccountsUnavailable({ operation, detail: message }))
  )
)

describe("O: a database outage", () => {
  it.effect("is one line with why, then quiet, then one that tells how long, whoever meets it", () => {
    const lines: Array<string> = []
    const watch = makeStorageWatch()
    const logger = Logger.map(Logger.formatLogFmt, (line) => {
      if (/level=(WARN|ERROR)/.test(line)) lines.push(line)
    })
    const system = Punctual.layer.pipe(
      Layer.provideMerge(
        StorageOutage.layer(watch).pipe(
          Layer.provide([failingStore, failingAccounts]),
          Layer.provideMerge(ports),
          Layer.provideMerge(AccountsMemory.layer)
        )
      ),
      Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0 }))
    )
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      down.is = false
      const accounts = yield* Accounts
      yield* Effect.forkChild((yield* Punctual).run)
      yield* TestClock.adjust(10 * second)
      assert.deepStrictEqual(lines, [])
      down.is = true
      const refused = yield* Effect.flip(accounts.users(null, 1))
      yield* Effect.logError("a request failed", refused)
      yield* TestClock.adjust(31 * second)
      assert.lengthOf(lines, 1, lines.join("\n"))
      assert.match(lines[0] ?? "", /storage is out of reach.*Accounts\.users.*ECONNREFUSED 127\.0\.0\.1:5432/)
      down.is = false
      yield* TestClock.adjust(30 * second)
      assert.lengthOf(lines, 2, lines.join("\n"))
      const { failedAt, workedAt } = seen
      if (failedAt === null || workedAt === null) return assert.fail("storage was not asked")
      assert.strictEqual(failedAt, noon + 10 * second)
      assert.isAtLeast(workedAt, noon + 41 * second)
      assert.include(lines[1], `storage is back after ${Math.round((workedAt - failedAt) / second)} s`)
    }).pipe(Effect.provide(Layer.merge(system, Logger.layer([quietLogger(watch, logger)]))))
  })

  it.effect("is none where storage answers with a refusal of its own", () =>
    Effect.gen(function* () {
      const watch = makeStorageWatch()
      const accounts = yield* Effect.provide(
        Accounts,
        StorageOutage.layer(watch).pipe(Layer.provide(ports), Layer.provide(AccountsMemory.layer))
      )
      yield* accounts.users(null, 1)
      assert.isNull(watch.outage)
    })
  )
})

/** O: a database outage in the log: one line, quiet, and "back after 31 s". */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { CurrentPolicy, defaultPolicy, Punctual, Store, StoreError, StoreUnavailable } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import { AccountsMemory } from "@punctual/core/testing"
import * as Outage from "../../src/logs/StorageOutage.ts"
import { noon, ports } from "../Whole.ts"

const second = 1_000
const down = { is: false }
/** When an operation failed first, and when one worked first after that: what the log is held to. */
const seen: { failedAt: number | null; workedAt: number | null } = { failedAt: null, workedAt: null }
const reason = new StoreUnavailable({ message: "connect ECONNREFUSED 127.0.0.1:5432" })

const noting = <A, E, R>(operation: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.andThen(
    Effect.map(Clock.currentTimeMillis, (now) => {
      if (down.is) seen.failedAt ??= now
      else if (seen.failedAt !== null) seen.workedAt ??= now
    }),
    operation
  )

/** A database that is there or not. */
const failing = Layer.effect(
  Store,
  Effect.map(Store, (store) => {
    const of = (operation: string, effect: () => Effect.Effect<unknown>) =>
      noting(Effect.suspend(() => (down.is ? Effect.fail(new StoreError({ operation, reason })) : effect())))
    const members = Object.entries(store).map(([name, member]: readonly [string, unknown]) => [
      name,
      typeof member === "function"
        ? (...args: ReadonlyArray<unknown>) => of(name, () => Reflect.apply(member, store, args))
        : Effect.isEffect(member)
          ? of(name, () => member as Effect.Effect<unknown>)
          : member
    ])
    return Object.fromEntries(members) as Store["Service"]
  })
)

describe("O: a database outage", () => {
  it.effect("is one line with why, then quiet, then one that tells how long", () => {
    const lines: Array<string> = []
    const watch = Outage.makeWatch()
    const logger = Logger.map(Logger.formatLogFmt, (line) => {
      if (/level=(WARN|ERROR)/.test(line)) lines.push(line)
    })
    const system = Punctual.layer.pipe(
      Layer.provideMerge(
        Outage.layer(watch).pipe(
          Layer.provide(failing),
          Layer.provideMerge(ports),
          Layer.provideMerge(AccountsMemory.layer)
        )
      ),
      Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0 }))
    )
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      down.is = false
      const punctual = yield* Punctual
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.adjust(10 * second)
      assert.deepStrictEqual(lines, [])
      down.is = true
      yield* TestClock.adjust(31 * second)
      assert.lengthOf(lines, 1, lines.join("\n"))
      assert.match(lines[0] ?? "", /storage is out of reach.*ECONNREFUSED 127\.0\.0\.1:5432/)
      down.is = false
      yield* TestClock.adjust(30 * second)
      assert.lengthOf(lines, 2, lines.join("\n"))
      const { failedAt, workedAt } = seen
      if (failedAt === null || workedAt === null) return assert.fail("storage was not asked")
      assert.isAtLeast(workedAt, noon + 41 * second)
      assert.include(lines[1], `storage is back after ${Math.round((workedAt - failedAt) / second)} s`)
    }).pipe(Effect.provide(Layer.merge(system, Logger.layer([Outage.quiet(watch, logger)]))))
  })

  it("lasts while one thing fails and others work, and ends two seconds after the last failure", () => {
    let outage = Outage.afterFailure(null, 0)
    outage = Outage.afterSuccess(outage, 1_000).outage ?? assert.fail("too soon")
    outage = Outage.afterFailure(outage, 2_900)
    outage = Outage.afterSuccess(outage, 3_000).outage ?? assert.fail("too soon")
    assert.deepStrictEqual(Outage.afterSuccess(outage, 4_900), { outage: null, back: 3_000 })
  })

  it.effect("is none where storage answers with a refusal of its own", () =>
    Effect.gen(function* () {
      const watch = Outage.makeWatch()
      const accounts = yield* Effect.provide(
        Accounts,
        Outage.layer(watch).pipe(Layer.provide(ports), Layer.provide(AccountsMemory.layer))
      )
      yield* accounts.users(null, 1)
      assert.isNull(watch.outage)
    })
  )
})

/**
 * What `Store.make` gives every store: names, spans, the port's error, and answers put together from smaller ones.
 * Judges the wiring alone, on drivers that keep nothing: whether a store keeps the port's laws is for the contract suite.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Schema } from "effect"
import { Conflict, Fenced, Store, type StoreDriver, type StoreError, StoreUnavailable } from "../../src/ports/Store.ts"
import type { Commit } from "../../src/domain/Slice.ts"
import { bot, event, slice } from "../../testing/rows/index.ts"

/** A driver's own error. */
class DriverFailed extends Schema.TaggedError<DriverFailed>()("DriverFailed", { message: Schema.String }) {}

const failed = (message: string) => Effect.fail(new DriverFailed({ message }))

type Perform = (...args: ReadonlyArray<unknown>) => Effect.Effect<never, Error>

/** A driver whose every operation is this one, but for those that it leaves out. */
const driverOf = (perform: Perform, leftOut: ReadonlyArray<string> = []): StoreDriver<string> => {
  const group = new Proxy({}, { get: (_, name) => (leftOut.includes(String(name)) ? undefined : perform) })
  const names = ["connections", "calendars", "mirror", "decisions", "workspaces", "bots", "changes", "history", "jobs"]
  const groups = Object.fromEntries(names.map((name) => [name, group]))
  // The cast: a proxy has whatever operation it is asked for, which its type can't say.
  return { handle: "handle", commitOperationsMax: 1, clock: perform, ...groups } as unknown as StoreDriver<string>
}

/** How each operation of the store fails, by name; all are called alike, for the drivers here look at no argument. */
const failuresOf = (driver: StoreDriver<string>): ReadonlyMap<string, StoreError> => {
  const { capabilities: _, ...operations } = Store.make(driver)
  return new Map(
    Object.entries(operations).map(([name, operation]) => {
      // The casts: of a union of operations TypeScript says neither what it takes nor what it answers.
      const effect = Effect.isEffect(operation) ? operation : (operation as unknown as Perform)({})
      return [name, Effect.runSync(Effect.flip(effect as Effect.Effect<never, StoreError>))]
    })
  )
}

describe("a store made of its driver", () => {
  it("calls every operation by its own name, in its error and in a span around the driver's", () => {
    const spanName: Perform = () => Effect.flatMap(Effect.orDie(Effect.currentSpan), ({ name }) => failed(name))
    const failures = failuresOf(driverOf(spanName))
    assert.isAbove(failures.size, 30)
    for (const [name, { operation, reason }] of failures) {
      assert.strictEqual(operation, name)
      assert.propertyVal(reason, "message", `Store.${name}`)
    }
  })

  it("hands its handle and the arguments on", () => {
    const seen: Array<ReadonlyArray<unknown>> = []
    const store = Store.make(driverOf((...args) => (seen.push(args), failed("asked"))))
    Effect.runSync(Effect.flip(store.connectedUsers(null, 7)))
    Effect.runSync(Effect.flip(store.nextDue([])))
    assert.deepStrictEqual(seen, [
      ["handle", null, 7],
      ["handle", []]
    ])
  })

  it("leaves the port's reasons as they are, and makes anything else unavailability with its cause", () => {
    for (const reason of [new Conflict(), new Fenced(), new StoreUnavailable({ message: "down" })]) {
      for (const error of failuresOf(driverOf(() => Effect.fail(reason))).values()) {
        assert.strictEqual(error.reason, reason)
      }
    }
    const own = new DriverFailed({ message: "the disk is full" })
    for (const { reason } of failuresOf(driverOf(() => Effect.fail(own))).values()) {
      assert.instanceOf(reason, StoreUnavailable)
      assert.deepStrictEqual([reason.message, reason.cause], ["the disk is full", own])
    }
  })

  it("asks a driver for no commit that no store could take", () => {
    const store = Store.make(driverOf(() => failed("asked")))
    const one = { bot: bot(event("one")), expected: null }
    const { userId, version } = slice()
    const commitOf = (members: Partial<Commit>): Commit => ({
      userId,
      version,
      decided: null,
      decideAt: null,
      ...members
    })
    const exitOf = (members: Partial<Commit>) => Effect.runSync(Effect.exit(store.commit(commitOf(members))))
    const endless = { ...one, bot: { ...one.bot, joinAt: Number.POSITIVE_INFINITY } }
    for (const members of [{ bots: [one, one] }, { decideAt: Number.NaN }, { bots: [endless] }]) {
      const exit = exitOf(members)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }
    const exit = exitOf({ bots: [one] })
    assert.isTrue(Exit.isFailure(exit) && !Cause.hasDies(exit.cause))
  })

  it("puts answers together that its driver does not give in one go", () => {
    const failures = failuresOf(driverOf(() => Effect.fail(new Conflict()), ["account", "listing", "botListing"]))
    const askedFirst = ["account", "listing", "botListing"].map((name) => failures.get(name)?.operation)
    assert.deepStrictEqual(askedFirst, ["connections", "events", "connections"])
  })
})

/** H2: a promise host learns what becomes of the work that it has started. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { type Ports, Store, StoreError, StoreUnavailable, type WorkPart, embed } from "../src/index.ts"
import * as CalendarMemory from "../testing/memory/CalendarMemory.ts"
import * as LauncherMemory from "../testing/memory/LauncherMemory.ts"
import * as SchedulerMemory from "../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../testing/memory/StoreMemory.ts"

const down = new Error("connect ECONNREFUSED 127.0.0.1:5432")
const away = new StoreError({
  operation: "nextDue",
  reason: new StoreUnavailable({ message: down.message, cause: down })
})

/** In-memory adapters over a store with some of its operations replaced. */
const adapters = (change: Partial<Store["Service"]> = {}): Layer.Layer<Ports> =>
  Layer.mergeAll(
    CalendarMemory.layer,
    SchedulerMemory.layer,
    SecretsMemory.layer,
    LauncherMemory.layer,
    Layer.effect(
      Store,
      Effect.map(Store, (store) => ({ ...store, ...change }))
    ).pipe(Layer.provide(StoreMemory.layer))
  )

const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => assert.fail("it did not reject"),
    (error: unknown) => error
  )

describe("H2: start", () => {
  it("rejects where storage does not answer, with why", async () => {
    await using punctual = embed(adapters({ nextDue: () => Effect.fail(away) }))
    const error = await reasonOf(punctual.start())
    if (!(error instanceof StoreError)) return assert.fail(String(error))
    assert.strictEqual(error.message, "Store.nextDue: StoreUnavailable: connect ECONNREFUSED 127.0.0.1:5432")
    assert.strictEqual((error.reason as StoreUnavailable).cause, down)
  })

  it("rejects where an adapter can't be opened, with the adapter's own error", async () => {
    await using punctual = embed(Layer.effectContext<Ports, Error, never>(Effect.fail(down)))
    assert.strictEqual(await reasonOf(punctual.start()), down)
  })

  it("may be called again once storage answers", async () => {
    let isDown = true
    const nextDue = () => Effect.suspend(() => (isDown ? Effect.fail(away) : Effect.succeedNone))
    await using punctual = embed(adapters({ nextDue }))
    await reasonOf(punctual.start())
    isDown = false
    await punctual.start()
  })

  it("tells the host of failures that the work gets over, and goes on", async () => {
    const told: Array<readonly [WorkPart, Error]> = []
    const heard = Promise.withResolvers<void>()
    await using punctual = embed(adapters({ claimNext: () => Effect.fail(away) }), {
      onError: (error, part) => {
        told.push([part, error])
        heard.resolve()
        throw new Error("a host's own mistake changes nothing")
      }
    })
    await punctual.start(["sync"])
    await heard.promise
    assert.deepStrictEqual(told[0], ["sync", away])
  })

  it("ends when the object is disposed, and says so", async () => {
    const punctual = embed(adapters())
    let isClosed = false
    const closed = punctual.closed.then(() => (isClosed = true))
    await punctual.start()
    assert.isFalse(isClosed)
    await punctual[Symbol.asyncDispose]()
    assert.isTrue(await closed)
  })
})

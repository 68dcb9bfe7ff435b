/**
 * V3: a user with a long history who disconnects, deselects a calendar or switches auto-scheduling off.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Store, type UserId } from "../../../src/index.ts"
import { mirrorLimits } from "../../../src/domain/Limits.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import * as Rows from "../../../testing/rows/index.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { StoreProbe } from "../../../testing/memory/StoreMemory.ts"
import { codeOf, sources } from "../../SourceTree.ts"
import { account, ask, connected, layerOver, minute, noon, ours, review, row, settle, user } from "../Host.ts"

const history = 5_000

/** Ada with a review, its bot, and a long past; rows loaded by one decision and moved by one statement are noted. */
const huge = Effect.gen(function* () {
  const most = { loaded: 0, erased: 0, raw: 0 }
  const pace = { eraseMillis: 0 }
  const store = Layer.effect(
    Store,
    Effect.map(Store, (real) =>
      Store.of({
        ...real,
        slice: (...asked) =>
          Effect.tap(real.slice(...asked), ({ events }) =>
            Effect.sync(() => {
              most.loaded = Math.max(most.loaded, events.length)
              most.raw += events.filter(({ isVirtual, raw }) => !isVirtual && raw !== null).length
            })
          ),
        erase: (...asked) =>
          Effect.sleep(pace.eraseMillis).pipe(
            Effect.andThen(real.erase(...asked)),
            Effect.tap(({ events }) => Effect.sync(() => void (most.erased = Math.max(most.erased, events))))
          )
      })
    )
  ).pipe(Layer.provideMerge(StoreMemory.layer))
  const context = yield* Layer.build(layerOver(store))
  return { context, most, pace }
})

const long = Effect.gen(function* () {
  const host = yield* connected
  yield* host.control.create(host.calendarId, review)
  yield* settle
  const { bot } = yield* host.punctual.schedule(user, ask((yield* row(review.subject)).event.id))
  const tenant = (yield* (yield* StoreProbe).tenants).get(user)
  assert.isDefined(tenant)
  for (let n = 0; n < history; n++) {
    const past: CalendarEvent = Rows.event(`past ${n}`, {
      calendarId: ours(host.calendarId),
      start: noon - n * minute,
      raw: { n }
    })
    // The probe's map is not to be written to; this is the history of years that no test waits for.
    ;(tenant.events as Map<unknown, unknown>).set(past.id, { row: past, changedAt: 0, seenBy: null })
  }
  return { ...host, bot, tenant }
})

describe("V3: a user with a long history", () => {
  it.effect("disconnects batch by batch, and nothing loads what goes", () =>
    Effect.gen(function* () {
      const { context, most } = yield* huge
      yield* Effect.gen(function* () {
        const { punctual, tenant } = yield* long
        most.loaded = 0
        assert.deepInclude(yield* punctual.disconnect(user), { eventsDeleted: history + 1, schedulesCancelled: 1 })
        assert.strictEqual(tenant.events.size, 0)
        assert.isAtMost(most.loaded, 10)
        assert.isAtMost(most.erased, mirrorLimits.eraseRowsMax)
      }).pipe(Effect.provide(context))
    })
  )

  it.effect("does not hold up the sweep that finishes what broke off: it goes on where it was", () =>
    Effect.gen(function* () {
      const { context, pace } = yield* huge
      yield* Effect.gen(function* () {
        const { punctual, tenant } = yield* long
        const store = yield* Store
        const { connection } = yield* account
        const { generation, revision } = connection
        const tombstone = { ...connection, generation: generation + 1, revision: revision + 1, status: "disconnected" }
        yield* store.saveConnection({ ...tombstone, status: "disconnected", statusReason: "erasing" }, revision)
        pace.eraseMillis = mirrorLimits.eraseMillisOfOneSweep
        const started = yield* Clock.currentTimeMillis
        const sweep = Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(punctual.sweep)
          while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust(1_000)
        })
        yield* sweep
        assert.isAtMost((yield* Clock.currentTimeMillis) - started, 2 * mirrorLimits.eraseMillisOfOneSweep)
        assert.isAbove(tenant.events.size, 0)
        assert.lengthOf(yield* store.disconnecting(10), 1)
        for (let sweeps = 0; sweeps < 5; sweeps++) yield* sweep
        assert.strictEqual(tenant.events.size, 0)
        assert.lengthOf(yield* store.disconnecting(10), 0)
      }).pipe(Effect.provide(context))
    })
  )

  it.effect("deselects a calendar and switches auto-scheduling off for what is ahead alone", () =>
    Effect.gen(function* () {
      const { context, most } = yield* huge
      yield* Effect.gen(function* () {
        const { bot, calendarId, punctual, tenant } = yield* long
        most.loaded = 0
        most.raw = 0
        yield* punctual.disableAuto(user, true)
        assert.isAtMost(most.loaded, 10)
        yield* punctual.selectCalendar(user, ours(calendarId), false)
        assert.isTrue([...tenant.events.values()].every(({ row: { isDeleted } }) => isDeleted))
        assert.strictEqual(tenant.bots.get(bot.id)?.status, "Cancelled")
        assert.isAtMost(most.loaded, mirrorLimits.dropRowsMax + 10)
        assert.strictEqual(most.raw, 0)
        assert.deepStrictEqual(yield* (yield* Store).lagging(noon, null, 10), [] as ReadonlyArray<UserId>)
      }).pipe(Effect.provide(context))
    })
  )

  it("is never loaded as a whole: no use case asks for all", () => {
    const usecases = sources.filter((path) => path.startsWith("packages/core/src/usecases/"))
    assert.isAbove(usecases.length, 30)
    assert.deepStrictEqual(
      usecases.filter((path) => /kind: "all"/.test(codeOf(path))),
      []
    )
  })
})

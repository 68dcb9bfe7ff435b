/**
 * What the simulated world found: things that were lost for a day, or came back, when a port failed at the wrong moment.
 * Each test is one such moment by name.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Store } from "../../src/index.ts"
import { syncNow } from "../../src/usecases/sync/SyncNow.ts"
import { SecretsProbe } from "../../testing/memory/SecretsMemory.ts"
import { StoreProbe } from "../../testing/memory/StoreMemory.ts"
import {
  account,
  ask,
  botOf,
  connected,
  hour,
  layer,
  listed,
  minute,
  noon,
  ours,
  row,
  settle,
  user,
  zoom
} from "./Host.ts"

const test = (name: string, story: () => Effect.Effect<void, unknown, Layer.Success<typeof layer>>): void =>
  it.effect(name, () => Effect.suspend(story).pipe(Effect.provide(layer)))

const meeting = { subject: "Review", start: noon + 5 * hour, end: noon + 6 * hour, joinUrl: zoom }

/** One meeting, synced. */
const synced = Effect.gen(function* () {
  const host = yield* connected
  const providerId = yield* host.control.create(host.calendarId, meeting)
  yield* settle
  return { ...host, providerId, event: (yield* row("Review")).event }
})

describe("a question that the provider does not answer", () => {
  test("is asked again by the next round: a deletion is not lost behind the cursor", () =>
    Effect.gen(function* () {
      const { control, event, providerId, punctual } = yield* synced
      yield* punctual.schedule(user, ask(event.id))
      yield* control.remove(providerId)
      yield* control.failNext(1, { operation: "event" })
      yield* settle
      assert.isFalse((yield* row("Review")).event.isDeleted, "not answered is not gone")
      yield* TestClock.adjust(20 * minute)
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.statusReason, "meeting_deleted")
    }))

  test("is asked again after a full round, too", () =>
    Effect.gen(function* () {
      const { calendarId, control, event, providerId, punctual } = yield* synced
      yield* punctual.schedule(user, ask(event.id))
      yield* control.remove(providerId)
      yield* control.forgetCursors(calendarId)
      yield* control.failNext(1, { operation: "event" })
      yield* settle
      assert.isFalse((yield* row("Review")).event.isDeleted, "not answered is not gone")
      yield* TestClock.adjust(20 * minute)
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.statusReason, "meeting_deleted")
    }))
})

describe("a sync that somebody waits for", () => {
  test("goes on where another's ended between two looks: it is not told to try again", () =>
    Effect.gen(function* () {
      const { calendarId, control } = yield* synced
      yield* control.create(calendarId, { ...meeting, subject: "Later" })
      yield* TestClock.adjust(minute)
      const store = yield* Store
      let looks = 0
      const disturbed = Store.of({
        ...store,
        // The first look finds it taken; by the second one it is free.
        claimCalendar: (...asked) => (looks++ === 0 ? Effect.succeedNone : store.claimCalendar(...asked))
      })
      assert.isNull(yield* Effect.provideService(syncNow(user, ours(calendarId)), Store, disturbed))
      assert.strictEqual((yield* listed).length, 2)
    }))

  test("is told to try again where nobody may sync now", () =>
    Effect.gen(function* () {
      const { calendarId } = yield* synced
      yield* TestClock.adjust(minute)
      const store = yield* Store
      const closed = Store.of({ ...store, claimCalendar: () => Effect.succeedNone })
      const refusal = yield* Effect.provideService(syncNow(user, ours(calendarId)), Store, closed)
      assert.strictEqual(refusal?.code, "sync_in_progress")
    }))
})

describe("a secret store that is out of reach", () => {
  test("costs a calendar half a minute, not a day", () =>
    Effect.gen(function* () {
      const { calendarId, control } = yield* synced
      const secrets = yield* SecretsProbe
      yield* control.create(calendarId, { ...meeting, subject: "Later" })
      yield* secrets.failNext(1, { operation: "get" })
      yield* settle
      assert.strictEqual((yield* listed).length, 1)
      yield* TestClock.adjust(minute)
      yield* settle
      assert.strictEqual((yield* listed).length, 2)
    }))
})

describe("a disconnect", () => {
  test("does not get the credentials back from a token that rotates on the way", () =>
    Effect.gen(function* () {
      const { punctual } = yield* synced
      const secrets = yield* SecretsProbe
      // By now the access token has ended: stopping the subscription takes a new one.
      yield* TestClock.adjust(2 * hour)
      const answer = yield* punctual.disconnect(user)
      assert.isTrue(answer.subscriptionsStopped)
      assert.deepStrictEqual(yield* secrets.refs, [])
    }))
})

describe("deselecting a calendar that was interrupted", () => {
  const interrupted = Effect.gen(function* () {
    const host = yield* synced
    const store = yield* StoreProbe
    yield* host.punctual.schedule(user, ask(host.event.id))
    yield* store.failNext(1, { operation: "commit" })
    yield* Effect.flip(host.punctual.selectCalendar(user, ours(host.calendarId), false))
    return host
  })

  test("is finished by asking again", () =>
    Effect.gen(function* () {
      const { calendarId, punctual } = yield* interrupted
      const page = { limit: 10, place: null, backwards: false }
      assert.strictEqual((yield* punctual.bots(user, page)).items.length, 1)
      yield* punctual.selectCalendar(user, ours(calendarId), false)
      assert.deepStrictEqual((yield* punctual.bots(user, page)).items, [])
    }))

  test("leaves nothing that comes back when the calendar is selected again", () =>
    Effect.gen(function* () {
      const { calendarId, punctual } = yield* interrupted
      yield* punctual.selectCalendar(user, ours(calendarId), true)
      yield* settle
      assert.isFalse((yield* row("Review")).event.isDeleted)
      assert.strictEqual((yield* botOf("Review"))?.status, "Cancelled")
    }))
})

describe("auto-scheduling switched off with its bots", () => {
  test("brings none back for a meeting that was cancelled just then, although its bot was patched", () =>
    Effect.gen(function* () {
      const { control, providerId, punctual } = yield* synced
      yield* punctual.enableAuto(user, {})
      const bot = yield* botOf("Review")
      assert.isDefined(bot)
      yield* punctual.updateBot(user, bot.id, { botName: "Mine" })
      yield* control.change(providerId, { isCancelled: true })
      yield* settle
      yield* punctual.disableAuto(user, true)
      yield* control.change(providerId, { isCancelled: false })
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.status, "Cancelled")
    }))
})

describe("credentials of a running connection", () => {
  test("are kept when they rotate", () =>
    Effect.gen(function* () {
      const { credentials, punctual } = yield* synced
      const secrets = yield* SecretsProbe
      yield* TestClock.adjust(2 * hour)
      yield* punctual.syncUser(user)
      assert.strictEqual((yield* secrets.refs).length, 1)
      yield* punctual.connect(user, Redacted.make(credentials))
      assert.strictEqual((yield* secrets.refs).length, 1)
      assert.strictEqual((yield* account).connection.status, "active")
    }))
})

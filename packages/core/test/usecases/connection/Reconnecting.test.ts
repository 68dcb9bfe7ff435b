/** Connecting again while what came before is still under way: a disconnect half done, a round, credentials that are gone. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { DecryptFailed, Punctual, Secrets, SecretsError, Store } from "../../../src/index.ts"
import { connect } from "../../../src/usecases/connection/Connect.ts"
import { erase } from "../../../src/usecases/connection/Disconnect.ts"
import { syncClaimed } from "../../../src/usecases/sync/SyncCalendar.ts"
import { WakeSignal } from "../../../src/usecases/account/WakeSignal.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { account, ask, botOf, connected, hour, layer, minute, noon, ours, row, settle, user, zoom } from "../Host.ts"

const second = 1_000

describe("connecting while a worker looks for work", () => {
  it.effect("subscribes each calendar once and reads it once, and what a dead process began is taken up", () =>
    Effect.gen(function* () {
      const { accountId, control, credentials, punctual } = yield* connected
      yield* settle
      yield* control.addCalendar(accountId)
      yield* punctual.disconnect(user)
      const before = (yield* control.requests).length
      // Saving what was subscribed takes its time.
      const store = yield* Store
      const slow = Store.of({
        ...store,
        patchCalendar: (...args) => Effect.andThen(Effect.sleep(second), store.patchCalendar(...args))
      })
      const connecting = yield* Effect.forkChild(
        connect(user, Redacted.make(credentials)).pipe(
          Effect.provideService(Store, slow),
          Effect.provide(WakeSignal.layer)
        )
      )
      yield* TestClock.adjust(second / 2)
      assert.isTrue(Option.isNone(yield* punctual.syncNext), "a calendar was read before it was subscribed")
      yield* TestClock.adjust(10 * second)
      yield* Fiber.join(connecting)
      yield* settle
      const asked = (yield* control.requests).slice(before).map(({ operation }) => operation)
      const count = (operation: string): number => asked.filter((each) => each === operation).length
      assert.deepStrictEqual([count("subscribe"), count("changes")], [2, 2])

      yield* punctual.disconnect(user)
      const dying = yield* Effect.forkChild(
        connect(user, Redacted.make(credentials)).pipe(
          Effect.provideService(Store, slow),
          Effect.provide(WakeSignal.layer)
        )
      )
      yield* TestClock.adjust(second / 2)
      yield* Fiber.interrupt(dying)
      yield* TestClock.adjust(minute)
      yield* settle
      const { calendars } = yield* account
      assert.deepStrictEqual(
        calendars.map(({ subscription, syncStatus }) => [subscription !== null, syncStatus]),
        [
          [true, "ok"],
          [true, "ok"]
        ]
      )
    }).pipe(Effect.provide(layer))
  )
})

describe("a disconnect half done", () => {
  it.effect("is finished before the user connects again, and takes nothing of what comes then", () =>
    Effect.gen(function* () {
      const { calendarId, control, credentials, punctual } = yield* connected
      yield* control.create(calendarId, { subject: "Review", start: noon + 2 * hour, joinUrl: zoom })
      yield* settle
      yield* punctual.schedule(user, ask((yield* row("Review")).event.id))
      const store = yield* Store
      const { connection } = yield* account
      const { generation, revision } = connection
      const tombstone = { ...connection, generation: generation + 1, status: "disconnected", accountId: "" } as const
      yield* store.saveConnection({ ...tombstone, statusReason: "erasing", revision: revision + 1 }, revision)

      yield* punctual.connect(user, Redacted.make(credentials))
      yield* settle
      assert.isUndefined(yield* botOf("Review"), "the old bot is gone with the old connection")
      yield* punctual.schedule(user, ask((yield* row("Review")).event.id))
      yield* punctual.sweep
      assert.strictEqual((yield* botOf("Review"))?.status, "Scheduled")
    }).pipe(Effect.provide(layer))
  )
})

describe("a disconnect that the sweep is at as well", () => {
  it.effect("is done whoever is done first: the slower one is not told that storage is out of reach", () =>
    Effect.gen(function* () {
      const { punctual } = yield* connected
      const store = yield* Store
      const { connection } = yield* account
      const { generation, revision } = connection
      const tombstone = {
        ...connection,
        generation: generation + 1,
        revision: revision + 1,
        status: "disconnected",
        statusReason: "erasing"
      } as const
      yield* store.saveConnection(tombstone, revision)
      yield* punctual.sweep
      assert.lengthOf(yield* store.disconnecting(10), 0)
      yield* erase(tombstone)
      assert.lengthOf(yield* store.disconnecting(10), 0)
    }).pipe(Effect.provide(layer))
  )
})

describe("a round that began before the user connected again", () => {
  it.effect("fails with the old credentials, and the calendar is synced with the new ones soon (seed 20264645)", () =>
    Effect.gen(function* () {
      const { calendarId, control, credentials, punctual } = yield* connected
      yield* settle
      const store = yield* Store
      const claim = Option.getOrThrow(yield* store.claimCalendar(user, ours(calendarId), noon, noon + minute))
      yield* punctual.connect(user, Redacted.make(credentials))
      const { refusal } = yield* syncClaimed(claim)
      assert.strictEqual(refusal?.code, "reauthorization_required")
      yield* control.create(calendarId, { subject: "Review", start: noon + 2 * hour, joinUrl: zoom })
      yield* TestClock.adjust("1 minute")
      yield* settle
      const { calendars, connection } = yield* account
      assert.deepStrictEqual([connection.status, calendars[0]?.syncStatus], ["active", "ok"])
      assert.strictEqual((yield* row("Review")).event.subject, "Review")
    }).pipe(Effect.provide(layer))
  )
})

describe("credentials that are gone", () => {
  it.effect("show as a grant that is lost, until the user connects again", () =>
    Effect.gen(function* () {
      const { credentials, punctual } = yield* connected
      yield* settle
      const secrets = yield* Secrets
      yield* secrets.eraseAll((yield* account).connection)
      yield* TestClock.adjust("1 hour")
      yield* settle
      const lost = (yield* account).connection
      assert.deepStrictEqual([lost.status, lost.statusReason], ["reauthorization_required", "credentials_unreadable"])
      yield* punctual.connect(user, Redacted.make(credentials))
      yield* settle
      const { calendars, connection } = yield* account
      assert.deepStrictEqual([connection.status, calendars[0]?.syncStatus], ["active", "ok"])
    }).pipe(Effect.provide(layer))
  )
})

describe("V7: credentials that one process can't open", () => {
  it.effect("are its own trouble: the claim is let go, the connection stands, and whoever can reads on", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      yield* settle
      const store = yield* Store
      const secrets = yield* Secrets
      yield* control.create(calendarId, { subject: "Review", start: noon + 2 * hour, joinUrl: zoom })
      const otherKeys = Secrets.of({
        ...secrets,
        get: () => Effect.fail(new SecretsError({ operation: "get", reason: new DecryptFailed() }))
      })
      const claim = Option.getOrThrow(yield* store.claimCalendar(user, ours(calendarId), noon, noon + minute))
      const { refusal } = yield* syncClaimed(claim).pipe(Effect.provideService(Secrets, otherKeys))
      assert.strictEqual(refusal?.code, "secrets_unavailable")
      const between = yield* account
      assert.strictEqual(between.connection.status, "active")
      assert.isTrue(Option.isSome(yield* store.claimCalendar(user, ours(calendarId), noon, noon + second)), "let go")
      yield* TestClock.adjust(minute)
      yield* punctual.syncUser(user)
      assert.strictEqual((yield* row("Review")).event.subject, "Review")
    }).pipe(Effect.provide(layer))
  )

  it.effect("were once noted as a lost grant: that heals when they are read, by a day's renewal at the latest", () =>
    Effect.gen(function* () {
      const { punctual } = yield* connected
      yield* settle
      const store = yield* Store
      const noted = Effect.gen(function* () {
        const { connection } = yield* account
        const lost = { status: "reauthorization_required", statusReason: "credentials_unreadable" } as const
        yield* store.saveConnection({ ...connection, ...lost, revision: connection.revision + 1 }, connection.revision)
      })
      const standing = Effect.map(account, ({ connection }) => connection.status)
      yield* noted
      yield* punctual.renewUser(user)
      assert.strictEqual(yield* standing, "active")
      yield* noted
      yield* punctual.calendars(user)
      assert.strictEqual(yield* standing, "active")
    }).pipe(Effect.provide(layer))
  )
})

/** Secrets that take their time, so that whoever comes second has looked before the first is done. */
const slowly = Layer.effect(
  Secrets,
  Effect.map(Secrets, (real) =>
    Secrets.of({
      ...real,
      get: (ref) => Effect.andThen(Effect.sleep(second), real.get(ref)),
      put: (ref, credentials) => Effect.andThen(Effect.sleep(second), real.put(ref, credentials))
    })
  )
)
const slowLayer = Punctual.layer.pipe(
  Layer.provide(slowly),
  Layer.provideMerge(
    Layer.mergeAll(StoreMemory.layer, SchedulerMemory.layer, SecretsMemory.layer, LauncherMemory.layer)
  ),
  Layer.provideMerge(CalendarMemory.layer)
)

describe("several at once", () => {
  it.effect("who connect all succeed, and leave one connection with its credentials", () =>
    Effect.gen(function* () {
      const control = yield* CalendarMemory.CalendarControl
      const punctual = yield* Punctual
      const store = yield* Store
      const secrets = yield* Secrets
      const ada = Redacted.make(yield* control.addAccount({ email: "ada@example.com", name: "Ada" }))
      const bea = Redacted.make(yield* control.addAccount({ email: "bea@example.com", name: "Bea" }))
      for (const given of [
        [ada, ada],
        [ada, ada],
        [bea, bea, bea, bea],
        [ada, bea, ada]
      ]) {
        const racing = yield* Effect.forkChild(
          Effect.all(
            given.map((each) => Effect.exit(punctual.connect(user, each))),
            { concurrency: "unbounded" }
          )
        )
        yield* TestClock.adjust("5 minutes")
        const exits = yield* Fiber.join(racing)
        assert.strictEqual(exits.filter(Exit.isSuccess).length, given.length)
        const [connection] = yield* store.connections(user)
        assert.isDefined(connection)
        const { credentialsVersion, generation, id, status } = connection
        assert.strictEqual(status, "active")
        const kept = yield* secrets.get({ userId: user, connectionId: id, generation, version: credentialsVersion })
        assert.isTrue(Option.isSome(kept), "what the connection names is there")
      }
    }).pipe(Effect.provide(slowLayer))
  )

  it.effect("who disconnect are told that it was done, or that there is nothing to do", () =>
    Effect.gen(function* () {
      const control = yield* CalendarMemory.CalendarControl
      const punctual = yield* Punctual
      const credentials = Redacted.make(yield* control.addAccount({ email: "ada@example.com", name: "Ada" }))
      const connecting = yield* Effect.forkChild(punctual.connect(user, credentials))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(connecting)
      const racing = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 4 }, () => Effect.result(punctual.disconnect(user))),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("5 minutes")
      const told = (yield* Fiber.join(racing)).map((result) =>
        result._tag === "Success" ? "done" : result.failure._tag === "Refusal" ? result.failure.code : "StoreError"
      )
      assert.sameMembers(told, ["done", "calendar_not_connected", "calendar_not_connected", "calendar_not_connected"])
    }).pipe(Effect.provide(slowLayer))
  )
})

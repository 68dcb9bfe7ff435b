/**
 * V4: mailboxes that give no answer, and users with very many calendars, beside a user with one: when a change of that
 * one's is seen, and what the store is asked meanwhile.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  CalendarError,
  CalendarProviders,
  type Provider,
  type CalendarSession,
  type Instant,
  Punctual,
  Store,
  Unavailable,
  type UserId,
  defaultPolicy
} from "../../../src/index.ts"
import { syncSlotLimits } from "../../../src/domain/Limits.ts"
import { CalendarControl } from "../../../testing/memory/CalendarMemory.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { noon } from "../Host.ts"
import { calendarId, connectionId } from "../../../src/domain/DeterministicIds.ts"

const second = 1_000
/** As long as a client of a provider may try before it gives up. */
const hangMillis = 120 * second

interface Scene {
  /** Users whose mailbox does not answer now. */
  readonly hanging: Set<UserId>
  /** How long a mailbox that answers takes for it. */
  answerMillis: number
  /** Requests under way now, by user. */
  readonly asked: Map<UserId, number>
  /** Ends of syncs that were read to their end. */
  readonly synced: Array<{ readonly userId: UserId; readonly at: Instant }>
  claims: number
}

const newScene = (): Scene => ({ hanging: new Set(), answerMillis: 0, asked: new Map(), synced: [], claims: 0 })

const unavailable = new CalendarError({
  operation: "changes",
  reason: new Unavailable({ message: "the mailbox did not answer" })
})

/** A provider in front of some of whose mailboxes requests hang until they are given up. */
const slowProvider = (scene: Scene) =>
  Layer.effect(
    CalendarProviders,
    Effect.map(CalendarProviders, ({ all }) => {
      const slow = (real: Provider): Provider => ({
        ...real,
        open: (options) =>
          Effect.map(real.open(options), (session): CalendarSession => {
            const { userId } = options.ref
            const count = (change: number) => scene.asked.set(userId, (scene.asked.get(userId) ?? 0) + change)
            const wait = Effect.suspend(() => {
              count(1)
              return scene.hanging.has(userId)
                ? Effect.andThen(Effect.sleep(hangMillis), Effect.fail(unavailable))
                : Effect.sleep(scene.answerMillis)
            }).pipe(Effect.ensuring(Effect.sync(() => count(-1))))
            return {
              ...session,
              changes: (...args) => Stream.unwrap(Effect.as(wait, session.changes(...args)))
            }
          })
      })
      return CalendarProviders.of({ all: all.map(slow) })
    })
  ).pipe(Layer.provideMerge(CalendarMemory.layer))

const countedStore = (scene: Scene) =>
  Layer.effect(
    Store,
    Effect.map(Store, (real) =>
      Store.of({
        ...real,
        claimNext: (...args) => {
          scene.claims += 1
          return real.claimNext(...args)
        },
        finishPass: (...args) => {
          scene.synced.push({ userId: args[0].userId, at: args[1].syncedAt })
          return real.finishPass(...args)
        }
      })
    )
  ).pipe(Layer.provide(StoreMemory.layer))

/** Users with so many calendars each, read once, and a worker that runs. */
const running = Effect.fnUntraced(function* (scene: Scene, calendarsOf: Readonly<Record<string, number>>) {
  yield* TestClock.setTime(noon)
  const context = yield* Layer.build(
    Punctual.layer.pipe(
      Layer.provideMerge(
        Layer.mergeAll(
          countedStore(scene),
          SchedulerMemory.layer,
          SecretsMemory.layer,
          LauncherMemory.layer,
          slowProvider(scene)
        )
      )
    )
  )
  return yield* Effect.gen(function* () {
    const control = yield* CalendarControl
    const punctual = yield* Punctual
    const store = yield* Store
    yield* Effect.forkScoped(punctual.run)
    const users = yield* Effect.forEach(Object.entries(calendarsOf), ([name, calendars]) =>
      Effect.gen(function* () {
        const userId = `usr_${name}` as UserId
        const credentials = yield* control.addAccount({ email: `${name}@example.com`, name })
        const ids = yield* Effect.forEach(Array.from({ length: calendars }), () =>
          control.addCalendar(credentials.accountId)
        )
        yield* punctual.connect(userId, Redacted.make(credentials))
        return { userId, ids }
      })
    )
    yield* TestClock.adjust(60 * second)
    const total = users.reduce((sum, { ids }) => sum + ids.length, 0)
    assert.lengthOf(scene.synced, total)
    scene.synced.length = 0
    scene.claims = 0
    /** Something changed in all calendars of these users: they are due now. */
    const change = (changed: ReadonlyArray<UserId>) =>
      store.markChanged(
        users
          .filter(({ userId }) => changed.includes(userId))
          .flatMap(({ ids, userId }) =>
            ids.map((id) => ({ userId, calendarId: calendarId(connectionId("memory_calendar", userId), id) }))
          ),
        0
      )
    /** A meeting is made in the first calendar of one user, and the provider tells of it. */
    const tell = Effect.fnUntraced(function* (userId: UserId) {
      yield* control.takeNotifications
      const calendarId = users.find((one) => one.userId === userId)?.ids[0]
      if (calendarId === undefined) return assert.fail("no calendar")
      yield* control.create(calendarId)
      yield* punctual.receive(
        (yield* control.takeNotifications).map(({ clientState, subscriptionId }) => ({
          subscriptionId,
          clientState: Redacted.make(clientState),
          kind: "change" as const
        }))
      )
      return yield* Clock.currentTimeMillis
    })
    return { change, tell }
  }).pipe(Effect.provideContext(context))
})

const names = Array.from({ length: 8 }, (_, number) => `hangs${number}`)
const hangers = names.map((name) => `usr_${name}` as UserId)
const healthy = "usr_well" as UserId
const eightAndOne = Object.fromEntries([...names.map((name) => [name, 4]), ["well", 1]])

describe("V4: eight mailboxes that hang", () => {
  it.effect("V4: do not keep a healthy user's change from being seen at once, not even the first time", () =>
    Effect.gen(function* () {
      const scene = newScene()
      const { change, tell } = yield* running(scene, eightAndOne)
      for (const userId of hangers) scene.hanging.add(userId)
      yield* change(hangers)
      yield* TestClock.adjust(2 * defaultPolicy.idleMillis)
      assert.sameMembers(
        [...scene.asked].filter(([, count]) => count > 0).map(([userId]) => userId),
        hangers
      )
      const changedAt = yield* tell(healthy)
      yield* TestClock.adjust(60 * second)
      assert.deepStrictEqual(scene.synced, [{ userId: healthy, at: changedAt + defaultPolicy.settleMillis }])
    })
  )

  it.effect("V4: hold no slot after a moment, whenever they begin to hang", () =>
    Effect.gen(function* () {
      const scene = newScene()
      const { change, tell } = yield* running(scene, eightAndOne)
      for (const userId of hangers) scene.hanging.add(userId)
      // Theirs have been due longer: they take every slot there is.
      yield* change(hangers)
      const changedAt = yield* tell(healthy)
      yield* TestClock.adjust(hangMillis / 2)
      const [seen] = scene.synced
      assert.strictEqual(seen?.userId, healthy)
      // Twice sixteen of theirs come before it, and each time a look finds that they wait.
      assert.isAtMost(seen?.at ?? Infinity, changedAt + defaultPolicy.settleMillis + 4 * syncSlotLimits.patienceMillis)
    })
  )

  it.effect("V4: are asked one thing at a time once they did not answer, until they do", () =>
    Effect.gen(function* () {
      const scene = newScene()
      const { change } = yield* running(scene, eightAndOne)
      for (const userId of hangers) scene.hanging.add(userId)
      yield* change(hangers)
      yield* TestClock.adjust(2 * defaultPolicy.idleMillis + hangMillis)
      for (let minutes = 0; minutes < 10; minutes++) {
        yield* change(hangers)
        yield* TestClock.adjust(60 * second)
        for (const userId of hangers) assert.isAtMost(scene.asked.get(userId) ?? 0, 1, userId)
        const together = hangers.reduce((sum, userId) => sum + (scene.asked.get(userId) ?? 0), 0)
        assert.isAtMost(together, syncSlotLimits.onProbationMax)
      }
      assert.deepStrictEqual(
        scene.synced.filter(({ userId }) => hangers.includes(userId)),
        []
      )
      scene.hanging.clear()
      yield* TestClock.adjust(2 * hangMillis)
      yield* change(hangers)
      yield* TestClock.adjust(60 * second)
      assert.includeMembers(
        scene.synced.map(({ userId }) => userId),
        hangers
      )
    })
  )
})

describe("V4: one user with 300 calendars", () => {
  it.effect("V4: costs no more claims than can be run, and keeps nobody waiting", () =>
    Effect.gen(function* () {
      const scene = newScene()
      const { change } = yield* running(scene, { many: 300, well: 1 })
      const many = "usr_many" as UserId
      scene.answerMillis = 4 * second
      yield* change([many])
      yield* TestClock.adjust(defaultPolicy.idleMillis)
      scene.claims = 0
      scene.synced.length = 0
      yield* change([healthy])
      yield* TestClock.adjust(60 * second)
      const read = scene.synced.filter(({ userId }) => userId === many).length
      // Four at once, four seconds each.
      assert.isAtLeast(read, 52)
      assert.isAtMost(read, 64)
      // One claim begins a sync, one finds that no more may begin; and the looks of a minute in which nothing happens.
      assert.isAtMost(scene.claims, 3 * (read + 1) + 60_000 / defaultPolicy.idleMillis)
      assert.lengthOf(
        scene.synced.filter(({ userId }) => userId === healthy),
        1
      )
    })
  )
})

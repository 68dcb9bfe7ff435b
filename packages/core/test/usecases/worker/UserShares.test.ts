/**
 * B13: one user's defect, an odd row as a store may hold one, and everybody else's work.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { type Bot, type BotId, Punctual, Store, type UserId } from "../../../src/index.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { ask, hour, minute, noon, review, row, settle, user } from "../Host.ts"

/** Sorts before the other: its defect is met first. */
const odd = "usr_aaa" as UserId

/** What a row that can't be read does to whoever loads it. */
const broken = Effect.die(new TypeError("Cannot read properties of undefined (reading 'wanted')"))

/** Both connected; from `isBroken` on, whatever is loaded of the odd one dies. */
const story = Effect.gen(function* () {
  const state = { isBroken: false, looks: 0 }
  const store = Layer.effect(
    Store,
    Effect.map(Store, (real) => {
      const dies = (userId: UserId): boolean => {
        if (state.isBroken && userId === odd) state.looks += 1
        return state.isBroken && userId === odd
      }
      return Store.of({
        ...real,
        slice: (userId, ...more) => (dies(userId) ? broken : real.slice(userId, ...more)),
        erase: (userId, ...more) => (dies(userId) ? broken : real.erase(userId, ...more)),
        lagging: (...query) =>
          Effect.map(real.lagging(...query), (users) => (state.isBroken ? [odd, user, ...users] : users))
      })
    })
  ).pipe(Layer.provide(StoreMemory.layer))
  const context = yield* Layer.build(
    Punctual.layer.pipe(
      Layer.provideMerge(
        Layer.mergeAll(store, SchedulerMemory.layer, SecretsMemory.layer, LauncherMemory.layer, CalendarMemory.layer)
      )
    )
  )
  return { context, state }
})

/** The user's review, with a bot whose alarm the scheduler lost. */
const lostFire = Effect.gen(function* () {
  yield* TestClock.setTime(noon)
  const control = yield* CalendarMemory.CalendarControl
  const scheduler = yield* SchedulerMemory.SchedulerProbe
  const punctual = yield* Punctual
  for (const userId of [odd, user]) {
    const credentials = yield* control.addAccount({ email: `${userId}@example.com`, name: userId })
    const calendarId = yield* control.addCalendar(credentials.accountId)
    yield* punctual.connect(userId, Redacted.make(credentials))
    if (userId === user) yield* control.create(calendarId, review)
  }
  yield* settle
  const { bot } = yield* punctual.schedule(user, ask((yield* row(review.subject)).event.id))
  yield* scheduler.lose(bot.schedule)
  return { bot, punctual, scheduler }
})

const statusOf = (botId: BotId): Effect.Effect<Bot["status"] | undefined, unknown, Store> =>
  Effect.flatMap(Store, (store) =>
    Effect.map(store.bot(user, botId), (found) => (found._tag === "Some" ? found.value.status : undefined))
  )

describe("B13: one user's defect", () => {
  it.effect("does not keep the sweep from another's lost fire", () =>
    Effect.gen(function* () {
      const { context, state } = yield* story
      yield* Effect.gen(function* () {
        const { bot, punctual } = yield* lostFire
        state.isBroken = true
        yield* Effect.forkScoped(punctual.run)
        yield* TestClock.adjust(hour + 58 * minute)
        assert.strictEqual(yield* statusOf(bot.id), "Scheduled")
        yield* TestClock.adjust(3 * minute)
        assert.strictEqual(yield* statusOf(bot.id), "Launched")
      }).pipe(Effect.provide(context))
    })
  )

  it.effect("does not keep a part of the sweep from its turn, and is held back for longer and longer", () =>
    Effect.gen(function* () {
      const { context, state } = yield* story
      yield* Effect.gen(function* () {
        const { punctual } = yield* lostFire
        state.isBroken = true
        const sweepsOf = (count: number) =>
          Effect.gen(function* () {
            state.looks = 0
            for (let sweep = 0; sweep < count; sweep++) {
              assert.strictEqual((yield* punctual.sweep).usersDecided, 1, "the other's share is done")
              yield* TestClock.adjust(minute)
            }
            return state.looks
          })
        const first = yield* sweepsOf(60)
        assert.isAtMost(first, 2 * 10, "in an hour of sweeps a minute, by the two parts that load a user")
        const second = yield* sweepsOf(60)
        assert.isAtLeast(second, 1, "and tried again all the same")
        assert.isBelow(second, first)
      }).pipe(Effect.provide(context))
    })
  )
})

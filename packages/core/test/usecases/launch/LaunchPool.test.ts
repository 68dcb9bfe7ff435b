/**
 * Many bots due at once: who is claimed, who waits, and who rings for a bot when the scheduler does not.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Latch, Layer, type Scope } from "effect"
import { TestClock } from "effect/testing"
import {
  type BotId,
  type BotsOfUser,
  type LaunchOutcome,
  Launcher,
  Punctual,
  Store,
  StoreError,
  StoreUnavailable,
  type UserId
} from "../../../src/index.ts"
import { launchesMax } from "../../../src/usecases/launch/LaunchPool.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { ask, botOf, connected, hour, minute, noon, row, settle, user, zoom } from "../Host.ts"

const accepted: LaunchOutcome = { kind: "accepted", externalId: "external", isReplay: false }

/** A facade over a bot service that answers as it is told to, and the subjects it was called for. */
const withService = <A, E>(
  answer: (subject: string) => Effect.Effect<LaunchOutcome>,
  story: (
    calls: ReadonlyArray<string>
  ) => Effect.Effect<A, E, Punctual | CalendarMemory.CalendarControl | SchedulerMemory.SchedulerProbe | Scope.Scope>,
  store: Layer.Layer<Store> = StoreMemory.layer
): Effect.Effect<A, E> => {
  const calls: Array<string> = []
  const launcher = Launcher.of({
    name: "told",
    capabilities: { replays: true, lookup: false, withdraw: false },
    launch: ({ event }) =>
      Effect.suspend(() => {
        calls.push(event.summary)
        return answer(event.summary)
      }),
    lookUp: () => Effect.succeed({ kind: "absent" }),
    withdraw: () => Effect.succeed("unsupported")
  })
  const layer = Punctual.layer.pipe(
    Layer.provideMerge(
      Layer.mergeAll(
        store,
        SchedulerMemory.layer,
        SecretsMemory.layer,
        Layer.succeed(Launcher, launcher),
        CalendarMemory.layer
      )
    )
  )
  return Effect.scoped(
    Effect.provide(
      Effect.suspend(() => story(calls)),
      layer
    )
  )
}

const start = noon + hour
const joinAt = start - minute

/** Bots for meetings that begin so many milliseconds later than the others. */
const scheduled = Effect.fnUntraced(function* (meetings: Readonly<Record<string, number>>) {
  const { calendarId, control, punctual } = yield* connected
  for (const [subject, later] of Object.entries(meetings))
    yield* control.create(calendarId, { subject, start: start + later, end: start + hour, joinUrl: zoom })
  yield* TestClock.adjust(1_000)
  yield* settle
  for (const subject of Object.keys(meetings)) yield* punctual.schedule(user, ask((yield* row(subject)).event.id))
  return { punctual }
})

/** All slots of a process, and one bot that joins so long after those who take them. */
const fullBut = Effect.fnUntraced(function* (laterMillis: number) {
  const { calendarId, control, punctual } = yield* connected
  const subjects = Array.from({ length: launchesMax }, (_, index) => `Crowd ${index}`)
  for (const subject of subjects)
    yield* control.create(calendarId, { subject, start, end: start + hour, joinUrl: zoom })
  const last = { subject: "Last", start: start + laterMillis, end: start + hour, joinUrl: zoom }
  const providerId = yield* control.create(calendarId, last)
  yield* settle
  yield* punctual.enableAuto(user, {})
  yield* Effect.forkScoped(punctual.run)
  yield* TestClock.setTime(joinAt + 1_000)
  return { control, providerId }
})

const full = fullBut(1_000)

describe("more bots due than may be handed over at once", () => {
  it.effect("are claimed when their turn comes, by what is then true", () => {
    const open = Latch.makeUnsafe(false)
    return withService(
      () => Effect.as(open.await, accepted),
      (calls) =>
        Effect.gen(function* () {
          const { control, providerId } = yield* full
          assert.lengthOf(calls, launchesMax)
          assert.strictEqual((yield* botOf("Crowd 7"))?.status, "Launching")
          assert.strictEqual((yield* botOf("Last"))?.status, "Scheduled", "nothing is claimed that can't be called")
          yield* control.change(providerId, { isCancelled: true })
          yield* settle
          yield* TestClock.adjust(2_000)
          yield* open.open
          yield* TestClock.adjust(minute)
          assert.strictEqual((yield* botOf("Crowd 7"))?.status, "Launched")
          assert.strictEqual((yield* botOf("Last"))?.statusReason, "meeting_cancelled")
          assert.notInclude(calls, "Last")
        })
    )
  })

  it.effect("are not held up by those that pause between two attempts", () =>
    withService(
      (subject) =>
        Effect.succeed<LaunchOutcome>(
          subject === "Last" ? accepted : { kind: "retry", afterMillis: 20_000, definite: true, message: "busy" }
        ),
      (calls) =>
        Effect.gen(function* () {
          yield* full
          assert.lengthOf(calls, launchesMax + 1)
          assert.strictEqual((yield* botOf("Last"))?.status, "Launched")
          assert.strictEqual((yield* botOf("Crowd 7"))?.status, "Launching")
          yield* TestClock.adjust(21_000)
          assert.lengthOf(calls, 2 * launchesMax + 1, "each is tried again once its pause is over")
        })
    )
  )

  it.effect("lose no attempt of theirs to a ring for the same bot that waits for a slot as well", () => {
    const open = Latch.makeUnsafe(false)
    const busy: LaunchOutcome = { kind: "retry", afterMillis: 20_000, definite: true, message: "busy" }
    let asked = 0
    return withService(
      (subject) =>
        subject === "Last" ? Effect.sync(() => (++asked === 1 ? busy : accepted)) : Effect.as(open.await, accepted),
      () =>
        Effect.gen(function* () {
          yield* fullBut(-500)
          const bot = yield* botOf("Last")
          assert.strictEqual(bot?.status, "Launching")
          yield* (yield* SchedulerMemory.SchedulerProbe).fire(yield* scheduleOf("Last"))
          yield* TestClock.adjust(26_000)
          assert.strictEqual(asked, 1, "there is no slot")
          yield* open.open
          // In steps: each begins once what the one before has woken has gone on.
          yield* Effect.repeat(TestClock.adjust(1_000), { times: 3 })
          assert.strictEqual((yield* botOf("Last"))?.status, "Launched")
        })
    )
  })
})

const scheduleOf = Effect.fnUntraced(function* (subject: string) {
  const { id, joinAt: at, schedule } = (yield* botOf(subject)) ?? assert.fail("no bot")
  return { userId: user, botId: id, name: schedule.name, group: schedule.group, at, revision: schedule.wanted }
})

describe("a bot that the scheduler has forgotten", () => {
  it.effect("is rung for two seconds after it was due; others are the scheduler's", () =>
    withService(
      () => Effect.succeed(accepted),
      (calls) =>
        Effect.gen(function* () {
          const { punctual } = yield* scheduled({ Forgotten: 0, Known: 0 })
          const bot = yield* botOf("Forgotten")
          assert.isDefined(bot)
          const probe = yield* SchedulerMemory.SchedulerProbe
          yield* probe.lose(bot.schedule)
          yield* Effect.forkScoped(punctual.runParts(["launch", "ring"]))
          yield* TestClock.setTime(joinAt + 1_999)
          assert.deepStrictEqual(calls, ["Known"])
          yield* TestClock.adjust(1)
          assert.deepStrictEqual(calls, ["Known", "Forgotten"])
        })
    )
  )
})

describe("a meeting that moves away while its bot is on its way", () => {
  it.effect("gets another bot, also where nobody looked once that one was launched (L4)", () => {
    const open = Latch.makeUnsafe(false)
    // The first look after the launch fails, as if its process had died.
    const lost = { isArmed: false, isAway: false }
    const away = new StoreError({ operation: "slice", reason: new StoreUnavailable({ message: "told to be away" }) })
    const store = Layer.effect(
      Store,
      Effect.map(Store, (real) => ({
        ...real,
        slice: (...asked: Parameters<typeof real.slice>) =>
          Effect.suspend(() => (lost.isAway ? Effect.fail(away) : real.slice(...asked))),
        writeBots: (writes: Parameters<typeof real.writeBots>[0]) =>
          Effect.tap(real.writeBots(writes), () =>
            Effect.sync(() => {
              if (writes.some(({ bot }) => bot.status === "Launched")) lost.isAway = lost.isArmed
            })
          )
      }))
    ).pipe(Layer.provide(StoreMemory.layer))
    return withService(
      () => Effect.as(open.await, accepted),
      (calls) =>
        Effect.gen(function* () {
          const { calendarId, control, punctual } = yield* connected
          const id = yield* control.create(calendarId, { subject: "Moves", start, end: start + hour, joinUrl: zoom })
          yield* settle
          yield* punctual.enableAuto(user, {})
          yield* Effect.forkScoped(punctual.run)
          yield* TestClock.setTime(joinAt)
          assert.deepStrictEqual(calls, ["Moves"])
          yield* control.change(id, { start: start + 5 * hour, end: start + 6 * hour })
          yield* settle
          yield* TestClock.adjust(1_000)
          yield* settle
          lost.isArmed = true
          yield* open.open
          yield* TestClock.adjust(1_000)
          assert.strictEqual((yield* botOf("Moves"))?.status, "Launched")
          lost.isAway = false
          yield* Effect.repeat(TestClock.adjust(minute), { times: 10 })
          const bot = yield* botOf("Moves")
          assert.deepStrictEqual([bot?.status, bot?.start], ["Scheduled", start + 5 * hour])
        }),
      store
    )
  })
})

describe("a bot whose record breaks whoever reads it", () => {
  it.effect("keeps nobody else's from being launched on time", () => {
    const broken = { id: null as BotId | null }
    const store = Layer.effect(
      Store,
      Effect.map(Store, (real) => ({
        ...real,
        bot: (userId: UserId, botId: BotId) =>
          botId === broken.id ? Effect.die(new Error("told to break")) : real.bot(userId, botId),
        slicesOfBots: (asked: ReadonlyArray<BotsOfUser>, now: number) =>
          asked.some(({ botIds }) => botIds.some((botId) => botId === broken.id))
            ? Effect.die(new Error("told to break"))
            : real.slicesOfBots(asked, now)
      }))
    ).pipe(Layer.provide(StoreMemory.layer))
    return withService(
      () => Effect.succeed(accepted),
      (calls) =>
        Effect.gen(function* () {
          const { punctual } = yield* scheduled({ Broken: 0, Whole: 0, Later: 500 })
          broken.id = (yield* botOf("Broken"))?.id ?? null
          assert.isNotNull(broken.id)
          yield* Effect.forkScoped(punctual.run)
          yield* TestClock.setTime(joinAt)
          assert.deepStrictEqual(calls, ["Whole"])
          yield* TestClock.adjust(500)
          assert.deepStrictEqual(calls, ["Whole", "Later"])
        }),
      store
    )
  })
})

/**
 * Requests that come while a series has moved in the mirror and nothing was decided about it yet: the sync wrote its rows
 * and failed before it decided. Each request must mean the occurrences where they are now.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { type Bot, Punctual, Store, StoreError, StoreUnavailable } from "../../../src/index.ts"
import { beginLaunch } from "../../../src/usecases/launch/LaunchBot.ts"
import { syncNow } from "../../../src/usecases/sync/SyncNow.ts"
import { ask, connected, day, hour, layer, listed, noon, ours, settle, user, zoom } from "../Host.ts"

const test = (name: string, story: () => Effect.Effect<void, unknown, Layer.Success<typeof layer>>): void =>
  it.effect(name, () => Effect.suspend(story).pipe(Effect.provide(layer)))

/** Mondays at 15:00 UTC, from the 16th of March on: the present is Tuesday the 10th. */
const weekly = (weekday: "MO" | "TU", startDate: string) =>
  ({
    rule: {
      kind: "pattern",
      pattern: { kind: "weekly", interval: 1, days: [weekday], weekStart: "MO" },
      range: { kind: "noEnd" }
    },
    startDate,
    startTime: 15 * hour,
    durationMillis: hour,
    zone: "UTC"
  }) as const

const mondays = [0, 1, 2, 3].map((week) => noon + 6 * day + 3 * hour + week * 7 * day)
const tuesdays = mondays.map((start) => start + day)

/** Four Mondays; with `bots`, each has one. */
const series = Effect.gen(function* () {
  const host = yield* connected
  const providerId = yield* host.control.createSeries(host.calendarId, {
    timing: weekly("MO", "2026-03-16"),
    subject: "Stand-up",
    joinUrl: zoom
  })
  yield* settle
  const first = (yield* listed).find(({ event }) => event.start === mondays[0])?.event
  assert.isNotNull(first?.seriesId ?? null)
  assert.isDefined(first)
  return { ...host, providerId, first, seriesId: first.seriesId ?? ("" as never) }
})

const fourBots = Effect.gen(function* () {
  const host = yield* series
  const { bots } = yield* host.punctual.schedule(user, ask(host.seriesId, { allOccurrences: true, occurrenceLimit: 4 }))
  assert.deepStrictEqual(starts(bots), mondays)
  return { ...host, bots }
})

const reason = new StoreUnavailable({ message: "asked to fail by a test" })

/** The series moves to Tuesday; the mirror has it, and the sync fails before it decides. */
const movedUndecided = Effect.fnUntraced(function* (host: Effect.Success<typeof series>) {
  const store = yield* Store
  yield* host.control.changeSeries(host.providerId, { timing: weekly("TU", "2026-03-17") })
  const undecided = Store.of({
    ...store,
    slice: (userId, scope, now) =>
      scope.kind === "changed"
        ? Effect.fail(new StoreError({ operation: "slice", reason }))
        : store.slice(userId, scope, now)
  })
  const synced = yield* Effect.exit(Effect.provideService(syncNow(user, ours(host.calendarId)), Store, undecided))
  assert.strictEqual(synced._tag, "Failure", "the sync did not come to decide")
  const rows = (yield* listed).filter(({ event }) => event.start === tuesdays[0] && !event.isDeleted)
  assert.strictEqual(rows.length, 1, "the mirror has moved")
  return rows[0]?.event ?? host.first
})

/** Bots that are `Scheduled`, by start, once everything is decided. */
const standing = Effect.gen(function* () {
  const punctual = yield* Punctual
  yield* punctual.sweep
  return (yield* punctual.bots(user, { limit: 400, place: null, backwards: false })).items
})

const starts = (bots: ReadonlyArray<Bot>): ReadonlyArray<number> => bots.map(({ start }) => start)

describe("a series that moved and is not decided yet", () => {
  test("keeps a bot of it removed, on its new day", () =>
    Effect.gen(function* () {
      const host = yield* fourBots
      const second = host.bots[1]
      assert.isDefined(second)
      yield* movedUndecided(host)
      assert.strictEqual((yield* host.punctual.removeBot(user, second.id)).status, "Cancelled")
      assert.deepStrictEqual(
        starts(yield* standing),
        tuesdays.filter((_, place) => place !== 1)
      )
    }))

  test("keeps what was changed on one of its bots, on its new day", () =>
    Effect.gen(function* () {
      const host = yield* fourBots
      const second = host.bots[1]
      assert.isDefined(second)
      yield* movedUndecided(host)
      yield* host.punctual.updateBot(user, second.id, { botName: "Scribe" })
      assert.deepStrictEqual(
        (yield* standing).map(({ botName, start }) => (botName === "Scribe" ? start : null)),
        [null, tuesdays[1], null, null]
      )
    }))

  test("keeps an occurrence unscheduled by its event", () =>
    Effect.gen(function* () {
      const host = yield* fourBots
      const first = yield* movedUndecided(host)
      const { cancelled } = yield* host.punctual.unschedule(user, {
        eventId: first.id,
        allOccurrences: false,
        fromDate: null
      })
      assert.strictEqual(cancelled.length, 1, "the answer names the bot that went")
      assert.deepStrictEqual(starts(yield* standing), tuesdays.slice(1))
    }))

  test("ends from a date on, by its new dates", () =>
    Effect.gen(function* () {
      const host = yield* fourBots
      yield* movedUndecided(host)
      const { cancelled } = yield* host.punctual.unschedule(user, {
        eventId: host.seriesId,
        allOccurrences: true,
        fromDate: "2026-03-24"
      })
      assert.strictEqual(cancelled.length, 3)
      assert.deepStrictEqual(starts(yield* standing), tuesdays.slice(0, 1))
    }))

  test("has no second bot where one stands already", () =>
    Effect.gen(function* () {
      const host = yield* fourBots
      const first = yield* movedUndecided(host)
      const refusal = yield* Effect.flip(host.punctual.schedule(user, ask(first.id)))
      assert.include({ ...refusal }, { code: "bot_already_scheduled" })
      assert.deepStrictEqual(starts(yield* standing), tuesdays)
    }))

  test("keeps its next occurrence unscheduled by its series", () =>
    Effect.gen(function* () {
      const host = yield* fourBots
      yield* movedUndecided(host)
      const { cancelled } = yield* host.punctual.unschedule(user, {
        eventId: host.seriesId,
        allOccurrences: false,
        fromDate: null
      })
      assert.strictEqual(cancelled.length, 1)
      assert.deepStrictEqual(starts(yield* standing), tuesdays.slice(1))
    }))

  test("keeps the bot that a chain made, on its new day, when the chain is switched off", () =>
    Effect.gen(function* () {
      const host = yield* series
      yield* host.punctual.toggleRecurrence(user, host.first.id, true)
      assert.deepStrictEqual(starts(yield* standing), mondays.slice(0, 1))
      yield* movedUndecided(host)
      yield* host.punctual.toggleRecurrence(user, host.seriesId, false)
      assert.deepStrictEqual(starts(yield* standing), tuesdays.slice(0, 1))
    }))

  test("launches no bot of it on the old day, and loses none", () =>
    Effect.gen(function* () {
      const host = yield* fourBots
      const first = host.bots[0]
      assert.isDefined(first)
      yield* movedUndecided(host)
      yield* TestClock.setTime(first.joinAt)
      const begun = yield* beginLaunch(user, first.id)
      assert.isTrue(Option.isNone(begun), "not due any more")
      const bots = yield* standing
      assert.deepStrictEqual(starts(bots), tuesdays)
      assert.strictEqual(bots[0]?.id, first.id, "the same bot, moved")
    }))
  test("goes on as a chain from the occurrence named, with its configuration", () =>
    Effect.gen(function* () {
      const host = yield* series
      const { bot } = yield* host.punctual.schedule(
        user,
        ask(host.first.id, { config: { bot_name: "Scribe" }, recurring: true })
      )
      assert.strictEqual(bot.start, mondays[0])
      const first = yield* movedUndecided(host)
      yield* host.punctual.toggleRecurrence(user, first.id, true)
      assert.deepStrictEqual(
        (yield* standing).map(({ botName, start }) => [botName, start]),
        [["Scribe", tuesdays[0]]]
      )
      yield* host.punctual.toggleRecurrence(user, first.id, false)
      yield* host.punctual.unschedule(user, { eventId: first.id, allOccurrences: false, fromDate: null })
      assert.deepStrictEqual(starts(yield* standing), [])
    }))
})

/** The knobs of the in-memory adapters do what they say: a test that asks for a fault gets one, at the moment it names. */
import { assert, layer } from "@effect/vitest"
import { Clock, Effect, Exit, Fiber, Option, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { BotId, CalendarId, ProviderCalendarId, ScheduleName, UserId } from "../../src/domain/Ids.ts"
import type { RecurringSeries } from "../../src/recurrence/Rule.ts"
import { CalendarProvider, type CalendarSession } from "../../src/ports/CalendarProvider.ts"
import { type Schedule, Scheduler, allDone } from "../../src/ports/Scheduler.ts"
import { Store } from "../../src/ports/Store.ts"
import { bot } from "../../testing/contract/store/Rows.ts"
import * as CalendarMemory from "../../testing/memory/CalendarMemory.ts"
import * as SchedulerMemory from "../../testing/memory/SchedulerMemory.ts"
import * as StoreMemory from "../../testing/memory/StoreMemory.ts"
import { address } from "../links/Fields.ts"
import { connectionId } from "../../src/domain/DeterministicIds.ts"

const minute = 60_000
const userId = "usr_probe" as UserId

layer(StoreMemory.layerWith({ commitOperationsMax: 1 }))("StoreMemory", (it) => {
  const commit = (version: number) => ({ userId, version, generation: null, decided: null, decideAt: null })

  it.effect("fails before or after the work is done, for any operation or the one named", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const probe = yield* StoreMemory.StoreProbe
      yield* probe.failNext(1)
      assert.strictEqual((yield* Effect.flip(store.commit(commit(0)))).reason._tag, "StoreUnavailable")
      assert.strictEqual((yield* store.slice(userId, { kind: "all" }, 0)).version, 0)
      yield* probe.failNext(1, { moment: "after", operation: "commit" })
      assert.strictEqual((yield* store.slice(userId, { kind: "all" }, 0)).version, 0)
      assert.strictEqual((yield* Effect.flip(store.commit(commit(0)))).reason._tag, "StoreUnavailable")
      assert.strictEqual((yield* store.slice(userId, { kind: "all" }, 0)).version, 1)
      assert.strictEqual((yield* probe.tenants).get(userId)?.version, 1)
    })
  )

  it.effect("dies of commits that no durable store could take, and takes one as large as it says", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const writes = ["a", "b"].map((label) => ({
        bot: bot(`bot_${label}` as BotId, label, "AAMk=" as CalendarId),
        expected: null
      }))
      for (const members of [{ decideAt: -Infinity }, { bots: writes }]) {
        const exit = yield* Effect.exit(store.commit({ ...commit(1), ...members }))
        assert.isTrue(Exit.hasDies(exit))
      }
      const [first = assert.fail()] = writes
      yield* store.commit({ ...commit(1), bots: [first] })
      assert.strictEqual((yield* store.slice(userId, { kind: "all" }, 0)).version, 2)
    })
  )
})

layer(SchedulerMemory.layer)("SchedulerMemory", (it) => {
  const schedule = (label: string, at: number): Schedule => ({
    name: `bot-${label}` as ScheduleName,
    group: "zoom",
    at,
    revision: 1,
    userId,
    botId: `bot_${label}` as BotId
  })

  it.effect("loses what it is told to lose, and delivers whatever it is told to fire", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const probe = yield* SchedulerMemory.SchedulerProbe
      const [lost, kept, stale] = [schedule("lost", 1), schedule("kept", minute), schedule("stale", 9 * minute)]
      yield* scheduler.put([lost, kept])
      yield* probe.lose(lost)
      assert.deepStrictEqual(yield* probe.schedules, [kept])
      const batches = yield* Effect.forkScoped(Stream.runCollect(Stream.take(scheduler.fires(0), 2)))
      yield* Effect.yieldNow
      yield* probe.fire(stale)
      yield* TestClock.adjust(minute)
      const fires = (yield* Fiber.join(batches)).flat()
      assert.deepStrictEqual(
        fires.map(({ botId }) => botId),
        [stale.botId, kept.botId]
      )
    })
  )

  it.effect("fails when asked to, with or without the work done", () =>
    Effect.gen(function* () {
      const scheduler = yield* Scheduler
      const probe = yield* SchedulerMemory.SchedulerProbe
      const one = schedule("one", 99 * minute)
      yield* probe.failNext(1, { operation: "put" })
      assert.isTrue((yield* Effect.flip(allDone(scheduler.put([one])))).isRetryable)
      assert.notDeepInclude(yield* probe.schedules, one)
      yield* probe.failNext(1, { operation: "put", moment: "after" })
      yield* Effect.flip(allDone(scheduler.put([one])))
      assert.deepInclude(yield* probe.schedules, one)
    })
  )
})

layer(CalendarMemory.layerWith({ pageSize: 4 }))("CalendarMemory", (it) => {
  const account = Effect.gen(function* () {
    const control = yield* CalendarMemory.CalendarControl
    const provider = yield* CalendarProvider
    const { accountId, ...credentials } = yield* control.addAccount()
    const calendarId = yield* control.addCalendar(accountId)
    const rotated: Array<string> = []
    const session = yield* provider.open({
      ref: {
        userId: accountId as UserId,
        connectionId: connectionId(provider.platform, accountId as UserId),
        generation: 1,
        version: 1
      },
      credentials: Redacted.make(credentials),
      notBefore: null,
      onRotated: (next) => Effect.sync(() => void rotated.push(Redacted.value(next).refreshToken))
    })
    return { accountId, calendarId, control, rotated, session }
  })

  it.effect("tells every live subscriber of each change, and nobody after it ended", () =>
    Effect.gen(function* () {
      const { calendarId, control, session } = yield* account
      const granted = yield* session.subscribe(calendarId)
      const id = yield* control.create(calendarId)
      yield* control.change(id, { isCancelled: true })
      const clientState = Redacted.value(granted.clientState)
      const told = { subscriptionId: granted.id, clientState, calendarId }
      assert.deepStrictEqual(yield* control.takeNotifications, [told, told])
      yield* TestClock.adjust(11_000 * minute)
      yield* control.remove(id)
      assert.deepStrictEqual(yield* control.takeNotifications, [])
      assert.strictEqual((yield* Effect.flip(session.renew(calendarId, granted.id))).reason._tag, "SubscriptionGone")
    })
  )

  it.effect("is not reached before the time it named", () =>
    Effect.gen(function* () {
      const { accountId, control, session } = yield* account
      const count = Effect.map(control.requests, (all) => all.filter((each) => each.accountId === accountId).length)
      const now = yield* Clock.currentTimeMillis
      yield* control.throttle(accountId, now + minute)
      yield* Effect.flip(session.calendars)
      assert.strictEqual(yield* count, 1)
      yield* Effect.flip(session.calendars)
      assert.strictEqual(yield* count, 1)
      yield* TestClock.adjust(minute)
      yield* session.calendars
      assert.strictEqual(yield* count, 2)
    })
  )

  it.effect("hands over a rotated token once the access token has run out, and not before", () =>
    Effect.gen(function* () {
      const { rotated, session } = yield* account
      yield* session.calendars
      yield* session.calendars
      assert.lengthOf(rotated, 1)
      yield* TestClock.adjust(61 * minute)
      yield* session.calendars
      assert.lengthOf(new Set(rotated), 2)
    })
  )

  it.effect("says what takes place, and follows a link that changes", () =>
    Effect.gen(function* () {
      const { calendarId, control, session } = yield* account
      const now = yield* Clock.currentTimeMillis
      const id = yield* control.create(calendarId, { start: now, joinUrl: null })
      yield* control.change(id, { joinUrl: "https://zoom.us/j/123456789" })
      const [taking] = yield* control.taking(calendarId, { from: now, to: now + 1 })
      assert.deepStrictEqual(Option.fromUndefinedOr(taking), yield* session.event(calendarId, id))
      assert.deepStrictEqual(taking?.linkFields, address("https://zoom.us/j/123456789"))
      yield* control.failNext(1, { operation: "event" })
      assert.isTrue((yield* Effect.flip(session.event(calendarId, id))).isRetryable)
    })
  )

  it.effect("says that a secret has expired, and opens again once there is another", () =>
    Effect.gen(function* () {
      const { accountId, control, session } = yield* account
      yield* control.setSecretExpired(accountId, true)
      const { reason } = yield* Effect.flip(session.calendars)
      assert.isTrue(reason._tag === "SecretRejected" && reason.expired)
      yield* control.setSecretExpired(accountId, false)
      yield* session.calendars
    })
  )

  it.effect("says when the occurrences of a series take place, and tells a series on one page", () =>
    Effect.gen(function* () {
      const { calendarId, control, session } = yield* account
      const timing: RecurringSeries = {
        rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "numbered", count: 3 } },
        startDate: "2026-06-17",
        startTime: 0,
        durationMillis: minute,
        zone: "UTC"
      }
      const span = { from: Date.UTC(2026, 5, 1), to: Date.UTC(2026, 6, 1) }
      const series = yield* control.createSeries(calendarId, { timing })
      yield* control.changeOccurrence(series, "2026-06-18", { subject: "otherwise", isCancelled: true })
      yield* control.create(calendarId, { start: span.from })
      const taking = yield* control.taking(calendarId, span)
      assert.deepStrictEqual(
        taking.map(({ kind, subject }) => [kind, subject.startsWith("Meeting") ? "…" : subject]),
        [
          ["occurrence", "…"],
          ["occurrence", "…"],
          ["exception", "otherwise"],
          ["single", "…"]
        ]
      )
      const pages = yield* Stream.runCollect(session.view(calendarId, span))
      assert.deepStrictEqual(
        pages.map(({ items }) => items.length),
        [4, 1]
      )
    })
  )

  it.effect("makes meetings of an hour in an hour, and prolongs what is renewed", () =>
    Effect.gen(function* () {
      const { calendarId, control, session } = yield* account
      const now = yield* Clock.currentTimeMillis
      const id = yield* control.create(calendarId)
      const { end, start, zone } = Option.getOrThrow(yield* session.event(calendarId, id))
      assert.deepStrictEqual([start, end, zone], [now + 60 * minute, now + 120 * minute, "UTC"])
      const { expiresAt, id: subscription } = yield* session.subscribe(calendarId)
      yield* TestClock.adjust(minute)
      assert.deepStrictEqual(yield* session.renew(calendarId, subscription), {
        id: subscription,
        clientState: null,
        expiresAt: expiresAt + minute
      })
      const listed = yield* session.subscriptions
      assert.deepStrictEqual(
        listed.map((each) => each.expiresAt),
        [expiresAt + minute]
      )
    })
  )

  it.effect("forgets what was changed under a pattern once there is another", () =>
    Effect.gen(function* () {
      const { calendarId, control, session } = yield* account
      const timing: RecurringSeries = {
        rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
        startDate: "2026-06-17",
        startTime: 0,
        durationMillis: minute,
        zone: "UTC"
      }
      const series = yield* control.createSeries(calendarId, { timing })
      const start = Date.UTC(2026, 5, 20)
      yield* control.changeOccurrence(series, "2026-06-18", { start })
      yield* control.deleteOccurrence(series, "2026-06-19")
      const told = Option.getOrThrow(yield* session.series(calendarId, series))
      assert.deepStrictEqual(
        told.exceptions?.map((each) => [each.start, each.end]),
        [[start, start + minute]]
      )
      yield* control.changeSeries(series, { subject: "renamed" })
      assert.deepStrictEqual(yield* dates(session, calendarId, series), [["2026-06-19"], 1])
      yield* control.changeSeries(series, { timing: { ...timing, startTime: minute } })
      assert.deepStrictEqual(yield* dates(session, calendarId, series), [[], 0])
    })
  )

  it.effect("forgets subscriptions without telling anybody", () =>
    Effect.gen(function* () {
      const { calendarId, control, session } = yield* account
      yield* session.subscribe(calendarId)
      yield* control.forgetSubscriptions(calendarId)
      assert.deepStrictEqual(yield* session.subscriptions, [])
      yield* control.create(calendarId)
      assert.deepStrictEqual(yield* control.takeNotifications, [])
    })
  )
})

/** What differs from the pattern of a series: dates taken out, and how many occurrences were changed. */
const dates = (session: CalendarSession, calendarId: ProviderCalendarId, series: string) =>
  Effect.map(session.series(calendarId, series), (found) => {
    const { cancelledDates, exceptions } = Option.getOrThrow(found)
    return [cancelledDates, exceptions?.length]
  })

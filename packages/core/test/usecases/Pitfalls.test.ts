/**
 * What other systems of this kind get wrong about keeping up with a calendar, each as a test of its own with who reported
 * it, through the facade and in-memory adapters. What only Graph itself does wrong is tried beside its adapter.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import {
  account,
  ask,
  botOf,
  connected,
  day,
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

const test = (name: string, story: () => Effect.Effect<void, unknown, Effect.Services<typeof connected>>): void =>
  it.effect(name, () => Effect.suspend(story).pipe(Effect.provide(layer)))

/** One meeting, synced, with a bot asked for by hand. */
const scheduled = Effect.gen(function* () {
  const host = yield* connected
  const meeting = { subject: "Review", start: noon + 5 * hour, end: noon + 6 * hour, joinUrl: zoom }
  const providerId = yield* host.control.create(host.calendarId, meeting)
  yield* settle
  const { event } = yield* row("Review")
  const { bot } = yield* host.punctual.schedule(user, ask(event.id))
  return { ...host, providerId, event, bot }
})

describe("notifications", () => {
  test("fault 1: the client state was never compared, and one unknown subscription dropped the whole batch", () =>
    Effect.gen(function* () {
      const { bot, control, providerId, punctual } = yield* scheduled
      yield* control.change(providerId, { start: noon + 7 * hour })
      const [genuine] = yield* control.takeNotifications
      if (genuine === undefined) return yield* Effect.die("nobody was told")
      const { clientState, subscriptionId } = genuine
      const told = (id: string, state: string) => ({
        subscriptionId: id,
        clientState: Redacted.make(state),
        kind: "change" as const
      })
      yield* punctual.receive([told(subscriptionId, `${clientState}x`), told(subscriptionId, "")])
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.joinAt, bot.joinAt, "a forged notification moved a bot")
      // Asked at once, they are made durable together, and judged alone.
      const answers = yield* Effect.all(
        [
          punctual.receive([told(subscriptionId, `${clientState}x`)]),
          punctual.receive([told("nobody's", clientState), told(subscriptionId, clientState)]),
          punctual.receive([]),
          punctual.receive([
            told(subscriptionId, clientState),
            told(subscriptionId, ""),
            told(subscriptionId, clientState)
          ])
        ],
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        answers.map(({ accepted, ignored }) => [accepted, ignored]),
        [
          [0, 1],
          [1, 1],
          [0, 0],
          [2, 1]
        ]
      )
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.joinAt, noon + 7 * hour - minute)
    }))

  test("lost for good (msteams-docs#11558, graph-docs#6709): the change is seen all the same within a quarter of an hour", () =>
    Effect.gen(function* () {
      const { control, providerId } = yield* scheduled
      yield* control.change(providerId, { start: noon + 7 * hour })
      yield* control.takeNotifications
      yield* TestClock.adjust(15 * minute)
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.joinAt, noon + 7 * hour - minute)
    }))

  test("a calendar that allows none (close.io#453, shared calendars): it is polled, and says why", () =>
    Effect.gen(function* () {
      const { accountId, control, punctual } = yield* connected
      const shared = yield* control.addCalendar(accountId, { summary: "Shared", isPrimary: false })
      yield* control.refuseSubscriptions(shared, { code: "ErrorAccessDenied", message: "Access is denied." })
      yield* punctual.calendars(user)
      yield* settle
      yield* control.create(shared, { subject: "Retro", start: noon + 5 * hour })
      yield* TestClock.adjust(5 * minute)
      yield* settle
      assert.strictEqual((yield* row("Retro")).event.calendarId, ours(shared))
      const { calendars } = yield* account
      assert.isNotNull(calendars.find(({ providerId }) => providerId === shared)?.pollingReason)
    }))
})

describe("what is absent", () => {
  test("fault 3, graph-docs#6599: removed from the window is not deleted; who has a bot is asked about, and it follows", () =>
    Effect.gen(function* () {
      const { bot, control, providerId, punctual } = yield* scheduled
      yield* control.change(providerId, { start: noon + 90 * day })
      yield* settle
      const [moved] = (yield* punctual.bots(user, { limit: 10, place: null, backwards: false })).items
      assert.deepStrictEqual([moved?.id, moved?.status, moved?.start], [bot.id, "Scheduled", noon + 90 * day])
    }))

  test("an outage looks like an empty calendar (inbox-zero): nothing is cancelled by what was not read", () =>
    Effect.gen(function* () {
      const { bot, control, providerId } = yield* scheduled
      yield* control.remove(providerId)
      yield* control.failNext(20)
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.status, "Scheduled")
      assert.strictEqual((yield* botOf("Review"))?.id, bot.id)
    }))

  test("graph-docs#2350, keeper#375: a cursor that was forgotten costs a full round and no bot", () =>
    Effect.gen(function* () {
      const { bot, calendarId, control } = yield* scheduled
      yield* control.forgetCursors(calendarId)
      yield* control.create(calendarId, { subject: "Retro", start: noon + 8 * hour })
      yield* settle
      assert.deepStrictEqual([(yield* botOf("Review"))?.id, (yield* botOf("Review"))?.revision], [bot.id, bot.revision])
      assert.isFalse((yield* row("Retro")).event.isDeleted)
    }))

  test("fault 6: the cursor of a round that brought nothing is kept, so that the next one is no full round", () =>
    Effect.gen(function* () {
      const { punctual } = yield* scheduled
      const before = (yield* account).calendars[0]
      yield* TestClock.adjust(hour)
      yield* punctual.syncUser(user)
      const after = (yield* account).calendars[0]
      assert.isNotNull(after?.cursor)
      assert.deepStrictEqual([after?.basedAt, after?.lastSyncedAt], [before?.basedAt, noon + hour])
    }))

  test("phantom occurrences (close.io#389, graph-docs#5520): one taken out of its series is gone, and its bot with it", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* connected
      const timing = {
        rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
        startDate: "2026-03-10",
        startTime: 15 * hour,
        durationMillis: hour,
        zone: "UTC"
      } as const
      const seriesId = yield* control.createSeries(calendarId, { subject: "Daily", timing, joinUrl: zoom })
      yield* settle
      const occurrence = (yield* listed).find(({ event }) => event.originalDate === "2026-03-12")
      if (occurrence === undefined) return yield* Effect.die("no occurrence on the twelfth")
      yield* punctual.schedule(user, ask(occurrence.event.id))
      yield* control.deleteOccurrence(seriesId, "2026-03-12")
      yield* settle
      const gone = (yield* listed).find(({ event }) => event.id === occurrence.event.id)
      assert.strictEqual(gone?.event.isDeleted, true)
      assert.strictEqual(gone?.bots[0]?.status, "Cancelled")
    }))
})

describe("subscriptions and grants", () => {
  test("fault 15, Pipedream#21434: a subscription that is gone does not end the renewal; it is made anew", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* scheduled
      const before = (yield* account).calendars[0]?.subscription
      yield* control.forgetSubscriptions(calendarId)
      yield* TestClock.setTime((before?.expiresAt ?? 0) - day)
      const counts = yield* punctual.renewUser(user)
      assert.deepStrictEqual([counts.recreated, counts.failed], [1, 0])
      const after = (yield* account).calendars[0]?.subscription
      assert.notStrictEqual(after?.id, before?.id)
    }))

  test("fault 7: what Graph returned as expiry counts, not what was asked for or written down once", () =>
    Effect.gen(function* () {
      yield* scheduled
      // The in-memory provider grants 10,000 minutes, whatever is asked.
      const expiresAt = (yield* account).calendars[0]?.subscription?.expiresAt
      assert.strictEqual(expiresAt, noon + 10_000 * minute)
    }))

  test("fault 11: who gives up a calendar leaves no subscription behind", () =>
    Effect.gen(function* () {
      const { calendarId, control, punctual } = yield* scheduled
      yield* punctual.selectCalendar(user, ours(calendarId), false)
      yield* control.takeNotifications
      yield* control.create(calendarId, { subject: "Retro" })
      assert.deepStrictEqual(yield* control.takeNotifications, [])
    }))

  test("fault 5: a rotated refresh token is saved, and is the one that is used next", () =>
    Effect.gen(function* () {
      const { control, providerId } = yield* scheduled
      // Twice past an access token's life: the second refresh needs what the first one was given.
      for (const hours of [2, 4]) {
        yield* TestClock.setTime(noon + hours * hour)
        yield* control.change(providerId, { start: noon + (5 + hours) * hour })
        yield* settle
        assert.strictEqual((yield* botOf("Review"))?.joinAt, noon + (5 + hours) * hour - minute)
      }
      assert.strictEqual((yield* account).connection.status, "active")
    }))

  test("AADSTS50173 and the like: a grant that is lost says so and deletes nothing", () =>
    Effect.gen(function* () {
      const { accountId, control, providerId } = yield* scheduled
      yield* control.setRevoked(accountId, true)
      yield* control.change(providerId, { start: noon + 7 * hour })
      yield* TestClock.adjust(2 * hour)
      yield* settle
      const { connection } = yield* account
      assert.strictEqual(connection.status, "reauthorization_required")
      assert.isNotNull(connection.statusMessage)
      assert.strictEqual((yield* botOf("Review"))?.status, "Scheduled")
    }))

  test("graph-docs#8760, twenty#11070: a mailbox that asks for time is left alone until then", () =>
    Effect.gen(function* () {
      const { accountId, control, providerId } = yield* scheduled
      const until = noon + 10 * minute
      yield* control.throttle(accountId, until)
      yield* control.change(providerId, { start: noon + 7 * hour })
      yield* settle
      const refused = (yield* control.requests).length
      yield* TestClock.setTime(until - 1)
      yield* settle
      assert.lengthOf(yield* control.requests, refused)
      yield* TestClock.setTime(until + minute)
      yield* settle
      assert.strictEqual((yield* botOf("Review"))?.joinAt, noon + 7 * hour - minute)
    }))
})

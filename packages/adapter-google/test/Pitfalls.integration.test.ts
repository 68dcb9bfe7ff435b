/** Faults of other programs that take a calendar with a history to be seen: over a socket with the simulated Google. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Edit } from "@punctual/adapter-google/simulator"
import { startReceiver } from "./simulator/Receiver.ts"
import { ada, calendarId, meeting, told, withSimulated } from "./Simulated.ts"
import { parseNotification } from "../src/index.ts"

const day = 86_400_000
/** A Monday. */
const start = Date.parse("2026-04-06T09:00:00Z")
const window = { from: start - day, to: start + 13 * day }
const calendar = ada

const create = (id: string, members: Record<string, unknown>): Edit => ({ type: "createEvent", calendar, id, members })
const weekly = (id: string) => create(id, meeting("Weekly", start, { recurrence: ["RRULE:FREQ=WEEKLY"] }))

const live = (name: string, run: () => Effect.Effect<void, unknown>): void => it.live(name, run)

describe("rounds", () => {
  live("24: MUST find after a full round that events deleted meanwhile are gone, though no tombstone comes", () =>
    withSimulated(({ round, session, simulator }) =>
      Effect.gen(function* () {
        simulator.edit(create("gone", meeting("Gone", start)))
        const { cursor } = yield* round({ window })
        simulator.edit({ type: "deleteEvent", calendar, id: "gone" })
        simulator.edit({ type: "expireSyncTokens", calendar })
        assert.strictEqual((yield* Effect.flip(round({ cursor }))).reason._tag, "CursorExpired")
        assert.deepStrictEqual((yield* round({ window })).items, [])
        assert.isTrue(Option.isNone(yield* session.event(calendarId, "gone")))
        simulator.edit({ type: "forgetDeleted", calendar })
        assert.isTrue(Option.isNone(yield* session.event(calendarId, "gone")))
      })
    )
  )

  live("26: MUST tell at most what overlaps the window when an endless series changes", () =>
    withSimulated(({ round, simulator }) =>
      Effect.gen(function* () {
        simulator.edit(create("daily", meeting("Daily", start, { recurrence: ["RRULE:FREQ=DAILY"] })))
        const { cursor } = yield* round({ window })
        simulator.edit({ type: "patchEvent", calendar, id: "daily", members: { summary: "Renamed" } })
        assert.lengthOf((yield* round({ cursor })).items, 1 + 13)
      })
    )
  )

  live("27, 55: MUST page instances beyond 250, and count cancelled occurrences towards COUNT", () =>
    withSimulated(({ session, simulator }) =>
      Effect.gen(function* () {
        const now = Math.floor(Date.now() / day) * day
        simulator.edit(create("long", meeting("Long", now, { recurrence: ["RRULE:FREQ=DAILY;COUNT=600"] })))
        const last = `long_${new Date(now + 599 * day).toISOString().slice(0, 10).replaceAll("-", "")}T000000Z`
        simulator.edit({ type: "deleteEvent", calendar, id: last })
        const series = Option.getOrThrow(yield* session.series(calendarId, "long"))
        assert.deepStrictEqual(series.cancelledDates, [new Date(now + 599 * day).toISOString().slice(0, 10)])
        const range = series.timing?.rule.kind === "pattern" ? series.timing.rule.range : null
        assert.deepStrictEqual(range, { kind: "numbered", count: 600 })
        assert.isAtLeast(simulator.requests().filter((each) => each.endsWith("/instances")).length, 3)
      })
    )
  )

  live("39, 40: a deleted series takes all of it along, and a trace of what was never known does nothing", () =>
    withSimulated(({ round, session, simulator }) =>
      Effect.gen(function* () {
        simulator.edit(weekly("weekly"))
        const { cursor } = yield* round({ window })
        simulator.edit({ type: "patchEvent", calendar, id: "weekly_20260413T090000Z", members: { summary: "Other" } })
        simulator.edit({ type: "deleteEvent", calendar, id: "weekly" })
        simulator.edit(create("brief", meeting("Brief", start)))
        simulator.edit({ type: "deleteEvent", calendar, id: "brief" })
        const { items } = yield* round({ cursor })
        assert.sameMembers([...told(items)], ["removed weekly", "removed brief"])
        assert.isTrue(Option.isNone(yield* session.event(calendarId, "weekly_20260413T090000Z")))
      })
    )
  )
})

describe("series", () => {
  live("43, 44: MUST move later occurrences to the new series on this and following", () =>
    withSimulated(({ round, session, simulator }) =>
      Effect.gen(function* () {
        simulator.edit(weekly("weekly"))
        const { cursor } = yield* round({ window })
        const id = "weekly_20260413T090000Z"
        const split = simulator.edit({ type: "splitSeries", calendar, id, members: { summary: "New" } })
        assert.strictEqual(split, "weekly_R20260413T090000")
        const { items } = yield* round({ cursor })
        assert.deepStrictEqual(told(items), [
          "series weekly",
          "occurrence of weekly at 2026-04-06T09:00",
          "series weekly_R20260413T090000",
          "occurrence of weekly_R20260413T090000 at 2026-04-13T09:00"
        ])
        // The id is what it was; the series is another.
        const found = Option.getOrThrow(yield* session.event(calendarId, id))
        assert.deepStrictEqual([found.seriesProviderId, found.kind, found.subject], [split, "occurrence", "New"])
      })
    )
  )

  live("46: MUST show a moved occurrence once, at its new time", () =>
    withSimulated(({ round, simulator }) =>
      Effect.gen(function* () {
        simulator.edit(weekly("weekly"))
        const { cursor } = yield* round({ window })
        const members = meeting("Weekly", start + 2 * day)
        simulator.edit({ type: "patchEvent", calendar, id: "weekly_20260406T090000Z", members })
        const expected = [
          "series weekly",
          "exception of weekly at 2026-04-08T09:00",
          "occurrence of weekly at 2026-04-13T09:00"
        ]
        assert.sameMembers([...told((yield* round({ cursor })).items)], expected)
        assert.sameMembers([...told((yield* round({ window })).items)], expected)
      })
    )
  )

  live("49: MUST take a series that became a single meeting", () =>
    withSimulated(({ round, session, simulator }) =>
      Effect.gen(function* () {
        simulator.edit(weekly("weekly"))
        const { cursor } = yield* round({ window })
        simulator.edit({ type: "patchEvent", calendar, id: "weekly", members: { recurrence: null } })
        assert.deepStrictEqual(told((yield* round({ cursor })).items), ["single of none at 2026-04-06T09:00"])
        assert.isTrue(Option.isNone(yield* session.series(calendarId, "weekly")))
      })
    )
  )

  live("an instance that is cancelled and told by its id alone is removed", () =>
    withSimulated(
      ({ round, session, simulator }) =>
        Effect.gen(function* () {
          simulator.edit(weekly("weekly"))
          const { cursor } = yield* round({ window })
          const id = "weekly_20260413T090000Z"
          simulator.edit({ type: "deleteEvent", calendar, id })
          assert.deepStrictEqual(told((yield* round({ cursor })).items), [`removed ${id}`])
          assert.isTrue(Option.isNone(yield* session.event(calendarId, id)))
          const series = Option.getOrThrow(yield* session.series(calendarId, "weekly"))
          assert.deepStrictEqual(series.cancelledDates, ["2026-04-13"])
        }),
      { sparseCancelled: true }
    )
  )
})

describe("channels", () => {
  live("68, 72, 77: a channel tells of changes until it is ended, and of its making first", () =>
    Effect.gen(function* () {
      const receiver = yield* Effect.acquireRelease(
        Effect.promise(() => startReceiver()),
        (running) => Effect.promise(() => running.close())
      )
      yield* withSimulated(
        ({ session, simulator }) =>
          Effect.gen(function* () {
            const settle = Effect.promise(() => simulator.settled())
            const heard = () =>
              receiver.received().map((headers) => {
                const notification = parseNotification(headers)
                return [notification?.kind, notification?.subscriptionId]
              })
            const old = yield* session.subscribe(calendarId)
            yield* settle
            const renewed = yield* session.renew(calendarId, old.id)
            simulator.edit(create("one", meeting("One", start)))
            yield* settle
            assert.sameDeepMembers(heard(), [
              ["sync", old.id],
              ["sync", renewed.id],
              ["change", old.id],
              ["change", renewed.id]
            ])
            yield* session.unsubscribe(old.id)
            simulator.edit(create("two", meeting("Two", start)))
            yield* settle
            assert.deepStrictEqual(heard().slice(4), [["change", renewed.id]])
          }),
        {},
        { notificationUrl: receiver.url }
      )
    }).pipe(Effect.scoped)
  )
})

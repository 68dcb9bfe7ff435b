/** Rounds, views and questions by id at the simulated Graph, over a socket. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Stream } from "effect"
import type { ProviderCalendarId } from "@punctual/core"
import {
  adele,
  at,
  daily,
  day,
  failing,
  meeting,
  round,
  standing,
  start,
  told,
  window,
  withSimulated
} from "./Simulated.ts"

describe("rounds", () => {
  it.live("a full round, then only what changed", () =>
    withSimulated(
      (simulated) =>
        Effect.gen(function* () {
          const { simulator } = simulated
          const review = simulator.edit(meeting("Review", 2))
          const standup = simulator.edit(daily("Standup", 3))
          const first = yield* round(simulated, { window })
          assert.deepStrictEqual([...new Set(told(first.items))].toSorted(), [
            "occurrence",
            "series Standup",
            "single Review"
          ])
          assert.strictEqual(first.rejected, 0)

          const quiet = yield* round(simulated, { cursor: first.cursor })
          assert.deepStrictEqual(quiet.items, [])

          simulator.edit({ type: "moveEvent", mailbox: adele, event: String(review.eventId), start: at(5) })
          const date = at(24 + 3).slice(0, 10)
          simulator.edit({
            type: "moveOccurrence",
            mailbox: adele,
            series: String(standup.eventId),
            date,
            start: at(30)
          })
          const moved = yield* round(simulated, { cursor: quiet.cursor })
          const event = moved.items.find((item) => item.kind === "event" && item.event.kind === "single")
          assert.strictEqual(event?.kind === "event" ? event.event.start : 0, Date.parse(at(5)))
          const exception = moved.items.find((item) => item.kind === "event" && item.event.kind === "exception")
          assert.deepInclude(exception?.kind === "event" ? exception.event : {}, {
            start: Date.parse(at(30)),
            originalStart: Date.parse(at(27))
          })

          simulator.edit({ type: "deleteEvent", mailbox: adele, event: String(review.eventId) })
          const gone = yield* round(simulated, { cursor: moved.cursor })
          assert.deepStrictEqual(told(gone.items), ["removed"])
        }),
      standing
    )
  )

  it.live("an absence is confirmed by id, and an event moved out of the window is still there", () =>
    withSimulated(
      ({ calendarId, session, simulator }) =>
        Effect.gen(function* () {
          const kept = String(simulator.edit(meeting("Kept", 2)).immutableId)
          const gone = String(simulator.edit(meeting("Gone", 2)).immutableId)
          simulator.edit({ type: "moveEvent", mailbox: adele, event: kept, start: at(24 * 300) })
          simulator.edit({ type: "deleteEvent", mailbox: adele, event: gone })
          assert.strictEqual(Option.getOrThrow(yield* session.event(calendarId, kept)).start, Date.parse(at(24 * 300)))
          assert.isTrue(Option.isNone(yield* session.event(calendarId, gone)))
          assert.isTrue(Option.isNone(yield* session.series(calendarId, kept)))
        }),
      standing
    )
  )

  it.live("a series by id says what was cancelled and changed, with the dates its pattern had", () =>
    withSimulated(
      ({ calendarId, session, simulator }) =>
        Effect.gen(function* () {
          const edited = simulator.edit(daily("Standup", 3))
          const series = String(edited.immutableId)
          const dateAfter = (days: number): string => at(24 * days + 3).slice(0, 10)
          simulator.edit({ type: "deleteOccurrence", mailbox: adele, series, date: dateAfter(1) })
          simulator.edit({ type: "moveOccurrence", mailbox: adele, series, date: dateAfter(2), start: at(55) })
          const found = Option.getOrThrow(yield* session.series(calendarId, series))
          assert.deepStrictEqual(found.cancelledDates, [dateAfter(1)])
          assert.deepStrictEqual(
            found.exceptions?.map((exception) => [exception.originalStart, exception.start]),
            [[Date.parse(at(51)), Date.parse(at(55))]]
          )
          assert.strictEqual(found.ruleText, "FREQ=DAILY")
          assert.isNotNull(found.timing)
        }),
      standing
    )
  )

  it.live("a view is whole and has no masters", () =>
    withSimulated(
      ({ calendarId, session, simulator }) =>
        Effect.gen(function* () {
          simulator.edit(meeting("Review", 2))
          simulator.edit(daily("Standup", 3))
          const pages = yield* Stream.runCollect(session.view(calendarId, { from: start, to: start + 60 * day }))
          const items = told(pages.flatMap(({ items }) => items))
          assert.lengthOf(items, 61)
          assert.deepStrictEqual([...new Set(items)].toSorted(), ["occurrence Standup", "single Review"])
        }),
      standing
    )
  )

  it.live.each(["SyncStateNotFound", "syncStateNotFound", "resyncRequired", "syncStateInvalid"] as const)(
    "a lost sync state, called %s, is CursorExpired",
    (goneCode) =>
      withSimulated(
        (simulated) =>
          Effect.gen(function* () {
            const { cursor } = yield* round(simulated, { window })
            simulated.simulator.configure({ delta: { goneCode, goneLocation: goneCode === "resyncRequired" } })
            simulated.simulator.edit({ type: "loseSyncState", mailbox: adele })
            assert.strictEqual(yield* failing(round(simulated, { cursor })), "CursorExpired")
          }),
        standing
      )
  )

  it.live("a calendar that was deleted is CalendarGone", () =>
    withSimulated(
      ({ session, simulator }) =>
        Effect.gen(function* () {
          simulator.edit({ type: "addCalendar", mailbox: adele, name: "Side" })
          const side = (yield* session.calendars).find(({ summary }) => summary === "Side")
          const calendarId = side?.providerId ?? ("?" as ProviderCalendarId)
          simulator.edit({ type: "deleteCalendar", mailbox: adele, calendar: "Side" })
          assert.strictEqual(yield* failing(Stream.runDrain(session.changes(calendarId, { window }))), "CalendarGone")
        }),
      standing
    )
  )
})

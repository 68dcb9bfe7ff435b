/** The in-memory calendar provider passes the contract that every provider passes, on large pages and small. */
import { Clock, Effect, Layer, Redacted } from "effect"
import * as CalendarContract from "../../testing/contract/CalendarContract.ts"
import * as CalendarMemory from "../../testing/memory/CalendarMemory.ts"

const minute = 60_000
const day = 24 * 60 * minute

/** Half an hour each, in UTC, with no end. */
const dailyFrom = (start: number) =>
  ({
    rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
    startDate: new Date(start).toISOString().slice(0, 10),
    startTime: start - Math.floor(start / day) * day,
    durationMillis: 30 * minute,
    zone: "UTC"
  }) as const

/** The stage over the mailbox's own control. */
const stage = Layer.effect(
  CalendarContract.CalendarStage,
  Effect.map(CalendarMemory.CalendarControl, (control) =>
    CalendarContract.CalendarStage.of({
      account: Effect.gen(function* () {
        const { accountId, ...credentials } = yield* control.addAccount()
        const calendarId = yield* control.addCalendar(accountId)
        return { accountId, calendarId, credentials: Redacted.make(credentials) }
      }),
      addCalendar: ({ accountId }) => control.addCalendar(accountId),
      create: (calendarId, start, subject) => control.create(calendarId, { start, end: start + 30 * minute, subject }),
      createDaily: (calendarId, startDate, startTime, subject) =>
        control.createSeries(calendarId, {
          subject,
          timing: dailyFrom(Date.parse(startDate) + startTime)
        }),
      move: (_calendarId, id, start) => control.change(id, { start }),
      cancel: (_calendarId, id) => control.change(id, { isCancelled: true }),
      remove: (_calendarId, id) => control.remove(id),
      moveOccurrence: (_calendarId, id, date, start) => control.changeOccurrence(id, date, { start }),
      deleteOccurrence: (_calendarId, id, date) => control.deleteOccurrence(id, date),
      makeDaily: (_calendarId, id, start) => control.makeRecurring(id, dailyFrom(start)),
      makeSingle: (_calendarId, id, start) => control.makeSingle(id, { start, end: start + 30 * minute }),
      setFacts: (_calendarId, id, { categories, people, response }) =>
        control.setFacts(id, { categories, people, response }),
      revoke: ({ accountId }) => control.setRevoked(accountId, true),
      forgetCursors: control.forgetCursors,
      refuseSubscriptions: (calendarId) =>
        control.refuseSubscriptions(calendarId, { code: "shared_calendar", message: "It belongs to someone else." }),
      throttle: ({ accountId }) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => control.throttle(accountId, now + minute))
    })
  )
)

CalendarContract.suite("memory", Layer.provideMerge(stage, CalendarMemory.layer), { runs: 200 })

CalendarContract.suite("memory, page by page", Layer.provideMerge(stage, CalendarMemory.layerWith({ pageSize: 1 })), {
  runs: 50
})

/** Questions by id over recorded answers, and the list of calendars. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { type Asked, calendarId, outcome, reasonOf, valueOf, withSession } from "./Session.ts"
import { type Answer } from "../../core/test/http/FakeService.ts"
import { payload, payloadObject } from "./fakes/Payloads.ts"
import { calendar, error } from "./fakes/Recorded.ts"

describe("by id", () => {
  it.effect("32, 36: an event is gone when its calendar is there, or when it is cancelled", () =>
    Effect.gen(function* () {
      const ask = (change: (request: Asked) => Answer | null) =>
        withSession(calendar(change), ({ session }) => outcome(session.event(calendarId, "x")))
      const isEvent = ({ path }: Asked): boolean => path.endsWith("/events/x")
      const gone = yield* ask((request) => (isEvent(request) ? error("error.404.notFound") : null))
      assert.isTrue(Option.isNone(valueOf(gone)))
      const notInList = (request: Asked): Answer =>
        request.path === "users/me/calendarList"
          ? { body: { items: [{ id: "another" }] } }
          : error("error.404.notFound")
      assert.strictEqual(reasonOf(yield* ask(notInList))?._tag, "CalendarGone")
      const cancelled = yield* ask((request) =>
        isEvent(request) ? { body: payload("event.get.cancelled.with-details") } : null
      )
      assert.isTrue(Option.isNone(valueOf(cancelled)))
    })
  )

  it.effect("32: one that is not found once is asked for again, and so is a calendar that is in its list", () =>
    Effect.gen(function* () {
      let asked = 0
      const ask = (answer: (request: Asked) => Answer | null) =>
        withSession(calendar(answer), ({ session }) => outcome(session.event(calendarId, "x")))
      const again = yield* ask(({ path }) => {
        if (!path.endsWith("/events/x")) return null
        return asked++ === 0 ? error("error.404.notFound") : { body: payload("event.single.meet") }
      })
      assert.isTrue(Option.isSome(valueOf(again)))
      const listed = yield* ask(({ path }) =>
        path === "users/me/calendarList" ? { body: { items: [{ id: calendarId }] } } : error("error.404.notFound")
      )
      assert.strictEqual(reasonOf(listed)?._tag, "Unavailable")
    })
  )

  it.effect("an event that says no zone is in its calendar's", () =>
    withSession(
      calendar(({ path }) => (path.endsWith("/events/x") ? { body: payload("event.all-day") } : null)),
      ({ session }) =>
        Effect.gen(function* () {
          const found = Option.getOrThrow(valueOf(yield* outcome(session.event(calendarId, "x"))))
          assert.strictEqual(found.zone, "Europe/Berlin")
        })
    )
  )

  it.effect("12: MUST list no calendar when `items` is missing, and go on paging", () =>
    withSession(
      (_, index) =>
        index === 0
          ? { body: { ...payloadObject("calendarlist.list.no-items"), nextPageToken: "2" } }
          : { body: payload("calendarlist.list") },
      ({ session }) =>
        Effect.gen(function* () {
          assert.lengthOf(valueOf(yield* outcome(session.calendars)), 8)
        })
    )
  )
})

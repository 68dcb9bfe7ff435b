/** Rounds over recorded answers: what is asked, in which order, and what each answer comes to. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { cursorOf, told } from "./Told.ts"
import { calendarId, outcome, valueOf, withSession } from "./Session.ts"
import { calendar, error, isExpanded, weekly, window } from "./fakes/Recorded.ts"
import { payload, payloadObject } from "./fakes/Payloads.ts"

describe("a round from a window", () => {
  it.effect("18, 22: MUST take the token before the window is read, and read all pages of both", () =>
    withSession(calendar(), ({ asked, session }) =>
      Effect.gen(function* () {
        const pages = valueOf(yield* outcome(Stream.runCollect(session.changes(calendarId, { window }))))
        assert.deepStrictEqual(asked.map(isExpanded).slice(0, 1), [false])
        assert.isTrue(asked.slice(1).some(isExpanded))
        assert.deepStrictEqual(
          pages.slice(0, -1).map(({ cursor }) => cursor),
          pages.slice(0, -1).map(() => null)
        )
        assert.isNotEmpty(cursorOf(pages))
        const words = told(pages)
        assert.isBelow(
          words.indexOf(`series ${weekly}`),
          words.findIndex((each) => each.startsWith("occurrence"))
        )
        assert.strictEqual(
          words.filter((each) => each.startsWith("series")).length,
          new Set(words.filter((each) => each.startsWith("series"))).size
        )
      })
    )
  )

  it.effect("19: MUST go on after an empty page with a nextPageToken", () =>
    withSession(
      calendar((request) =>
        isExpanded(request) && !request.query.has("pageToken") ? { body: payload("events.list.empty-page") } : null
      ),
      ({ asked, session }) =>
        Effect.gen(function* () {
          const pages = valueOf(yield* outcome(Stream.runCollect(session.changes(calendarId, { window }))))
          assert.isNotEmpty(cursorOf(pages))
          assert.strictEqual(asked.filter(isExpanded).length, 2)
        })
    )
  )

  it.effect("20: MUST get a cursor although a windowed list has no sync token", () =>
    withSession(
      calendar((request) =>
        !isExpanded(request) && request.query.has("timeMin") && request.path.endsWith("/events")
          ? { body: payload("events.list.last-page.no-sync-token") }
          : null
      ),
      ({ asked, session }) =>
        Effect.gen(function* () {
          const pages = valueOf(yield* outcome(Stream.runCollect(session.changes(calendarId, { window }))))
          assert.isNotEmpty(cursorOf(pages))
          const second = asked[1] ?? assert.fail("asked once")
          assert.deepStrictEqual(
            [second.query.get("timeMin"), second.query.get("fields")],
            [null, "nextPageToken,nextSyncToken,updated"]
          )
        })
    )
  )

  it.effect.each([
    ["the same", "2023-04-01T00:00:00.000Z", 1],
    ["another", "2023-04-01T00:00:01.000Z", 2]
  ] as const)("22: masters are read after the token: anew where the calendar's last change is %s", ([, then, times]) =>
    withSession(
      calendar((request) => {
        if (isExpanded(request) || !request.path.endsWith("/events")) return null
        return request.query.has("fields")
          ? { body: { ...payloadObject("events.list.masters.full"), items: [], updated: then } }
          : { body: { ...payloadObject("events.list.last-page.no-sync-token"), updated: "2023-04-01T00:00:00.000Z" } }
      }),
      ({ asked, session }) =>
        Effect.gen(function* () {
          valueOf(yield* outcome(Stream.runCollect(session.changes(calendarId, { window }))))
          const masters = asked.filter((each) => !isExpanded(each) && each.query.has("timeMin"))
          assert.lengthOf(masters, times)
        })
    )
  )

  it.effect("41: MUST ignore ghosts: cancelled or ended masters that a windowed list brings", () =>
    withSession(
      calendar((request) =>
        isExpanded(request)
          ? {
              body: {
                items: [
                  payload("event.get.cancelled.master-ghost"),
                  payload("event.master.weekly"),
                  payload("event.type.focus-time")
                ]
              }
            }
          : null
      ),
      ({ session }) =>
        Effect.gen(function* () {
          const pages = valueOf(yield* outcome(Stream.runCollect(session.changes(calendarId, { window }))))
          assert.deepStrictEqual(told(pages), [])
        })
    )
  )

  it.effect("52: MUST tell the instances of a series whose rule it can't read whole", () =>
    withSession(
      calendar((request) => {
        const master = { ...payloadObject("event.master.weekly"), recurrence: ["RDATE:20260407T073000Z"] }
        if (!request.path.endsWith("/events")) return null
        return { body: { items: [isExpanded(request) ? payload("event.instance") : master], nextSyncToken: "t" } }
      }),
      ({ session }) =>
        Effect.gen(function* () {
          const pages = valueOf(yield* outcome(Stream.runCollect(session.changes(calendarId, { window }))))
          const [series, instance] = pages.flatMap(({ items }) => items)
          assert.strictEqual(series?.kind === "series" ? series.series.timing : "told", null)
          assert.strictEqual(instance?.kind === "event" ? instance.event.kind : instance?.kind, "occurrence")
          assert.strictEqual(instance?.kind, "event")
        })
    )
  )

  it.effect("47, 48: MUST find a master that lies before the window, and let stand alone what has none", () =>
    withSession(
      calendar((request) => {
        if (request.path.endsWith("/events") && !isExpanded(request)) return { body: { nextSyncToken: "t" } }
        if (request.path.endsWith("/6pcrq1rc2rkptjmf8hbr65ofb1")) return error("error.404.notFound")
        return isExpanded(request)
          ? {
              body: {
                items: [
                  payload("event.instance"),
                  {
                    ...payloadObject("event.exception.without-master"),
                    start: { dateTime: "2026-04-08T10:00:00Z" },
                    end: { dateTime: "2026-04-08T11:00:00Z" }
                  }
                ]
              }
            }
          : null
      }),
      ({ session }) =>
        Effect.gen(function* () {
          const pages = valueOf(yield* outcome(Stream.runCollect(session.changes(calendarId, { window }))))
          assert.deepStrictEqual(told(pages), [
            `series ${weekly}`,
            `occurrence ${weekly}_20260407T073000Z`,
            "exception 6pcrq1rc2rkptjmf8hbr65ofb1_20260415T130000Z"
          ])
        })
    )
  )
})

/** Rounds over recorded answers: what is asked, in which order, and what each answer comes to. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { ChangeItem, ChangePage } from "@punctual/core"
import { type Asked, calendarId, outcome, reasonOf, valueOf, withSession } from "./Session.ts"
import { type Answer } from "../../core/test/http/FakeService.ts"
import { calendar, error, isExpanded, weekly, window } from "./fakes/Recorded.ts"
import { payload, payloadItems, payloadObject } from "./fakes/Payloads.ts"

const told = (pages: ReadonlyArray<ChangePage>): ReadonlyArray<string> =>
  pages.flatMap(({ items }) => items).map(wordsOf)

const wordsOf = (item: ChangeItem): string => {
  switch (item.kind) {
    case "event":
      return `${item.event.kind} ${item.event.providerId}`
    case "series":
      return `series ${item.series.providerId}`
    default:
      return `${item.kind} ${item.providerId}`
  }
}

const cursorOf = (pages: ReadonlyArray<ChangePage>): string => pages.at(-1)?.cursor ?? assert.fail("no cursor")

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

describe("a round from a cursor", () => {
  const later = (answer: (request: Asked, index: number) => Answer) =>
    withSession(answer, ({ asked, session }) =>
      Effect.gen(function* () {
        const first = valueOf(yield* outcome(Stream.runCollect(session.changes(calendarId, { window }))))
        const before = asked.length
        const exit = yield* outcome(Stream.runCollect(session.changes(calendarId, { cursor: cursorOf(first) })))
        return { exit, asked: asked.slice(before) }
      })
    )

  it.effect("21: MUST send the same parameters with a sync token as without, and none of the forbidden", () =>
    Effect.gen(function* () {
      const { asked } = yield* later(calendar())
      const [{ query } = assert.fail("nothing asked")] = asked
      assert.deepStrictEqual([...query].toSorted(), [
        ["eventTypes", "default"],
        ["eventTypes", "fromGmail"],
        ["maxResults", "250"],
        ["prettyPrint", "false"],
        ["singleEvents", "false"],
        ["syncToken", "CNiPoL_U9YgDEAAYCiDR0OfEAijR0OfEAg=="]
      ])
    })
  )

  it.effect("26, 28, 37, 42: tells a series whole, what was cancelled or moved out as removed, and no more", () =>
    Effect.gen(function* () {
      const { asked, exit } = yield* later(calendar())
      assert.deepStrictEqual(told(valueOf(exit)), [
        "removed go6ijb0b46hlpbu4eeu92njevo",
        "removed 0ndq0ur0rgpvqm332resrsjte8",
        `removed ${weekly}_20260409T073000Z`,
        `removed ${weekly}_20260410T073000Z`,
        `series ${weekly}`,
        `occurrence ${weekly}_20260407T073000Z`,
        `exception ${weekly}_20260408T073000Z`
      ])
      assert.deepStrictEqual(
        asked.map(({ path }) => path.split("/events")[1]),
        ["", `/${weekly}`, `/${weekly}/instances`]
      )
      assert.strictEqual(asked[2]?.query.get("timeMax"), "2026-04-13T00:00:00.000Z")
    })
  )

  it.effect("29: MUST take the last of two versions of one event in a round", () =>
    Effect.gen(function* () {
      const [moved] = payloadItems("events.list.incremental") as ReadonlyArray<Record<string, unknown>>
      const back = { ...moved, start: { dateTime: "2026-04-08T10:00:00Z" }, end: { dateTime: "2026-04-08T11:00:00Z" } }
      const { exit } = yield* later(
        calendar(({ query }) =>
          query.has("syncToken") ? { body: { items: [moved, back], nextSyncToken: "t" } } : null
        )
      )
      assert.deepStrictEqual(told(valueOf(exit)), ["single go6ijb0b46hlpbu4eeu92njevo"])
    })
  )

  it.effect("39: MUST remove all of a deleted series, whatever else is told of it", () =>
    Effect.gen(function* () {
      const items = [{ id: weekly, status: "cancelled" }, payload("event.exception.moved")]
      const { exit } = yield* later(
        calendar(({ query }) => (query.has("syncToken") ? { body: { items, nextSyncToken: "t" } } : null))
      )
      assert.deepStrictEqual(told(valueOf(exit)), [`removed ${weekly}`])
    })
  )

  it.effect.each(["error.410.fullSyncRequired", "error.400.invalidSyncToken"])("23: %s starts anew", (name) =>
    Effect.gen(function* () {
      const { exit } = yield* later(calendar(({ query }) => (query.has("syncToken") ? error(name) : null)))
      assert.strictEqual(reasonOf(exit)?._tag, "CursorExpired")
    })
  )

  it.effect("30: MUST treat a cursor with another version or query as expired without asking", () =>
    withSession(calendar(), ({ asked, session }) =>
      Effect.gen(function* () {
        const told = { version: 1, token: "t", from: window.from, to: window.to, query: "singleEvents=true" }
        const texts = [
          "",
          "nonsense",
          ...[told, { ...told, version: 2 }].map((each) => Buffer.from(JSON.stringify(each)).toString("base64url"))
        ]
        for (const cursor of texts) {
          const exit = yield* outcome(Stream.runCollect(session.changes(calendarId, { cursor })))
          assert.strictEqual(reasonOf(exit)?._tag, "CursorExpired", cursor)
        }
        assert.lengthOf(asked, 0)
      })
    )
  )

  it.effect("31: instances that are not found end nothing while their series is there", () =>
    Effect.gen(function* () {
      const lost = (isThere: boolean) =>
        later(
          calendar(({ path, query }) => {
            if (query.has("syncToken")) return { body: { items: [payload("event.master.weekly")], nextSyncToken: "t" } }
            if (path.endsWith("/instances")) return error("error.404.notFound")
            return !isThere && path.endsWith(`/events/${weekly}`) ? error("error.404.notFound") : null
          })
        )
      assert.strictEqual(reasonOf((yield* lost(true)).exit)?._tag, "Unavailable")
      const gone = valueOf((yield* lost(false)).exit)
      assert.deepStrictEqual(told(gone), [`series ${weekly}`])
    })
  )

  it.effect("31: MUST answer CalendarGone for a vanished calendar, and nothing for one spurious 404", () =>
    Effect.gen(function* () {
      for (const [isThere, tag] of [
        [false, "CalendarGone"],
        [true, "Unavailable"]
      ] as const) {
        const { exit } = yield* later(
          calendar(({ path, query }) =>
            query.has("syncToken") || (!isThere && path.startsWith("users/me/calendarList/"))
              ? error("error.404.notFound")
              : !isThere && path === "users/me/calendarList"
                ? { body: { items: [{ id: "another" }] } }
                : null
          )
        )
        assert.strictEqual(reasonOf(exit)?._tag, tag)
      }
    })
  )
})

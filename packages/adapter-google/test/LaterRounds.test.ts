/** Rounds from a cursor over recorded answers: what is asked, in which order, and what each answer comes to. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { cursorOf, told } from "./Told.ts"
import { type Asked, calendarId, outcome, reasonOf, valueOf, withSession } from "./Session.ts"
import { type Answer } from "../../core/test/http/FakeService.ts"
import { calendar, error, weekly, window } from "./fakes/Recorded.ts"
import { payload, payloadItems } from "./fakes/Payloads.ts"

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

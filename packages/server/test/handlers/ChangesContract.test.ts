/**
 * What the contract promises of the log of changes over HTTP, asked of the real core over in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { type EventId, Store } from "@punctual/core"
import { ChangesAnswer, TimelineAnswer } from "../../src/api/ChangeSchemas.ts"
import { type Answer, adele, adminKey, otherKey } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { base, day, hour, iso, minute, noon } from "../Whole.ts"
import { host, typesOf } from "./LoggedHost.ts"

describe("GET /calendar/changes", () => {
  it.effect("tells what happened oldest first, in the words of lists, with a cursor that goes on", () =>
    Effect.gen(function* () {
      const { calendarId, control, eventId, log, meeting, ok, schedule, syncChanges } = yield* host
      const { bot_id: botId } = yield* schedule
      yield* control.change(meeting, { start: noon + 3 * hour, end: noon + 4 * hour })
      yield* syncChanges
      const page = yield* log()
      assert.deepStrictEqual(typesOf(page), [
        "connection.created",
        "calendar.synced",
        "bot.scheduled",
        "bot.moved",
        "calendar.synced"
      ])
      assert.isFalse(page.has_more)
      assert.deepStrictEqual(
        page.changes.map(({ sequence }: { readonly sequence: number }) => sequence),
        [1, 2, 3, 4, 5]
      )
      const [created, synced, scheduled, moved] = page.changes
      assert.deepStrictEqual(created.data, {
        connection: {
          calendar_id: `outlook_calendar_${adele}`,
          platform: "outlook_calendar",
          status: "active",
          status_reason: null,
          status_message: null,
          user_email: "adele@example.com",
          user_name: "Adele"
        },
        previous: {}
      })
      assert.deepStrictEqual(synced.data, { calendar_id: calendarId, created: 1, updated: 0, deleted: 0 })
      const { id, ...told } = moved
      assert.match(id, /^chg_[0-9a-z]+$/)
      const shown = yield* ok("GET", `/bots/${botId}`)
      assert.deepStrictEqual(told, {
        sequence: 4,
        type: "bot.moved",
        occurred_at: iso(noon),
        user_id: adele,
        workspace_id: "wsp_1",
        event_id: eventId,
        bot_id: botId,
        cause: "calendar",
        data: {
          bot: { ...shown, start_time: iso(noon + 3 * hour), end_time: iso(noon + 4 * hour) },
          previous: {
            scheduled_join_time: scheduled.data.bot.scheduled_join_time,
            start_time: scheduled.data.bot.start_time,
            end_time: scheduled.data.bot.end_time
          }
        }
      })
      assert.deepStrictEqual(scheduled.data.previous, {})
      const rest = yield* log(`?cursor=${page.next}`)
      assert.deepStrictEqual([rest.changes, rest.has_more], [[], false])
      assert.isString(rest.next)
      yield* ok("DELETE", `/scheduled_bots/${botId}`)
      const [cancelled] = (yield* log(`?cursor=${rest.next}`)).changes
      assert.deepStrictEqual([cancelled.type, cancelled.cause], ["bot.cancelled", "user"])
      assert.deepStrictEqual(cancelled.data.previous, {
        status: "Scheduled",
        status_reason: null,
        is_scheduled: true
      })
    })
  )

  it.effect("is what its schema says, letter by letter, whatever an entry is about", () =>
    Effect.gen(function* () {
      const { call, context, eventId, log, ok, schedule } = yield* host
      const { bot_id: botId } = yield* schedule
      yield* ok("PATCH", `/scheduled_bots/${botId}`, { bot_config: { a: 1 }, custom_attributes: { b: [2] } })
      const store = Context.get(context, Store)
      const event = Option.getOrThrow(yield* Effect.orDie(store.event(adele, eventId as EventId)))
      const { calendarId, id, meeting, start } = event
      const danger = { eventId: id, calendarId, meeting, start, status: "uncovered", causes: ["paused"] } as const
      const { next } = yield* Effect.orDie(store.changes({ userId: adele, after: 0, types: null, limit: 1_000 }))
      yield* Effect.orDie(
        store.tellCoverage(adele, next, [{ type: "coverage.at_risk", occurredAt: noon, cause: "system", data: danger }])
      )
      const page = yield* log()
      assert.deepStrictEqual(typesOf(page), [
        "connection.created",
        "calendar.synced",
        "bot.scheduled",
        "bot.updated",
        "coverage.at_risk"
      ])
      const story = yield* call("GET", `${base}/events/${eventId}/timeline`)
      assert.deepStrictEqual(
        story.json.entries.map(({ type }: { readonly type: string }) => type),
        ["coverage.at_risk", "bot.updated", "bot.scheduled"]
      )
      const kept = <A>(schema: Schema.Codec<A, unknown>, answer: unknown) =>
        Effect.flatMap(
          Schema.decodeUnknownEffect(schema, { onExcessProperty: "error", errors: "all" })(answer),
          Schema.encodeEffect(schema)
        )
      assert.deepStrictEqual(yield* kept(ChangesAnswer, page), page)
      assert.deepStrictEqual(yield* kept(TimelineAnswer, story.json), story.json)
    })
  )

  it.effect("turns pages by a cursor that repeats limit and types, unless they are said again", () =>
    Effect.gen(function* () {
      const { log, ok, schedule } = yield* host
      const { bot_id: botId } = yield* schedule
      for (const name of ["a", "b", "c"]) yield* ok("PATCH", `/scheduled_bots/${botId}`, { bot_username: name })
      const first = yield* log("?limit=2&types=bot.*")
      const second = yield* log(`?cursor=${first.next}`)
      const third = yield* log(`?cursor=${second.next}`)
      assert.deepStrictEqual([first, second, third].map(typesOf), [
        ["bot.scheduled", "bot.updated"],
        ["bot.updated", "bot.updated"],
        []
      ])
      assert.deepStrictEqual([first.has_more, second.has_more, third.has_more], [true, false, false])
      assert.deepStrictEqual(typesOf(yield* log(`?cursor=${first.next}&limit=1`)), ["bot.updated"])
      const start = yield* log("?limit=1")
      assert.deepStrictEqual(typesOf(yield* log(`?cursor=${start.next}&limit=50&types=bot.scheduled,calendar.*`)), [
        "calendar.synced",
        "bot.scheduled"
      ])
      assert.lengthOf((yield* log("?types=")).changes, 6)
    })
  )

  it.effect("answers 200 without a connection, and of nobody else", () =>
    Effect.gen(function* () {
      const { call, schedule } = yield* host
      yield* schedule
      const answer = yield* call("GET", `${base}/changes`, { key: otherKey })
      assert.strictEqual(answer.status, 200)
      assert.deepStrictEqual([answer.json.changes, answer.json.has_more], [[], false])
      assert.strictEqual(
        (yield* call("GET", `${base}/changes?cursor=${answer.json.next}`, { key: otherKey })).status,
        200
      )
    })
  )

  it.effect("goes on after a disconnect to connection.disconnected, with numbers that never fall back", () =>
    Effect.gen(function* () {
      const { call, credentials, log, ok, schedule } = yield* host
      yield* schedule
      const before = yield* log()
      yield* ok("DELETE", "/disconnect")
      const after = yield* log(`?cursor=${before.next}`)
      assert.deepStrictEqual(typesOf(after), ["connection.disconnected"])
      assert.notInclude(JSON.stringify(after), "adele@example.com")
      assert.strictEqual(after.changes[0].data.connection.status, "disconnected")
      assert.deepStrictEqual(after.changes[0].data.previous, { status: "active" })
      assert.deepStrictEqual(typesOf(yield* log()), ["connection.disconnected"], "the rest is erased")
      const body = {
        microsoft_client_id: credentials.clientId,
        microsoft_client_secret: credentials.clientSecret,
        microsoft_refresh_token: credentials.refreshToken
      }
      assert.strictEqual((yield* call("POST", `${base}/create_calendar`, { body })).status, 200)
      const again = yield* log(`?cursor=${after.next}`)
      assert.strictEqual(again.changes[0].type, "connection.created")
      assert.strictEqual(again.changes[0].sequence, after.changes[0].sequence + 1)
    })
  )

  it.effect("expires a cursor by its age, whether or not anything was pruned, and says where to go on", () =>
    Effect.gen(function* () {
      const { call, log } = yield* host
      const { next } = yield* log("?limit=1")
      const { next: end } = yield* log()
      yield* TestClock.adjust(29 * day)
      assert.deepStrictEqual(typesOf(yield* log(`?cursor=${end}`)), [])
      yield* TestClock.adjust(day + minute)
      for (const cursor of [next, end, iso(noon)]) {
        const answer: Answer = yield* call("GET", `${base}/changes?cursor=${cursor}`)
        assertProblem(answer, 410, "cursor_expired")
        assert.strictEqual(answer.json.earliest, iso(noon + 30 * day + minute), "nothing is kept: now")
        assert.include(answer.json.detail, "`earliest`")
      }
      assert.deepStrictEqual((yield* log()).changes, [], "what is older is not told, though it was not pruned")
      const { earliest } = (yield* call("GET", `${base}/changes?cursor=${next}`)).json
      assert.strictEqual((yield* call("GET", `${base}/changes?cursor=${earliest}`)).status, 200)
    })
  )

  it.effect("is pruned now where the operator asks for it", () =>
    Effect.gen(function* () {
      const { call, context, schedule } = yield* host
      yield* schedule
      yield* TestClock.adjust(31 * day)
      const store = Context.get(context, Store)
      const left = store.changes({ userId: adele, after: 0, types: null, limit: 100 })
      assert.lengthOf((yield* Effect.orDie(left)).items, 3)
      const { json, status } = yield* call("POST", "/api/v1/admin/jobs/prune/run", { key: adminKey })
      assert.deepStrictEqual([status, json.counts.changes_pruned, json.counts.users_failed], [200, 3, 0])
      assert.deepStrictEqual((yield* Effect.orDie(left)).items, [])
    })
  )

  it.effect("tells as the earliest when the first entry happened that is kept, and goes on from there", () =>
    Effect.gen(function* () {
      const { call, log, schedule } = yield* host
      const { next } = yield* log()
      yield* TestClock.adjust(hour)
      const { bot_id: botId } = yield* schedule
      yield* TestClock.adjust(30 * day - minute)
      const answer = yield* call("GET", `${base}/changes?cursor=${next}`)
      assertProblem(answer, 410, "cursor_expired")
      assert.strictEqual(answer.json.earliest, iso(noon + hour))
      const on = yield* log(`?cursor=${answer.json.earliest}`)
      assert.deepStrictEqual([typesOf(on), on.changes[0].bot_id], [["bot.scheduled"], botId])
    })
  )

  it.effect("shows the admin key any user's, named by user_id", () =>
    Effect.gen(function* () {
      const { call, schedule } = yield* host
      yield* schedule
      const answer = yield* call("GET", `${base}/changes?user_id=${adele}&types=bot.*`, { key: adminKey })
      assert.deepStrictEqual(typesOf(answer.json), ["bot.scheduled"])
    })
  )
})

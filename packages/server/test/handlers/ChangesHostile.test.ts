/**
 * What nobody should ask of the log, of stories and of updates: each is refused with a sentence that says what to do.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { adminKey, otherKey } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { base, connected, day, hour, iso, noon, zoom } from "../Whole.ts"

const admin = "/api/v1/admin/changes"

const host = Effect.gen(function* () {
  const all = yield* connected
  const { call, calendarId, control, named, ok, syncChanges } = all
  yield* control.create(calendarId, { subject: "Review", start: noon + 2 * hour, joinUrl: zoom })
  yield* control.create(calendarId, { subject: "Other", start: noon + 3 * hour, joinUrl: zoom })
  yield* syncChanges
  const [row] = yield* named("Review")
  const { bot_id: botId } = yield* ok("POST", `/schedule/${row.id}`, {})
  yield* ok("PATCH", `/scheduled_bots/${botId}`, { bot_username: "Notes" })
  yield* ok("POST", `/schedule/${(yield* named("Other"))[0].id}`, {})
  const cursors = {
    log: (yield* ok("GET", "/changes?limit=1")).next,
    all: (yield* call("GET", `${admin}?limit=1`, { key: adminKey })).json.next,
    story: (yield* ok("GET", `/scheduled_bots/${botId}/timeline?limit=1`)).next,
    updates: (yield* ok("GET", `/get_events?updated_since=${iso(noon - day)}&limit=1`)).next,
    events: (yield* ok("GET", "/get_events?limit=1")).next,
    bots: (yield* ok("GET", "/scheduled_bots?limit=1")).next
  }
  return { ...all, botId: botId as string, cursors, eventId: row.id as string }
})

type Refusal = readonly [path: string, refused: "invalid_request" | "invalid_cursor", key?: string]

describe("hostile input", () => {
  it.effect("is refused with 400 and a sentence", () =>
    Effect.gen(function* () {
      const { botId, call, cursors, eventId } = yield* host
      for (const cursor of Object.values(cursors)) assert.isString(cursor)
      const changes = `${base}/changes`
      const story = `${base}/scheduled_bots/${botId}/timeline`
      const eventStory = `${base}/events/${eventId}/timeline`
      const updates = `${base}/get_events?updated_since=`
      const since = `${updates}${iso(noon - day)}`
      const bad: ReadonlyArray<Refusal> = [
        // ---- cursors of others, of other lists, cut, forged
        [`${changes}?cursor=${cursors.log}`, "invalid_cursor", otherKey],
        [`${changes}?cursor=${cursors.all}`, "invalid_cursor"],
        [`${changes}?cursor=${cursors.story}`, "invalid_cursor"],
        [`${changes}?cursor=${cursors.updates}`, "invalid_cursor"],
        [`${changes}?cursor=${cursors.events}`, "invalid_cursor"],
        [`${changes}?cursor=${cursors.bots}`, "invalid_cursor"],
        [`${changes}?cursor=${cursors.log.slice(0, -1)}`, "invalid_cursor"],
        [`${changes}?cursor=${cursors.log}.x`, "invalid_cursor"],
        [`${changes}?cursor=`, "invalid_cursor"],
        [`${changes}?cursor=17`, "invalid_cursor"],
        [`${changes}?cursor=2026-13-01`, "invalid_cursor"],
        [`${changes}?cursor=${"x".repeat(8_000)}`, "invalid_cursor"],
        [`${changes}?cursor=${encodeURIComponent('{"place":0}')}`, "invalid_cursor"],
        [`${admin}?cursor=${cursors.log}`, "invalid_cursor", adminKey],
        [`${admin}?cursor=0`, "invalid_cursor", adminKey],
        [`${story}?cursor=${cursors.log}`, "invalid_cursor"],
        [`${story}?cursor=${iso(noon)}`, "invalid_cursor"],
        [`${eventStory}?cursor=${cursors.story}`, "invalid_cursor"],
        [`${updates}${cursors.events}`, "invalid_cursor"],
        [`${updates}${cursors.log}`, "invalid_cursor"],
        [`${updates}${cursors.updates}`, "invalid_cursor", otherKey],
        [`${updates}${cursors.updates}&calendar_id=all`, "invalid_cursor"],
        [`${since}&cursor=${cursors.events}`, "invalid_cursor"],
        [`${base}/scheduled_bots?cursor=${cursors.story}`, "invalid_cursor"],

        // ---- numbers
        [`${changes}?limit=0`, "invalid_request"],
        [`${changes}?limit=101`, "invalid_request"],
        [`${changes}?limit=99999999999999999999`, "invalid_request"],
        [`${changes}?limit=-5`, "invalid_request"],
        [`${changes}?wait=-1`, "invalid_request"],
        [`${changes}?wait=31`, "invalid_request"],
        [`${changes}?wait=1e9`, "invalid_request"],
        [`${changes}?wait=1.5`, "invalid_request"],
        [`${changes}?wait=`, "invalid_request"],
        [`${changes}?wait=Infinity`, "invalid_request"],
        [`${admin}?wait=3600`, "invalid_request", adminKey],
        [`${story}?limit=1000`, "invalid_request"],
        [`${story}?wait=5`, "invalid_request"],

        // ---- words
        [`${changes}?types=,,`, "invalid_request"],
        [`${changes}?types=bot.*,`, "invalid_request"],
        [`${changes}?types=bot.exploded`, "invalid_request"],
        [`${changes}?types=*`, "invalid_request"],
        [`${changes}?types=bot.`, "invalid_request"],
        [`${changes}?types=BOT.MOVED`, "invalid_request"],
        [`${changes}?types=bot.moved&types=bot.updated`, "invalid_request"],
        [`${changes}?workspace_id=wsp_1`, "invalid_request"],
        [`${changes}?sequence=1`, "invalid_request"],
        [`${changes}?user_id=usr_miriam`, "invalid_request"],
        [`${changes}?cursor=%00`, "invalid_request"],
        [`${admin}?workspace_id=`, "invalid_request", adminKey],
        [`${admin}?workspace_id=%00`, "invalid_request", adminKey],
        [`${admin}?workspace_id=${encodeURIComponent("' or 1=1")}`, "invalid_request", adminKey],
        [`${updates}`, "invalid_request"],
        [`${updates}yesterday`, "invalid_cursor"],
        [`${updates}2026-02-30T00:00:00Z`, "invalid_request"],
        [`${updates}-1`, "invalid_request"],
        [`${updates}1775660400`, "invalid_request"],
        [`${since}&time_min=2026-01-01`, "invalid_request"],
        [`${since}&time_max=2026-12-01`, "invalid_request"],
        [`${since}&include_deleted=false`, "invalid_request"],
        [`${since}&cleanup_duplicates=true`, "invalid_request"],
        [`${since}&limit=101`, "invalid_request"],
        [`${base}/scheduled_bots?status=any`, "invalid_request"]
      ]
      for (const [path, code, key] of bad) {
        const answer = yield* call("GET", path, key === undefined ? {} : { key })
        assertProblem(answer, 400, code)
        assert.match(answer.json.detail, /^[A-Z].{15,}\.$/s, path)
        if (code === "invalid_request") assert.isNotEmpty(answer.json.errors, path)
      }
      assert.isAbove(bad.length, 30)
    })
  )

  it.effect("that names what is not there is 404, and other methods are 405", () =>
    Effect.gen(function* () {
      const { call } = yield* host
      const long = "x".repeat(513)
      assertProblem(yield* call("GET", `${base}/bots/evt_1`), 404, "bot_not_found")
      assertProblem(yield* call("GET", `${base}/bots/${long}`), 400, "invalid_request")
      assertProblem(yield* call("GET", `${base}/events/${long}/timeline`), 400, "invalid_request")
      assertProblem(
        yield* call("GET", `${base}/events/${encodeURIComponent("x' or 1=1 --")}/timeline`),
        404,
        "event_not_found"
      )
      assertProblem(yield* call("GET", `${admin}?workspace_id=wsp_x`, { key: adminKey }), 404, "workspace_not_found")
      for (const method of ["POST", "DELETE", "PUT", "PATCH"]) {
        assertProblem(yield* call(method, `${base}/changes`, { body: {} }), 405, "method_not_allowed")
        assertProblem(yield* call(method, admin, { body: {}, key: adminKey }), 405, "method_not_allowed")
      }
    })
  )
})

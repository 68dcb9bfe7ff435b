/**
 * A workspace's policy over HTTP: how it is read, replaced and refused, and what it does to the workspace's users.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { adminKey, apiKey, serve } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { base, hour, iso, minute, noon, zoom } from "../Whole.ts"
import { daily, locked, policyPath, ruled, skipInterviews } from "./Ruled.ts"

const key = { key: adminKey }

const unset = {
  internal_domains: [],
  rules: [],
  bots_per_meeting: "user",
  paused_until: null,
  updated_at: null,
  pending_users: 0
}

describe("GET and PUT admin/workspaces/{workspace_id}/policy", () => {
  it.effect("reads the default, replaces it whole, and takes an answer back", () =>
    Effect.gen(function* () {
      const { call, policy } = yield* ruled
      const read = Effect.map(call("GET", policyPath, key), ({ json }) => json)
      assert.deepStrictEqual(yield* read, unset)
      const written = yield* policy({
        internal_domains: ["Contoso.com", "CONTOSO.com", "fabrikam.co.uk"],
        rules: [locked, { name: "Customers", when: {}, then: "join", bot_config: { bot_name: "Notes" } }],
        bots_per_meeting: "workspace",
        paused_until: iso(noon + hour)
      })
      assert.strictEqual(written.status, 200, written.text)
      const [first, second] = written.json.rules
      assert.match(first.id, /^rule_[0-9a-z]{20}$/)
      assert.deepStrictEqual(written.json, {
        internal_domains: ["contoso.com", "fabrikam.co.uk"],
        rules: [
          { ...locked, id: first.id, enabled: true, bot_config: null },
          {
            id: second.id,
            name: "Customers",
            enabled: true,
            when: {},
            then: "join",
            bot_config: { bot_name: "Notes" },
            locked: false
          }
        ],
        bots_per_meeting: "workspace",
        paused_until: iso(noon + hour),
        updated_at: iso(noon),
        pending_users: 0
      })
      assert.deepStrictEqual(yield* read, written.json)
      yield* TestClock.adjust(minute)
      const again = (yield* policy(yield* read)).json
      assert.deepStrictEqual(again, { ...written.json, updated_at: iso(noon + minute) })
      assert.deepStrictEqual((yield* policy({})).json, { ...unset, updated_at: iso(noon + minute) })
    })
  )

  it.effect("is not replaced by a request without a body", () =>
    Effect.gen(function* () {
      const { call, policy } = yield* ruled
      const { json } = yield* policy({ rules: [locked] })
      assertProblem(yield* call("PUT", policyPath, key), 400, "invalid_request")
      assert.deepStrictEqual((yield* call("GET", policyPath, key)).json, json)
    })
  )

  it.effect("names the place of what is wrong with it, and then writes nothing", () =>
    Effect.gen(function* () {
      const { call, policy } = yield* ruled
      for (const [body, path] of [
        [{ internal_domains: ["contoso.com", "@contoso.com"] }, "internal_domains.1"],
        [{ internal_domains: ["*.contoso.com"] }, "internal_domains.0"],
        [{ internal_domains: ["localhost"] }, "internal_domains.0"],
        [{ internal_domains: "contoso.com" }, "internal_domains"],
        [{ bots_per_meeting: "room" }, "bots_per_meeting"],
        [{ paused_until: "later" }, "paused_until"],
        [{ colour: "red" }, "colour"],
        [{ rules: [{ ...locked, then: "join" }] }, "rules.0.then"],
        [{ rules: [{ ...skipInterviews, locked: "yes" }] }, "rules.0.locked"]
      ] as const) {
        const answer = yield* policy(body)
        assertProblem(answer, 400, "invalid_request")
        assert.strictEqual(answer.json.errors[0].path, path)
      }
      assert.deepStrictEqual((yield* call("GET", policyPath, key)).json, unset)
    })
  )

  it.effect("is for the admin key, and for workspaces that there are", () =>
    Effect.gen(function* () {
      const { call } = yield* ruled
      const nobodys = "/api/v1/admin/workspaces/wsp_nobodys/policy"
      for (const method of ["GET", "PUT"]) {
        const body = method === "PUT" ? { body: {} } : {}
        assertProblem(yield* call(method, nobodys, { ...key, ...body }), 404, "workspace_not_found")
        assert.strictEqual((yield* call(method, policyPath, { key: apiKey, ...body })).status, 401)
      }
      yield* call("POST", "/api/v1/admin/users", { ...key, body: { workspace: "wsp_nobodys" } })
      assert.strictEqual((yield* call("PUT", nobodys, { ...key, body: {} })).status, 200)
      const bare = yield* serve({ adminKey: null })
      assert.strictEqual((yield* bare.call("GET", policyPath, key)).status, 404)
    })
  )
})

describe("a locked rule", () => {
  it.effect("refuses a manual call with its name, and bots come back when it goes", () =>
    Effect.gen(function* () {
      const { bots, call, idOf, meeting, no, ok, policy, scheduled } = yield* ruled
      yield* meeting("Interview with Kim")
      const id = yield* idOf("Interview with Kim")
      yield* ok("POST", `/schedule/${id}`, {})
      const { json } = yield* policy({ rules: [locked] })
      assert.strictEqual(json.pending_users, 0, "done when the answer comes")
      assert.deepStrictEqual(yield* scheduled, [])
      assert.deepInclude((yield* bots("Interview with Kim"))[0], {
        status: "Cancelled",
        status_reason: "blocked_by_policy"
      })
      const refused = yield* call("POST", `${base}/schedule/${id}`, { body: {} })
      assertProblem(refused, 403, "blocked_by_policy")
      assert.strictEqual(refused.json.rule_name, "No interviews")
      assert.strictEqual(yield* no("POST", "/schedule/evt_nobodys", {}), "404 event_not_found")
      yield* policy({ rules: [{ ...locked, enabled: false }] })
      assert.deepStrictEqual(yield* scheduled, ["Interview with Kim"], "what was asked for stood under the lock")
    })
  )

  it.effect("stands behind what keeps every bot away: a cancelled meeting is 422", () =>
    Effect.gen(function* () {
      const { idOf, meeting, no, policy } = yield* ruled
      yield* meeting("Interview", null, { isCancelled: true })
      yield* policy({ rules: [locked] })
      assert.strictEqual(yield* no("POST", `/schedule/${yield* idOf("Interview")}`, {}), "422 event_cancelled")
    })
  )

  it.effect("leaves blocked occurrences of a series in skipped, and refuses a series that is blocked whole", () =>
    Effect.gen(function* () {
      const { call, calendarId, control, idOf, no, ok, policy, syncChanges } = yield* ruled
      const made = yield* control.createSeries(calendarId, { subject: "Standup", joinUrl: zoom, timing: daily })
      yield* control.changeOccurrence(made, "2026-03-12", { subject: "Interview instead of standup" })
      yield* syncChanges
      yield* policy({ rules: [locked] })
      const id = yield* idOf("Standup")
      const answer = yield* ok("POST", `/schedule/${id}`, { schedule_all_occurrences: true, occurrence_limit: 3 })
      assert.strictEqual(answer.scheduled_count, 3, "it counts against no limit")
      assert.deepStrictEqual(
        answer.skipped.map(({ reason, start_time }: { readonly reason: string; readonly start_time: string }) => [
          start_time,
          reason
        ]),
        [["2026-03-12T15:00:00Z", "blocked_by_policy"]]
      )
      yield* policy({ rules: [{ ...locked, when: { recurring: true } }] })
      for (const [path, body] of [
        [`/schedule/${id}`, { schedule_all_occurrences: true }],
        ["/toggle-recurrence", { event_id: id, recurring_enabled: true }],
        ["/auto-reschedule", { event_id: id }]
      ] as const) {
        const refused = yield* call("POST", `${base}${path}`, { body })
        assertProblem(refused, 403, "blocked_by_policy")
        assert.strictEqual(refused.json.rule_name, "No interviews")
      }
      const off = { event_id: id, recurring_enabled: false }
      assert.isFalse((yield* ok("POST", "/toggle-recurrence", off)).recurring_enabled)
      assert.strictEqual(yield* no("POST", `/schedule/${id}`, {}), "403 blocked_by_policy")
    })
  )

  it.effect("withdraws a bot that has been launched", () =>
    Effect.gen(function* () {
      const { bots, idOf, meeting, ok, policy, probe, punctual } = yield* ruled
      yield* meeting("Interview", null, { start: noon + 10 * minute, end: noon + hour })
      yield* ok("POST", `/schedule/${yield* idOf("Interview")}`, {})
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.adjust(12 * minute)
      assert.deepInclude((yield* bots("Interview"))[0], { status: "Launched" })
      yield* policy({ rules: [locked] })
      yield* punctual.withdrawBots(null)
      assert.deepStrictEqual(
        (yield* probe.launched).map(({ isWithdrawn }) => isWithdrawn),
        [true]
      )
      assert.deepInclude((yield* bots("Interview"))[0], { status: "Launched", status_reason: "blocked_by_policy" })
    })
  )

  it.effect("is judged by the workspace's domains", () =>
    Effect.gen(function* () {
      const { explanation, meeting, policy } = yield* ruled
      yield* meeting("Call", { people: ["kim@EU.fabrikam.com"] })
      const rules = [{ ...locked, when: { external_people: { min: 1 } } }]
      yield* policy({ rules })
      assert.strictEqual((yield* explanation("Call")).code, "blocked_by_policy")
      yield* policy({ rules, internal_domains: ["Fabrikam.com"] })
      assert.strictEqual((yield* explanation("Call")).code, "not_asked")
    })
  )
})

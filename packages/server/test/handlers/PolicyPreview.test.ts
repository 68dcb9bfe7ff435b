/**
 * What a policy would do, before it is written: told to the holder of the admin key, and nothing is written by it.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { adele, adminKey, apiKey } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { day, hour, iso, minute, noon, workspace } from "../Whole.ts"
import { locked, policyPath, ruled } from "./Ruled.ts"

const key = { key: adminKey }
const path = `${policyPath}/preview`

const subjects = (rows: ReadonlyArray<{ readonly subject: string }>) => rows.map(({ subject }) => subject)

describe("POST admin/workspaces/{workspace_id}/policy/preview", () => {
  it.effect("says what the policy then does, by which rule, and writes nothing", () =>
    Effect.gen(function* () {
      const { call, enable, idOf, meeting, ok, policy, scheduled } = yield* ruled
      yield* meeting("Interview with Kim")
      yield* meeting("Call")
      yield* enable()
      // Asked for by hand, and beyond what auto-scheduling has come to.
      yield* meeting("Interview by hand", null, { start: noon + 9 * day, end: noon + 9 * day + hour })
      yield* ok("POST", `/schedule/${yield* idOf("Interview by hand")}`, {})
      const body = { rules: [locked, { name: "Notes", when: {}, then: "join", bot_config: { bot_name: "Notes" } }] }
      const preview = (yield* call("POST", path, { ...key, body })).json
      const counts = { joins: 0, leaves: 2, changes: 1, stays: 0 }
      assert.deepStrictEqual(preview.summary, counts)
      assert.deepStrictEqual(preview.users, [{ user_id: adele, ...counts }])
      assert.deepStrictEqual(subjects(preview.leaves), ["Interview with Kim", "Interview by hand"])
      assert.deepInclude(preview.leaves[0], {
        user_id: adele,
        event_id: yield* idOf("Interview with Kim"),
        start_time: iso(noon + 3 * hour),
        code: "blocked_by_policy",
        rule_name: "No interviews"
      })
      assert.match(preview.leaves[0].bot_id, /^bot_/)
      assert.deepStrictEqual([subjects(preview.joins), subjects(preview.changes)], [[], ["Call"]])
      assert.deepStrictEqual([preview.next, preview.truncated], [null, undefined])
      assert.strictEqual((yield* call("GET", policyPath, key)).json.updated_at, null)
      assert.deepStrictEqual(yield* scheduled, ["Call", "Interview by hand", "Interview with Kim"])

      const written = yield* policy(body)
      assert.strictEqual(written.json.rules[0].id, preview.leaves[0].rule_id)
      assert.deepStrictEqual(yield* scheduled, ["Call"])
      const lifted = (yield* call("POST", path, { ...key, body: {} })).json
      assert.deepStrictEqual(subjects(lifted.joins), ["Interview with Kim", "Interview by hand"])
      assert.strictEqual(lifted.joins[1].code, "asked_by_hand")
      assert.deepStrictEqual([lifted.summary.leaves, subjects(lifted.changes)], [0, ["Call"]])
      assert.deepStrictEqual((yield* call("POST", path, { ...key, body: written.json })).json.summary, {
        joins: 0,
        leaves: 0,
        changes: 0,
        stays: 1
      })
    })
  )

  it.effect("names a bot that a lock takes out of its meeting", () =>
    Effect.gen(function* () {
      const { call, idOf, meeting, ok, punctual } = yield* ruled
      yield* meeting("Interview", null, { start: noon + 10 * minute, end: noon + hour })
      yield* ok("POST", `/schedule/${yield* idOf("Interview")}`, {})
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.adjust(12 * minute)
      const { leaves, summary } = (yield* call("POST", path, { ...key, body: { rules: [locked] } })).json
      assert.deepStrictEqual([subjects(leaves), summary.leaves], [["Interview"], 1])
      assert.deepStrictEqual((yield* call("POST", path, { ...key, body: {} })).json.summary.leaves, 0)
    })
  )

  it.effect("turns pages of users, and is refused as the policy is", () =>
    Effect.gen(function* () {
      const { call } = yield* ruled
      yield* call("POST", "/api/v1/admin/users", { ...key, body: { workspace } })
      const first = (yield* call("POST", `${path}?limit=1`, { ...key, body: {} })).json
      const second = (yield* call("POST", `${path}?limit=1&after=${first.next}`, { ...key, body: {} })).json
      const third = (yield* call("POST", `${path}?limit=1&after=${second.next}`, { ...key, body: {} })).json
      const users = [first, second].flatMap((page) => page.users.map(({ user_id: id }: { user_id: string }) => id))
      assert.deepStrictEqual(
        [users, third.users, third.next],
        [[adele], [], null],
        "who has connected nothing is not told"
      )
      const wrong = yield* call("POST", path, { ...key, body: { rules: [{ ...locked, then: "join" }] } })
      assertProblem(wrong, 400, "invalid_request")
      assert.strictEqual(wrong.json.errors[0].path, "rules.0.then")
      assert.strictEqual((yield* call("POST", `${path}?limit=101`, { ...key, body: {} })).status, 400)
      assert.strictEqual((yield* call("POST", path, { key: apiKey, body: {} })).status, 401)
      const nobodys = "/api/v1/admin/workspaces/wsp_nobodys/policy/preview"
      assertProblem(yield* call("POST", nobodys, { ...key, body: {} }), 404, "workspace_not_found")
    })
  )

  it.effect("names 500 meetings of a list at most, and counts all", () =>
    Effect.gen(function* () {
      const { calendarId, call, control, enable, policy, syncChanges } = yield* ruled
      const start = noon + 2 * hour
      yield* Effect.forEach(
        Array.from({ length: 501 }, (_, nth) => nth),
        (nth) =>
          control.create(calendarId, {
            subject: `Interview ${nth}`,
            start: start + nth,
            joinUrl: "https://zoom.us/j/1234567890"
          })
      )
      yield* syncChanges
      yield* enable()
      yield* policy({})
      const { leaves, summary, truncated } = (yield* call("POST", path, { ...key, body: { rules: [locked] } })).json
      assert.deepStrictEqual([leaves.length, summary.leaves, truncated], [500, 501, true])
    })
  )
})

/**
 * What the contract promises of everybody's log over HTTP, asked of the real core over in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { WorkspaceId } from "@punctual/core"
import { adele, adminKey, miriam } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { base, day, iso, minute, noon } from "../Whole.ts"
import { admin, host, typesOf } from "./LoggedHost.ts"

describe("GET /admin/changes", () => {
  it.effect("tells everybody's, or a workspace's, and goes on by its cursor", () =>
    Effect.gen(function* () {
      const { allLog, call, ok, punctual, schedule } = yield* host
      const other = WorkspaceId.make("wsp_other")
      yield* Effect.orDie(punctual.joinWorkspace(miriam, other))
      const { bot_id: botId } = yield* schedule
      const first = yield* allLog("?limit=2")
      assert.deepStrictEqual([typesOf(first), first.has_more], [["connection.created", "calendar.synced"], true])
      const rest = yield* allLog(`?cursor=${first.next}`)
      assert.deepStrictEqual(typesOf(rest), ["bot.scheduled"])
      assert.deepStrictEqual([rest.changes[0].user_id, rest.changes[0].workspace_id], [adele, "wsp_1"])
      assert.deepStrictEqual((yield* allLog("?workspace_id=wsp_other")).changes, [])
      assert.deepStrictEqual(typesOf(yield* allLog("?workspace_id=wsp_1&types=bot.*")), ["bot.scheduled"])
      const unknown = yield* call("GET", `${admin}?workspace_id=wsp_nobodys`, { key: adminKey })
      assertProblem(unknown, 404, "workspace_not_found")
      yield* ok("DELETE", `/scheduled_bots/${botId}`)
      const on = yield* allLog(`?cursor=${rest.next}`)
      assert.deepStrictEqual([typesOf(on), on.has_more], [["bot.cancelled"], false])
    })
  )

  it.effect("expires cursors by their age, and tells nothing that is older", () =>
    Effect.gen(function* () {
      const { allLog, call, schedule } = yield* host
      yield* schedule
      const { next } = yield* allLog()
      yield* TestClock.adjust(30 * day + minute)
      const answer = yield* call("GET", `${admin}?cursor=${next}`, { key: adminKey })
      assertProblem(answer, 410, "cursor_expired")
      assert.strictEqual(answer.json.earliest, iso(noon + minute))
      assert.deepStrictEqual((yield* allLog()).changes, [])
    })
  )

  it.effect("is for the admin key alone", () =>
    Effect.gen(function* () {
      const { call } = yield* host
      assertProblem(yield* call("GET", admin), 401, "unauthorized")
      assertProblem(yield* call("GET", `${base}/changes`, { key: adminKey }), 401, "unauthorized")
    })
  )
})

/** O: what the operator's page asks for, with the admin key alone. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Launcher } from "@punctual/core"
import { LauncherMemory } from "@punctual/core/testing"
import { withCall } from "../../src/metrics/LaunchHours.ts"
import * as LaunchCounts from "../../src/metrics/LaunchCounts.ts"
import { LaunchHours } from "../../src/metrics/LaunchHours.ts"
import { adele, adminKey, apiKey, miriam } from "../Kit.ts"
import { base, connected, day, hour, iso, minute, noon } from "../Whole.ts"

const admin = "/api/v1/admin"
const key = { key: adminKey }

describe("O: the admin key", () => {
  it.effect("sees a user with the state of the connection, and who has none", () =>
    Effect.gen(function* () {
      const { call, control, accountId, syncChanges } = yield* connected
      const found = yield* call("GET", `${admin}/users/${adele}`, key)
      assert.deepStrictEqual(found.json, {
        user_id: adele,
        workspace_id: "wsp_1",
        name: null,
        external_id: null,
        created_at: "1970-01-01T00:00:00Z",
        connections: [
          {
            calendar_id: `outlook_calendar_${adele}`,
            platform: "outlook_calendar",
            status: "active",
            status_reason: null,
            status_message: null,
            user_email: "adele@example.com",
            calendars_selected: 1,
            calendars_polled: 0,
            calendars_failing: 0
          }
        ]
      })
      assert.deepStrictEqual((yield* call("GET", `${admin}/users/${miriam}`, key)).json.connections, [])
      assert.strictEqual((yield* call("GET", `${admin}/users/usr_none`, key)).status, 404)
      assert.strictEqual((yield* call("GET", `${admin}/users/${adele}`, { key: apiKey })).status, 401)
      yield* control.setRevoked(accountId, true)
      yield* TestClock.adjust(2 * hour)
      yield* syncChanges
      const lost = (yield* call("GET", `${admin}/users/${adele}`, key)).json.connections
      assert.deepInclude(lost[0], { status: "reauthorization_required", calendars_failing: 1 })
    })
  )

  it.effect("sees workspaces with their users", () =>
    Effect.gen(function* () {
      const { call } = yield* connected
      yield* call("POST", `${admin}/users`, { ...key, body: { name: "Jane", workspace: "acme" } })
      const { json } = yield* call("GET", `${admin}/workspaces`, key)
      assert.sameDeepMembers(json.workspaces, [
        { workspace_id: "wsp_1", users: 2 },
        { workspace_id: "acme", users: 1 }
      ])
    })
  )

  it.effect("sees the daily jobs: waiting, then done, whichever process did them", () =>
    Effect.gen(function* () {
      const { call, punctual } = yield* connected
      const jobs = Effect.map(call("GET", `${admin}/jobs`, key), ({ json }) => json.jobs)
      assert.deepStrictEqual((yield* jobs)[0], {
        job: "auto-schedule",
        date: "2026-03-10",
        due_at: "2026-03-10T00:00:00Z",
        status: "waiting",
        noted_at: null,
        shares_left: 0
      })
      yield* Effect.forkChild(punctual.run)
      yield* TestClock.adjust(minute)
      assert.deepStrictEqual(
        (yield* jobs).map(({ job, status }: { readonly job: string; readonly status: string }) => [job, status]),
        [
          ["auto-schedule", "done"],
          ["renew-subscriptions", "done"],
          ["audit-schedules", "done"],
          ["prune", "done"]
        ]
      )
    })
  )

  it.effect("gets any user's pages under /calendar by user_id, and changes nothing there", () =>
    Effect.gen(function* () {
      const { call, calendarId, control, syncChanges } = yield* connected
      yield* control.create(calendarId, { subject: "Review", start: noon + 5 * hour })
      yield* syncChanges
      const of = (path: string, method = "GET") =>
        call(method, `${base}${path}${path.includes("?") ? "&" : "?"}user_id=${adele}`, key)
      assert.strictEqual((yield* of("/connection")).json.user_email, "adele@example.com")
      const page = yield* of("/get_events?limit=1")
      assert.strictEqual(page.json.results[0]?.subject, "Review", page.text)
      assert.strictEqual((yield* of("/scheduled_bots")).status, 200)
      assert.strictEqual((yield* of("/auto-schedule/enable", "POST")).status, 401)
      assert.strictEqual((yield* of("/disconnect", "DELETE")).status, 401)
      assert.strictEqual((yield* call("GET", `${base}/connection`, key)).status, 401)
      assert.strictEqual((yield* call("GET", `${base}/connection?user_id=usr_none`, key)).status, 404)
      // A user's key is that user's, whatever it names.
      const other = yield* call("GET", `${base}/get_events?user_id=${miriam}`, { key: apiKey })
      assert.strictEqual(other.status, 400)
    })
  )
})

describe("O: launches by hour", () => {
  it.effect("are told to the admin key with how late they were", () =>
    Effect.gen(function* () {
      const { call } = yield* connected
      const { note } = yield* LaunchHours
      yield* note("accepted", noon - 3_000)
      yield* note("accepted", noon - 1_000)
      yield* note("rejected", noon - 9_000)
      yield* note("retry", noon - 9_000)
      const { json } = yield* call("GET", `${admin}/launches`, key)
      assert.deepStrictEqual(json, {
        since: "1970-01-01T00:00:00Z",
        hours: [
          {
            hour: iso(noon),
            accepted: 2,
            rejected: 1,
            retried: 1,
            unconfigured: 0,
            late_seconds_max: 3,
            late_seconds_mean: 2
          }
        ]
      })
      assert.strictEqual((yield* call("GET", `${admin}/launches`, { key: apiKey })).status, 401)
    }).pipe(Effect.provide(LaunchHours.layer))
  )

  it.effect("are none of a process that launches nothing", () =>
    Effect.gen(function* () {
      const { call } = yield* connected
      const { json } = yield* call("GET", `${admin}/launches`, key)
      assert.deepStrictEqual(json.hours, [])
    })
  )

  it.effect("are noted as the launcher answers", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const launcher = yield* Launcher
      const probe = yield* LauncherMemory.LauncherProbe
      yield* probe.script([{ kind: "rejected", message: "No." }])
      const request = { botId: "bot_1", joinAt: noon - 3_000, link: { url: "https://zoom.us/j/1" } } as never
      yield* launcher.launch(request)
      yield* launcher.launch(request)
      const [first, ...others] = yield* Effect.flatMap(LaunchHours, ({ hours }) => hours)
      assert.deepStrictEqual(first, {
        hour: noon,
        outcomes: { accepted: 1, rejected: 1, retry: 0, unconfigured: 0 },
        lateMillisMax: 3_000,
        lateMillisSum: 3_000
      })
      assert.lengthOf(others, 0)
    }).pipe(
      Effect.provide(
        LaunchCounts.layer.pipe(Layer.provideMerge(LauncherMemory.layer), Layer.provideMerge(LaunchHours.layer))
      )
    )
  )

  it("are kept for two days", () => {
    let hours = withCall([], { now: noon, kind: "accepted", lateMillis: 1 })
    for (let at = noon; at < noon + 4 * day; at += hour)
      hours = withCall(hours, { now: at, kind: "retry", lateMillis: 0 })
    assert.lengthOf(hours, 48)
    assert.strictEqual(hours.at(-1)?.hour, noon + 4 * day - hour)
  })
})

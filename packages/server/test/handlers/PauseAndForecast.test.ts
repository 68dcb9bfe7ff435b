/**
 * Pauses, and the forecast: whether bots will be there, and what keeps them away.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Launcher } from "@punctual/core"
import { LauncherMemory } from "@punctual/core/testing"
import { LaunchHours } from "../../src/metrics/LaunchHours.ts"
import { makeLauncherHealth } from "../../src/launchers/LauncherHealth.ts"
import { adele, adminKey, apiKey, miriam, otherKey } from "../Kit.ts"
import { base, connectedOn, day, hour, iso, minute, noon, system } from "../Whole.ts"
import { locked, policyPath, ruled } from "./Ruled.ts"

const asked = Effect.gen(function* () {
  const host = yield* ruled
  yield* host.meeting("Review", null, { start: noon + hour, end: noon + 2 * hour })
  yield* host.ok("POST", `/schedule/${yield* host.idOf("Review")}`, {})
  yield* Effect.forkChild(host.punctual.run)
  const status = Effect.map(host.bots("Review"), ([{ status, status_reason: reason }]) => [status, reason])
  return { ...host, status }
})

describe("a pause", () => {
  it.effect("that ends before the meeting does holds its bot until then", () =>
    Effect.gen(function* () {
      const { no, ok, probe, status } = yield* asked
      const until = iso(noon + 90 * minute)
      assert.deepStrictEqual(yield* ok("POST", "/pause", { until }), { paused_until: until })
      assert.strictEqual((yield* ok("GET", "/connection")).paused_until, until)
      yield* TestClock.adjust(80 * minute)
      assert.deepStrictEqual([yield* status, yield* probe.calls], [["Scheduled", null], []])
      yield* TestClock.adjust(12 * minute)
      assert.deepStrictEqual(yield* status, ["Launched", null])
      assert.isNull((yield* ok("GET", "/connection")).paused_until, "it has ended")
      assert.strictEqual(yield* no("POST", "/pause", { until }), "400 invalid_request")
    })
  )

  it.effect("that outlasts the meeting leaves its bot Failed, and says why", () =>
    Effect.gen(function* () {
      const { ok, probe, status } = yield* asked
      yield* ok("POST", "/pause", { until: iso(noon + 5 * hour) })
      yield* TestClock.adjust(3 * hour)
      assert.deepStrictEqual([yield* status, yield* probe.calls], [["Failed", "paused"], []])
    })
  )

  it.effect("is ended, and launches go on at once", () =>
    Effect.gen(function* () {
      const { ok, status } = yield* asked
      yield* ok("POST", "/pause", { until: iso(noon + 5 * hour) })
      yield* TestClock.adjust(65 * minute)
      assert.deepStrictEqual(yield* ok("DELETE", "/pause"), { paused_until: null })
      assert.deepStrictEqual(yield* ok("DELETE", "/pause"), { paused_until: null })
      yield* TestClock.adjust(2 * minute)
      assert.deepStrictEqual(yield* status, ["Launched", null])
    })
  )

  it.effect("of a workspace holds everybody's bots, and is not the user's own", () =>
    Effect.gen(function* () {
      const { ok, policy, status } = yield* asked
      yield* policy({ paused_until: iso(noon + 90 * minute) })
      assert.isNull((yield* ok("GET", "/connection")).paused_until)
      yield* TestClock.adjust(80 * minute)
      assert.deepStrictEqual(yield* status, ["Scheduled", null])
      yield* TestClock.adjust(12 * minute)
      assert.deepStrictEqual(yield* status, ["Launched", null])
    })
  )

  it.effect("must lie ahead, and is a user's who has a calendar", () =>
    Effect.gen(function* () {
      const { call, no } = yield* ruled
      const { json, status } = yield* call("POST", `${base}/pause`, { body: { until: iso(noon) } })
      assert.strictEqual(status, 400)
      assert.deepStrictEqual(json.errors, [{ path: "until", message: "Expected a time that lies ahead", in: "body" }])
      assert.deepInclude((yield* call("POST", `${base}/pause`, { body: {} })).json.errors[0], { path: "until" })
      const later = { until: iso(noon + hour) }
      assert.strictEqual(yield* no("POST", "/pause", later, { key: otherKey }), "404 calendar_not_connected")
      assert.strictEqual(yield* no("DELETE", "/pause", undefined, { key: otherKey }), "404 calendar_not_connected")
    })
  )
})

describe("GET forecast", () => {
  it.effect("tells those that should have a bot, and counts those that should have none", () =>
    Effect.gen(function* () {
      const { enable, idOf, meeting, ok, policy } = yield* ruled
      yield* policy({ rules: [locked] })
      yield* meeting("Review")
      yield* meeting("Interview")
      yield* meeting("Tomorrow", null, { start: noon + 20 * hour })
      yield* meeting("Next week", null, { start: noon + 7 * day })
      yield* enable()
      const told = yield* ok("GET", "/forecast")
      assert.deepStrictEqual(told, {
        meetings: [
          {
            event_id: yield* idOf("Review"),
            subject: "Review",
            start_time: iso(noon + 3 * hour),
            status: "covered",
            causes: []
          },
          {
            event_id: yield* idOf("Tomorrow"),
            subject: "Tomorrow",
            start_time: iso(noon + 20 * hour),
            status: "covered",
            causes: []
          }
        ],
        summary: { covered: 2, at_risk: 0, uncovered: 0, not_wanted: 1 },
        until: iso(noon + day)
      })
      const near = yield* ok("GET", `/forecast?time_max=${iso(noon + 4 * hour)}`)
      assert.deepStrictEqual(near.summary, { covered: 1, at_risk: 0, uncovered: 0, not_wanted: 1 })
    })
  )

  it.effect("says what keeps bots away: a pause, a lost grant, no launcher", () =>
    Effect.gen(function* () {
      const { accountId, control, enable, meeting, ok, syncChanges } = yield* ruled
      yield* meeting("Review")
      yield* enable()
      const now = Effect.map(ok("GET", "/forecast"), ({ meetings: [{ causes, status }] }) => [status, ...causes])
      yield* ok("POST", "/pause", { until: iso(noon + 3 * hour + minute) })
      assert.deepStrictEqual(yield* now, ["at_risk", "paused"], "it ends before the meeting does")
      yield* ok("POST", "/pause", { until: iso(noon + 10 * hour) })
      assert.deepStrictEqual(yield* now, ["uncovered", "paused"])
      yield* ok("DELETE", "/pause")
      yield* control.setRevoked(accountId, true)
      yield* TestClock.adjust(2 * hour)
      yield* syncChanges
      assert.deepStrictEqual(yield* now, ["at_risk", "reauthorization_required", "sync_failing"], "a bot stands for it")
    })
  )

  it.effect("says so where no launcher is configured, or where it does not join the platform", () =>
    Effect.gen(function* () {
      for (const [name, cause] of [
        ["none", "launcher_not_configured"],
        ["attendee", "platform_not_supported"]
      ] as const) {
        const renamed = Layer.effect(
          Launcher,
          Effect.map(Launcher, (launcher) => ({ ...launcher, name }))
        )
        const on = Layer.provideMerge(Layer.provide(renamed, LauncherMemory.layer), system)
        const { calendarId, control, named, ok, syncChanges } = yield* connectedOn(on as typeof system)
        yield* control.create(calendarId, {
          subject: "Webex",
          start: noon + hour,
          joinUrl: "https://acme.webex.com/meet/ada"
        })
        yield* syncChanges
        yield* ok("POST", `/schedule/${(yield* named("Webex"))[0].id}`, {})
        const { meetings } = yield* ok("GET", "/forecast")
        assert.deepInclude(meetings[0], { status: "uncovered", causes: [cause] })
      }
    })
  )

  it.effect("says that the bot service is failing, to the user and to the operator", () =>
    Effect.gen(function* () {
      const { call, enable, meeting, ok } = yield* ruled
      yield* meeting("Review")
      yield* enable()
      const { note } = yield* LaunchHours
      yield* Effect.forEach([1, 2, 3], () => note("rejected", noon))
      const { meetings } = yield* ok("GET", "/forecast")
      assert.deepInclude(meetings[0], { status: "at_risk", causes: ["launcher_failing"] })
      const { json } = yield* call("GET", "/api/v1/admin/forecast", { key: adminKey })
      assert.deepInclude(json.users[0], { causes: ["launcher_failing"] })
    }).pipe(Effect.provide(LaunchHours.layer))
  )

  it.effect("refuses a time that has passed, or is too far ahead, by its path", () =>
    Effect.gen(function* () {
      const { call, no } = yield* ruled
      for (const time of [iso(noon), iso(noon + 367 * day), "soon"]) {
        const { json, status } = yield* call("GET", `${base}/forecast?time_max=${time}`)
        assert.strictEqual(status, 400)
        assert.deepInclude(json.errors[0], { path: "time_max", in: "query" })
      }
      assert.strictEqual(yield* no("GET", "/forecast", undefined, { key: otherKey }), "404 calendar_not_connected")
    })
  )

  it.effect("is added up for the admin key, a page of users at a time", () =>
    Effect.gen(function* () {
      const { call, enable, meeting } = yield* ruled
      yield* meeting("Review")
      yield* enable()
      const path = "/api/v1/admin/forecast"
      const { json } = yield* call("GET", path, { key: adminKey })
      const summary = { covered: 1, at_risk: 0, uncovered: 0, not_wanted: 0 }
      assert.deepStrictEqual(json, {
        summary,
        users: [{ user_id: adele, workspace_id: "wsp_1", summary, causes: [] }],
        until: iso(noon + day),
        next: null
      })
      const first = (yield* call("GET", `${path}?limit=1`, { key: adminKey })).json
      assert.deepInclude(first, { summary, next: adele })
      const second = (yield* call("GET", `${path}?limit=1&after=${first.next}`, { key: adminKey })).json
      assert.deepStrictEqual([second.users, second.next], [[], miriam], "who has connected nothing is not told")
      const ofOne = (query: string) => Effect.map(call("GET", `${path}?${query}`, { key: adminKey }), (got) => got.json)
      assert.deepStrictEqual(yield* ofOne("workspace_id=wsp_1"), json)
      assert.deepInclude(yield* ofOne("workspace_id=wsp_1&limit=1"), { summary, next: adele })
      assert.deepInclude(yield* ofOne("workspace_id=wsp_2"), { users: [], next: null })
      assert.strictEqual((yield* call("GET", `${path}?workspace_id=a%20b`, { key: adminKey })).status, 400)
      assert.strictEqual((yield* call("GET", `${path}?limit=101`, { key: adminKey })).status, 400)
      assert.strictEqual((yield* call("GET", path, { key: apiKey })).status, 401)
      assert.strictEqual((yield* call("GET", policyPath, { key: apiKey })).status, 401)
    })
  )
})

const healthOf = (name: string) => Effect.provideService(makeLauncherHealth, Launcher, { name } as Launcher["Service"])

describe("the launcher's state", () => {
  it.effect("is failing when its last three launches within the hour failed", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const { note } = yield* LaunchHours
      const isFailing = Effect.map(yield* healthOf("webhook"), (state) => state.isFailing)
      yield* note("rejected", noon)
      yield* note("retry", noon)
      assert.isFalse(yield* isFailing)
      yield* note("unconfigured", noon)
      assert.isFalse(yield* isFailing, "nobody was called")
      yield* note("rejected", noon)
      assert.isTrue(yield* isFailing)
      yield* TestClock.adjust(61 * minute)
      assert.isFalse(yield* isFailing, "that was long ago")
      yield* note("rejected", noon)
      yield* note("rejected", noon)
      yield* note("accepted", noon)
      assert.isFalse(yield* isFailing)
    }).pipe(Effect.provide(LaunchHours.layer))
  )

  it.effect("knows the platforms of each", () =>
    Effect.gen(function* () {
      const joins = (name: string) =>
        Effect.map(Effect.flatten(healthOf(name)), ({ supports }) =>
          (["zoom", "teams", "google-meet", "webex", "gotomeeting", "jitsi"] as const).map(supports)
        )
      const usual = [true, true, true, false, false, false]
      assert.deepStrictEqual(yield* joins("meetstream"), usual)
      assert.deepStrictEqual(yield* joins("attendee"), usual)
      assert.deepStrictEqual(yield* joins("recall"), [true, true, true, true, true, false])
      assert.deepStrictEqual(yield* joins("webhook"), [true, true, true, true, true, true])
      assert.isFalse((yield* yield* healthOf("none")).isConfigured)
    })
  )
})

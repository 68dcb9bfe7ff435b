/**
 * What is refused because of its form, before any handler is asked.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { serve } from "../Kit.ts"
import { event, scheduled, series } from "../Samples.ts"

const base = "/api/v1/calendar"
const toggle = `${base}/toggle-recurrence`
const good = { event_id: "evt_1", recurring_enabled: true }
const json = { "content-type": "application/json" }

const taking = serve({
  core: {
    toggleRecurrence: () => Effect.succeed({ event, series, isEnabled: true }),
    schedule: () => Effect.succeed(scheduled),
    events: () => Effect.succeed({ items: [], hasMore: false, staleReason: null })
  }
})

describe("bodies", () => {
  it.effect("takes JSON in UTF-8, with a byte order mark too, and without a media type", () =>
    Effect.gen(function* () {
      const { call } = yield* taking
      const text = JSON.stringify(good)
      const bodies = [
        { body: text, headers: json },
        { body: text, headers: { "content-type": "application/json; charset=UTF-8" } },
        { body: `\uFEFF${text}`, headers: json }
      ]
      for (const each of bodies) assert.strictEqual((yield* call("POST", toggle, each)).status, 200)
    })
  )

  it.effect("names every member that is wrong, unknown or missing", () =>
    Effect.gen(function* () {
      const { call } = yield* taking
      const answer = yield* call("POST", toggle, { body: { event_id: 1, status: "Launched", __proto__x: 1 } })
      assert.strictEqual(answer.status, 400)
      assert.strictEqual(answer.json.code, "invalid_request")
      assert.sameDeepMembers(answer.json.errors, [
        { path: "event_id", message: "Expected string", in: "body" },
        { path: "recurring_enabled", message: "This member is needed", in: "body" },
        { path: "status", message: "There is no such member", in: "body" },
        { path: "__proto__x", message: "There is no such member", in: "body" }
      ])
    })
  )

  it.effect("refuses unknown members, `__proto__` and `constructor` among them, except in open objects", () =>
    Effect.gen(function* () {
      const { call } = yield* taking
      for (const member of ["__proto__", "constructor", "user_id", "generation"]) {
        const body = `{"event_id":"evt_1","recurring_enabled":true,"${member}":{"x":1}}`
        const answer = yield* call("POST", toggle, { body, headers: json })
        assert.strictEqual(answer.status, 400, member)
        assert.strictEqual(answer.json.errors[0].path, member)
      }
      const open = '{"bot_config":{"__proto__":{"polluted":true},"constructor":1,"a":{"b":[null]}}}'
      assert.strictEqual((yield* call("POST", `${base}/schedule/evt_1`, { body: open, headers: json })).status, 200)
      assert.notProperty({}, "polluted")
    })
  )

  it.effect.each([
    ["no JSON", "{"],
    ["a list for an object", "[]"],
    ["null for an object", "null"],
    ["NUL in a text", JSON.stringify({ ...good, event_id: "a\u0000" })],
    ["half a character", '{"event_id":"\\ud800","recurring_enabled":true}'],
    ["too deep", `{"bot_config":${"[".repeat(32)}${"]".repeat(32)}}`],
    ["far too deep", "[".repeat(100_000)]
  ] as const)("refuses %s with 400", ([, body]) =>
    Effect.gen(function* () {
      const { call } = yield* taking
      const answer = yield* call("POST", toggle, { body, headers: json })
      assert.strictEqual(answer.status, 400, answer.text.slice(0, 200))
      assert.strictEqual(answer.json.code, "invalid_request")
      assert.isNotEmpty(answer.json.errors)
    })
  )

  it.effect("takes what is 32 deep, the body itself counted", () =>
    Effect.gen(function* () {
      const { call } = yield* taking
      const body = `{"bot_config":{"a":${"[".repeat(30)}${"]".repeat(30)}}}`
      const answer = yield* call("POST", `${base}/schedule/evt_1`, { body, headers: json })
      assert.strictEqual(answer.status, 200, answer.text)
    })
  )

  it.effect("takes 1 MiB and refuses more with 413", () =>
    Effect.gen(function* () {
      const { call } = yield* taking
      const sized = (bytes: number) => '{"bot_config":{}}'.padEnd(bytes)
      const path = `${base}/schedule/evt_1`
      assert.strictEqual((yield* call("POST", path, { body: sized(1_048_576), headers: json })).status, 200)
      const answer = yield* call("POST", path, { body: sized(1_048_577), headers: json })
      assert.strictEqual(answer.status, 413)
      assert.strictEqual(answer.json.code, "payload_too_large")
      assert.strictEqual(answer.headers.get("content-type"), "application/problem+json")
    })
  )

  it.effect.each([
    { "content-type": "application/x-www-form-urlencoded" },
    { "content-type": "text/plain" },
    { "content-type": "application/json; charset=utf-16" },
    { "content-type": "application/json", "content-encoding": "gzip" }
  ])("refuses other media types and encodings with 415: %o", (headers) =>
    Effect.gen(function* () {
      const { call } = yield* taking
      const answer = yield* call("POST", toggle, { body: JSON.stringify(good), headers })
      assert.strictEqual(answer.status, 415, answer.text)
      assert.strictEqual(answer.json.code, "unsupported_media_type")
      assert.strictEqual(answer.headers.get("content-type"), "application/problem+json")
    })
  )

  it.effect("an empty body may have any media type: some clients set one by themselves", () =>
    Effect.gen(function* () {
      const { call } = yield* taking
      const headers = { "content-type": "application/x-www-form-urlencoded" }
      assert.strictEqual((yield* call("POST", `${base}/schedule/evt_1`, { body: "", headers })).status, 200)
    })
  )
})

describe("parameters", () => {
  it.effect.each([
    "limit=0",
    "limit=-1",
    "limit=101",
    "limit=1e9",
    "limit=NaN",
    "limit=[]",
    "limit=",
    "limit=1.5",
    "limit=5&limit=5",
    "limit=+5",
    "sync=yes",
    "time_min=yesterday",
    "time_min=2026-04-08T00:00:00",
    "time_min=2026-02-30",
    "time_min=2026-02-30T00:00:00Z",
    "time_min=2026-04-08T00:00:00Z&time_max=2026-04-08T00:00:00Z",
    "time_min=2026-04-09T00:00:00Z&time_max=2026-04-08T00:00:00Z",
    "time_min=1926-04-08T00:00:00Z&time_max=2026-04-08T00:00:00Z",
    "calendar_id=%00",
    "calendar_id=",
    "unknown=1"
  ])("refuses ?%s with 400", (query) =>
    Effect.gen(function* () {
      const { call } = yield* taking
      const answer = yield* call("GET", `${base}/events?${query}`)
      assert.strictEqual(answer.status, 400, answer.text)
      assert.strictEqual(answer.json.code, "invalid_request")
      assert.strictEqual(answer.json.errors[0].in, "query")
    })
  )

  it.effect.each(["limit=1", "limit=100", "limit=007", "sync=true", "sync=false"])("takes ?%s", (query) =>
    Effect.gen(function* () {
      const { call } = yield* taking
      assert.strictEqual((yield* call("GET", `${base}/events?${query}`)).status, 200)
    })
  )

  it.effect.each(["2026-04-08", "2026-04-08T00:00:00Z", "2026-04-08T02:00:00+02:00", "2026-04-07t23:59:59.999-00:01"])(
    "takes time_min=%s",
    (from) =>
      Effect.gen(function* () {
        const { call } = yield* taking
        const query = new URLSearchParams({ time_min: from, time_max: "2026-05-01" })
        const answer = yield* call("GET", `${base}/events?${query}`)
        assert.strictEqual(answer.status, 200, answer.text)
      })
  )

  it.effect("refuses an id with a control character, and one that is endless, without asking the core", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      assert.strictEqual((yield* call("POST", `${base}/schedule/evt_%00`)).status, 400)
      assert.strictEqual((yield* call("POST", `${base}/schedule/evt_%0a`)).status, 400)
      assert.strictEqual((yield* call("POST", `${base}/schedule/${"x".repeat(600)}`)).status, 400)
      assert.strictEqual((yield* call("POST", `${base}/schedule/${"x".repeat(6_000)}`)).status, 404)
    })
  )

  it.effect.each([0, 367, 1e9, 1.5, "5"])("refuses occurrence_limit %s", (limit) =>
    Effect.gen(function* () {
      const { call } = yield* taking
      const answer = yield* call("POST", `${base}/schedule/evt_1`, { body: { occurrence_limit: limit } })
      assert.strictEqual(answer.status, 400)
      assert.strictEqual(answer.json.errors[0].path, "occurrence_limit")
    })
  )
})

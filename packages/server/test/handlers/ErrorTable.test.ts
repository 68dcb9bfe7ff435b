/**
 * The contract's error table, a row a test, each met as a client meets it: by a request to the real core over in-memory
 * adapters. The table is written out here once more, so that no row is without its test.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { Store, calendarId as calendarIdOf, connectionId } from "@punctual/core"
import { type Answer, adele, adminKey, otherKey, serve } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { base, connected, day, hour, iso, minute, noon, zoom } from "../Whole.ts"

const statuses = {
  unauthorized: 401,
  invalid_request: 400,
  invalid_cursor: 400,
  cursor_expired: 410,
  forbidden: 403,
  external_id_taken: 409,
  idempotency_key_reused: 422,
  idempotency_in_progress: 409,
  consent_not_configured: 422,
  not_recurring: 400,
  invalid_credentials: 422,
  calendar_not_connected: 404,
  event_not_found: 404,
  bot_not_found: 404,
  calendar_not_found: 404,
  occurrence_not_found: 404,
  no_meeting_link: 422,
  event_cancelled: 422,
  event_ended: 422,
  join_time_in_past: 422,
  bot_already_scheduled: 409,
  bot_not_scheduled: 409,
  reauthorization_required: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  method_not_allowed: 405,
  not_found: 404,
  blocked_by_policy: 403,
  workspace_not_found: 404,
  rate_limited: 429,
  microsoft_unavailable: 503,
  sync_in_progress: 503
} as const

type Code = keyof typeof statuses

type Row = Effect.Effect<Answer, unknown, Scope.Scope>

/** Adele's calendar with a meeting, a series, and what can't be joined. */
const host = Effect.gen(function* () {
  const all = yield* connected
  const { calendarId, control, named } = all
  const meeting = yield* control.create(calendarId, { subject: "Review", start: noon + hour, joinUrl: zoom })
  yield* control.create(calendarId, { subject: "No link", joinUrl: null })
  yield* control.create(calendarId, { subject: "Cancelled", joinUrl: zoom, isCancelled: true })
  yield* control.create(calendarId, { subject: "Over", start: noon - 3 * hour, end: noon - hour, joinUrl: zoom })
  yield* control.createSeries(calendarId, {
    subject: "Series",
    joinUrl: zoom,
    timing: {
      rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
      startDate: "2026-03-10",
      startTime: 15 * hour,
      durationMillis: hour,
      zone: "UTC"
    }
  })
  yield* all.syncChanges
  const idOf = (subject: string) => Effect.map(named(subject), ([row]): string => row.id)
  const call = (method: string, path: string, body?: unknown, more = {}) =>
    all.call(method, `${base}${path}`, { ...(body !== undefined && { body }), ...more })
  const schedule = (subject: string, body: unknown = {}) =>
    Effect.flatMap(idOf(subject), (id) => call("POST", `/schedule/${id}`, body))
  const setPolicy = (workspace: string, body: unknown) =>
    all.call("PUT", `/api/v1/admin/workspaces/${workspace}/policy`, { key: adminKey, body })
  return { ...all, call, idOf, meeting, schedule, setPolicy }
})

type Host = Effect.Success<typeof host>

const at = (row: (host: Host) => Effect.Effect<Answer, unknown, Scope.Scope>): Row => Effect.flatMap(host, row)

const rows: Readonly<Record<Code, Row>> = {
  unauthorized: at(({ call }) => call("GET", "/connection", undefined, { key: "pk_nobodys" })),
  invalid_request: at(({ call }) => call("GET", "/events?limit=0")),
  invalid_cursor: at(({ call }) => call("GET", "/events?cursor=forged.one")),
  cursor_expired: at(({ call }) =>
    Effect.flatMap(call("GET", "/changes"), ({ json }) =>
      Effect.andThen(TestClock.adjust(31 * day), call("GET", `/changes?cursor=${json.next}`))
    )
  ),
  forbidden: at(({ call }) => call("POST", "/auto-reschedule", { event_id: "evt_1", user_id: "usr_another" })),
  external_id_taken: Effect.gen(function* () {
    const { call } = yield* serve()
    const make = call("POST", "/api/v1/admin/users", {
      key: adminKey,
      body: { workspace: "acme", external_id: "crm-1" }
    })
    return yield* Effect.andThen(make, make)
  }),
  idempotency_key_reused: at(({ call }) =>
    Effect.andThen(
      call("POST", "/auto-schedule/enable", {}, { headers: { "idempotency-key": "k" } }),
      call("POST", "/auto-schedule/enable", { default_bot_config: {} }, { headers: { "idempotency-key": "k" } })
    )
  ),
  idempotency_in_progress: Effect.gen(function* () {
    const begun = yield* Deferred.make<void>()
    const enableAuto = () => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)
    const { call } = yield* serve({ core: { enableAuto } })
    const ask = call("POST", `${base}/auto-schedule/enable`, { body: {}, headers: { "idempotency-key": "k" } })
    yield* Effect.forkChild(ask)
    yield* Deferred.await(begun)
    return yield* ask
  }),
  consent_not_configured: at(({ call }) => call("POST", "/connect")),
  not_recurring: at(({ schedule }) => schedule("Review", { recurring_event: true })),
  invalid_credentials: at(({ call }) =>
    call("POST", "/create_calendar", {
      microsoft_client_id: "a",
      microsoft_client_secret: "b",
      microsoft_refresh_token: "c"
    })
  ),
  calendar_not_connected: at(({ call }) => call("GET", "/events", undefined, { key: otherKey })),
  event_not_found: at(({ call }) => call("POST", "/schedule/evt_nobodys", {})),
  bot_not_found: at(({ call }) => call("DELETE", "/scheduled_bots/bot_nobodys")),
  calendar_not_found: at(({ call }) => call("GET", "/get_events?calendar_id=nobodys")),
  occurrence_not_found: at(({ schedule }) => schedule("Series", { occurrence_date: "2026-03-12T07:00:00Z" })),
  no_meeting_link: at(({ schedule }) => schedule("No link")),
  event_cancelled: at(({ schedule }) => schedule("Cancelled")),
  event_ended: at(({ schedule }) => schedule("Over")),
  join_time_in_past: at(({ call, schedule }) =>
    Effect.flatMap(schedule("Review"), ({ json }) =>
      call("PATCH", `/scheduled_bots/${json.bot_id}`, { scheduled_join_time: iso(noon - minute) })
    )
  ),
  bot_already_scheduled: at(({ schedule }) => Effect.andThen(schedule("Review"), schedule("Review"))),
  bot_not_scheduled: at(({ call, ok, punctual, schedule }) =>
    Effect.gen(function* () {
      const { json } = yield* schedule("Review")
      yield* ok("DELETE", `/scheduled_bots/${json.bot_id}`)
      yield* Effect.forkChild(punctual.run)
      const { json: again } = yield* schedule("Review")
      yield* TestClock.adjust(hour)
      return yield* call("PATCH", `/scheduled_bots/${again.bot_id}`, { bot_username: "Late" })
    })
  ),
  reauthorization_required: at(({ accountId, call, control }) =>
    Effect.andThen(
      control.setRevoked(accountId, true),
      Effect.andThen(TestClock.adjust(2 * hour), call("GET", "/calendars"))
    )
  ),
  payload_too_large: at(({ schedule }) => schedule("Review", { bot_config: { text: "x".repeat(1_100_000) } })),
  unsupported_media_type: at(({ call }) =>
    call("POST", "/toggle-recurrence", "a=b", { headers: { "content-type": "application/x-www-form-urlencoded" } })
  ),
  method_not_allowed: at(({ call }) => call("PUT", "/events")),
  not_found: at(({ call }) => call("GET", "/nothing")),
  blocked_by_policy: at(({ schedule, setPolicy }) =>
    Effect.andThen(
      setPolicy("wsp_1", { rules: [{ name: "No reviews", when: {}, then: "skip", locked: true }] }),
      schedule("Review")
    )
  ),
  workspace_not_found: at(({ setPolicy }) => setPolicy("wsp_nobodys", {})),
  rate_limited: Effect.gen(function* () {
    const { call } = yield* serve({ rateLimit: 1, core: { events: () => Effect.die("not reached in the end") } })
    const ask = call("GET", `${base}/scheduled_bots?limit=x`)
    return yield* Effect.andThen(
      Effect.forEach([1, 2, 3, 4], () => ask),
      ask
    )
  }),
  microsoft_unavailable: at(({ accountId, call, control }) =>
    Effect.andThen(control.throttle(accountId, noon + minute), call("GET", "/calendars"))
  ),
  // Another process is reading the calendar for the first time: there is nothing to show instead.
  sync_in_progress: Effect.gen(function* () {
    const { calendarId, call, context } = yield* connected
    const store = Context.get(context, Store)
    yield* store.claimCalendar(
      adele,
      calendarIdOf(connectionId("outlook_calendar", adele), calendarId),
      noon,
      noon + minute
    )
    const asking = yield* Effect.forkChild(call("GET", `${base}/events`))
    yield* TestClock.adjust("11 seconds")
    return yield* Fiber.join(asking)
  })
}

/** Members that a row has beside those of every problem. */
const extensions: Partial<Record<Code, (answer: Answer) => void>> = {
  invalid_request: ({ json }) => assert.deepInclude(json.errors[0], { path: "limit", in: "query" }),
  invalid_credentials: ({ json }) => assert.isNotEmpty(json.detail),
  bot_already_scheduled: ({ json }) => assert.match(json.bot_id, /^bot_/),
  bot_not_scheduled: ({ json }) => assert.strictEqual(json.bot_status, "Launched"),
  blocked_by_policy: ({ json }) => assert.strictEqual(json.rule_name, "No reviews"),
  rate_limited: ({ headers }) => assert.strictEqual(headers.get("retry-after"), "1"),
  sync_in_progress: ({ headers }) => assert.strictEqual(headers.get("retry-after"), "1"),
  microsoft_unavailable: ({ headers }) => assert.isAtLeast(Number(headers.get("retry-after")), 1),
  method_not_allowed: ({ headers }) => assert.strictEqual(headers.get("allow"), "GET"),
  unauthorized: ({ headers }) => assert.match(headers.get("www-authenticate") ?? "", /Token/)
}

describe("the error table", () => {
  it.effect.each(Object.entries(rows) as ReadonlyArray<[Code, Row]>)("%s", ([code, row]) =>
    Effect.gen(function* () {
      const answer = yield* row
      assertProblem(answer, statuses[code], code)
      extensions[code]?.(answer)
    })
  )
})

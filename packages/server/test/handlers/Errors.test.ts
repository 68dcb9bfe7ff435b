/**
 * Refusals and failures as the HTTP side answers them, whatever the core says: status, form, what is carried along, and
 * what is never told.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import {
  Refusal,
  type RefusalCode,
  SecretsError,
  SecretsUnavailable,
  StoreError,
  StoreUnavailable
} from "@punctual/core"
import { serve } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"

const base = "/api/v1/calendar"

/** By which request each refusal can be met. */
const rows: ReadonlyArray<readonly [RefusalCode, number, string, string]> = [
  ["calendar_not_connected", 404, "DELETE", "/disconnect"],
  ["event_not_found", 404, "POST", "/schedule/evt_1"],
  ["bot_not_found", 404, "DELETE", "/scheduled_bots/bot_1"],
  ["calendar_not_found", 404, "GET", "/events?calendar_id=x"],
  ["occurrence_not_found", 404, "POST", "/schedule/evt_1"],
  ["not_recurring", 400, "POST", "/schedule/evt_1"],
  ["no_meeting_link", 422, "POST", "/schedule/evt_1"],
  ["event_cancelled", 422, "POST", "/schedule/evt_1"],
  ["event_ended", 422, "POST", "/schedule/evt_1"],
  ["join_time_in_past", 422, "PATCH", "/scheduled_bots/bot_1"],
  ["invalid_credentials", 422, "POST", "/create_calendar"],
  ["reauthorization_required", 409, "GET", "/calendars"],
  ["provider_unavailable", 503, "GET", "/calendars"],
  ["secrets_unavailable", 503, "GET", "/calendars"]
]

/** The core knows no vendor; the contract names the one at hand. */
const shown: { readonly [Code in RefusalCode]?: string } = {
  provider_unavailable: "microsoft_unavailable",
  secrets_unavailable: "unavailable"
}

const credentials = { microsoft_client_id: "a", microsoft_client_secret: "b", microsoft_refresh_token: "c" }

const refusingWith = (failure: Refusal | StoreError | SecretsError) => {
  const fail = () => Effect.fail(failure)
  return serve({
    core: {
      connect: fail,
      disconnect: fail,
      calendars: fail,
      events: fail,
      schedule: fail,
      updateBot: fail,
      removeBot: fail,
      unschedule: fail
    }
  })
}

const bodyFor = (method: string, path: string) =>
  path === "/create_calendar" ? { body: credentials } : method === "PATCH" ? { body: {} } : {}

describe("C: our own secret store out of reach", () => {
  it.effect("is a line in the log, with why: the request's own is left out", () => {
    const lines: Array<string> = []
    const logger = Logger.map(Logger.formatLogFmt, (line) => void lines.push(line))
    const reason = new SecretsUnavailable({ message: "connect ETIMEDOUT ssm.eu-central-1.amazonaws.com" })
    const cause = new SecretsError({ operation: "get", reason })
    return Effect.gen(function* () {
      const { call } = yield* refusingWith(new Refusal({ code: "secrets_unavailable", detail: "In words.", cause }))
      yield* call("GET", `${base}/calendars`)
      assert.lengthOf(lines, 1)
      assert.match(lines[0] ?? "", /level=WARN.*credentials can't be read.*ETIMEDOUT ssm/)
    }).pipe(Effect.provide(Logger.layer([logger])))
  })

  it.effect("is no fault of Microsoft's: unavailable, with when to come again", () =>
    Effect.gen(function* () {
      const detail = "The stored credentials are out of reach (SecretsUnavailable); it is tried again."
      const { call } = yield* refusingWith(new Refusal({ code: "secrets_unavailable", detail }))
      const answer = yield* call("GET", `${base}/calendars`)
      assertProblem(answer, 503, "unavailable")
      assert.strictEqual(answer.json.detail, detail)
      assert.strictEqual(answer.headers.get("retry-after"), "1")
      assert.notInclude(answer.text.toLowerCase(), "microsoft")
    })
  )
})

describe("refusals of the core", () => {
  it.effect.each(rows)("%s is %i", ([code, status, method, path]) =>
    Effect.gen(function* () {
      const { call } = yield* refusingWith(new Refusal({ code, detail: "In words." }))
      const answer = yield* call(method, `${base}${path}`, bodyFor(method, path))
      assertProblem(answer, status, shown[code] ?? code)
      assert.strictEqual(answer.json.detail, "In words.")
    })
  )

  it.effect.each([
    ["throttled", "Microsoft asks to wait before the next request."],
    ["failing", "Microsoft did not answer as it should. Try again shortly."],
    ["broken_off", "Microsoft broke off the listing before its end."]
  ] as const)("a provider in trouble is called by its name: %s", ([trouble, sentence]) =>
    Effect.gen(function* () {
      const { call } = yield* refusingWith(
        new Refusal({ code: "provider_unavailable", trouble, detail: "The calendar's provider does not answer." })
      )
      const answer = yield* call("GET", `${base}/calendars`)
      assertProblem(answer, 503, "microsoft_unavailable")
      assert.strictEqual(answer.json.detail, sentence)
    })
  )

  it.effect("bot_already_scheduled names the active bot", () =>
    Effect.gen(function* () {
      const { call } = yield* refusingWith(
        new Refusal({ code: "bot_already_scheduled", detail: "In words.", botId: "bot_7" })
      )
      const answer = yield* call("POST", `${base}/schedule/evt_1`)
      assertProblem(answer, 409, "bot_already_scheduled")
      assert.strictEqual(answer.json.bot_id, "bot_7")
    })
  )

  it.effect("bot_not_scheduled says where the bot is", () =>
    Effect.gen(function* () {
      const { call } = yield* refusingWith(
        new Refusal({ code: "bot_not_scheduled", detail: "In words.", botStatus: "Launched" })
      )
      const answer = yield* call("DELETE", `${base}/scheduled_bots/bot_7`)
      assertProblem(answer, 409, "bot_not_scheduled")
      assert.strictEqual(answer.json.bot_status, "Launched")
    })
  )

  it.effect("invalid_credentials carries what Microsoft said", () =>
    Effect.gen(function* () {
      const { call } = yield* refusingWith(
        new Refusal({
          code: "invalid_credentials",
          detail: "Make a new secret.",
          providerError: "invalid_client",
          providerErrorCodes: [7_000_215]
        })
      )
      const answer = yield* call("POST", `${base}/create_calendar`, { body: credentials })
      assertProblem(answer, 422, "invalid_credentials")
      assert.strictEqual(answer.json.microsoft_error, "invalid_client")
      assert.deepStrictEqual(answer.json.microsoft_error_codes, [7_000_215])
    })
  )

  it.effect("microsoft_unavailable says when to come again, in whole seconds", () =>
    Effect.gen(function* () {
      const { call } = yield* refusingWith(
        new Refusal({ code: "provider_unavailable", detail: "In words.", retryAfterMillis: 12_001 })
      )
      const answer = yield* call("GET", `${base}/calendars`)
      assertProblem(answer, 503, "microsoft_unavailable")
      assert.strictEqual(answer.headers.get("retry-after"), "13")
    })
  )

  it.effect("a refusal that an endpoint does not declare is answered as its problem all the same", () =>
    Effect.gen(function* () {
      const { call } = yield* refusingWith(new Refusal({ code: "provider_unavailable", detail: "In words." }))
      assertProblem(yield* call("DELETE", `${base}/disconnect`), 503, "microsoft_unavailable")
    })
  )

  it.effect.each([
    new StoreError({ operation: "commit", reason: new StoreUnavailable({ message: "select * from secrets" }) }),
    new SecretsError({ operation: "get", reason: { _tag: "DecryptFailed" } as never })
  ])("storage out of reach is 503 unavailable, and says nothing of how it failed", (failure) =>
    Effect.gen(function* () {
      const { call } = yield* refusingWith(failure)
      const answer = yield* call("POST", `${base}/schedule/evt_1`)
      assertProblem(answer, 503, "unavailable")
      assert.strictEqual(answer.headers.get("retry-after"), "1")
      assert.notInclude(answer.text, "select")
    })
  )

  it.effect("a defect is 500 internal_error, and says nothing of itself", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core: { calendars: () => Effect.die(new Error("token=abc at /srv/x.ts:1")) } })
      const answer = yield* call("GET", `${base}/calendars`)
      assertProblem(answer, 500, "internal_error")
      assert.notInclude(answer.text, "token")
      assert.notInclude(answer.text, ".ts")
    })
  )
})

describe("what no handler sees", () => {
  it.effect("unauthorized is 401 and names the schemes", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      const answer = yield* call("GET", `${base}/connection`, { key: null })
      assertProblem(answer, 401, "unauthorized")
      assert.match(answer.headers.get("www-authenticate") ?? "", /Token.*Bearer/)
    })
  )

  it.effect("not_found is 404", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      for (const path of [
        "/nowhere",
        "/api/v1",
        "/api/v1/calendar",
        "//api/v1/calendar/events",
        "/api/v1/calendar/%2e%2e/x"
      ]) {
        assertProblem(yield* call("GET", path), 404, "not_found")
      }
    })
  )

  it.effect("method_not_allowed is 405 and says which methods are", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      const answer = yield* call("PUT", `${base}/schedule/evt_1`)
      assertProblem(answer, 405, "method_not_allowed")
      assert.strictEqual(answer.headers.get("allow"), "POST, DELETE")
      assertProblem(yield* call("OPTIONS", "/healthz"), 405, "method_not_allowed")
      assertProblem(yield* call("POST", "/openapi.json"), 405, "method_not_allowed")
    })
  )

  it.effect("HEAD is taken where GET is", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      const answer = yield* call("HEAD", "/healthz", { key: null })
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(answer.text, "")
    })
  )
})

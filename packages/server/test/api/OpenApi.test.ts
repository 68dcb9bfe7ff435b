/**
 * The document that the contract generates: every endpoint, every error code, and a form that clients can rely on.
 */
import { assert, describe, it } from "@effect/vitest"
import { Validator } from "@seriousme/openapi-schema-validator"
import { Ajv2020 } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import { OpenApi } from "effect/http-api"
import { Api } from "../../src/api/index.ts"

// oxlint-disable-next-line typescript/no-explicit-any -- an OpenAPI document is looked at from outside, member by member
const spec = JSON.parse(JSON.stringify(OpenApi.fromApi(Api))) as any

/** The guide's quick reference, and what the contract adds. */
const endpoints = [
  "POST /api/v1/calendar/create_calendar",
  "DELETE /api/v1/calendar/disconnect",
  "GET /api/v1/calendar/calendars",
  "GET /api/v1/calendar/events",
  "GET /api/v1/calendar/get_events",
  "POST /api/v1/calendar/schedule/{event_id}",
  "DELETE /api/v1/calendar/schedule/{event_id}",
  "GET /api/v1/calendar/scheduled_bots",
  "GET /api/v1/calendar/bots/{bot_id}",
  "GET /api/v1/calendar/changes",
  "GET /api/v1/calendar/events/{event_id}/timeline",
  "GET /api/v1/calendar/scheduled_bots/{bot_id}/timeline",
  "GET /api/v1/admin/changes",
  "PATCH /api/v1/calendar/scheduled_bots/{bot_id}",
  "DELETE /api/v1/calendar/scheduled_bots/{bot_id}",
  "POST /api/v1/calendar/auto-schedule/enable",
  "POST /api/v1/calendar/auto-schedule/disable",
  "GET /api/v1/calendar/auto-schedule/settings",
  "PUT /api/v1/calendar/auto-schedule/rules",
  "POST /api/v1/calendar/auto-schedule/preview",
  "GET /api/v1/calendar/events/{event_id}/explanation",
  "GET /api/v1/calendar/forecast",
  "POST /api/v1/calendar/pause",
  "DELETE /api/v1/calendar/pause",
  "GET /api/v1/admin/forecast",
  "GET /api/v1/admin/workspaces/{workspace_id}/policy",
  "PUT /api/v1/admin/workspaces/{workspace_id}/policy",
  "POST /api/v1/admin/workspaces/{workspace_id}/policy/preview",
  "POST /api/v1/calendar/auto-reschedule",
  "POST /api/v1/calendar/toggle-recurrence",
  "GET /api/v1/calendar/connection",
  "POST /api/v1/calendar/connect",
  "PATCH /api/v1/calendar/calendars/{calendar_id}",
  "DELETE /api/v1/calendar/calendars/{calendar_id}",
  "POST /api/v1/calendar/calendars/{calendar_id}/resubscribe",
  "POST /api/v1/admin/users",
  "GET /api/v1/admin/users",
  "DELETE /api/v1/admin/users/{user_id}",
  "GET /api/v1/admin/users/{user_id}",
  "GET /api/v1/admin/workspaces",
  "GET /api/v1/admin/jobs",
  "GET /api/v1/admin/launches",
  "POST /api/v1/admin/users/{user_id}/keys",
  "GET /api/v1/admin/users/{user_id}/keys",
  "DELETE /api/v1/admin/users/{user_id}/keys/{key_id}",
  "POST /api/v1/admin/jobs/{job}/run",
  "POST /webhooks/microsoft",
  "POST /webhooks/microsoft/lifecycle",
  "POST /webhooks/google",
  "GET /healthz",
  "GET /readyz",
  "GET /metrics"
]

/** The contract's table, with its statuses. */
const codes: Readonly<Record<string, number>> = {
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
  mailbox_unavailable: 422,
  invalid_feed: 422,
  feed_unreachable: 422,
  address_refused: 422,
  feed_limit: 409,
  calendar_not_connected: 404,
  event_not_found: 404,
  bot_not_found: 404,
  calendar_not_found: 404,
  calendar_not_selectable: 422,
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
  not_found: 404,
  rate_limited: 429,
  microsoft_unavailable: 503,
  google_unavailable: 503,
  sync_in_progress: 503,
  quota_exceeded: 409,
  blocked_by_policy: 403,
  workspace_not_found: 404,
  unavailable: 503,
  internal_error: 500
}

const operations = Object.entries<Record<string, { readonly responses: Record<string, unknown> }>>(spec.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation }))
)

describe("the OpenAPI document", () => {
  it("is OpenAPI 3.1 and has every endpoint, and no other", () => {
    assert.match(spec.openapi, /^3\.1\./)
    assert.sameMembers(
      operations.map(({ name }) => name),
      endpoints
    )
  })

  it("declares every error code of the contract under its status", () => {
    const declared = new Map<string, Set<string>>()
    for (const { operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        // Decisions have a code too.
        if (Number(status) < 400) continue
        for (const [, name] of JSON.stringify(response).matchAll(/#\/components\/schemas\/(\w+)/g)) {
          const code = spec.components.schemas[name ?? ""]?.properties?.code?.enum?.[0]
          if (code !== undefined) declared.set(code, (declared.get(code) ?? new Set()).add(status))
        }
      }
    }
    const found = Object.fromEntries([...declared].map(([code, statuses]) => [code, [...statuses].map(Number)]))
    assert.deepStrictEqual(found, Object.fromEntries(Object.entries(codes).map(([code, status]) => [code, [status]])))
  })

  it("gives every operation a name and a summary, and problems their media type", () => {
    for (const { name, operation } of operations) {
      const { operationId, responses, summary } = operation as unknown as {
        readonly operationId: string
        readonly summary: string
        readonly responses: Record<string, { readonly content?: Record<string, unknown> }>
      }
      assert.isNotEmpty(operationId, name)
      assert.isNotEmpty(summary, name)
      for (const [status, { content }] of Object.entries(responses)) {
        if (Number(status) >= 400)
          assert.deepStrictEqual(Object.keys(content ?? {}), ["application/problem+json"], name)
      }
    }
  })

  it("closes requests and leaves answers open, so that they may grow", () => {
    const body = spec.paths["/api/v1/calendar/toggle-recurrence"].post.requestBody.content["application/json"].schema
    assert.isFalse(body.additionalProperties)
    assert.notInclude(JSON.stringify(spec.components.schemas), '"additionalProperties":false')
  })

  it("says which bodies may be left out, and that limit is a number", () => {
    assert.isFalse(spec.paths["/api/v1/calendar/schedule/{event_id}"].post.requestBody.required)
    assert.isTrue(spec.paths["/api/v1/calendar/toggle-recurrence"].post.requestBody.required)
    const limit = spec.paths["/api/v1/calendar/events"].get.parameters.find(
      (each: { name: string }) => each.name === "limit"
    )
    assert.deepStrictEqual(limit.schema, { type: "integer", minimum: 1, maximum: 100 })
  })

  it("asks for a key where one is needed", () => {
    assert.deepStrictEqual(spec.paths["/api/v1/calendar/events"].get.security, [{ bearer: [] }, { token: [] }])
    assert.deepStrictEqual(spec.paths["/healthz"].get.security ?? [], [])
  })

  it("tells ways to send it that a page or a generator can follow", () => {
    const { bearer, token } = spec.components.securitySchemes
    // In lower case: pages take any other spelling for Basic, and ask for a user's name and password.
    assert.deepInclude(bearer, { type: "http", scheme: "bearer" })
    assert.deepInclude(token, { type: "apiKey", in: "header", name: "Authorization" })
  })

  it("points at nothing that is not there", () => {
    for (const [, name] of JSON.stringify(spec).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      assert.property(spec.components.schemas, name ?? "")
    }
  })

  it("is valid by the specification's own schema", async () => {
    const validator = new Validator()
    const { errors, valid } = await validator.validate(structuredClone(spec))
    assert.isTrue(valid, JSON.stringify(errors, null, 1))
    assert.strictEqual(validator.version, "3.1")
    const broken = structuredClone(spec)
    broken.paths["/healthz"].get.responses = 7
    assert.isFalse((await new Validator().validate(broken)).valid, "a check that can't fail is none")
  })

  it("shows an example of every JSON body, and each is what the schema beside it says", () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    formats.default(ajv)
    ajv.addSchema({ ...spec, $id: "punctual" })
    let shown = 0
    for (const { name, operation } of operations) {
      const { requestBody, responses } = operation as unknown as {
        readonly requestBody?: Body
        readonly responses: Record<string, Body>
      }
      for (const [where, body] of [["request", requestBody], ...Object.entries(responses)] as const) {
        const json = body?.content?.["application/json"]
        if (json === undefined) continue
        assert.property(json, "example", `${name} ${where}`)
        // As the document has it, with its pointers led back to the whole.
        const schema = JSON.parse(JSON.stringify(json.schema).replaceAll('"#/', '"punctual#/')) as object
        const isValid = ajv.compile(schema)
        assert.isTrue(isValid(json.example), `${name} ${where}: ${ajv.errorsText(isValid.errors)}`)
        shown++
      }
    }
    assert.isAbove(shown, 35)
  })
})

interface Body {
  readonly content?: Record<string, { readonly schema: object; readonly example?: unknown }>
}

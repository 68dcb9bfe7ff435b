/**
 * What a client gets wrong, asked of the real process: keys, JSON, ids, and Microsoft credentials in every way that
 * Microsoft refuses them. The answers are the contract's, and nothing is stored.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type Deployment, adminKey, connectUser, deploy } from "./Deployment.ts"

let deployment: Deployment
beforeAll(async () => {
  deployment = await deploy()
})
afterAll(() => deployment.close())

const newKey = async (): Promise<string> =>
  String((await deployment.call("POST", "/api/v1/admin/users", { key: adminKey, body: {} })).body.api_key)

const refusals = [
  ["refresh_token_expired", 700082],
  ["refresh_token_expired_70008", 70008],
  ["refresh_token_revoked", 50173],
  ["consent_required", 65001],
  ["mfa_required", null],
  ["secret_wrong", 7000215],
  ["secret_expired", 7000222],
  ["app_unknown", 700016],
  ["spa_expired", 700084],
  ["admin_consent", 90094]
] as const

describe("credentials that Microsoft refuses", () => {
  it.each(refusals)("%s: 422 with what it said and what to do, and nothing is stored", async (error, code) => {
    const { call, simulator } = deployment
    const key = await newKey()
    const mail = `${error.replaceAll("_", "-")}@contoso.example`
    simulator.addMailbox({ userPrincipalName: mail })
    const grant = simulator.grant(mail)
    simulator.addFaults({ path: "/oauth2/v2.0/token", answer: { type: "tokenError", error } })
    const answer = await call("POST", "/api/v1/calendar/create_calendar", {
      key,
      body: {
        microsoft_client_id: grant.clientId,
        microsoft_client_secret: grant.clientSecret,
        microsoft_refresh_token: grant.refreshToken
      }
    })
    simulator.clearFaults()
    assert.deepStrictEqual([answer.status, answer.body.code], [422, "invalid_credentials"], JSON.stringify(answer.body))
    if (code !== null) assert.include(answer.body.microsoft_error_codes, code)
    assert.isAbove(String(answer.body.detail).length, 20)
    assert.notInclude(JSON.stringify(answer.body), grant.clientSecret)
    assert.strictEqual((await call("GET", "/api/v1/calendar/connection", { key })).body.code, "calendar_not_connected")
  })

  it("leave a connection that works as it was", async () => {
    const { call } = deployment
    const { key } = await connectUser(deployment, "steady@contoso.example")
    const answer = await call("POST", "/api/v1/calendar/create_calendar", {
      key,
      body: { microsoft_client_id: "x", microsoft_client_secret: "y", microsoft_refresh_token: "z" }
    })
    assert.strictEqual(answer.body.code, "invalid_credentials")
    assert.strictEqual((await call("GET", "/api/v1/calendar/connection", { key })).body.status, "active")
    assert.strictEqual((await call("GET", "/api/v1/calendar/events?sync=true", { key })).status, 200)
  })
})

describe("requests that can't be", () => {
  it("without a key, or with a wrong one", async () => {
    for (const key of [undefined, "nonsense", adminKey]) {
      const answer = await deployment.call("GET", "/api/v1/calendar/get_events", key === undefined ? {} : { key })
      assert.deepStrictEqual([answer.status, answer.body.code], [401, "unauthorized"])
    }
  })

  it("with JSON that is none, or members that nobody knows", async () => {
    const key = await newKey()
    const send = (body: string) =>
      fetch(`${deployment.url}/api/v1/calendar/auto-schedule/enable`, {
        method: "POST",
        headers: { authorization: `Token ${key}`, "content-type": "application/json" },
        body
      })
    for (const body of ["{", "[]", `{"unknown": 1}`, `{"default_bot_config": 7}`]) {
      const answer = await send(body)
      assert.strictEqual(answer.status, 400, body)
      assert.strictEqual(((await answer.json()) as { readonly code: string }).code, "invalid_request", body)
    }
  })

  it("for ids that nobody has, or that are another's", async () => {
    const { call } = deployment
    const mine = await connectUser(deployment, "mine@contoso.example")
    for (const [method, path] of [
      ["POST", "/api/v1/calendar/schedule/evt_0123456789abcdef"],
      ["PATCH", "/api/v1/calendar/scheduled_bots/bot_0123456789abcdefghjkmnpqrs"],
      ["DELETE", "/api/v1/calendar/scheduled_bots/bot_0123456789abcdefghjkmnpqrs"]
    ] as const) {
      const answer = await call(method, path, { key: mine.key, body: method === "DELETE" ? undefined : {} })
      assert.strictEqual(answer.status, 404, `${method} ${path}: ${JSON.stringify(answer.body)}`)
    }
  })
})

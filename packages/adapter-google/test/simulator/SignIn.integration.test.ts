/** The simulated Google's sign-in: its page, codes and what they are good for; and its control for other processes. */
import { createHash } from "node:crypto"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type Simulator, startSimulator } from "@punctual/adapter-google/simulator"
import { askedScopes } from "../../src/index.ts"

const redirectUri = "http://localhost:3000/api/google/oauth-callback"
const verifier = "v".repeat(43)
const root = "https://www.googleapis.com/auth/"
const identity = `${root}userinfo.email ${root}userinfo.profile`

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
  simulator.edit({ type: "addClient", clientId: "client", clientSecret: "secret" })
  simulator.edit({ type: "addPerson", email: "ada@example.com", name: "Ada <Lovelace>" })
})
afterAll(() => simulator.close())

const query = (more: Readonly<Record<string, string>> = {}) => ({
  client_id: "client",
  response_type: "code",
  redirect_uri: redirectUri,
  scope: askedScopes.join(" "),
  state: "a state",
  access_type: "offline",
  prompt: "consent",
  code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  code_challenge_method: "S256",
  ...more
})

const page = (fields: Readonly<Record<string, string>>) =>
  fetch(`${simulator.url}/o/oauth2/v2/auth?${new URLSearchParams(fields)}`)

/** Where the browser is sent, with these boxes ticked. */
const consented = async (fields: Readonly<Record<string, string>>, ticked: ReadonlyArray<string> = askedScopes) => {
  const body = new URLSearchParams({ ...fields, account: "ada@example.com", decision: "accept" })
  for (const scope of ticked) body.append("granted", scope)
  const answer = await fetch(`${simulator.url}/o/oauth2/v2/auth`, { method: "POST", body, redirect: "manual" })
  return new URL(answer.headers.get("location") ?? assert.fail(await answer.text())).searchParams
}

const redeem = async (code: string | null, more: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${simulator.url}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: "client",
      client_secret: "secret",
      redirect_uri: redirectUri,
      code: code ?? "",
      code_verifier: verifier,
      ...more
    })
  })
  return { status: response.status, json: (await response.json()) as Readonly<Record<string, string>> }
}

describe("the page", () => {
  it("has a box for each scope of calendars, and nothing of the request as markup", async () => {
    const shown = await page(query({ state: `"><script>` }))
    const text = await shown.text()
    assert.strictEqual(shown.status, 200)
    assert.strictEqual(text.split('type="checkbox"').length - 1, 2)
    assert.include(text, "Ada &lt;Lovelace&gt;")
    assert.notInclude(text, "<script>")
  })

  it.each([
    ["invalid_client", { client_id: "nobody" }],
    ["redirect_uri_mismatch", { redirect_uri: "nowhere" }],
    ["invalid_request", { response_type: "token" }]
  ])("says %s itself and sends nobody anywhere", async (word, fields) => {
    const shown = await page(query(fields))
    assert.strictEqual(shown.status, 400)
    assert.include(await shown.text(), word)
  })

  it("sends back who says no, with the state", async () => {
    const body = new URLSearchParams({ ...query(), decision: "cancel" })
    const answer = await fetch(`${simulator.url}/o/oauth2/v2/auth`, { method: "POST", body, redirect: "manual" })
    const back = new URL(answer.headers.get("location") ?? "")
    assert.deepStrictEqual(
      [back.searchParams.get("error"), back.searchParams.get("state")],
      ["access_denied", "a state"]
    )
  })
})

describe("a code", () => {
  it("is good once, for tokens, with its verifier and its address", async () => {
    const back = await consented(query())
    const wrong = await redeem(back.get("code"), { code_verifier: "another" })
    assert.deepStrictEqual([wrong.status, wrong.json["error"]], [400, "invalid_grant"])
    const elsewhere = await redeem(back.get("code"), { redirect_uri: "http://localhost:3001/" })
    assert.strictEqual(elsewhere.json["error"], "redirect_uri_mismatch")
    const { json, status } = await redeem(back.get("code"))
    assert.strictEqual(status, 200)
    assert.match(json["refresh_token"] ?? "", /^1\/\/0g/)
    assert.strictEqual(
      json["scope"],
      `${root}calendar.events.readonly ${root}calendar.calendarlist.readonly openid ${identity}`
    )
    assert.strictEqual((await redeem(back.get("code"))).json["error"], "invalid_grant")
  })

  it("brings no refresh token a second time, unless consent is asked for", async () => {
    const quiet = query({ prompt: "select_account" })
    assert.isUndefined((await redeem((await consented(quiet)).get("code"))).json["refresh_token"])
    assert.isDefined((await redeem((await consented(query())).get("code"))).json["refresh_token"])
  })

  it("grants what was ticked, and always who it is", async () => {
    const { json } = await redeem((await consented(query(), [`${root}calendar.events.readonly`])).get("code"))
    assert.strictEqual(json["scope"], `${root}calendar.events.readonly openid ${identity}`)
  })
})

describe("/_sim", () => {
  const control = (body: unknown) =>
    fetch(`${simulator.url}/_sim/edits`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body)
    })

  it("takes edits, one or several, and refuses what makes no sense", async () => {
    const one = await control({ type: "addCalendar", email: "ada@example.com", summary: "Team" })
    const { id } = (await one.json()) as { readonly id: string }
    const entries = simulator
      .world()
      .people.get("ada@example.com")
      ?.entries.map(({ calendarId }) => calendarId)
    assert.include(entries ?? [], id)
    const two = await control([
      { type: "addPerson", email: "grace@example.com" },
      { type: "shareCalendar", email: "grace@example.com", calendar: id, role: "reader" }
    ])
    assert.deepStrictEqual(await two.json(), [{ id: "grace@example.com" }, { id: "" }])
    for (const wrong of ["{", null, { type: "deleteEvent", calendar: id, id: "none" }, { type: "unheardOf" }, {}]) {
      const refused = await control(wrong)
      assert.strictEqual(refused.status, 400, JSON.stringify(wrong))
      assert.isString(((await refused.json()) as { readonly error: string }).error)
    }
  })

  it("lists what was asked of it, and its own paths where there is no such one", async () => {
    await fetch(`${simulator.url}/calendar/v3/users/me/calendarList`)
    const asked = await (await fetch(`${simulator.url}/_sim/requests`)).json()
    assert.include(asked as ReadonlyArray<string>, "GET /calendar/v3/users/me/calendarList")
    assert.strictEqual((await fetch(`${simulator.url}/_sim/nothing`)).status, 404)
  })

  it("goes on when somebody breaks off in the middle of a request", async () => {
    const { request } = await import("node:http")
    const broken = request(`${simulator.url}/token`, { method: "POST", headers: { "content-length": "100" } })
    broken.on("error", () => undefined)
    broken.write("half")
    await new Promise((resolve) => broken.once("socket", (socket) => socket.once("connect", resolve)))
    broken.destroy()
    assert.strictEqual((await fetch(`${simulator.url}/_sim`)).status, 200)
  })
})

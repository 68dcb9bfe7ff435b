/**
 * Signing in with Google, through the real server's own app and through the tool that shows a refresh token, at the simulated
 * Google's own page.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { consentedAtGoogle } from "./GooglePage.ts"
import { google } from "./GuideMailbox.ts"
import { freePort, oauthTool, until } from "./Processes.ts"
import { type Stage, googleClient, makeStage } from "./Stage.ts"

const calendar = "/api/v1/calendar"
const eventsScope = "https://www.googleapis.com/auth/calendar.events.readonly"
const waitMillisMax = 60_000

let stage: Stage
let folder: string
beforeAll(async () => {
  stage = await makeStage({ GOOGLE_CLIENT_ID: googleClient.clientId, GOOGLE_CLIENT_SECRET: googleClient.clientSecret })
  folder = await mkdtemp(join(tmpdir(), "punctual-oauth-google-"))
  await writeFile(
    join(folder, ".env"),
    `GOOGLE_CLIENT_ID=${googleClient.clientId}\nGOOGLE_CLIENT_SECRET=${googleClient.clientSecret}\n`
  )
})
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

const land = async (address: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(address, { headers })
  return { status: response.status, text: await response.text() }
}

describe("with the server's own app", () => {
  it("connects as create_calendar does, without a provider named, since it has the one app", async () => {
    const user = await stage.makeUser("Signs in")
    const { authorize_url: url } = await user.ok("POST", `${calendar}/connect`)
    const landed = await land(await consentedAtGoogle(url, google.mail))
    assert.strictEqual(landed.status, 200, landed.text)
    assert.include(landed.text, google.mail)
    const state = await user.ok("GET", `${calendar}/connection`)
    assert.deepInclude(state, { platform: "google_calendar", status: "active", user_name: "Adele Vance" })
    assert.isString(state.calendars[0].subscription_id)
    // Another consent of the same account: in place.
    const again = await user.ok("POST", `${calendar}/connect`, { provider: "google" })
    assert.strictEqual((await land(await consentedAtGoogle(again.authorize_url, google.mail))).status, 200)
    assert.lengthOf((await user.ok("GET", `${calendar}/connection`)).connections, 1)
    const other = await user.any("POST", `${calendar}/connect`, { provider: "microsoft" })
    assert.deepStrictEqual([other.status, other.json.code], [422, "consent_not_configured"])
  })

  it("names what was left out by its full name, and stores nothing", async () => {
    const user = await stage.makeUser("Unticks")
    const { authorize_url: url } = await user.ok("POST", `${calendar}/connect`)
    const landed = await land(await consentedAtGoogle(url, google.mail, { unticked: [eventsScope] }))
    assert.strictEqual(landed.status, 502)
    assert.include(landed.text, eventsScope)
    assert.strictEqual((await user.any("GET", `${calendar}/connection`)).status, 404)
  })

  it("is over when it was declined, and a state is good once and at its own address", async () => {
    const user = await stage.makeUser("Declines")
    const { authorize_url: url } = await user.ok("POST", `${calendar}/connect`)
    const declined = await land(await consentedAtGoogle(url, google.mail, { decision: "cancel" }))
    assert.strictEqual(declined.status, 400)
    assert.include(declined.text, "every box ticked")
    const { authorize_url: second } = await user.ok("POST", `${calendar}/connect`)
    const back = await consentedAtGoogle(second, google.mail)
    assert.strictEqual((await land(back.replace("/api/google/", "/api/microsoft/"))).status, 400)
    assert.strictEqual((await land(back)).status, 200)
    assert.strictEqual((await land(back)).status, 400)
  })

  it("leaves no secret, no code and no token in what the server writes", () => {
    const { codes, grants } = stage.google.world()
    assert.isAbove(grants.size, 0)
    for (const text of [googleClient.clientSecret, ...codes.keys(), ...grants.keys()]) {
      assert.notInclude(stage.output(), text)
    }
  })
})

describe("with the tool", () => {
  it("shows a refresh token that create_calendar takes, says what Testing does to it, and ends", async () => {
    const port = await freePort()
    const origin = `http://localhost:${port}`
    const args = ["--provider", "google", "--port", String(port)]
    const tool = oauthTool(args, { GOOGLE_OAUTH_URL: stage.google.url }, folder)
    try {
      await until(waitMillisMax, async () => (tool.output().includes("seven days") ? true : null))
      assert.include(tool.output(), `Redirect URI: ${origin}/api/google/oauth-callback`)
      assert.include(tool.output(), "Google Cloud console")
      const front = await land(`${origin}/`)
      for (const word of ["seven days", "Sign in with Google", eventsScope]) assert.include(front.text, word)
      const start = await fetch(`${origin}/start`, { redirect: "manual" })
      const cookie = start.headers.get("set-cookie")?.split(";", 1)[0] ?? ""
      const back = await consentedAtGoogle(start.headers.get("location") ?? "", google.mail)
      assert.isTrue(back.startsWith(`${origin}/api/google/oauth-callback?`), back)
      const landed = await land(back, { cookie })
      assert.strictEqual(landed.status, 200, landed.text)
      assert.include(landed.text, "google_refresh_token")
      const data = /<script type="application\/json" id="data">(.*?)<\/script>/.exec(landed.text)?.[1] ?? "{}"
      const { refresh } = JSON.parse(data) as { readonly refresh: string }
      assert.notInclude(tool.output(), refresh)
      assert.strictEqual((await tool.ended).code, 0, tool.output())
      const user = await stage.makeUser("Pastes")
      await user.ok("POST", `${calendar}/create_calendar`, {
        google_client_id: googleClient.clientId,
        google_client_secret: googleClient.clientSecret,
        google_refresh_token: refresh
      })
    } finally {
      tool.child.kill("SIGKILL")
    }
  })

  it.each([
    ["GOOGLE_CLIENT_ID", ["--provider", "google"], { GOOGLE_CLIENT_ID: " " }],
    ["--provider", ["--provider", "yahoo"], {}]
  ] as const)("says in one line what is wrong with %s", async (variable, args, env) => {
    const { code, output } = await oauthTool(args, env, folder).ended
    assert.strictEqual(code, 1)
    assert.match(output, new RegExp(`^oauth: ${variable}: .*\n$`))
  })
})

/**
 * Signing in with the server's own app, through the real server and the simulated Microsoft's own page: it connects as
 * create_calendar does, and only whom it was started for.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { defaultApp } from "@punctual/adapter-graph/simulator"
import { type Deployment, adminKey, connectUser, demand, deploy, meetingAt } from "./Deployment.ts"
import { consented } from "./MicrosoftPage.ts"

const secret = defaultApp.secrets[0]?.value ?? ""
const start = "/api/v1/calendar/connect"

let deployment: Deployment
beforeAll(async () => {
  deployment = await deploy({ MICROSOFT_CLIENT_ID: defaultApp.clientId, MICROSOFT_CLIENT_SECRET: secret })
})
afterAll(() => deployment.close())

const newUser = async (mail: string) => {
  deployment.simulator.addMailbox({ userPrincipalName: mail })
  return String(
    (await deployment.call("POST", "/api/v1/admin/users", { key: adminKey, body: { name: mail } })).body.api_key
  )
}

const begin = async (key: string): Promise<string> =>
  String((await demand("POST", `${deployment.url}${start}`, { key })).authorize_url)

/** A browser that comes back to the server. */
const land = async (address: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(address, { headers })
  return { status: response.status, text: await response.text() }
}

const connection = (key: string) => deployment.call("GET", "/api/v1/calendar/connection", { key })

const isConnected = async (key: string) => (await connection(key)).status === 200

describe("signing in", () => {
  it("connects as create_calendar does, and a second time in place", async () => {
    const mail = "signs-in@contoso.example"
    const key = await newUser(mail)
    const pasted = await connectUser(deployment, "pastes@contoso.example")
    const landed = await land(await consented(await begin(key), mail))
    assert.strictEqual(landed.status, 200, landed.text)
    assert.include(landed.text, mail)
    const [mine, theirs] = [(await connection(key)).body, (await connection(pasted.key)).body]
    assert.strictEqual(mine.status, "active")
    assert.strictEqual(mine.user_email, mail)
    const shape = (body: typeof mine) =>
      body.calendars.map((one: Record<string, unknown>) => ({
        ...one,
        id: "",
        subscription_id: typeof one["subscription_id"],
        subscription_expires_at: typeof one["subscription_expires_at"],
        last_synced_at: null,
        sync_status: null
      }))
    assert.deepStrictEqual(shape(mine), shape(theirs))

    deployment.simulator.edit(meetingAt(mail, "Review", Date.now() + 3_600_000))
    const events = async () =>
      (await demand("GET", `${deployment.url}/api/v1/calendar/events?sync=true`, { key })).results
    const before = await events()
    assert.deepStrictEqual(
      before.map(({ subject }: { readonly subject: string }) => subject),
      ["Review"]
    )
    const again = await land(await consented(await begin(key), mail))
    assert.strictEqual(again.status, 200, again.text)
    assert.strictEqual((await events())[0].id, before[0].id)
    assert.strictEqual((await connection(key)).body.calendars[0].id, mine.calendars[0].id)
  })

  it("is over when Microsoft's page was declined, and says so", async () => {
    const mail = "declines@contoso.example"
    const key = await newUser(mail)
    const back = await consented(await begin(key), mail, "cancel")
    const declined = await land(back)
    assert.strictEqual(declined.status, 400)
    assert.include(declined.text, "choose Accept on the consent screen")
    // The state is spent: a code that turns up later finds nothing.
    assert.include((await land(back.replace(/error=[^&]*/, "code=x"))).text, "used already")
    assert.isFalse(await isConnected(key))
  })

  it("is refused with a wrong state, without one, and a second time", async () => {
    const mail = "replays@contoso.example"
    const key = await newUser(mail)
    const back = await consented(await begin(key), mail)
    const [wrong, none] = [new URL(back), new URL(back)]
    wrong.searchParams.set("state", "wrong")
    none.searchParams.delete("state")
    for (const address of [wrong, none]) assert.strictEqual((await land(address.href)).status, 400)
    assert.isFalse(await isConnected(key))
    assert.strictEqual((await land(back)).status, 200)
    const tokens = deployment.simulator.traffic().tokenRequests
    assert.strictEqual((await land(back)).status, 400)
    assert.strictEqual(deployment.simulator.traffic().tokenRequests, tokens)
  })

  it("connects the user who asked and no other, and takes no code of another sign-in", async () => {
    const [mine, theirs] = [await newUser("mine@contoso.example"), await newUser("theirs@contoso.example")]
    const my = new URL(await consented(await begin(mine), "mine@contoso.example"))
    const their = new URL(await consented(await begin(theirs), "theirs@contoso.example"))
    const mixed = new URL(my)
    mixed.searchParams.set("code", their.searchParams.get("code") ?? "")
    const injected = await land(mixed.href)
    assert.strictEqual(injected.status, 502)
    assert.include(injected.text, "another sign-in")
    assert.isFalse(await isConnected(mine))
    const landed = await land(their.href)
    assert.strictEqual(landed.status, 200)
    assert.isFalse(await isConnected(mine))
    assert.strictEqual((await connection(theirs)).body.user_email, "theirs@contoso.example")
  })

  it("that a page of this server began ends in the same browser or not at all", async () => {
    const mail = "browses@contoso.example"
    const key = await newUser(mail)
    const asked = await fetch(`${deployment.url}${start}`, {
      method: "POST",
      headers: { authorization: `Token ${key}`, "sec-fetch-site": "same-origin" }
    })
    const set = asked.headers.get("set-cookie") ?? ""
    assert.match(set, /^punctual-sign-in=[\w-]{43};.*HttpOnly;.*SameSite=Lax/)
    const { authorize_url: address } = (await asked.json()) as { readonly authorize_url: string }
    const back = await consented(address, mail)
    assert.strictEqual((await land(back)).status, 400)
    assert.strictEqual((await land(back, { cookie: `punctual-sign-in=${"x".repeat(43)}` })).status, 400)
    assert.isFalse(await isConnected(key))
    assert.strictEqual((await land(back, { cookie: set.split(";", 1)[0] ?? "" })).status, 200)
    assert.isTrue(await isConnected(key))
  })

  it("leaves no secret and no token in what the server writes", () => {
    const { refreshTokens } = deployment.simulator.world()
    for (const text of [secret, ...Object.keys(refreshTokens)]) assert.notInclude(deployment.output(), text)
  })
})

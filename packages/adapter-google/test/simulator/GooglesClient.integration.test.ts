/**
 * The simulator as Google's own client sees it: `@googleapis/calendar` with `google-auth-library`, which know nothing of it but
 * its address. What they send and what they understand is Google's word, not ours.
 */
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "@effect/vitest"
import { type calendar_v3, calendar as calendarApi } from "@googleapis/calendar"
import { CodeChallengeMethod, OAuth2Client } from "google-auth-library"
import { type Simulator, startSimulator } from "@punctual/adapter-google/simulator"
import { askedScopes } from "../../src/index.ts"

const ada = "ada@example.com"
const redirectUri = "http://localhost:3000/api/google/oauth-callback"

let simulator: Simulator
let auth: OAuth2Client
let calendar: calendar_v3.Calendar

beforeAll(async () => {
  simulator = await startSimulator({ options: { pageSizeMax: 3 } })
  simulator.edit({ type: "addClient", clientId: "client", clientSecret: "secret" })
})
afterAll(() => simulator.close())

beforeEach(() => {
  simulator.edit({ type: "addPerson", email: ada, name: "Ada Lovelace" })
  const { url } = simulator
  auth = new OAuth2Client({
    clientId: "client",
    clientSecret: "secret",
    redirectUri,
    endpoints: {
      oauth2AuthBaseUrl: `${url}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${url}/token`,
      oauth2RevokeUrl: `${url}/revoke`
    }
  })
  auth.setCredentials({
    refresh_token: simulator.edit({ type: "grant", email: ada, clientId: "client", scopes: askedScopes })
  })
  calendar = calendarApi({ version: "v3", auth, rootUrl: `${url}/` })
})

const at = (hour: number) => ({ dateTime: `2027-04-05T${String(hour).padStart(2, "0")}:00:00Z`, timeZone: "UTC" })

const made = (summary: string, hour: number, more: object = {}): string =>
  simulator.edit({
    type: "createEvent",
    calendar: ada,
    members: { summary, start: at(hour), end: at(hour + 1), ...more }
  })

/** All pages of a list, and the token at its end. */
const all = async (query: calendar_v3.Params$Resource$Events$List) => {
  const items: Array<calendar_v3.Schema$Event> = []
  let pageToken: string | undefined
  for (;;) {
    const { data } = await calendar.events.list({
      calendarId: "primary",
      ...query,
      ...(pageToken === undefined ? {} : { pageToken })
    })
    items.push(...(data.items ?? []))
    if (data.nextPageToken == null) return { items, syncToken: data.nextSyncToken ?? null }
    pageToken = data.nextPageToken
  }
}

const refusal = async (asked: Promise<unknown>) => {
  try {
    await asked
  } catch (error) {
    const { response } = error as { response?: { status: number; data: unknown } }
    return { status: response?.status, body: JSON.stringify(response?.data) }
  }
  return assert.fail("it was not refused")
}

describe("Google's own client", () => {
  it("signs in with a code, and its proof", async () => {
    const { codeChallenge = "", codeVerifier } = await auth.generateCodeVerifierAsync()
    const page = auth.generateAuthUrl({
      access_type: "offline",
      prompt: "consent",
      scope: [...askedScopes],
      state: "a state",
      code_challenge: codeChallenge,
      code_challenge_method: CodeChallengeMethod.S256
    })
    const body = new URLSearchParams([...new URL(page).searchParams, ["account", ada], ["decision", "accept"]])
    for (const scope of askedScopes) body.append("granted", scope)
    const sent = await fetch(new URL(page).origin + new URL(page).pathname, {
      method: "POST",
      body,
      redirect: "manual"
    })
    const code = new URL(sent.headers.get("location") ?? assert.fail(await sent.text())).searchParams.get("code")
    const { tokens } = await auth.getToken({ code: code ?? "", codeVerifier })
    assert.isString(tokens.refresh_token)
    assert.isAbove(tokens.expiry_date ?? 0, 0)
    assert.include(tokens.scope ?? "", "calendar")
    assert.strictEqual((await refusal(auth.getToken({ code: code ?? "", codeVerifier }))).status, 400)
  })

  it("lists calendars, masters, exceptions and instances", async () => {
    const { data } = await calendar.calendarList.list()
    assert.deepStrictEqual(
      data.items?.map(({ accessRole, id, primary }) => [id, accessRole, primary]),
      [[ada, "owner", true]]
    )
    const id = made("Standup", 9, { recurrence: ["RRULE:FREQ=DAILY;COUNT=5"] })
    simulator.edit({ type: "patchEvent", calendar: ada, id: `${id}_20270406T090000Z`, members: { summary: "Once" } })
    simulator.edit({ type: "deleteEvent", calendar: ada, id: `${id}_20270407T090000Z` })
    const expanded = await all({ singleEvents: true, timeMin: at(0).dateTime, timeMax: "2027-04-08T00:00:00Z" })
    assert.deepStrictEqual(
      expanded.items.map(({ recurringEventId, summary }) => [recurringEventId, summary]),
      [
        [id, "Standup"],
        [id, "Once"]
      ]
    )
    const { data: instances } = await calendar.events.instances({ calendarId: ada, eventId: id, showDeleted: true })
    assert.deepStrictEqual(
      instances.items?.map(({ status }) => status),
      ["confirmed", "confirmed", "cancelled"]
    )
    const { data: master } = await calendar.events.get({ calendarId: ada, eventId: id })
    assert.deepStrictEqual(master.recurrence, ["RRULE:FREQ=DAILY;COUNT=5"])
  })

  it("is told what changed since, and that a token is too old", async () => {
    const gone = made("Gone", 10)
    const { syncToken } = await all({})
    const since = { syncToken: syncToken ?? assert.fail("no token at the end of the list") }
    assert.lengthOf((await all(since)).items, 0)
    const fresh = made("New", 12)
    simulator.edit({ type: "deleteEvent", calendar: ada, id: gone })
    assert.deepStrictEqual((await all(since)).items.map(({ id, status }) => [id, status]).toSorted(), [
      [gone, "cancelled"],
      [fresh, "confirmed"]
    ])
    const beside = await refusal(all({ ...since, timeMin: at(0).dateTime }))
    assert.strictEqual(beside.status, 400)
    simulator.edit({ type: "expireSyncTokens", calendar: ada })
    const old = await refusal(all(since))
    assert.strictEqual(old.status, 410)
    assert.include(old.body, "fullSyncRequired")
  })

  it("watches a calendar and stops", async () => {
    const id = crypto.randomUUID()
    const { data } = await calendar.events.watch({
      calendarId: "primary",
      requestBody: { id, type: "web_hook", address: "https://punctual.example/webhooks/google", token: "said" }
    })
    assert.deepStrictEqual([data.kind, data.id, data.token], ["api#channel", id, "said"])
    assert.isAbove(Number(data.expiration), 0)
    const again = await refusal(calendar.events.watch({ calendarId: "primary", requestBody: { ...data } }))
    assert.strictEqual(again.status, 400)
    const { resourceId = "" } = data
    const stopped = await calendar.channels.stop({ requestBody: { id, resourceId } })
    assert.strictEqual(stopped.status, 204)
    assert.strictEqual(
      (await refusal(calendar.channels.stop({ requestBody: { id, resourceId: "other" } }))).status,
      404
    )
  })

  it("hears that a grant is gone, and ends one itself", async () => {
    await auth.getAccessToken()
    await auth.revokeCredentials()
    auth.setCredentials({
      refresh_token: simulator.edit({ type: "grant", email: ada, clientId: "client", scopes: askedScopes })
    })
    await calendar.calendarList.list()
    simulator.edit({ type: "revokeGrant", email: ada })
    auth.setCredentials({ refresh_token: auth.credentials.refresh_token ?? null })
    const refused = await refusal(calendar.calendarList.list())
    assert.strictEqual(refused.status, 400)
    assert.include(refused.body, "invalid_grant")
  })
})

/** Tokens of rounds: the window they freeze, how they end, and the headers that are not in them. */
import { assert, describe, it } from "@effect/vitest"
import { deltaOf, errorCode, makeClient, minute, origin, round, text } from "./Client.ts"
import { at, delta, types } from "./Meetings.ts"

describe("tokens", () => {
  it("freeze the window: a query beside them changes nothing", () => {
    const client = makeClient()
    const first = round(client, delta)
    at(client, "far", "2027-05-01T09:00:00Z", "2027-05-01T10:00:00Z")
    const link = `${first.deltaLink}&startDateTime=2027-01-01T00:00:00Z&endDateTime=2028-01-01T00:00:00Z`
    assert.deepStrictEqual(types(round(client, link).items), ["@removed"])
  })

  it("are refused when changed by hand, or used on another calendar", () => {
    const client = makeClient({ calendars: ["Other"] })
    const first = round(client, deltaOf(client.calendarId()))
    const token = new URL(first.deltaLink).searchParams.get("$deltatoken") ?? ""
    const other = `/v1.0/me/calendars/${encodeURIComponent(client.calendarId("Other"))}/calendarView/delta?$deltatoken=${token}`
    assert.strictEqual(client.ask(other).status, 400)
    assert.strictEqual(client.ask(first.deltaLink.replace("$deltatoken=", "$deltatoken=x")).status, 400)
    assert.strictEqual(client.ask(first.deltaLink.replace("$deltatoken=", "$deltatoken=.")).status, 400)
  })

  it("answer 410 SyncStateNotFound once the sync state is lost, without a Location", () => {
    const client = makeClient()
    const first = round(client, delta)
    client.edit({ type: "loseSyncState" })
    const reply = client.ask(first.deltaLink)
    assert.strictEqual(reply.status, 410)
    assert.strictEqual(errorCode(reply), "SyncStateNotFound")
    assert.isUndefined(reply.headers["location"])
  })

  it("answer 410 with a Location that leads to a fresh round of the same window", () => {
    const client = makeClient({}, { delta: { goneLocation: true, goneCode: "resyncRequired" } })
    at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const first = round(client, delta)
    client.edit({ type: "loseSyncState" })
    const reply = client.ask(first.deltaLink)
    assert.strictEqual(errorCode(reply), "resyncRequired")
    assert.strictEqual(round(client, String(reply.headers["location"])).items.length, 1)
  })

  it("grow old when the world says so", () => {
    const client = makeClient({}, { delta: { tokenLifetimeMinutes: 60 } })
    const first = round(client, delta)
    client.now += 61 * minute
    assert.strictEqual(client.ask(first.deltaLink, { token: client.token }).status, 401)
    client.options({ token: { accessTokenSeconds: 99_999 } })
    const fresh = client.form("/common/oauth2/v2.0/token", {
      client_id: "11111111-2222-3333-4444-555555555555",
      client_secret: "simulated~client~secret",
      grant_type: "refresh_token",
      refresh_token: client.refreshToken
    })
    client.token = text(fresh.body as never, "access_token")
    assert.strictEqual(client.ask(first.deltaLink).status, 410)
  })

  it("begin their links with the address the client came by", () => {
    assert.isTrue(round(makeClient(), delta).deltaLink.startsWith(`${origin}/v1.0/me/calendarView/delta?`))
  })
})

describe("headers", () => {
  it('IdType="ImmutableId" holds for the request that carries it, and survives a move between calendars', () => {
    const client = makeClient({ calendars: ["Other"] })
    const { eventId, immutableId } = at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const first = round(client, deltaOf(client.calendarId()), 'IdType="ImmutableId"')
    assert.deepStrictEqual(
      first.items.map((item) => item["id"]),
      [immutableId]
    )
    assert.notStrictEqual(eventId, immutableId)
    const moved = client.edit({ type: "moveToCalendar", event: String(eventId), calendar: "Other" })
    assert.strictEqual(moved.immutableId, immutableId)
    assert.notStrictEqual(moved.eventId, eventId)
    assert.deepStrictEqual(
      round(client, first.deltaLink).items.map((item) => [item["id"], "@removed" in item]),
      [[eventId, true]]
    )
    assert.strictEqual(client.ask(`/v1.0/me/events/${encodeURIComponent(String(eventId))}`).status, 404)
    assert.strictEqual(client.ask(`/v1.0/me/events/${encodeURIComponent(String(immutableId))}`).status, 200)
  })

  it("outlook.timezone and outlook.body-content-type, together in one Prefer", () => {
    const client = makeClient()
    at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const { items } = round(
      client,
      delta,
      'outlook.timezone="Eastern Standard Time", outlook.body-content-type="text", odata.maxpagesize=5'
    )
    assert.deepStrictEqual(items[0]?.["start"], {
      dateTime: "2026-11-24T04:00:00.0000000",
      timeZone: "Eastern Standard Time"
    })
    assert.strictEqual(text(items[0]?.["body"] as never, "contentType"), "text")
  })

  it("refuses a time zone nobody knows", () => {
    const reply = makeClient().ask(delta, { prefer: 'outlook.timezone="Nowhere Standard Time"' })
    assert.strictEqual(errorCode(reply), "TimeZoneNotSupportedException")
  })
})

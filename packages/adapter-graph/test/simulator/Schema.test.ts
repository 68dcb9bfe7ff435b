/** Every answer the OpenAPI description covers, held against it; and captured payloads, held against the same reading. */
import { assert, describe, it } from "@effect/vitest"
import { type Client, type Json, deltaOf, makeClient, round, tokenFor, valuesOf, window } from "./Client.ts"
import { payload } from "./Payloads.ts"
import { faultsOf, validatorOf } from "./Schema.ts"

const event = validatorOf("microsoft.graph.event")
const calendar = validatorOf("microsoft.graph.calendar")
const group = validatorOf("microsoft.graph.calendarGroup")
const subscription = validatorOf("microsoft.graph.subscription")
const user = validatorOf("microsoft.graph.user")
const settings = validatorOf("microsoft.graph.mailboxSettings")
const refusal = validatorOf("odata.error")

const clean = (faults: ReadonlyArray<string>): void => assert.deepStrictEqual(faults, [])

describe("the reading of the description fits captured payloads", () => {
  it.each([
    "event.single",
    "event.online-meeting.teams.full-body",
    "event.seriesmaster.weekly-multiday-noEnd",
    "event.seriesmaster.weekly-endDate"
  ])("%s", (name) => clean(faultsOf(event, payload(name))))

  it("calendars, subscriptions, errors, people", () => {
    for (const each of valuesOf(payload("calendars.list"))) clean(faultsOf(calendar, each))
    clean(faultsOf(subscription, payload("subscription.create.response.201.outlook")))
    clean(faultsOf(user, payload("me")))
    for (const name of ["error.404.ErrorItemNotFound", "error.410.SyncStateNotFound", "error.429.TooManyRequests"]) {
      clean(faultsOf(refusal, payload(name)))
    }
  })

  it("and refuses a member that is misspelt, or of another kind", () => {
    assert.isNotEmpty(faultsOf(event, { ...payload("event.single"), Subject: "x" }))
    assert.isNotEmpty(faultsOf(event, { ...payload("event.single"), isAllDay: "no" }))
    assert.isNotEmpty(faultsOf(event, { ...payload("event.single"), start: { dateTime: 5 } }))
  })
})

const everything = (): Client => {
  const client = makeClient({ timeZone: "Pacific Standard Time", calendars: ["Other"] })
  const times = { start: "2026-11-24T09:00", end: "2026-11-24T09:30" }
  const attendees = [{ name: "Alex Wilber", address: "alexw@contoso.example" }]
  const links = ["https://teams.microsoft.com/l/meetup-join/x", "https://us02web.zoom.us/j/1"]
  for (const link of links) client.edit({ type: "createEvent", ...times, details: { link, attendees } })
  client.edit({
    type: "createEvent",
    start: "2026-11-25",
    end: "2026-11-26",
    details: { isAllDay: true, showAs: "free", response: "declined" }
  })
  for (const type of [
    "daily",
    "weekly",
    "absoluteMonthly",
    "relativeMonthly",
    "absoluteYearly",
    "relativeYearly"
  ] as const) {
    const { eventId } = client.edit({ type: "createSeries", ...times, pattern: { type, index: "fourth" } })
    client.edit({ type: "moveOccurrence", series: String(eventId), date: "2026-11-24", start: "2026-11-24T20:00" })
  }
  client.edit({
    type: "shareCalendar",
    mailbox: client.add({ userPrincipalName: "alexw@contoso.example" }),
    with: "adele@contoso.example"
  })
  return client
}

describe("the simulator's answers", () => {
  it("people and their settings", () => {
    const client = everything()
    clean(faultsOf(user, client.get("/v1.0/me")))
    const [mailbox = ""] = Object.keys(client.world.mailboxes)
    client.token = tokenFor(client, mailbox, ["MailboxSettings.Read"])
    clean(faultsOf(settings, client.get("/v1.0/me/mailboxSettings")))
  })

  it("calendars and their groups", () => {
    const client = everything()
    for (const each of valuesOf(client.get("/v1.0/me/calendars"))) clean(faultsOf(calendar, each))
    clean(faultsOf(calendar, client.get("/v1.0/me/calendar")))
    for (const each of valuesOf(client.get("/v1.0/me/calendarGroups"))) clean(faultsOf(group, each))
  })

  it.each([
    ["events", "/v1.0/me/events?$top=100", ""],
    ["the view", `/v1.0/me/calendarView?${window}&$top=100`, ""],
    ["the view in text", `/v1.0/me/calendarView?${window}&$top=100`, 'outlook.body-content-type="text"']
  ])("%s", (_, path, prefer) => {
    const items = valuesOf(everything().get(path, prefer))
    assert.isAbove(items.length, 8)
    for (const each of items) clean(faultsOf(event, each))
  })

  it("rounds, with tombstones", () => {
    const client = everything()
    const first = round(client, deltaOf(client.calendarId()))
    const series = first.items.find((item) => item["type"] === "seriesMaster")
    client.edit({ type: "deleteSeries", series: String(series?.["id"]) })
    const items = [...first.items, ...round(client, first.deltaLink).items]
    assert.isTrue(items.some((item) => "@removed" in item))
    for (const each of items) clean(faultsOf(event, each))
  })

  it("a master with exceptions, and its instances", () => {
    const client = everything()
    const master = valuesOf(client.get("/v1.0/me/events?$top=100")).find((item) => item["type"] === "seriesMaster")
    const path = `/v1.0/me/events/${encodeURIComponent(String(master?.["id"]))}`
    clean(faultsOf(event, client.get(`${path}?$expand=exceptionOccurrences`)))
    for (const each of valuesOf(client.get(`${path}/instances?${window}`))) clean(faultsOf(event, each))
  })

  it("subscriptions", () => {
    const client = everything()
    const intent = {
      changeType: "created,updated,deleted",
      notificationUrl: "https://client.example/notifications",
      resource: "me/events",
      expirationDateTime: "2026-11-25T00:00:00Z",
      clientState: "secret"
    }
    const created = client.post("/v1.0/subscriptions", intent)
    assert.strictEqual(created.status, 201)
    clean(faultsOf(subscription, created.body))
    for (const each of valuesOf(client.get("/v1.0/subscriptions"))) clean(faultsOf(subscription, each))
  })

  it("refusals", () => {
    const client = everything()
    const paths = [
      "/v1.0/me/events/x",
      "/v1.0/me/nothing",
      "/v1.0/me/calendarView",
      "/v1.0/me/mailboxSettings",
      "/v2.0/me"
    ]
    for (const path of paths) {
      const reply = client.ask(path)
      assert.isAtLeast(reply.status, 400)
      clean(faultsOf(refusal, reply.body as Json))
    }
    clean(faultsOf(refusal, client.ask("/v1.0/me", { token: null }).body))
    clean(faultsOf(refusal, client.ask("/v1.0/me", { inFlight: 5 }).body))
  })
})

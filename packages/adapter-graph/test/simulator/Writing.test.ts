/** Writing through Graph: events and calendars made, changed and removed by a client that may. */
import { assert, describe, it } from "@effect/vitest"
import { defaultScopes } from "../../simulator/world/Grant.ts"
import {
  type Client,
  type Json,
  deltaOf,
  errorCode,
  makeClient,
  round,
  text,
  tokenFor,
  valuesOf,
  window
} from "./Client.ts"
import { faultsOf, validatorOf } from "./Schema.ts"

const event = validatorOf("microsoft.graph.event")

const writer = (): Client => {
  const client = makeClient({ calendars: ["Other"] })
  const [mailbox = ""] = Object.keys(client.world.mailboxes)
  client.token = tokenFor(client, mailbox, [...defaultScopes, "Calendars.ReadWrite"])
  return client
}

const at = (time: string) => ({ dateTime: `2026-11-24T${time}:00.0000000`, timeZone: "UTC" })
const review = {
  subject: "Review",
  start: at("09:00"),
  end: at("09:30"),
  body: { contentType: "html", content: "<b>x</b>" }
}

const path = (id: string): string => `/v1.0/me/events/${encodeURIComponent(id)}`
const subjects = (client: Client): ReadonlyArray<string> =>
  valuesOf(client.get(`/v1.0/me/calendarView?${window}&$top=100`)).map((each) => text(each, "subject"))

describe("writing", () => {
  it("an event is made, changed, told of in rounds, and removed", () => {
    const client = writer()
    const first = round(client, deltaOf(client.calendarId()))
    const reply = client.post("/v1.0/me/events", review)
    assert.strictEqual(reply.status, 201)
    const made = reply.body as Json
    assert.deepStrictEqual(faultsOf(event, made), [])
    assert.deepInclude(made, { subject: "Review", type: "singleInstance", start: at("09:00") })
    const id = text(made, "id")
    const patched = client.ask(path(id), {
      method: "PATCH",
      body: { subject: "Other", start: at("10:00"), end: at("11:00") }
    })
    assert.deepInclude(patched.body as Json, { subject: "Other", start: at("10:00"), end: at("11:00") })
    const told = round(client, first.deltaLink)
    assert.deepStrictEqual(
      told.items.map((item) => text(item, "subject")),
      ["Other"]
    )
    const gone = client.ask(path(id), { method: "DELETE" })
    assert.deepStrictEqual([gone.status, gone.body], [204, null])
    assert.strictEqual(client.ask(path(id), { method: "DELETE" }).status, 404)
    assert.isTrue("@removed" in (round(client, told.deltaLink).items[0] ?? {}))
  })

  it("a series is made; one of its occurrences moves, another goes", () => {
    const client = writer()
    const recurrence = {
      pattern: { type: "daily", interval: 1 },
      range: { type: "numbered", startDate: "2026-11-24", numberOfOccurrences: 3 }
    }
    const made = client.post("/v1.0/me/calendar/events", { ...review, recurrence }).body as Json
    const instances = valuesOf(client.get(`${path(text(made, "id"))}/instances?${window}`))
    assert.lengthOf(instances, 3)
    const [, second, third] = instances
    client.ask(path(text(second, "id")), { method: "PATCH", body: { start: at("15:00"), end: at("15:30") } })
    client.ask(path(text(third, "id")), { method: "DELETE" })
    const left = valuesOf(client.get(`${path(text(made, "id"))}/instances?${window}`))
    assert.deepStrictEqual(
      left.map((each) => [each["type"], each["start"]]),
      [
        ["occurrence", at("09:00")],
        ["exception", at("15:00")]
      ]
    )
    assert.strictEqual(client.ask(path(text(made, "id")), { method: "PATCH", body: { subject: "All" } }).status, 200)
    assert.deepStrictEqual(subjects(client), ["All", "All"])
  })

  it("a calendar is made, filled and removed", () => {
    const client = writer()
    const made = client.post("/v1.0/me/calendars", { name: "Contract" })
    assert.strictEqual(made.status, 201)
    const id = encodeURIComponent(text(made.body as Json, "id"))
    assert.strictEqual(client.post(`/v1.0/me/calendars/${id}/events`, review).status, 201)
    assert.lengthOf(valuesOf(client.get(`/v1.0/me/calendars/${id}/events`)), 1)
    assert.deepStrictEqual(subjects(client), [])
    assert.strictEqual(client.ask(`/v1.0/me/calendars/${id}`, { method: "DELETE" }).status, 204)
    assert.strictEqual(client.ask(`/v1.0/me/calendars/${id}`).status, 404)
  })

  it("is refused without the scope, for what is not understood, and where there is nothing", () => {
    const reader = makeClient()
    assert.strictEqual(errorCode(reader.post("/v1.0/me/events", review)), "ErrorAccessDenied")
    const client = writer()
    const cases: ReadonlyArray<readonly [string, string, unknown, number]> = [
      ["POST", "/v1.0/me/events", { ...review, unheardOf: 1 }, 400],
      ["POST", "/v1.0/me/events", { ...review, subject: 5 }, 400],
      ["POST", "/v1.0/me/events", { subject: "no times" }, 400],
      ["POST", "/v1.0/me/events", "no JSON", 400],
      ["POST", "/v1.0/me/calendars", {}, 400],
      ["PATCH", "/v1.0/me/calendars", {}, 405],
      ["PUT", "/v1.0/me/events", review, 405],
      ["PATCH", path("nonsense"), { subject: "x" }, 400],
      ["DELETE", "/v1.0/me/calendar", undefined, 405]
    ]
    for (const [method, address, body, status] of cases) {
      assert.strictEqual(
        client.ask(address, { method, body }).status,
        status,
        `${method} ${address} ${JSON.stringify(body)}`
      )
    }
    assert.deepStrictEqual(subjects(client), [])
  })

  it("is refused in a calendar of somebody else", () => {
    const client = writer()
    const alex = client.add({ userPrincipalName: "alexw@contoso.example" })
    client.edit({ type: "shareCalendar", mailbox: alex, with: "adele@contoso.example" })
    const shared = valuesOf(client.get("/v1.0/me/calendars")).find((each) => each["canShare"] === false)
    const reply = client.post(`/v1.0/me/calendars/${encodeURIComponent(text(shared, "id"))}/events`, review)
    assert.strictEqual(errorCode(reply), "ErrorAccessDenied")
  })
})

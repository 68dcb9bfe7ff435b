/** Paths, query options of collections, and batches. */
import { assert, describe, it } from "@effect/vitest"
import { type Client, type Json, adele, errorCode, errorMessage, makeClient, text, valuesOf, window } from "./Client.ts"
import { differences, payload } from "./Payloads.ts"
import { daily, meeting } from "./Meetings.ts"

const filled = (count: number): Client => {
  const client = makeClient()
  for (let index = 0; index < count; index++) {
    const start = `2026-11-24T${String(9 + (index % 10)).padStart(2, "0")}:00Z`
    client.edit({ type: "createEvent", start, end: "2026-11-24T20:00Z", details: { subject: `Meeting ${index}` } })
  }
  return client
}

describe("collections", () => {
  it("have ten items a page unless asked otherwise, and a next link that keeps the query", () => {
    const client = filled(23)
    const seen: Array<string> = []
    let path = `/v1.0/me/calendarView?${window}&$select=subject`
    for (let pages = 0; path !== ""; pages++) {
      const body = client.get(path)
      assert.strictEqual(valuesOf(body).length, [10, 10, 3][pages])
      seen.push(...valuesOf(body).map((item) => text(item, "subject")))
      path = typeof body["@odata.nextLink"] === "string" ? body["@odata.nextLink"] : ""
    }
    assert.strictEqual(new Set(seen).size, 23)
  })

  it("take $top, $skip, $orderby, $select and $count", () => {
    const client = filled(12)
    const path = `/v1.0/me/calendarView?${window}`
    const body = client.get(`${path}&$orderby=start/dateTime desc&$top=2&$skip=1&$select=subject,start&$count=true`)
    assert.strictEqual(body["@odata.count"], 12)
    assert.deepStrictEqual(
      valuesOf(body).map((item) => text(item["start"] as Json, "dateTime").slice(11, 13)),
      ["17", "16"]
    )
    assert.sameMembers(Object.keys(valuesOf(body)[0] ?? {}), ["@odata.etag", "id", "subject", "start"])
  })

  it("refuse what they do not take", () => {
    const client = makeClient()
    for (const [option, status] of [
      ["$filter=a eq 1", 501],
      ["$search=x", 501],
      ["$apply=x", 400],
      ["$top=many", 400]
    ] as const) {
      assert.strictEqual(client.ask(`/v1.0/me/events?${option}`).status, status)
    }
  })
})

describe("a view", () => {
  it("holds what overlaps the span, occurrences in full, and no master", () => {
    const client = makeClient()
    daily(client)
    client.edit({
      type: "createEvent",
      start: "2026-11-22T23:00Z",
      end: "2026-11-23T01:00Z",
      details: { subject: "Over midnight" }
    })
    client.edit({
      type: "createEvent",
      start: "2026-12-07T00:00Z",
      end: "2026-12-07T01:00Z",
      details: { subject: "Just after" }
    })
    const items = valuesOf(client.get(`/v1.0/me/calendarView?${window}&$top=100`))
    assert.strictEqual(items.length, 14)
    assert.notInclude(
      items.map((item) => item["type"]),
      "seriesMaster"
    )
    assert.strictEqual(text(items[0], "subject"), "Over midnight")
    assert.isTrue(items.slice(1).every((item) => item["subject"] === "Stand-up" && item["onlineMeeting"] !== null))
  })

  it("reads its span with any offset, and as UTC without one, whatever zone is preferred", () => {
    const client = makeClient()
    meeting(client)
    const count = (span: string): number =>
      valuesOf(client.get(`/v1.0/me/calendarView?${span}`, 'outlook.timezone="Tokyo Standard Time"')).length
    assert.strictEqual(count("startDateTime=2026-11-24T09:30:00&endDateTime=2026-11-24T09:45:00"), 1)
    assert.strictEqual(
      count(`startDateTime=${encodeURIComponent("2026-11-24T11:30:00+02:00")}&endDateTime=2026-11-24T09:45:00Z`),
      1
    )
    assert.strictEqual(
      count(`startDateTime=${encodeURIComponent("2026-11-24T12:30:00+02:00")}&endDateTime=2026-11-24T11:45:00Z`),
      0
    )
  })

  it("wants its ends in order", () => {
    const reply = makeClient().ask("/v1.0/me/calendarView?startDateTime=2026-11-25&endDateTime=2026-11-24")
    assert.deepStrictEqual([reply.status, errorCode(reply)], [400, "ErrorInvalidParameter"])
  })
})

describe("paths", () => {
  it("/me, /users/{id} and /users/{name} are the same for oneself", () => {
    const client = makeClient()
    const [id = ""] = Object.keys(client.world.mailboxes)
    for (const path of ["/v1.0/me", `/v1.0/users/${id}`, `/v1.0/users/${adele}`])
      assert.strictEqual(client.get(path)["id"], id)
  })

  it("an event by its calendar, or not in that one", () => {
    const client = makeClient({ calendars: ["Other"] })
    const { eventId } = meeting(client, "Other")
    const within = (name: string) =>
      client.ask(
        `/v1.0/me/calendars/${encodeURIComponent(client.calendarId(name))}/events/${encodeURIComponent(String(eventId))}`
      )
    assert.deepStrictEqual([within("Other").status, within("Calendar").status], [200, 404])
  })

  it("unknown ones are refused in Graph's words", () => {
    const client = makeClient()
    for (const [path, status, code] of [
      ["/v1.0/me/nothing", 400, "BadRequest"],
      ["/v1.0/me/events/delta", 400, "BadRequest"],
      ["/v1.0/me/events/nonsense", 400, "ErrorInvalidIdMalformed"],
      ["/beta/me", 400, "BadRequest"]
    ] as const) {
      const reply = client.ask(path)
      assert.deepStrictEqual([path, reply.status, errorCode(reply)], [path, status, code])
    }
    assert.strictEqual(client.ask("/v1.0/me/mailboxSettings", { method: "POST" }).status, 405)
  })

  it("a gone event answers as a captured one did", () => {
    const client = makeClient()
    const { eventId } = meeting(client)
    client.edit({ type: "deleteEvent", event: String(eventId) })
    const reply = client.ask(`/v1.0/me/events/${encodeURIComponent(String(eventId))}`)
    const sample = payload("error.404.ErrorItemNotFound")
    assert.strictEqual(reply.status, 404)
    assert.deepStrictEqual(differences(sample, reply.body), [])
    assert.strictEqual(errorMessage(reply), text(sample["error"] as Json, "message"))
  })

  it("a mailbox that Graph does not serve answers MailboxNotEnabledForRESTAPI", () => {
    const client = makeClient({ enabled: false })
    assert.strictEqual(client.ask("/v1.0/me").status, 200)
    assert.strictEqual(errorCode(client.ask("/v1.0/me/calendars")), "MailboxNotEnabledForRESTAPI")
  })

  it("answers carry request ids, and echo the client's own", () => {
    const client = makeClient()
    const reply = client.ask("/v1.0/me", { headers: { "client-request-id": "mine" } })
    assert.strictEqual(reply.headers["client-request-id"], "mine")
    assert.match(String(reply.headers["request-id"]), /^[0-9a-f-]{36}$/)
    assert.notStrictEqual(reply.headers["request-id"], client.ask("/v1.0/me").headers["request-id"])
  })
})

describe("a batch", () => {
  const batch = (client: Client, requests: ReadonlyArray<unknown>) => client.post("/v1.0/$batch", { requests })

  it("answers each part by itself", () => {
    const client = makeClient()
    const reply = batch(client, [
      { id: "1", method: "GET", url: "/me" },
      { id: "2", method: "GET", url: "/me/events/x" },
      { id: "3", method: "DELETE", url: "/subscriptions/x" },
      { id: "4", url: "/me" },
      { id: "5", method: "POST", url: "/$batch", body: {} }
    ])
    assert.deepStrictEqual(differences(payload("batch.response"), reply.body), [
      ".responses[0].headers.location: missing here"
    ])
    const responses = (reply.body as Json)["responses"] as ReadonlyArray<Json>
    assert.deepStrictEqual(
      responses.map((each) => [each["id"], each["status"]]),
      [
        ["1", 200],
        ["2", 400],
        ["3", 404],
        ["4", 400],
        ["5", 501]
      ]
    )
  })

  it("has twenty parts at most", () => {
    const part = (id: number) => ({ id: String(id), method: "GET", url: "/me" })
    assert.strictEqual(
      batch(
        makeClient(),
        Array.from({ length: 20 }, (_, id) => part(id))
      ).status,
      200
    )
    assert.strictEqual(
      batch(
        makeClient(),
        Array.from({ length: 21 }, (_, id) => part(id))
      ).status,
      400
    )
    assert.strictEqual(makeClient().post("/v1.0/$batch", {}).status, 400)
  })
})

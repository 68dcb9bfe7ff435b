/** What people do to their calendars, and what others see of it. */
import { assert, describe, it } from "@effect/vitest"
import { type Client, type Json, errorCode, makeClient, text, tokenFor, valuesOf, window } from "./Client.ts"
import { daily, meeting } from "./Meetings.ts"

const grady = "grady@contoso.example"

const view = (client: Client): ReadonlyArray<Json> => valuesOf(client.get(`/v1.0/me/calendarView?${window}&$top=1000`))

const event = (client: Client, id: string | undefined): Json =>
  client.get(`/v1.0/me/events/${encodeURIComponent(String(id))}`)

const starts = (items: ReadonlyArray<Json>): ReadonlyArray<string> =>
  items.map((item) => text(item["start"] as Json, "dateTime").slice(0, 16))

const inviting = (client: Client) => ({
  token: tokenFor(client, client.add({ userPrincipalName: grady })),
  details: { subject: "Review", attendees: [{ name: "Grady", address: grady }] }
})

describe("invitations", () => {
  it("put a copy with the same iCalUId into the guest's calendar, and what the organizer changes reaches it", () => {
    const client = makeClient()
    const { token, details } = inviting(client)
    const { eventId, iCalUId } = client.edit({
      type: "createEvent",
      start: "2026-11-24T09:00Z",
      end: "2026-11-24T10:00Z",
      details
    })
    const own = client.token
    client.token = token
    const [copy] = view(client)
    assert.deepStrictEqual(
      [copy?.["iCalUId"], copy?.["isOrganizer"], text(copy?.["responseStatus"] as Json, "response")],
      [iCalUId, false, "notResponded"]
    )
    assert.notStrictEqual(copy?.["id"], eventId)
    client.edit({ type: "moveEvent", event: String(eventId), start: "2026-11-25T09:00Z" })
    client.edit({ type: "changeLink", event: String(eventId), link: "https://teams.microsoft.com/l/meetup-join/x" })
    assert.deepStrictEqual(starts(view(client)), ["2026-11-25T09:00"])
    assert.isTrue(view(client)[0]?.["isOnlineMeeting"])
    client.edit({ type: "cancelEvent", event: String(eventId) })
    assert.deepStrictEqual(
      view(client).map((item) => [item["isCancelled"], item["subject"]]),
      [[true, "Canceled: Review"]]
    )
    client.token = own
    assert.deepStrictEqual(view(client), [])
    assert.strictEqual(client.ask(`/v1.0/me/events/${encodeURIComponent(String(eventId))}`).status, 404)
  })

  it("of series: a deleted occurrence is a cancelled one for the guest", () => {
    const client = makeClient()
    const { token, details } = inviting(client)
    const { eventId } = client.edit({
      type: "createSeries",
      start: "2026-11-24T09:00Z",
      end: "2026-11-24T10:00Z",
      pattern: { type: "daily" },
      details
    })
    client.edit({ type: "deleteOccurrence", series: String(eventId), date: "2026-11-26" })
    client.token = token
    assert.deepStrictEqual(
      view(client)
        .filter((item) => item["isCancelled"] === true)
        .map((item) => item["type"]),
      ["exception"]
    )
  })

  it("an organizer who deletes cancels it for the guest", () => {
    const client = makeClient()
    const { token, details } = inviting(client)
    const times = { start: "2026-11-24T09:00Z", end: "2026-11-24T10:00Z" }
    const { eventId } = client.edit({ type: "createEvent", ...times, details })
    const { eventId: series } = client.edit({ type: "createSeries", ...times, pattern: { type: "weekly" }, details })
    client.edit({ type: "deleteEvent", event: String(eventId) })
    client.edit({ type: "deleteSeries", series: String(series) })
    client.token = token
    assert.deepStrictEqual(
      view(client).map((item) => item["isCancelled"]),
      [true, true, true]
    )
  })

  it("what the guest does stays with the guest", () => {
    const client = makeClient()
    const { token, details } = inviting(client)
    client.edit({ type: "createEvent", start: "2026-11-24T09:00Z", end: "2026-11-24T10:00Z", details })
    const own = client.token
    client.token = token
    client.edit({ type: "decline", mailbox: grady, event: text(view(client)[0], "id") })
    assert.strictEqual(text(view(client)[0]?.["responseStatus"] as Json, "response"), "declined")
    client.edit({ type: "decline", mailbox: grady, event: text(view(client)[0], "id"), remove: true })
    assert.deepStrictEqual(view(client), [])
    client.token = own
    assert.strictEqual(view(client).length, 1)
  })
})

describe("single events", () => {
  it("keep their length when they move, and change their version with every change", () => {
    const client = makeClient()
    const { eventId } = meeting(client)
    const before = event(client, eventId)
    client.edit({ type: "moveEvent", event: String(eventId), start: "2026-11-25T12:00Z" })
    const after = event(client, eventId)
    assert.strictEqual(text(after["end"] as Json, "dateTime"), "2026-11-25T13:00:00.0000000")
    assert.notStrictEqual(after["changeKey"], before["changeKey"])
    assert.notStrictEqual(after["@odata.etag"], before["@odata.etag"])
  })

  it("lose and change their links", () => {
    const client = makeClient()
    const { eventId } = client.edit({
      type: "createEvent",
      start: "2026-11-24T09:00Z",
      end: "2026-11-24T10:00Z",
      details: { link: "https://us02web.zoom.us/j/123" }
    })
    const zoom = event(client, eventId)
    assert.deepStrictEqual(
      [zoom["isOnlineMeeting"], zoom["onlineMeeting"], zoom["onlineMeetingProvider"]],
      [false, null, "unknown"]
    )
    assert.include(text(zoom["body"] as Json, "content"), "https://us02web.zoom.us/j/123")
    assert.strictEqual(text(zoom["location"] as Json, "displayName"), "https://us02web.zoom.us/j/123")
    client.edit({ type: "removeLink", event: String(eventId) })
    assert.notInclude(JSON.stringify(event(client, eventId)), "zoom.us")
  })

  it("of a day run from midnight to midnight in whatever zone is asked for", () => {
    const client = makeClient({ timeZone: "Pacific Standard Time" })
    const { eventId } = client.edit({
      type: "createEvent",
      start: "2026-11-25",
      end: "2026-11-26",
      details: { isAllDay: true }
    })
    const path = `/v1.0/me/events/${encodeURIComponent(String(eventId))}`
    for (const zone of ["UTC", "Tokyo Standard Time"]) {
      const answer = client.get(path, `outlook.timezone="${zone}"`)
      assert.deepStrictEqual(
        [answer["start"], answer["end"]],
        [
          { dateTime: "2026-11-25T00:00:00.0000000", timeZone: zone },
          { dateTime: "2026-11-26T00:00:00.0000000", timeZone: zone }
        ]
      )
    }
  })

  it("an attendee's cancelled copy can be un-cancelled", () => {
    const client = makeClient()
    const { eventId } = client.edit({
      type: "createEvent",
      start: "2026-11-24T09:00Z",
      end: "2026-11-24T10:00Z",
      details: { subject: "Review", organizer: { name: "Somebody", address: "somebody@elsewhere.example" } }
    })
    client.edit({ type: "cancelEvent", event: String(eventId) })
    assert.isTrue(event(client, eventId)["isCancelled"])
    client.edit({ type: "uncancelEvent", event: String(eventId) })
    assert.deepStrictEqual(
      [event(client, eventId)["isCancelled"], event(client, eventId)["subject"]],
      [false, "Review"]
    )
  })
})

describe("series", () => {
  it("forget exceptions and cancelled dates with a new rhythm, unless they are to be kept", () => {
    for (const keepExceptions of [false, true]) {
      const client = makeClient()
      const { eventId } = daily(client)
      const series = String(eventId)
      client.edit({ type: "deleteOccurrence", series, date: "2026-11-25" })
      client.edit({ type: "moveOccurrence", series, date: "2026-11-26", start: "2026-11-26T20:00" })
      client.edit({ type: "changeSeries", series, start: "2026-11-24T11:00", end: "2026-11-24T11:15", keepExceptions })
      assert.strictEqual(view(client).filter((item) => item["type"] === "exception").length, keepExceptions ? 1 : 0)
      assert.strictEqual(
        starts(view(client)).some((start) => start.startsWith("2026-11-25")),
        !keepExceptions
      )
    }
  })

  it("keep them when only the subject changes", () => {
    const client = makeClient()
    const { eventId } = daily(client)
    client.edit({ type: "deleteOccurrence", series: String(eventId), date: "2026-11-25" })
    client.edit({ type: "changeSeries", series: String(eventId), details: { subject: "New" } })
    assert.strictEqual(view(client).length, 12)
  })

  it("split: the old one ends the day before, the new one has an id of its own", () => {
    const client = makeClient()
    const { eventId } = daily(client)
    const { eventId: second } = client.edit({
      type: "splitSeries",
      series: String(eventId),
      date: "2026-11-28",
      start: "2026-11-28T13:00",
      details: { subject: "Later" }
    })
    assert.notStrictEqual(second, eventId)
    const items = view(client)
    assert.strictEqual(items.filter((item) => item["seriesMasterId"] === eventId).length, 4)
    assert.strictEqual(items.filter((item) => item["seriesMasterId"] === second).length, 9)
    assert.deepStrictEqual([...new Set(items.map((item) => item["subject"]))], ["Stand-up", "Later"])
  })

  it("an occurrence can be changed by its own id, deleted, and brought back", () => {
    const client = makeClient()
    const { eventId } = daily(client)
    const [, , third] = view(client)
    client.edit({ type: "changeEvent", event: text(third, "id"), details: { subject: "Special" } })
    assert.deepStrictEqual(
      [event(client, text(third, "id"))["subject"], event(client, text(third, "id"))["type"]],
      ["Special", "exception"]
    )
    client.edit({ type: "deleteEvent", event: text(third, "id") })
    assert.strictEqual(
      errorCode(client.ask(`/v1.0/me/events/${encodeURIComponent(text(third, "id"))}`)),
      "ErrorItemNotFound"
    )
    client.edit({ type: "restoreOccurrence", series: String(eventId), date: "2026-11-26" })
    assert.deepStrictEqual(
      [event(client, text(third, "id"))["subject"], event(client, text(third, "id"))["type"]],
      ["Stand-up", "occurrence"]
    )
  })

  it("every occurrence has an iCalUId of its own, made from the master's", () => {
    const client = makeClient()
    const { iCalUId } = daily(client)
    const uids = view(client).map((item) => text(item, "iCalUId"))
    assert.strictEqual(new Set(uids).size, uids.length)
    for (const uid of uids)
      assert.deepStrictEqual([uid.slice(0, 32), uid.slice(40)], [iCalUId?.slice(0, 32), iCalUId?.slice(40)])
  })
})

/** Rounds of calendarView/delta, one rule at a time: pages, refusals, tombstones. */
import { assert, describe, it } from "@effect/vitest"
import { adele, deltaOf, errorCode, makeClient, round, text, valuesOf } from "./Client.ts"
import { at, daily, delta, types } from "./Meetings.ts"

describe("a round", () => {
  it("needs both ends of the window", () => {
    const reply = makeClient().ask("/v1.0/me/calendarView/delta?startDateTime=2026-11-23T00:00:00Z")
    assert.strictEqual(reply.status, 400)
    assert.strictEqual(errorCode(reply), "ErrorInvalidParameter")
  })

  it("turns pages by odata.maxpagesize and ends in a delta link", () => {
    const client = makeClient()
    for (const hour of ["09", "10", "11", "12", "13"])
      at(client, hour, `2026-11-24T${hour}:00:00Z`, `2026-11-24T${hour}:30:00Z`)
    const first = round(client, delta, "odata.maxpagesize=2")
    assert.deepStrictEqual(
      first.pages.map((page) => page.length),
      [2, 2, 1]
    )
    assert.include(first.deltaLink, "$deltatoken=")
    assert.deepStrictEqual(round(client, first.deltaLink).items, [])
  })

  it("answers preference-applied: odata.track-changes", () => {
    assert.strictEqual(makeClient().ask(delta).headers["preference-applied"], "odata.track-changes")
  })

  it("tells an item once, as it is now, however often it changed", () => {
    const client = makeClient()
    const { eventId } = at(client, "first", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    for (const subject of ["second", "third"]) {
      client.edit({ type: "changeEvent", event: String(eventId), details: { subject } })
    }
    assert.deepStrictEqual(
      round(client, delta).items.map((item) => item["subject"]),
      ["third"]
    )
  })

  it("may hold an empty page that still has a next link", () => {
    const client = makeClient({}, { delta: { emptyPage: 1 } })
    at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const { pages } = round(client, delta)
    assert.deepStrictEqual(
      pages.map((page) => page.length),
      [0, 1]
    )
  })

  it("may tell an item twice", () => {
    const client = makeClient({}, { delta: { duplicate: 1 } })
    at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const { items } = round(client, delta)
    assert.strictEqual(items.length, 2)
    assert.deepStrictEqual(items[0], items[1])
  })

  it("may come a round late", () => {
    const client = makeClient({}, { delta: { late: 1 } })
    const first = round(client, delta)
    at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const late = round(client, first.deltaLink)
    assert.deepStrictEqual(late.items, [])
    client.options({ delta: { late: 0 } })
    assert.strictEqual(round(client, late.deltaLink).items.length, 1)
  })

  it("may replay what was told", () => {
    const client = makeClient({}, { delta: { replay: 1 } })
    at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const first = round(client, delta)
    assert.strictEqual(round(client, first.deltaLink).items.length, 1)
  })

  it("leaves what changes between its pages to the next round, without losing it", () => {
    const client = makeClient()
    for (const hour of ["09", "10", "11"]) at(client, hour, `2026-11-24T${hour}:00:00Z`, `2026-11-24T${hour}:30:00Z`)
    let isFirst = true
    const first = round(client, delta, "odata.maxpagesize=1", () => {
      if (isFirst) at(client, "late", "2026-11-24T15:00:00Z", "2026-11-24T15:30:00Z")
      isFirst = false
    })
    assert.notInclude(
      first.items.map((item) => item["subject"]),
      "late"
    )
    assert.deepStrictEqual(
      round(client, first.deltaLink).items.map((item) => item["subject"]),
      ["late"]
    )
  })
})

describe("unsupported query options", () => {
  it.each([
    "$select=subject",
    "$expand=instances",
    "$filter=subject eq 'x'",
    "$orderby=start/dateTime",
    "$search=x",
    "$top=5"
  ])("%s is refused", (option) => {
    const reply = makeClient().ask(`${delta}&${option}`)
    assert.strictEqual(reply.status, 400)
    assert.strictEqual(errorCode(reply), "ErrorInvalidUrlQuery")
  })

  it("or ignored, when the world is told so", () => {
    const client = makeClient({}, { delta: { unsupportedQuery: "ignore" } })
    at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const { items } = round(client, `${delta}&$select=subject`)
    assert.isDefined(items[0]?.["body"])
  })
})

describe("tombstones", () => {
  it("have a type, an id and a reason, and nothing else", () => {
    const client = makeClient()
    const { eventId } = at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const first = round(client, delta)
    client.edit({ type: "deleteEvent", event: String(eventId) })
    assert.deepStrictEqual(round(client, first.deltaLink).items, [
      { "@odata.type": "#microsoft.graph.event", id: eventId, "@removed": { reason: "deleted" } }
    ])
  })

  it("come for what was added, changed or deleted outside the window", () => {
    const client = makeClient()
    const first = round(client, delta)
    const { eventId } = at(client, "far", "2027-05-01T09:00:00Z", "2027-05-01T10:00:00Z")
    const second = round(client, first.deltaLink)
    assert.deepStrictEqual(
      second.items.map((item) => item["id"]),
      [eventId]
    )
    assert.deepStrictEqual(types(second.items), ["@removed"])
  })

  it("come for an event that moves out of the window, and the event comes back with it", () => {
    const client = makeClient()
    const { eventId } = at(client, "one", "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z")
    const first = round(client, delta)
    client.edit({ type: "moveEvent", event: String(eventId), start: "2027-05-01T09:00:00Z" })
    const second = round(client, first.deltaLink)
    assert.deepStrictEqual(types(second.items), ["@removed"])
    client.edit({ type: "moveEvent", event: String(eventId), start: "2026-11-25T09:00:00Z" })
    assert.deepStrictEqual(types(round(client, second.deltaLink).items), ["singleInstance"])
  })

  it("do not come in a first round, and may name strangers", () => {
    const client = makeClient()
    at(client, "far", "2027-05-01T09:00:00Z", "2027-05-01T10:00:00Z")
    assert.deepStrictEqual(round(client, delta).items, [])
    client.options({ delta: { unknownRemoved: 1 } })
    assert.deepStrictEqual(types(round(client, delta).items), ["@removed"])
  })

  it("for a deleted series name the master only, or its occurrences too", () => {
    for (const [seriesTombstones, count] of [
      ["master", 1],
      ["all", 14]
    ] as const) {
      const client = makeClient({}, { delta: { seriesTombstones } })
      const { eventId } = daily(client)
      const first = round(client, delta)
      client.edit({ type: "deleteSeries", series: String(eventId) })
      const { items } = round(client, first.deltaLink)
      assert.strictEqual(items.length, count)
      assert.strictEqual(items[0]?.["id"], eventId)
      assert.isTrue(items.every((item) => "@removed" in item))
    }
  })
})

it("a shared calendar's rounds carry the sharee's ids and the owner's changes", () => {
  const client = makeClient()
  const grady = client.add({ userPrincipalName: "grady@contoso.example" })
  client.edit({ type: "shareCalendar", mailbox: grady, with: adele })
  const shared = valuesOf(client.get("/v1.0/me/calendars")).find((calendar) => calendar["canShare"] === false)
  const first = round(client, deltaOf(text(shared, "id")))
  const { eventId } = client.edit({
    type: "createEvent",
    mailbox: grady,
    start: "2026-11-24T09:00:00Z",
    end: "2026-11-24T10:00:00Z",
    details: { subject: "Grady's" }
  })
  const [told] = round(client, first.deltaLink).items
  assert.strictEqual(told?.["subject"], "Grady's")
  assert.notStrictEqual(told?.["id"], eventId)
  assert.strictEqual(text(client.get(`/v1.0/me/events/${encodeURIComponent(text(told, "id"))}`), "subject"), "Grady's")
  assert.strictEqual(client.ask(`/v1.0/me/events/${encodeURIComponent(String(eventId))}`).status, 404)
})

/** calendarView/delta, one rule at a time: what FACTS about the wire say of rounds, items, series and resets. */
import { assert, describe, it } from "@effect/vitest"
import {
  adele,
  deltaOf,
  errorCode,
  makeClient,
  minute,
  origin,
  round,
  text,
  valuesOf,
  window,
  type Client
} from "./Client.ts"

const delta = `/v1.0/me/calendarView/delta?${window}`

const at = (client: Client, subject: string, start: string, end: string) =>
  client.edit({ type: "createEvent", start, end, details: { subject } })

const daily = (client: Client) =>
  client.edit({
    type: "createSeries",
    start: "2026-11-24T09:00",
    end: "2026-11-24T09:15",
    timeZone: "Pacific Standard Time",
    pattern: { type: "daily" },
    details: { subject: "Stand-up", link: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/0" }
  })

const types = (items: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
  items.map((item) => item["type"] ?? "@removed")

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

describe("series", () => {
  it("come with their master, whose start is the first occurrence's, and occurrences of seven members", () => {
    const client = makeClient()
    client.edit({
      type: "createSeries",
      start: "2020-01-06T09:00",
      end: "2020-01-06T09:15",
      timeZone: "UTC",
      pattern: { type: "daily" }
    })
    const { items } = round(client, delta)
    const [master, ...occurrences] = items
    assert.strictEqual(master?.["type"], "seriesMaster")
    assert.deepStrictEqual(master?.["start"], { dateTime: "2020-01-06T09:00:00.0000000", timeZone: "UTC" })
    assert.strictEqual(occurrences.length, 14)
    for (const occurrence of occurrences) {
      assert.sameMembers(Object.keys(occurrence), [
        "@odata.type",
        "@odata.etag",
        "id",
        "seriesMasterId",
        "type",
        "start",
        "end"
      ])
      assert.strictEqual(occurrence["seriesMasterId"], master?.["id"])
    }
  })

  it("may come without their master", () => {
    const client = makeClient({}, { delta: { masterMissing: 1 } })
    daily(client)
    assert.isTrue(round(client, delta).items.every((item) => item["type"] === "occurrence"))
  })

  it("are not split over pages", () => {
    const client = makeClient()
    daily(client)
    assert.deepStrictEqual(
      round(client, delta, "odata.maxpagesize=2").pages.map((page) => page.length),
      [14]
    )
  })

  it("are sent again whole when an occurrence is deleted, which itself is told by absence only", () => {
    const client = makeClient()
    const { eventId } = daily(client)
    const first = round(client, delta)
    client.edit({ type: "deleteOccurrence", series: String(eventId), date: "2026-11-26" })
    const { items } = round(client, first.deltaLink)
    assert.strictEqual(items.length, first.items.length - 1)
    assert.isTrue(items.every((item) => !("@removed" in item)))
    const starts = items.map((item) => text(item["start"] as never, "dateTime").slice(0, 10))
    assert.notInclude(starts.slice(1), "2026-11-26")
  })

  it("show a moved occurrence as an exception with everything, under the id it had", () => {
    const client = makeClient()
    const { eventId } = daily(client)
    const before = round(client, delta)
    client.edit({ type: "moveOccurrence", series: String(eventId), date: "2026-11-26", start: "2026-11-26T15:00" })
    const { items } = round(client, before.deltaLink)
    const exception = items.find((item) => item["type"] === "exception")
    assert.deepStrictEqual(exception?.["start"], { dateTime: "2026-11-26T23:00:00.0000000", timeZone: "UTC" })
    assert.strictEqual(exception?.["originalStart"], "2026-11-26T17:00:00Z")
    assert.strictEqual(exception?.["subject"], "Stand-up")
    assert.isDefined(exception?.["onlineMeeting"])
    assert.include(
      before.items.map((item) => item["id"]),
      exception?.["id"]
    )
  })

  it("keep their wall-clock time over a change of clocks", () => {
    const client = makeClient()
    client.edit({
      type: "createSeries",
      start: "2026-10-30T09:00",
      end: "2026-10-30T10:00",
      timeZone: "Pacific Standard Time",
      pattern: { type: "daily" },
      range: { type: "numbered", numberOfOccurrences: 4 }
    })
    const { items } = round(
      client,
      "/v1.0/me/calendarView/delta?startDateTime=2026-10-01T00:00:00Z&endDateTime=2026-12-01T00:00:00Z"
    )
    const starts = items.slice(1).map((item) => text(item["start"] as never, "dateTime").slice(0, 13))
    assert.deepStrictEqual(starts, ["2026-10-30T16", "2026-10-31T16", "2026-11-01T17", "2026-11-02T17"])
  })

  it("may change their occurrences' ids with the time of day", () => {
    for (const occurrenceIdsFollowTime of [false, true]) {
      const client = makeClient({}, { delta: { occurrenceIdsFollowTime } })
      const { eventId } = daily(client)
      const before = round(client, delta)
      client.edit({ type: "changeSeries", series: String(eventId), start: "2026-11-24T11:00", end: "2026-11-24T11:15" })
      const after = round(client, before.deltaLink)
      const sameIds = after.items.slice(1).every((item, index) => item["id"] === before.items.slice(1)[index]?.["id"])
      assert.strictEqual(sameIds, !occurrenceIdsFollowTime)
    }
  })

  it("are told of as removed when nothing of them is left in the window", () => {
    const client = makeClient()
    const { eventId } = daily(client)
    const first = round(client, delta)
    client.edit({
      type: "changeSeries",
      series: String(eventId),
      start: "2027-03-01T09:00",
      end: "2027-03-01T09:15",
      range: { type: "noEnd", startDate: "2027-03-01" }
    })
    assert.deepStrictEqual(
      round(client, first.deltaLink).items.map((item) => [item["id"], "@removed" in item]),
      [[eventId, true]]
    )
  })
})

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

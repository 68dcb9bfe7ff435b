/** How a round tells of series: masters, thin occurrences, exceptions, and what goes away without a word. */
import { assert, describe, it } from "@effect/vitest"
import { makeClient, round, text } from "./Client.ts"
import { daily, delta } from "./Meetings.ts"

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

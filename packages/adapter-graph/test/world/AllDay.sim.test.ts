/**
 * B9, through the whole stack: an all-day series whose exception tells its original start as the midnight of the series'
 * zone, in UTC. East of Greenwich that is the evening before, and it must not take its neighbour's place.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Home, openHome, user } from "./Home.ts"

const offsite = (timeZone: string, recurrenceTimeZone?: string) => ({
  type: "createSeries" as const,
  start: "2026-11-24T00:00",
  end: "2026-11-25T00:00",
  timeZone,
  ...(recurrenceTimeZone === undefined ? {} : { recurrenceTimeZone }),
  pattern: { type: "daily" as const },
  range: { type: "numbered" as const, numberOfOccurrences: 4 },
  details: { subject: "Offsite", isAllDay: true }
})

const dates = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]

const rows = (home: Home) =>
  home
    .rows()
    .filter((row) => !row.isDeleted)
    .map((row) => `${row.originalDate} ${new Date(row.originalStart ?? 0).toISOString().slice(0, 16)} ${row.subject}`)
    .toSorted()

const expected = dates.map((date) => `${date} ${date}T00:00 ${date === "2026-11-26" ? "Changed" : "Offsite"}`)

const zones = [
  ["Tokyo Standard Time", undefined],
  ["New Zealand Standard Time", undefined],
  ["W. Europe Standard Time", undefined],
  ["Tokyo Standard Time", ""],
  ["Hawaiian Standard Time", undefined],
  ["Pacific Standard Time", undefined],
  ["UTC", undefined]
] as const

describe("B9: all-day occurrences have the dates of their series' zone", () => {
  it.each(zones)(
    "one changed by itself keeps its date and takes nobody's place: %s, told as %s",
    async (zone, told) => {
      const home = await openHome()
      const series = home.edit(offsite(zone, told))
      await home.read()
      home.edit({ type: "changeOccurrence", series, date: "2026-11-26", details: { subject: "Changed" } })
      await home.read()
      assert.deepStrictEqual(rows(home), expected)
    }
  )

  it.each(zones)(
    "also when it is asked for by its id, and in the series' exceptions: %s, told as %s",
    async (zone, told) => {
      const home = await openHome({ cloud: { delta: { masterMissing: 1 } } })
      const series = home.edit(offsite(zone, told))
      home.edit({ type: "changeOccurrence", series, date: "2026-11-26", details: { subject: "Changed" } })
      await home.read()
      assert.deepStrictEqual(rows(home), expected)
      const [row] = [...home.company.tenant(user).series.values()]
      assert.deepStrictEqual(
        row?.row.exceptions?.moved.map(({ date }) => date),
        ["2026-11-26"]
      )
    }
  )
})

describe("C: an exception that carries no seriesMasterId", () => {
  it("stands alone, once, and takes its place again when its series is named", async () => {
    const home = await openHome()
    const series = home.edit({ ...offsite("UTC"), details: { subject: "Standup" } })
    await home.read()
    const change = (wire: Record<string, unknown>) =>
      home.edit({ type: "changeOccurrence", series, date: "2026-11-26", details: { subject: "Changed", wire } })
    const alive = () =>
      home
        .rows()
        .filter((row) => !row.isDeleted && row.subject === "Changed")
        .map(({ originalDate }) => originalDate)
    change({ seriesMasterId: null })
    await home.read()
    assert.deepStrictEqual(alive(), [null])
    assert.lengthOf(
      home.rows().filter((row) => !row.isDeleted),
      4
    )
    change({})
    await home.read()
    assert.deepStrictEqual(alive(), ["2026-11-26"])
    assert.lengthOf(
      home.rows().filter((row) => !row.isDeleted),
      4
    )
  })
})

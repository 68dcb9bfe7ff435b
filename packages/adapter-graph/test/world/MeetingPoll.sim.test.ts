/**
 * C: a meeting poll puts its options into the calendar as occurrences of one series, two of them on one day perhaps. Each
 * is a meeting of its own.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Home, hour, openHome, user, zoom } from "./Home.ts"

/** An option at an hour of Wednesday, in a series that has one a day. */
const poll = (home: Home): string => {
  const series = home.edit({
    type: "createSeries",
    start: "2026-11-25T10:00:00Z",
    end: "2026-11-25T10:30:00Z",
    timeZone: "UTC",
    pattern: { type: "daily" },
    range: { type: "numbered", numberOfOccurrences: 2 },
    details: { subject: "Option", link: zoom(1) }
  })
  const start = "2026-11-25T14:00:00Z"
  const end = "2026-11-25T14:30:00Z"
  home.edit({ type: "moveOccurrence", series, date: "2026-11-26", start, end })
  // Told as an occurrence of the same day as the other.
  home.edit({ type: "changeOccurrence", series, date: "2026-11-26", details: { wire: { originalStart: start } } })
  return series
}

const starts = (home: Home): ReadonlyArray<string> =>
  home
    .rows()
    .filter((row) => !row.isDeleted && !row.isVirtual)
    .map((row) => new Date(row.start).toISOString().slice(0, 16))
    .toSorted()

const both = ["2026-11-25T10:00", "2026-11-25T14:00"]

describe("C: a meeting poll's two options on one day", () => {
  it("are two rows and two meetings, in every round that tells them", async () => {
    const home = await openHome()
    await home.company.ask((punctual) => punctual.enableAuto(user, {}))
    const series = poll(home)
    await home.read()
    assert.deepStrictEqual(starts(home), both)
    assert.strictEqual(new Set(home.rows().map(({ meeting }) => meeting)).size, 2)
    home.edit({ type: "changeEvent", event: series, details: { subject: "Choice" } })
    await home.read()
    assert.deepStrictEqual(starts(home), both)
    home.edit({ type: "loseSyncState" })
    await home.loop.advance(hour)
    await home.read()
    assert.deepStrictEqual(starts(home), both)
  })

  it("go with the poll, and the one that is left takes the place", async () => {
    const home = await openHome()
    const series = poll(home)
    await home.read()
    home.edit({ type: "deleteOccurrence", series, date: "2026-11-25" })
    await home.read()
    assert.deepStrictEqual(starts(home), both.slice(1))
    home.edit({ type: "deleteSeries", series })
    await home.read()
    assert.deepStrictEqual(starts(home), [])
  })
})

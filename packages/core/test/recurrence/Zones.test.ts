/** Zone names as calendars give them: IANA, Windows, custom, empty, and oddly written. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { resolveZone, resolveZones } from "../../src/recurrence/index.ts"
import { isZone } from "../../src/recurrence/ZoneOffsets.ts"
import { runs } from "./RandomSeries.ts"

describe("zone names", () => {
  it.each([
    ["Europe/Berlin", "Europe/Berlin"],
    ["Europe/Kyiv", "Europe/Kyiv"],
    ["UTC", "UTC"],
    ["  Asia/Tokyo ", "Asia/Tokyo"],
    ["Eastern Standard Time", "America/New_York"],
    ["eastern standard time", "America/New_York"],
    ["GMT Standard Time", "Europe/London"],
    ["W. Europe Standard Time", "Europe/Berlin"],
    ["India Standard Time", "Asia/Calcutta"],
    ["Israel Standard Time", "Asia/Jerusalem"],
    ["Samoa Standard Time", "Pacific/Apia"],
    ["Mid-Atlantic Standard Time", "Etc/GMT+2"],
    ["Kamchatka Standard Time", "Asia/Kamchatka"],
    ["Coordinated Universal Time", "UTC"],
    ["tzone://Microsoft/Utc", "UTC"],
    ["Europe/Kyiv (Kiev)", "Europe/Kyiv"],
    ["W. Europe Standard Time 1", "Europe/Berlin"],
    ["Europe/Berlin-2", "Europe/Berlin"],
    ["Eastern Daylight Time", "America/New_York"],
    ["Pacific Time (US & Canada)", "America/Los_Angeles"],
    ["(UTC-05:00) Eastern Time (US and Canada)", "America/New_York"],
    ["(GMT+10:00) Canberra, Melbourne, Sydney", "Australia/Sydney"],
    ["(UTC+01:00) Brussels/Copenhagen/Madrid/Paris", "Europe/Paris"],
    ["/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"],
    ["/example.com/20270101_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"],
    ["GMT+02:00", "Etc/GMT-2"],
    ["GMT-0500", "Etc/GMT+5"],
    ["UTC-3", "Etc/GMT+3"],
    ["UTC-11", "Etc/GMT+11"],
    ["+0530", "+05:30"],
    ["CEST", "Etc/GMT-2"]
  ])("resolves %j to %s", (name, zone) => {
    assert.strictEqual(resolveZone(name), zone)
    assert.isTrue(isZone(zone))
  })

  it.each([
    "",
    "   ",
    "tzone://Microsoft/Custom",
    "Customized Time Zone",
    "(UTC+01:00) Nowhere, Else",
    "Our office 3",
    "GMT+25:00",
    "(Kiev)",
    "x".repeat(5000)
  ])("finds no zone in %j", (name) => {
    assert.isNull(resolveZone(name))
  })

  it("takes the first candidate that says something", () => {
    assert.strictEqual(resolveZones(["", "tzone://Microsoft/Custom", "Tokyo Standard Time", "UTC"]), "Asia/Tokyo")
    assert.strictEqual(resolveZones([undefined, null, "Europe/Paris"]), "Europe/Paris")
    assert.isNull(resolveZones(["", null, "Customized Time Zone"]))
    assert.isNull(resolveZones([]))
  })

  it("never throws, and never names a zone that the runtime does not know", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const zone = resolveZone(name)
        assert.isTrue(zone === null || isZone(zone))
      }),
      { numRuns: runs(200, 2000) }
    )
  })
})

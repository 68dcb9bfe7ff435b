/** In whose hours a start lies: spans over midnight, the nights when clocks change, and whose clocks they are. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import type { Hours } from "../../src/domain/JoinRule.ts"
import { lookedAtWhen, matchesWhen } from "./Meeting.ts"

const at = (text: string): number => DateTime.toEpochMillis(DateTime.makeUnsafe(text))

const night: Hours = { days: ["mo"], from: "22:00", to: "02:00", time_zone: "UTC" }
const berlin = { time_zone: "Europe/Berlin" }

describe("hours", () => {
  it.each<readonly [string, Hours, boolean]>([
    // 2026-06-15 is a Monday. From is inclusive, to is not.
    ["2026-06-15T09:00:00Z", { from: "09:00", to: "18:00", time_zone: "UTC" }, true],
    ["2026-06-15T08:59:59.999Z", { from: "09:00", to: "18:00", time_zone: "UTC" }, false],
    ["2026-06-15T18:00:00Z", { from: "09:00", to: "18:00", time_zone: "UTC" }, false],
    ["2026-06-15T23:59:00Z", { from: "09:00", time_zone: "UTC" }, true],
    ["2026-06-16T00:00:00Z", { from: "09:00", time_zone: "UTC" }, false],
    ["2026-06-15T00:00:00Z", { to: "09:00", time_zone: "UTC" }, true],
    ["2026-06-15T09:00:00Z", { to: "09:00", time_zone: "UTC" }, false],
    ["2026-06-15T23:30:00Z", { from: "22:00", to: "00:00", time_zone: "UTC" }, true],
    ["2026-06-16T00:00:00Z", { from: "22:00", to: "00:00", time_zone: "UTC" }, false],
    ["2026-06-15T12:00:00Z", { days: ["mo"], time_zone: "UTC" }, true],
    ["2026-06-16T12:00:00Z", { days: ["mo", "we"], time_zone: "UTC" }, false],
    // A span over midnight belongs to the day it begins on.
    ["2026-06-15T22:00:00Z", night, true],
    ["2026-06-16T01:59:00Z", night, true],
    ["2026-06-16T02:00:00Z", night, false],
    ["2026-06-15T01:00:00Z", night, false],
    ["2026-06-16T23:00:00Z", night, false],
    ["2026-06-22T01:00:00Z", { ...night, days: ["su"] }, true],
    // Clocks go back at 03:00: half past two is shown twice, and lies in the span both times.
    ["2026-10-25T00:30:00Z", { from: "02:00", to: "03:00", ...berlin }, true],
    ["2026-10-25T01:30:00Z", { from: "02:00", to: "03:00", ...berlin }, true],
    ["2026-10-25T02:00:00Z", { from: "02:00", to: "03:00", ...berlin }, false],
    // Clocks go forward at 02:00: nobody's clock shows an hour after two.
    ["2026-03-29T00:59:00Z", { from: "02:00", to: "03:00", ...berlin }, false],
    ["2026-03-29T01:00:00Z", { from: "02:00", to: "03:00", ...berlin }, false],
    ["2026-03-29T01:00:00Z", { days: ["sa"], from: "22:00", to: "03:30", ...berlin }, true],
    ["2026-03-29T01:30:00Z", { days: ["sa"], from: "22:00", to: "03:30", ...berlin }, false],
    // Before 1970 too.
    ["1969-12-29T10:00:00Z", { days: ["mo"], time_zone: "UTC" }, true]
  ])("%s in %j: %s", (start, hours, expected) => {
    assert.strictEqual(matchesWhen({ hours }, { start: at(start) }), expected)
  })

  it("are those of the zone given, else of the calendar, else of the event", () => {
    const otherwise = { start: at("2026-06-15T12:00:00Z"), zone: "Asia/Kathmandu" }
    const shown = (hours: Hours, calendarZone: string | null) =>
      lookedAtWhen({ hours }, { ...otherwise, known: { calendarZone } }).value
    assert.strictEqual(shown({ time_zone: "America/New_York" }, "Europe/Berlin"), "mo 08:00")
    assert.strictEqual(shown({}, "Europe/Berlin"), "mo 14:00")
    assert.strictEqual(shown({}, null), "mo 17:45")
  })

  it("are undecided in a zone that nobody knows, and decided for an event whose facts are not known", () => {
    const hours: Hours = { from: "09:00", to: "18:00" }
    assert.isNull(matchesWhen({ hours }, { zone: "Nowhere/Land", known: { calendarZone: null } }))
    assert.isNull(lookedAtWhen({ hours }, { zone: "Nowhere/Land", known: { calendarZone: null } }).value)
    assert.isTrue(matchesWhen({ hours }, { facts: null }))
  })
})

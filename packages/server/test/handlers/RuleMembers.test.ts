/**
 * Each member of a rule, over HTTP: a value that matches one meeting, and one that does not. What members mean in detail is held
 * in the core's tests; here, that each arrives, is kept, and is asked about what the calendar tells.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { hour, noon, zoom } from "../Whole.ts"
import { daily, ruled } from "./Ruled.ts"

const subject = "Call with Fabrikam"

/** A Tuesday at three in UTC, of the daily series. */
const members: Readonly<Record<string, readonly [matching: unknown, missing: unknown]>> = {
  subject_contains: [["CALL"], ["Fabri"]],
  location_contains: [["room 4"], ["room 5"]],
  organizer: [["external"], ["self", "internal"]],
  organizer_email: [["*@fabrikam.com"], ["*@*.fabrikam.com"]],
  attendee_email: [["kim@fabrikam.com"], ["lee@fabrikam.com"]],
  my_response: [["tentative", "accepted"], ["declined"]],
  people: [{ min: 3, max: 3 }, { min: 4 }],
  external_people: [{ min: 2 }, { max: 1 }],
  sensitivity: [["private"], ["normal", "personal"]],
  show_as: [["oof"], ["busy"]],
  category: [["customer"], ["custom"]],
  platform: [["zoom"], ["teams"]],
  all_day: [false, true],
  recurring: [true, false],
  minutes: [{ min: 60, max: 60 }, { max: 59 }],
  hours: [
    { days: ["tu"], from: "15:00", to: "16:00", time_zone: "UTC" },
    { from: "15:01", time_zone: "UTC" }
  ]
}

const host = Effect.gen(function* () {
  const all = yield* ruled
  const { calendarId, control, syncChanges } = all
  const timing = { ...daily, range: { kind: "count", count: 1 } }
  const made = yield* control.createSeries(calendarId, {
    subject,
    joinUrl: zoom,
    timing,
    organizer: "kim@fabrikam.com"
  })
  yield* control.setFacts(made, {
    organizer: "kim@fabrikam.com",
    response: "accepted",
    people: ["kim@fabrikam.com", "adele@example.com", "sam@example.org"],
    sensitivity: "private",
    showAs: "oof",
    categories: ["Customer"],
    location: "Room 4, second floor"
  })
  yield* syncChanges
  return all
})

describe("a rule's member", () => {
  it.effect.each(Object.entries(members))("%s is asked", ([member, [matching, missing]]) =>
    Effect.gen(function* () {
      const { ok } = yield* host
      const joins = (value: unknown, isTurned = false) => {
        const when = isTurned ? { not: { [member]: value } } : { [member]: value }
        return Effect.map(
          ok("POST", "/auto-schedule/preview", { rules: [{ name: "Rule", when, then: "join" }], otherwise: "skip" }),
          ({ joins: rows }) => rows.some((row: { readonly subject: string }) => row.subject === subject)
        )
      }
      assert.deepStrictEqual([yield* joins(matching), yield* joins(missing)], [true, false])
      assert.deepStrictEqual(
        [yield* joins(matching, true), yield* joins(missing, true)],
        [false, true],
        "turned around"
      )
      const { rules } = yield* ok("PUT", "/auto-schedule/rules", {
        rules: [{ name: "Rule", when: { [member]: matching }, then: "join" }]
      })
      assert.deepStrictEqual(rules[0].when, { [member]: matching }, "kept as it was sent")
    })
  )

  it.effect("calendar_id is asked, by the id that events show", () =>
    Effect.gen(function* () {
      const { calendarId, named, ok } = yield* host
      assert.strictEqual((yield* named(subject))[0].calendar_id, calendarId)
      const rules = (id: string) => ({
        rules: [{ name: "Rule", when: { calendar_id: [id] }, then: "join" }],
        otherwise: "skip"
      })
      assert.isNotEmpty((yield* ok("POST", "/auto-schedule/preview", rules(calendarId))).joins)
      assert.isEmpty((yield* ok("POST", "/auto-schedule/preview", rules("another"))).joins)
    })
  )

  it.effect("has room for as many rules as there may be, and the first that matches decides", () =>
    Effect.gen(function* () {
      const { enable, explanation, ok } = yield* host
      const misses = Array.from({ length: 98 }, (_, n) => ({
        name: `Miss ${n}`,
        when: { minutes: { min: 999 } },
        then: "skip"
      }))
      const rules = [...misses, { name: "First", when: {}, then: "join" }, { name: "Second", when: {}, then: "skip" }]
      yield* enable({ rules })
      assert.deepInclude(yield* explanation(subject), { code: "joined_by_rule", rule_name: "First" })
      assert.lengthOf((yield* ok("GET", "/auto-schedule/settings")).rules, 100)
      assert.isTrue(
        (yield* ok("GET", `/forecast?time_max=${new Date(noon + 5 * hour).toISOString()}`)).meetings.length > 0
      )
    })
  )
})

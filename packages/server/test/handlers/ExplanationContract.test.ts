/**
 * Why an event has a bot or none, told of one and of a page; and that a bot comes and goes with what the rules look at.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { adele, adminKey, otherKey } from "../Kit.ts"
import { base, day, hour, iso, minute, noon, zoom } from "../Whole.ts"
import { daily, locked, ruled, skipInterviews } from "./Ruled.ts"

interface Row {
  readonly subject: string
  readonly will_join: boolean
  readonly decision: Readonly<Record<string, unknown>>
}

describe("GET events/{event_id}/explanation", () => {
  it.effect("tells the bot, its configuration and each step", () =>
    Effect.gen(function* () {
      const { bots, enable, explanation, idOf, meeting } = yield* ruled
      yield* meeting("Call", { people: ["kim@fabrikam.com"] })
      const customers = {
        name: "Customers",
        when: { external_people: { min: 1 } },
        then: "join",
        bot_config: { bot_name: "Acme Notes" }
      }
      const { rules } = yield* enable({ default_bot_config: { language: "de" }, rules: [skipInterviews, customers] })
      const { steps, ...told } = yield* explanation("Call")
      assert.deepStrictEqual(told, {
        event_id: yield* idOf("Call"),
        will_join: true,
        join_time: iso(noon + 3 * hour - minute),
        bot_id: (yield* bots("Call"))[0].id,
        origin: "auto",
        outcome: "join",
        code: "joined_by_rule",
        rule_id: rules[1].id,
        rule_name: "Customers",
        sentence: "A bot joins: your rule “Customers” says so.",
        effective_bot_config: { language: "de", bot_name: "Acme Notes" }
      })
      type Step = Readonly<Record<"rule" | "field" | "rule_name", string>> & {
        readonly passed: boolean
        readonly value: unknown
      }
      const by = (name: string): ReadonlyArray<Step> => steps.filter(({ rule }: Step) => rule === name)
      assert.deepStrictEqual(
        by("rule").map(({ field, passed, rule_name, value }) => [rule_name, passed, field, value]),
        [
          ["No interviews", true, "subject_contains", "Call"],
          ["Customers", true, "external_people", 1]
        ]
      )
      assert.deepInclude(by("time")[0], { field: "end_time", value: iso(noon + 4 * hour), passed: true })
    })
  )

  it.effect("tells an occurrence beyond what is mirrored, with a bot and without", () =>
    Effect.gen(function* () {
      const { calendarId, control, idOf, named, no, ok, policy, syncChanges } = yield* ruled
      yield* control.createSeries(calendarId, { subject: "Standup", joinUrl: zoom, timing: daily })
      yield* syncChanges
      const id = yield* idOf("Standup")
      const on = (date: string) => `${id.slice(0, -8)}${date}`
      const shown = (yield* named("Standup")).length
      const far = yield* ok("GET", `/events/${on("20270301")}/explanation`)
      assert.deepInclude(far, { event_id: on("20270301"), code: "not_asked", will_join: false, bot_id: null })
      assert.lengthOf(yield* named("Standup"), shown, "it is told, and not kept")
      const { bot_id: botId } = yield* ok("POST", `/schedule/${id}`, { occurrence_date: "2027-03-01" })
      const asked = yield* ok("GET", `/events/${on("20270301")}/explanation`)
      assert.deepInclude(asked, {
        code: "asked_by_hand",
        will_join: true,
        bot_id: botId,
        join_time: "2027-03-01T14:59:00Z"
      })
      assert.strictEqual(yield* no("GET", `/events/${on("20260309")}/explanation`), "404 event_not_found")
      // Of no date of the series, of no series, no id at all, another's.
      assert.strictEqual(yield* no("GET", `/events/${on("20270231")}/explanation`), "404 event_not_found")
      assert.strictEqual(yield* no("GET", "/events/evt_k3v8n2p5q9r1s4t7_20270301/explanation"), "404 event_not_found")
      assert.strictEqual(yield* no("GET", "/events/nothing/explanation"), "404 event_not_found")
      assert.strictEqual(
        yield* no("GET", `/events/${on("20270301")}/explanation`, undefined, { key: otherKey }),
        "404 calendar_not_connected"
      )
      yield* policy({ rules: [{ ...locked, when: { subject_contains: ["standup"] } }] })
      const blocked = yield* ok("GET", `/events/${on("20270302")}/explanation`)
      assert.deepInclude(blocked, { code: "blocked_by_policy", rule_name: "No interviews" })
    })
  )

  it.effect("is told to the admin key, of any user", () =>
    Effect.gen(function* () {
      const { call, explanation, idOf, meeting } = yield* ruled
      yield* meeting("Review")
      const path = `${base}/events/${yield* idOf("Review")}/explanation`
      const { json } = yield* call("GET", `${path}?user_id=${adele}`, { key: adminKey })
      assert.deepStrictEqual(json, yield* explanation("Review"))
      assert.strictEqual((yield* call("GET", path, { key: adminKey })).status, 401)
    })
  )
})

describe("explain=true", () => {
  it.effect("tells each row's decision, on every page, and cursors carry it", () =>
    Effect.gen(function* () {
      const { enable, explanation, meeting, no, ok } = yield* ruled
      for (const subject of ["Interview one", "Review", "Interview two"]) yield* meeting(subject)
      yield* meeting("No link", null, { joinUrl: null })
      yield* enable({ rules: [skipInterviews] })
      let path: string | null = "/events?explain=true&limit=1"
      let rows = 0
      while (path !== null) {
        const page: { readonly next: string | null; readonly results: ReadonlyArray<Row> } = yield* ok("GET", path)
        const [row] = page.results
        assert.isDefined(row)
        const { code, outcome, rule_id, rule_name, will_join } = yield* explanation(row.subject)
        assert.deepInclude(row, { will_join, decision: { outcome, code, rule_id, rule_name } })
        path = page.next === null ? null : `/get_events?cursor=${page.next}`
        rows++
      }
      assert.strictEqual(rows, 4)
      const { next, results } = yield* ok("GET", "/get_events?explain=false&limit=1")
      assert.notProperty(results[0], "decision")
      assert.notProperty((yield* ok("GET", `/get_events?cursor=${next}`)).results[0], "will_join")
      assert.strictEqual(yield* no("GET", `/get_events?cursor=${next}&explain=true`), "400 invalid_cursor")
      assert.strictEqual(yield* no("GET", "/events?explain=yes"), "400 invalid_request")
    })
  )

  it.effect("tells of what was deleted that no bot joins", () =>
    Effect.gen(function* () {
      const { control, meeting, ok, syncChanges } = yield* ruled
      const made = yield* meeting("Review")
      yield* control.remove(made)
      yield* syncChanges
      const { results } = yield* ok("GET", "/get_events?include_deleted=true&explain=true")
      assert.deepInclude(results[0], { is_deleted: true, will_join: false })
      assert.deepInclude(results[0].decision, { outcome: "skip", code: "event_cancelled" })
    })
  )
})

describe("a bot that auto-scheduling made", () => {
  it.effect("is lost when the meeting is declined, and comes back when it is not", () =>
    Effect.gen(function* () {
      const { bots, control, enable, explanation, meeting, scheduled, syncChanges } = yield* ruled
      const made = yield* meeting("Review")
      yield* enable()
      assert.deepStrictEqual(yield* scheduled, ["Review"])
      yield* control.setFacts(made, { response: "declined" })
      yield* syncChanges
      assert.deepStrictEqual(yield* scheduled, [])
      assert.deepInclude((yield* bots("Review"))[0], { status: "Cancelled", status_reason: "declined_by_user" })
      assert.deepInclude(yield* explanation("Review"), { code: "declined_by_user", will_join: false })
      yield* control.setFacts(made, { response: "accepted" })
      yield* syncChanges
      assert.deepStrictEqual(yield* scheduled, ["Review"])
      assert.deepInclude(yield* explanation("Review"), { code: "joined_by_default", will_join: true })
    })
  )

  it.effect("is lost when it turns private under a rule; one asked for by hand is not", () =>
    Effect.gen(function* () {
      const { bots, control, enable, idOf, meeting, ok, scheduled, syncChanges } = yield* ruled
      const [one, other] = [yield* meeting("By itself"), yield* meeting("By hand")]
      yield* ok("POST", `/schedule/${yield* idOf("By hand")}`, {})
      yield* enable({ rules: [{ name: "Not private", when: { sensitivity: ["private"] }, then: "skip" }] })
      yield* Effect.forEach([one, other], (id) => control.setFacts(id, { sensitivity: "private" }))
      yield* syncChanges
      assert.deepStrictEqual(yield* scheduled, ["By hand"])
      assert.deepInclude((yield* bots("By itself"))[0], { status: "Cancelled", status_reason: "skipped_by_rule" })
      yield* control.setFacts(one, { sensitivity: "normal" })
      yield* syncChanges
      assert.deepStrictEqual(yield* scheduled, ["By hand", "By itself"])
    })
  )

  it.effect("beyond the coverage is decided the night before", () =>
    Effect.gen(function* () {
      const { enable, explanation, meeting } = yield* ruled
      yield* meeting("Later", null, { start: noon + 3 * day })
      yield* enable()
      assert.deepInclude(yield* explanation("Later"), { code: "beyond_coverage", outcome: "skip", will_join: false })
    })
  )
})

/**
 * Rules over HTTP: how lists are sent, told and refused, and what a preview says against what applying it does.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { adminKey, otherKey } from "../Kit.ts"
import { day, hour, iso, noon } from "../Whole.ts"
import { type Ruled, policyPath, ruled, skipInterviews } from "./Ruled.ts"

const put = "/auto-schedule/rules"

const joinCustomers = {
  name: "Customers",
  when: { external_people: { min: 1 } },
  then: "join",
  bot_config: { bot_name: "Acme Notes", audio_required: null }
} as const

describe("PUT auto-schedule/rules", () => {
  it.effect("replaces the list, keeps ids that are sent and makes those that are missing", () =>
    Effect.gen(function* () {
      const { ok } = yield* ruled
      const first = yield* ok("PUT", put, { rules: [skipInterviews, joinCustomers], otherwise: "skip" })
      const [interviews, customers] = first.rules
      assert.match(interviews.id, /^rule_[0-9a-z]{20}$/)
      assert.notStrictEqual(interviews.id, customers.id)
      assert.deepStrictEqual(interviews, { ...skipInterviews, id: interviews.id, enabled: true, bot_config: null })
      assert.deepStrictEqual(customers, { ...joinCustomers, id: customers.id, enabled: true })
      assert.strictEqual(first.otherwise, "skip")
      assert.deepStrictEqual(first.changes, { joins: 0, leaves: 0, changes: 0 })
      const renamed = { ...customers, name: "Clients", enabled: false }
      const second = yield* ok("PUT", put, { rules: [renamed, skipInterviews, skipInterviews] })
      assert.deepStrictEqual(second.rules[0], renamed)
      assert.strictEqual(second.otherwise, "skip", "left out, it stays")
      assert.lengthOf(new Set(second.rules.map(({ id }: { readonly id: string }) => id)), 3)
      const { rules } = yield* ok("GET", "/auto-schedule/settings")
      assert.deepStrictEqual(rules, second.rules)
      assert.deepStrictEqual((yield* ok("PUT", put, { rules: [] })).rules, [])
    })
  )

  it.effect("decides anew at once, and counts what came of it", () =>
    Effect.gen(function* () {
      const { bots, enable, meeting, ok, scheduled } = yield* ruled
      yield* meeting("Interview with Kim")
      yield* meeting("Call", { people: ["kim@fabrikam.com"] })
      yield* enable({ default_bot_config: { bot_name: "Notes", audio_required: true } })
      assert.deepStrictEqual(yield* scheduled, ["Call", "Interview with Kim"])
      const { changes } = yield* ok("PUT", put, { rules: [skipInterviews, joinCustomers] })
      assert.deepStrictEqual(changes, { joins: 0, leaves: 1, changes: 1 })
      assert.deepInclude((yield* bots("Interview with Kim"))[0], {
        status: "Cancelled",
        status_reason: "skipped_by_rule"
      })
      const [call] = (yield* ok("GET", "/scheduled_bots")).scheduled_bots
      assert.deepStrictEqual(call.bot_config, { bot_name: "Acme Notes" })
      assert.deepStrictEqual((yield* ok("PUT", put, { rules: [] })).changes, { joins: 1, leaves: 0, changes: 1 })
      assert.deepStrictEqual(yield* scheduled, ["Call", "Interview with Kim"])
    })
  )

  it.effect("is a user's own: another's ids are unknown, and who has no calendar has no rules", () =>
    Effect.gen(function* () {
      const { no, ok } = yield* ruled
      const { rules } = yield* ok("PUT", put, { rules: [skipInterviews] })
      assert.strictEqual(yield* no("PUT", put, { rules }, { key: otherKey }), "404 calendar_not_connected")
      assert.strictEqual(
        yield* no("GET", "/auto-schedule/settings", undefined, { key: otherKey }),
        "404 calendar_not_connected"
      )
    })
  )

  it.effect("names the place of whatever is wrong, also in enable, preview and a policy", () =>
    Effect.gen(function* () {
      const { call, idOf, meeting, ok } = yield* ruled
      const good = skipInterviews
      const cases: ReadonlyArray<readonly [rules: unknown, path: string]> = [
        [null, "rules"],
        [{}, "rules"],
        [Array.from({ length: 101 }, () => good), "rules"],
        [[good, { when: {}, then: "join" }], "rules.1.name"],
        [[{ ...good, id: "rule_nobodys" }], "rules.0.id"],
        [[{ ...good, then: "maybe" }], "rules.0.then"],
        [[{ ...good, bot_config: {} }], "rules.0.bot_config"],
        [[{ ...good, colour: "red" }], "rules.0.colour"],
        [[good, good, { ...good, when: { organizer: ["self", "mine"] } }], "rules.2.when.organizer.1"],
        [[{ ...good, when: { organizer: "self" } }], "rules.0.when.organizer"],
        [[{ ...good, when: { subject_contains: [] } }], "rules.0.when.subject_contains"],
        [[{ ...good, when: { subject_contains: [""] } }], "rules.0.when.subject_contains.0"],
        [[{ ...good, when: { people: { min: -1 } } }], "rules.0.when.people.min"],
        [[{ ...good, when: { people: { min: 3, max: 2 } } }], "rules.0.when.people"],
        [[{ ...good, when: { hours: { from: "09:00", to: "09:00" } } }], "rules.0.when.hours"],
        [[{ ...good, when: { platform: ["carrier-pigeon"] } }], "rules.0.when.platform.0"],
        [[{ ...good, when: { not: { not: {} } } }], "rules.0.when.not.not"]
      ]
      const places = [
        ["PUT", `/api/v1/calendar${put}`, {}],
        ["POST", "/api/v1/calendar/auto-schedule/enable", {}],
        ["POST", "/api/v1/calendar/auto-schedule/preview", {}],
        ["PUT", policyPath, { key: adminKey }]
      ] as const
      for (const [rules, path] of cases) {
        for (const [method, address, more] of places) {
          const { json, status } = yield* call(method, address, { ...more, body: { rules } })
          assert.strictEqual(status, 400, `${method} ${address} ${path}`)
          assert.strictEqual(json.code, "invalid_request")
          assert.lengthOf(json.errors, 1)
          assert.deepInclude(json.errors[0], { path, in: "body" })
          assert.match(json.errors[0].message, /^[A-Z].*xpected/, "a sentence")
        }
      }
      assert.deepStrictEqual((yield* ok("GET", "/auto-schedule/settings")).rules, [], "nothing was written")
      yield* meeting("Interview")
      const { json } = yield* call("PUT", `/api/v1/calendar${put}`, { body: { rules: [{ ...good, locked: true }] } })
      assert.deepInclude(json.errors[0], { path: "rules.0.locked" }, "of a workspace's rules alone")
      assert.isNotEmpty(yield* idOf("Interview"))
    })
  )

  it.effect("takes 256 KiB and no more", () =>
    Effect.gen(function* () {
      const { call } = yield* ruled
      const rules = (count: number) =>
        Array.from({ length: count }, (_, n) => ({
          name: `Rule ${n}`,
          when: {},
          then: "join",
          bot_config: { text: "x".repeat(30_000) }
        }))
      const address = `/api/v1/calendar${put}`
      assert.strictEqual((yield* call("PUT", address, { body: { rules: rules(8) } })).status, 200)
      const { json, status } = yield* call("PUT", address, { body: { rules: rules(9) } })
      assert.strictEqual(status, 400)
      assert.deepStrictEqual(json.errors, [
        { path: "rules", message: "Expected a list of at most 262144 bytes as JSON", in: "body" }
      ])
      const body = { rules: rules(9).map((rule) => ({ ...rule })) }
      assert.strictEqual((yield* call("PUT", policyPath, { key: adminKey, body })).status, 400)
    })
  )
})

describe("POST auto-schedule/enable", () => {
  it.effect("takes rules and otherwise, and keeps those before where they are left out", () =>
    Effect.gen(function* () {
      const { enable, ok, scheduled, meeting } = yield* ruled
      yield* meeting("Interview with Kim")
      yield* meeting("Review")
      const first = yield* enable({ rules: [skipInterviews], otherwise: "join" })
      assert.deepStrictEqual(yield* scheduled, ["Review"])
      const again = yield* enable({})
      assert.deepStrictEqual([again.rules, again.otherwise], [first.rules, "join"])
      const settings = yield* ok("GET", "/auto-schedule/settings")
      assert.deepInclude(settings, { rules: first.rules, covered_until: iso(noon + day) })
    })
  )

  it.effect("says the same again for the same key, ids included", () =>
    Effect.gen(function* () {
      const { ok } = yield* ruled
      const headers = { "idempotency-key": "once" }
      const body = { rules: [skipInterviews] }
      const first = yield* ok("POST", "/auto-schedule/enable", body, { headers })
      assert.deepStrictEqual(yield* ok("POST", "/auto-schedule/enable", body, { headers }), first)
      const preview = yield* ok("POST", "/auto-schedule/preview", body, { headers })
      assert.deepStrictEqual(yield* ok("POST", "/auto-schedule/preview", body, { headers }), preview)
    })
  )
})

interface PreviewRow {
  readonly subject: string
  readonly event_id: string
  readonly rule_id: string | null
  readonly code: string
}

/** Meetings of each kind, some with bots that were asked for by hand. */
const busyDay = Effect.fnUntraced(function* ({ idOf, meeting, ok }: Ruled) {
  yield* meeting("Interview with Kim")
  yield* meeting("Call", { people: ["kim@fabrikam.com"] })
  yield* meeting("Private", { sensitivity: "private" })
  yield* meeting("Declined", { response: "declined" })
  yield* meeting("Long", null, { start: noon + 5 * hour, end: noon + 8 * hour })
  yield* meeting("By hand")
  yield* ok("POST", `/schedule/${yield* idOf("By hand")}`, {})
})

describe("POST auto-schedule/preview", () => {
  const lists: ReadonlyArray<unknown> = [
    {},
    { otherwise: "skip" },
    { rules: [skipInterviews] },
    { rules: [joinCustomers], otherwise: "skip" },
    { rules: [{ name: "Not private", when: { sensitivity: ["private"] }, then: "skip" }, joinCustomers] },
    { rules: [{ name: "Long ones", when: { minutes: { min: 90 } }, then: "join" }], otherwise: "skip" },
    { default_bot_config: { bot_name: "Another" }, rules: [] }
  ]
  it.effect.each(lists.map((body, n) => [n, body] as const))("says what applying it does: %s", ([, body]) =>
    Effect.gen(function* () {
      const host = yield* ruled
      yield* busyDay(host)
      yield* host.enable({ rules: [{ name: "No long ones", when: { minutes: { min: 90 } }, then: "skip" }] })
      const before = yield* host.scheduled
      const preview = yield* host.ok("POST", "/auto-schedule/preview", body)
      assert.deepStrictEqual(yield* host.scheduled, before, "nothing is written")
      const of = (list: string) => (preview[list] as ReadonlyArray<PreviewRow>).map(({ subject }) => subject)
      yield* host.enable(body)
      const after = yield* host.scheduled
      assert.sameMembers(
        of("joins"),
        after.filter((subject) => !before.includes(subject))
      )
      assert.sameMembers(
        of("leaves"),
        before.filter((subject) => !after.includes(subject))
      )
      for (const row of [...preview.joins, ...preview.leaves, ...preview.changes, ...preview.skipped]) {
        const told = yield* host.explanation(row.subject)
        const { code, event_id, rule_id, rule_name } = told
        assert.deepInclude(row, { code, event_id, rule_id, rule_name }, row.subject)
      }
      const { covered_until: until } = yield* host.ok("GET", "/auto-schedule/settings")
      assert.strictEqual(preview.until, until)
    })
  )

  it.effect("shows 500 rows of a list, and says that there are more", () =>
    Effect.gen(function* () {
      const { calendarId, control, ok, syncChanges } = yield* ruled
      for (let n = 0; n < 501; n++) {
        yield* control.create(calendarId, {
          subject: `M ${n}`,
          start: noon + hour + n * 1_000,
          joinUrl: "https://zoom.us/j/5551234567"
        })
      }
      yield* syncChanges
      const preview = yield* ok("POST", "/auto-schedule/preview")
      assert.lengthOf(preview.joins, 500)
      assert.isTrue(preview.truncated)
      const { meetings, summary, truncated } = yield* ok("GET", "/forecast")
      assert.deepStrictEqual([meetings.length, truncated, summary.not_wanted], [0, undefined, 501])
    })
  )
})

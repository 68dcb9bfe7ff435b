/** Connecting published calendars, as a client meets it: over the real core, the real adapter, and stores in memory. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { base } from "../Whole.ts"
import { feedHost, published } from "./FeedHost.ts"

const anna = "https://calendar.example/secret-anna.ics"
const beth = "webcal://calendar.example/secret-beth.ics"

describe("a published calendar", () => {
  it.effect("is read before it is stored, listed by its own name, and mirrored", () =>
    Effect.gen(function* () {
      const { answers, connect, get, sync } = yield* feedHost
      answers.set(anna, published("one"))
      const connected = yield* connect({ ics_url: anna, emails: ["anna@example.com"] })
      assert.strictEqual(connected.status, 200, connected.text)
      assert.deepInclude(connected.json, {
        calendar_id: "ics_feed_usr_adele",
        platform: "ics_feed",
        user_email: "anna@example.com"
      })
      assert.deepInclude(connected.json.calendars[0], { summary: "Anna's", isPrimary: true, accessRole: "reader" })
      assert.match(connected.json.calendars[0].id, /^feed_[0-9a-f]{32}$/)
      assert.strictEqual(connected.json.watch_setup.failed_calendars[0].reason, "push_not_supported")
      assert.notInclude(connected.text, "secret-anna")
      yield* sync
      const listed = yield* get("/events?time_min=2026-03-10&time_max=2026-03-13&sync=false")
      const events = listed.results
      assert.deepInclude(events[0], { subject: "Review", start_time: "2026-03-11T10:00:00Z", platform: "ics_feed" })
      assert.notInclude(JSON.stringify(yield* get("/connection")), "secret-anna")
      answers.delete(anna)
      yield* TestClock.adjust("6 minutes")
      yield* sync
      const { calendars } = yield* get("/connection")
      assert.deepInclude(calendars[0], { sync_status: "stale", sync_error: "feed_unreachable" })
    })
  )

  it.effect("stands beside others, up to ten; the same address again renames it", () =>
    Effect.gen(function* () {
      const { answers, connect, get } = yield* feedHost
      answers.set(anna, published("one"))
      answers.set(beth, published("two"))
      yield* connect({ ics_url: anna, emails: ["anna@example.com"] })
      const both = yield* connect({ ics_url: beth, name: "Beth", time_zone: "Europe/Rome" })
      const names = (calendars: ReadonlyArray<{ readonly summary: string }>) => calendars.map(({ summary }) => summary)
      assert.deepStrictEqual(names(both.json.calendars), ["Anna's", "Beth"])
      assert.strictEqual(both.json.user_email, "anna@example.com")
      yield* connect({ ics_url: beth, name: "Bethany" })
      assert.deepStrictEqual(names((yield* get("/calendars")).calendars), ["Anna's", "Bethany"])
      for (let n = 3; n <= 10; n++) {
        answers.set(`${anna}?${n}`, published(`${n}`))
        assert.strictEqual((yield* connect({ ics_url: `${anna}?${n}` })).status, 200)
      }
      answers.set(`${anna}?11`, published("11"))
      const eleventh = yield* connect({ ics_url: `${anna}?11` })
      assert.deepStrictEqual([eleventh.status, eleventh.json.code], [409, "feed_limit"])
      assert.strictEqual((yield* get("/calendars")).calendars.length, 10)
    })
  )

  it.effect("names addresses of its reader, each of which is the same person to rules", () =>
    Effect.gen(function* () {
      const { answers, call, connect, sync } = yield* feedHost
      const names = ["anna@example.com", "anna@partner.example", "anna@club.example"]
      const people = names.map((name) => `ATTENDEE;PARTSTAT=ACCEPTED:mailto:${name}\n`).join("")
      answers.set(anna, published("one", `ORGANIZER:mailto:${names[2]}\n${people}`))
      answers.set(beth, published("two"))
      yield* connect({ ics_url: anna, emails: names.slice(0, 2) })
      yield* connect({ ics_url: beth, emails: names.slice(1) })
      yield* sync
      const joins = (when: unknown) =>
        Effect.map(
          call("POST", `${base}/auto-schedule/preview`, {
            body: { rules: [{ name: "Rule", when, then: "join" }], otherwise: "skip" }
          }),
          ({ json }) => json.joins.length
        )
      const alone = { people: { min: 1, max: 1 }, attendee_email: ["*@club.example"] }
      assert.strictEqual(yield* joins(alone), 1, "one person, by three addresses")
      assert.strictEqual(yield* joins({ organizer: ["self"] }), 1, "who organizes by one of them")
      assert.strictEqual(yield* joins({ external_people: { min: 1 } }), 0)
      // Without the feed that named it, an address is somebody else's: decided when the answer comes.
      const rules = [{ name: "Others", when: { external_people: { min: 1 } }, then: "join" }]
      yield* call("POST", `${base}/auto-schedule/enable`, { body: { rules, otherwise: "skip" } })
      const bots = Effect.map(call("GET", `${base}/scheduled_bots`), ({ json }) => json.scheduled_bots.length)
      assert.strictEqual(yield* bots, 0)
      const { calendars } = (yield* call("GET", `${base}/connection`)).json
      yield* call("DELETE", `${base}/calendars/${calendars[1].id}`)
      assert.strictEqual(yield* bots, 1)
    })
  )

  it.effect("takes an address of its reader's along, also where the process dies when that is written", () =>
    Effect.gen(function* () {
      const { answers, call, connect, failNext, sweep, sync } = yield* feedHost
      const names = ["anna@example.com", "anna@partner.example"]
      const people = names.map((name) => `ATTENDEE;PARTSTAT=ACCEPTED:mailto:${name}\n`).join("")
      answers.set(anna, published("one", people))
      answers.set(beth, published("two"))
      yield* connect({ ics_url: anna, emails: names.slice(0, 1) })
      yield* connect({ ics_url: beth, emails: names.slice(1) })
      yield* sync
      const rules = [{ name: "Others", when: { external_people: { min: 1 } }, then: "join" }]
      yield* call("POST", `${base}/auto-schedule/enable`, { body: { rules, otherwise: "skip" } })
      const bots = Effect.map(call("GET", `${base}/scheduled_bots`), ({ json }) => json.scheduled_bots.length)
      const { calendars } = (yield* call("GET", `${base}/connection`)).json
      yield* failNext(1, { operation: "saveConnection", moment: "after" })
      const { status } = yield* call("DELETE", `${base}/calendars/${calendars[1].id}`)
      assert.deepStrictEqual([status, yield* bots], [503, 0])
      yield* sweep
      assert.strictEqual(yield* bots, 1)
    })
  )

  it.effect("is not lost when two are connected at once", () =>
    Effect.gen(function* () {
      const { answers, connect, get } = yield* feedHost
      const all = Array.from({ length: 4 }, (_, n) => `${anna}?${n}`)
      for (const each of all) answers.set(each, published(each))
      yield* connect({ ics_url: all[0] })
      const asked = yield* Effect.forkChild(
        Effect.all(
          all.slice(1).map((each) => connect({ ics_url: each })),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("1 minute")
      const connected = yield* Fiber.join(asked)
      assert.deepStrictEqual(
        connected.map(({ status }) => status),
        [200, 200, 200]
      )
      assert.strictEqual((yield* get("/calendars")).calendars.length, 4)
    })
  )

  it.effect.each([
    ["no calendar", "<html>Sign in</html>", 422, "invalid_feed"],
    ["a calendar that is cut off", published("one").slice(0, 90), 422, "invalid_feed"],
    ["nothing", undefined, 422, "feed_unreachable"],
    ["a private network", { kind: "refused", message: "It leads to a private network." }, 422, "address_refused"],
    ["a server that asks to wait", { kind: "failed", message: "Wait.", retryAfterMillis: 5 }, 422, "feed_unreachable"]
  ] as const)("is refused where the address leads to %s, and nothing is stored", ([, answer, status, code]) =>
    Effect.gen(function* () {
      const { answers, call, connect } = yield* feedHost
      if (answer !== undefined) answers.set(anna, answer)
      const refused = yield* connect({ ics_url: anna })
      assert.deepStrictEqual([refused.status, refused.json.code], [status, code])
      assert.notInclude(refused.text, "secret-anna")
      assert.strictEqual((yield* call("GET", `${base}/connection`)).status, 404)
    })
  )

  it.effect("is no mixture with another kind of calendar, and its members are checked", () =>
    Effect.gen(function* () {
      const { connect } = yield* feedHost
      for (const body of [
        { ics_url: anna, microsoft_client_id: "a", microsoft_client_secret: "b", microsoft_refresh_token: "c" },
        { ics_url: anna, emails: ["anna"] },
        { ics_url: anna, time_zone: "Nowhere/Land" },
        { ics_url: "" },
        { name: "Anna" }
      ]) {
        const { json, status } = yield* connect(body)
        assert.deepStrictEqual([status, json.code], [400, "invalid_request"], JSON.stringify(body))
      }
    })
  )

  it.effect(
    "is removed by itself, with what stood in it alone, and is anew what it was when it is connected again",
    () =>
      Effect.gen(function* () {
        const { answers, call, connect, fetched, get, sync } = yield* feedHost
        answers.set(anna, published("one"))
        answers.set(beth, published("two") + published("one"))
        yield* connect({ ics_url: anna, emails: ["anna@example.com"] })
        const both = yield* connect({ ics_url: beth, emails: ["beth@example.com"] })
        const [first, second] = both.json.calendars
        yield* sync
        const enabled = yield* call("POST", `${base}/auto-schedule/enable`, { body: {} })
        assert.strictEqual(enabled.status, 200, enabled.text)
        const bots = Effect.map(get("/scheduled_bots"), ({ scheduled_bots: all }) => all.length)
        assert.strictEqual(yield* bots, 2)

        const removed = yield* call("DELETE", `${base}/calendars/${second.id}`)
        assert.strictEqual(removed.status, 200, removed.text)
        assert.deepInclude(removed.json, {
          calendar_id: second.id,
          removed: true,
          user_id: "usr_adele",
          events_deleted: 2,
          schedules_cancelled: 1
        })
        assert.strictEqual(yield* bots, 1)
        const named = (calendars: ReadonlyArray<{ readonly id: string }>) => calendars.map(({ id }) => id)
        assert.deepStrictEqual(named((yield* get("/calendars")).calendars), [first.id])
        assert.deepStrictEqual(named((yield* get("/connection")).calendars), [first.id])
        for (const [method, path] of [
          ["DELETE", `/calendars/${second.id}`],
          ["GET", `/events?calendar_id=${second.id}`],
          ["DELETE", "/calendars/feed_of_nobody"]
        ] as const) {
          const { json, status } = yield* call(method, `${base}${path}`)
          assert.deepStrictEqual([status, json.code], [404, "calendar_not_found"], path)
        }
        fetched.length = 0
        yield* TestClock.adjust("6 minutes")
        yield* sync
        assert.deepStrictEqual(fetched, [anna])

        const again = yield* connect({ ics_url: beth })
        assert.deepStrictEqual(named(again.json.calendars), [first.id, second.id])
        yield* sync
        assert.strictEqual(yield* bots, 2)
        const states = (yield* get("/connection")).calendars
        assert.deepInclude(states[1], { selected: true, sync_status: "ok", polling_reason: "push_not_supported" })
      })
  )

  it.effect("leaves the first place to the next when it is removed, and takes the connection along as the last", () =>
    Effect.gen(function* () {
      const { answers, call, connect, get, sync } = yield* feedHost
      answers.set(anna, published("one"))
      answers.set(beth, published("two"))
      yield* connect({ ics_url: anna, emails: ["anna@example.com"] })
      const { json } = yield* connect({ ics_url: beth, emails: ["beth@example.com"] })
      const [first, second] = json.calendars
      yield* sync
      yield* call("DELETE", `${base}/calendars/${first.id}`)
      const { results } = yield* get("/events?time_min=2026-03-10&time_max=2026-03-13&sync=false")
      assert.deepStrictEqual(
        results.map(({ ical_uid }: { readonly ical_uid: string }) => ical_uid),
        ["two"]
      )
      const left = (yield* get("/calendars")).calendars
      assert.deepInclude(left[0], { id: second.id, isPrimary: true })
      assert.strictEqual((yield* get("/connection")).user_email, "beth@example.com")
      const last = yield* call("DELETE", `${base}/calendars/${second.id}`)
      assert.strictEqual(last.status, 200, last.text)
      assert.strictEqual((yield* call("GET", `${base}/connection`)).status, 404)
    })
  )

  it.effect("goes alone also where the credentials of all are lost, and the last takes the connection along", () =>
    Effect.gen(function* () {
      const { answers, call, connect, get, loseCredentials, sync } = yield* feedHost
      answers.set(anna, published("one"))
      answers.set(beth, published("two"))
      yield* connect({ ics_url: anna })
      const [first, second] = (yield* connect({ ics_url: beth })).json.calendars
      yield* sync
      yield* loseCredentials
      const removed = yield* call("DELETE", `${base}/calendars/${first.id}`)
      assert.strictEqual(removed.status, 200, removed.text)
      const { results } = yield* get("/events?time_min=2026-03-10&time_max=2026-03-13&sync=false")
      assert.deepStrictEqual(
        results.map(({ ical_uid }: { readonly ical_uid: string }) => ical_uid),
        ["two"]
      )
      assert.strictEqual((yield* call("DELETE", `${base}/calendars/${second.id}`)).status, 200)
      assert.strictEqual((yield* call("GET", `${base}/connection`)).status, 404)
    })
  )

  it.effect("alone is removed so: a calendar of an account is not", () =>
    Effect.gen(function* () {
      const { call, connectOutlook } = yield* feedHost
      const { json } = yield* connectOutlook
      const refused = yield* call("DELETE", `${base}/calendars/${json.calendars[0].id}`)
      assert.deepStrictEqual([refused.status, refused.json.code], [404, "calendar_not_found"])
      assert.match(refused.json.detail, /Deselect/)
    })
  )
})

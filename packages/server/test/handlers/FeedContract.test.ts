/** Connecting published calendars, as a client meets it: over the real core, the real adapter, and stores in memory. */
import { assert, describe, it } from "@effect/vitest"
import { type Fetched, layer as feeds } from "@punctual/adapter-ics/feed"
import { CalendarProvider, CalendarProviders, CurrentPolicy, Punctual, defaultPolicy } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/testing"
import { Context, Effect, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { serve } from "../Kit.ts"
import { base, noon } from "../Whole.ts"

const published = (uid: string, more = ""): string =>
  `BEGIN:VCALENDAR\nX-WR-CALNAME:Anna's\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nUID:${uid}\nSUMMARY:Review\n` +
  `DTSTART:20260311T100000Z\nDURATION:PT30M\nLOCATION:https://zoom.us/j/1234567890?pwd=abc\n${more}END:VEVENT\nEND:VCALENDAR\n`

const host = Effect.gen(function* () {
  yield* TestClock.setTime(noon)
  const answers = new Map<string, string | Fetched>()
  const fetched = (address: string): Fetched => {
    const found = answers.get(address) ?? { kind: "failed", message: "It answered with 404.", retryAfterMillis: null }
    if (typeof found !== "string") return found
    return { kind: "whole", bytes: Buffer.from(found), validators: { etag: null, lastModified: null } }
  }
  const memory = yield* Layer.build(
    Layer.mergeAll(
      CalendarMemory.layer,
      StoreMemory.layer,
      SchedulerMemory.layer,
      SecretsMemory.layer,
      LauncherMemory.layer
    )
  )
  const context = yield* Layer.build(
    Punctual.layer.pipe(
      Layer.provide(
        Layer.merge(
          Layer.succeedContext(memory),
          CalendarProviders.layer(
            Layer.succeed(CalendarProvider, Context.get(memory, CalendarProvider)),
            feeds({ fetch: (address) => Promise.resolve(fetched(address)), limits: { backoffMinMillis: 0 } })
          )
        )
      ),
      Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0 }))
    )
  )
  const punctual = Context.get(context, Punctual)
  const { call } = yield* serve({ punctual: Layer.succeed(Punctual, punctual) })
  const connect = (body: unknown) => call("POST", `${base}/create_calendar`, { body })
  const sync: Effect.Effect<void, unknown> = Effect.flatMap(punctual.syncNext, (read) =>
    Option.isNone(read) ? Effect.void : sync
  )
  const get = (path: string) => Effect.map(call("GET", `${base}${path}`), ({ json }) => json)
  return { answers, call, connect, get, sync }
})

const anna = "https://calendar.example/secret-anna.ics"
const beth = "webcal://calendar.example/secret-beth.ics"

describe("a published calendar", () => {
  it.effect("is read before it is stored, listed by its own name, and mirrored", () =>
    Effect.gen(function* () {
      const { answers, connect, get, sync } = yield* host
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
      const { answers, connect, get } = yield* host
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

  it.effect("is not lost when two are connected at once", () =>
    Effect.gen(function* () {
      const { answers, connect, get } = yield* host
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
      const { answers, call, connect } = yield* host
      if (answer !== undefined) answers.set(anna, answer)
      const refused = yield* connect({ ics_url: anna })
      assert.deepStrictEqual([refused.status, refused.json.code], [status, code])
      assert.notInclude(refused.text, "secret-anna")
      assert.strictEqual((yield* call("GET", `${base}/connection`)).status, 404)
    })
  )

  it.effect("is no mixture with another kind of calendar, and its members are checked", () =>
    Effect.gen(function* () {
      const { connect } = yield* host
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
})
